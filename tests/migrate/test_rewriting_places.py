"""Where an import stands: lines that go on, branches, packages, aliases that hand on."""

from __future__ import annotations

import textwrap

import pytest

from compatshim.migrate.catalogue import Catalogue
from compatshim.migrate.rewriting import Rewriting, rewrite_source
from compatshim.migrate.sources import decode

pytest.importorskip("tree_sitter_python")

OWN = {"mycompany.web": {"request": "compatshim.common.request"}}


def rewritten(source: str, path: str = "file.py") -> Rewriting:
    data = textwrap.dedent(source).encode()
    return rewrite_source(decode(path, data), Catalogue(OWN))


def check_transformed(before: str, after: str) -> None:
    result = rewritten(before)
    assert result.data.decode() == textwrap.dedent(after)
    assert result.refusals == ()
    assert not rewritten(result.data.decode()).is_changed


# Lines that go on


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "if x: \\\n    from pylons import c, Response\n",
            "if x: \\\n    from compatshim.common import c; from pylons import Response\n",
        ),
        (
            "x = 1; \\\nfrom pylons import c; \\\nfrom pylons import request\ny = 2\n",
            "x = 1; \\\nfrom compatshim.common import c, request\ny = 2\n",
        ),
        (
            "from pylons import request\nx = 1; \\\n  from pylons import c\ny = 2\n",
            "from compatshim.common import c, request\nx = 1\ny = 2\n",
        ),
        (
            "from pylons \\\n  import \\\n  request\n",
            "from compatshim.common import request\n",
        ),
    ],
)
def test_line_that_goes_on(before: str, after: str, newline: str) -> None:
    result = rewritten(before.replace("\n", newline))
    assert result.data.decode() == after.replace("\n", newline)
    assert result.refusals == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "if x: import pylons; f(pylons.c)\n",
            "if x: from compatshim.common import c; f(c)\n",
        ),
        (
            "try: import pylons\nexcept ImportError: pass\nf(pylons.c)\n",
            "try: from compatshim.common import c\nexcept ImportError: pass\nf(c)\n",
        ),
        (
            "def f(): import pylons; return pylons.c\n",
            "def f(): from compatshim.common import c; return c\n",
        ),
        (
            "while x:\n    import pylons\nf(pylons.c)\n",
            "while x:\n    from compatshim.common import c\nf(c)\n",
        ),
        (
            "if TYPE_CHECKING:\n    from pylons import c\n",
            "if TYPE_CHECKING:\n    from compatshim.common import c\n",
        ),
    ],
)
def test_no_block_is_left_empty(before: str, after: str) -> None:
    check_transformed(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '#!/usr/bin/python\n# coding: utf-8\n"""Doc."""\n'
            "from __future__ import division\nimport pylons\nf(pylons.c)\n",
            '#!/usr/bin/python\n# coding: utf-8\n"""Doc."""\n'
            "from __future__ import division\nfrom compatshim.common import c\nf(c)\n",
        ),
        (
            '"""Doc."""; from __future__ import division; import pylons; f(pylons.c)\n',
            '"""Doc."""; from __future__ import division;'
            " from compatshim.common import c; f(c)\n",
        ),
        (
            'def f():\n    """Doc."""\n    import pylons\n    return pylons.c\n',
            'def f():\n    """Doc."""\n    from compatshim.common import c\n    return c\n',
        ),
    ],
)
def test_what_has_to_be_first_stays_first(before: str, after: str) -> None:
    check_transformed(before, after)


# Branches


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (
            "try:\n    from compatshim.common import c\nexcept ImportError:\n"
            "    from pylons import c\n",
            4,
        ),
        (
            "try:\n    from pylons import c\nexcept ImportError:\n"
            "    from compatshim.common import c\n",
            2,
        ),
    ],
)
def test_fallback_of_the_new_line_is_left(source: str, line: int) -> None:
    """Both would say the same, and one of them would be for nothing."""
    result = rewritten(source)
    assert not result.is_changed
    other = {4: 2, 2: 4}[line]
    assert [tuple(one) for one in result.refusals] == [
        (
            line,
            "CS101",
            "pylons.c",
            f"the other branch imports it from there in line {other}; take away one of"
            " the two",
        )
    ]


@pytest.mark.parametrize("fallback", ["request = None", "from flask import request"])
def test_other_fallbacks_stay(fallback: str) -> None:
    check_transformed(
        f"try:\n    from pylons import request\nexcept ImportError:\n    {fallback}\n",
        "try:\n    from compatshim.common import request\n"
        f"except ImportError:\n    {fallback}\n",
    )


# Packages


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "import mycompany.web\nf(mycompany.web.request)\n",
            "from compatshim.common import request\nf(request)\n",
        ),
        (
            "import mycompany.db, mycompany.web\nf(mycompany.web.request)\n",
            "from compatshim.common import request\nimport mycompany.db\nf(request)\n",
        ),
        (
            "import mycompany.db, mycompany.web\nf(mycompany.web.request, mycompany.db)\n",
            "from compatshim.common import request\nimport mycompany.db, mycompany.web\n"
            "f(request, mycompany.db)\n",
        ),
        (
            "import compatshim.legacy\nf(compatshim.legacy.request)\n",
            "from compatshim.common import request\nf(request)\n",
        ),
        (
            "import compatshim.legacy as pylons\nf(pylons.request)\n",
            "from compatshim.common import request\nf(request)\n",
        ),
        (
            "import pylons\nimport pylons.i18n\nf(pylons.i18n._, pylons.url)\n",
            "from compatshim.common import _, url\nf(_, url)\n",
        ),
    ],
)
def test_module_in_a_package(before: str, after: str) -> None:
    check_transformed(before, after)


# Aliases


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "from pylons import request as request\n",
            "from compatshim.common import request as request\n",
        ),
        (
            "from compatshim.common import c as c\nfrom pylons import request\n",
            "from compatshim.common import c as c, request\n",
        ),
        (
            "from pylons import Response as Response, request\n",
            "from compatshim.common import request\nfrom pylons import Response as Response\n",
        ),
        (
            "from pylons import request\nfrom pylons import request as request\n",
            "from compatshim.common import request as request\n",
        ),
        (
            "from pylons import tmpl_context as c, request as c\n",
            None,
        ),
    ],
)
def test_alias_that_hands_a_name_on_stays(before: str, after: str | None) -> None:
    """Type checkers take ``from a import b as b`` for an export, and not without."""
    if after is None:
        assert not rewritten(before).is_changed
    else:
        check_transformed(before, after)


@pytest.mark.parametrize("rest", ["", ";", "  "])
def test_line_of_two_imports_goes_with_both(rest: str) -> None:
    check_transformed(
        "from pylons import c\nx = 1\n"
        f"from pylons import url; from pylons import request{rest}\ny = 2\n",
        "from compatshim.common import c, request, url\nx = 1\ny = 2\n",
    )
