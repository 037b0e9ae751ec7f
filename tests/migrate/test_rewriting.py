"""What is rewritten, and into what; and what is refused, and why."""

from __future__ import annotations

import textwrap

import pytest

from compatshim.migrate.catalogue import Catalogue
from compatshim.migrate.rewriting import Rewriting, rewrite_source
from compatshim.migrate.sources import decode

pytest.importorskip("tree_sitter_python")


PROXY_MEANT = (
    "the legacy proxy itself is meant, by its own methods or to register another object"
)


def rewritten(
    before: str, catalogue: Catalogue | None = None, *, strings: bool = False
) -> Rewriting:
    source = decode("file.py", textwrap.dedent(before).encode())
    return rewrite_source(source, catalogue or Catalogue(), strings=strings)


def check_transformed(before: str, after: str) -> None:
    result = rewritten(before)
    assert result.data.decode() == textwrap.dedent(after)
    assert result.refusals == ()
    again = rewritten(result.data.decode())
    assert not again.is_changed
    assert again.refusals == ()


def refused(result: Rewriting) -> list[tuple[int, str, str, str]]:
    """Return the refusals without their way out, which all have."""
    found = []
    for line, code, name, reason in result.refusals:
        why, _, way_out = reason.partition("; ")
        assert way_out
        found.append((line, code, name, why))
    return found


def check_refused(before: str, *refusals: tuple[int, str, str, str]) -> None:
    result = rewritten(before)
    assert result.data.decode() == textwrap.dedent(before)
    assert refused(result) == list(refusals)


# One line


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "from pylons import tmpl_context as c, config, request\n",
            "from compatshim.common import c, config, request\n",
        ),
        ("from pylons import c\n", "from compatshim.common import c\n"),
        (
            "from pylons import request as req, tmpl_context\n",
            "from compatshim.common import c as tmpl_context, request as req\n",
        ),
        (
            # Pylons' g was application-wide, Flask's is not.
            "from pylons import g\n",
            "from compatshim.common import app_globals as g\n",
        ),
        (
            "from pylons.i18n.translation import lazy_ugettext as _\n",
            "from compatshim.common import lazy_ugettext as _\n",
        ),
        (
            "from pylons.controllers.util import abort, redirect_to\n",
            "from compatshim.common import abort, redirect as redirect_to\n",
        ),
        ("import pylons.config as config\n", "from compatshim.common import config\n"),
        ("from routes import url_for\n", "from compatshim.common import url_for\n"),
        (
            "from pylons.i18n import N_, ugettext, _\n",
            "from compatshim.common import N_, _, ugettext\n",
        ),
    ],
)
def test_names(before: str, after: str) -> None:
    check_transformed(before, after)


def test_statements_of_a_block_are_merged_where_the_first_one_is() -> None:
    check_transformed(
        """\
        import os
        from pylons import request
        import sys
        from pylons.i18n import _
        from pylons import tmpl_context as c, request

        print(_("x"))
        """,
        """\
        import os
        from compatshim.common import _, c, request
        import sys

        print(_("x"))
        """,
    )


@pytest.mark.parametrize(
    "before",
    [
        "from compatshim.common import c\nimport os\nfrom pylons import request\n",
        "from compatshim.common import c\nimport os\nfrom pylons import c, request\n",
    ],
)
def test_line_that_is_there_already_is_extended(before: str) -> None:
    check_transformed(before, "from compatshim.common import c, request\nimport os\n")


def test_line_that_is_there_further_down_moves_up() -> None:
    """What is between may need the legacy names already."""
    check_transformed(
        """\
        from pylons import request
        print(request)
        from compatshim.common import c
        """,
        """\
        from compatshim.common import c, request
        print(request)
        """,
    )


def test_line_that_has_all_is_left_as_it_is() -> None:
    check_transformed(
        "from compatshim.common import  request,c\nfrom pylons import c\n",
        "from compatshim.common import c, request\n",
    )


def test_what_has_no_counterpart_is_left_where_it_is() -> None:
    check_transformed(
        """\
        from pylons import request, Response, c
        from pylons.controllers import WSGIController
        from pylons.controllers.util import Request, abort
        """,
        """\
        from compatshim.common import abort, c, request
        from pylons import Response
        from pylons.controllers import WSGIController
        from pylons.controllers.util import Request
        """,
    )


def test_several_statements_on_a_line() -> None:
    check_transformed(
        "import os; from pylons import c; from pylons import request; x = 1\n"
        "if x: from pylons import config, Response; from pylons import url\n",
        "import os; from compatshim.common import c, request; x = 1\n"
        "if x: from compatshim.common import config, url; from pylons import Response\n",
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 1; from pylons import c  # why\n", "x = 1  # why\n"),
        ("x = 1; from pylons import c;\n", "x = 1;\n"),
        ("from pylons import c; x = 1\n", "x = 1\n"),
        ("x = 1; from pylons import c; from pylons import c\n", "x = 1\n"),
        (
            "x = 1; from pylons import c; from pylons import c; y = 2\n",
            "x = 1; y = 2\n",
        ),
        ("from pylons import c; from pylons import c\ny = 2\n", "y = 2\n"),
    ],
)
def test_rest_of_a_line_stays(before: str, after: str) -> None:
    before = f"from pylons import request\n{before}"
    result = rewritten(before)
    assert result.data.decode().split() == (
        f"from compatshim.common import c, request\n{after}".split()
    )
    check_transformed(result.data.decode(), result.data.decode())
    for line in result.data.decode().splitlines():
        assert line == line.rstrip()


def test_comment_of_a_statement_that_stays_in_part_stays_with_it() -> None:
    check_transformed(
        "from pylons import request\nfrom pylons import c, Response  # why\n",
        "from compatshim.common import c, request\nfrom pylons import Response  # why\n",
    )


def test_file_that_does_not_end_its_last_line() -> None:
    check_transformed(
        "from pylons import c\nfrom pylons import request\nfrom pylons import url",
        "from compatshim.common import c, request, url",
    )


def test_line_that_is_there_already_stays_where_its_name_is_rebound() -> None:
    check_transformed(
        "from pylons import request\n_ = 1\nfrom compatshim.common import _\n",
        "from compatshim.common import request\n_ = 1\nfrom compatshim.common import _\n",
    )


def test_star_of_the_common_module_is_not_extended() -> None:
    check_transformed(
        "from pylons import c\nfrom compatshim.common import *\n",
        "from compatshim.common import c\nfrom compatshim.common import *\n",
    )


def test_functions_and_try_blocks_keep_their_own() -> None:
    check_transformed(
        """\
        from pylons import request
        try:
            from pylons.i18n import _
        except ImportError:
            from gettext import gettext as _
        def show(x):
            import os
            from pylons import c
            from pylons import session
            return c, session
        class K:
            from pylons import config
        """,
        """\
        from compatshim.common import request
        try:
            from compatshim.common import _
        except ImportError:
            from gettext import gettext as _
        def show(x):
            import os
            from compatshim.common import c, session
            return c, session
        class K:
            from compatshim.common import config
        """,
    )


def test_names_of_the_users_own_package() -> None:
    catalogue = Catalogue(
        {"mycompany.web": {"request": "compatshim.common.request", "db": "shop.db.db"}}
    )
    result = rewritten(
        "from pylons import c\nfrom mycompany.web import db, request\n", catalogue
    )
    assert (
        result.data
        == b"from compatshim.common import c, request\nfrom shop.db import db\n"
    )


def test_name_that_is_another_one_in_the_same_module() -> None:
    catalogue = Catalogue({"mycompany.web": {"req": "mycompany.web.request"}})
    result = rewritten("from mycompany.web import db, req\n", catalogue)
    assert result.data == b"from mycompany.web import db, request as req\n"
    assert not rewritten(result.data.decode(), catalogue).is_changed


# How it is wrapped


def test_vertical_style_is_kept_with_the_comments_of_each_name() -> None:
    check_transformed(
        """\
        from pylons import (  # all of them
          tmpl_context as c,  # the context
          # who asks
          # and what
          request,
          Response,  # ours
          # the last one
        )
        from pylons.i18n import _  # noqa
        """,
        """\
        from compatshim.common import (
          _,  # noqa
          c,  # the context
          # who asks
          # and what
          request,
        )
        from pylons import (  # all of them
          # the last one
          Response,  # ours
        )
        """,
    )


def test_opening_comment_stays_at_the_parenthesis() -> None:
    check_transformed(
        "from pylons import (  # noqa\n    request,\n    c)\n",
        "from compatshim.common import (  # noqa\n    c,\n    request)\n",
    )


def test_comment_beside_the_last_name_is_not_before_the_parenthesis() -> None:
    check_transformed(
        "from pylons import (\n    request,  # why\n    c)\n",
        "from compatshim.common import (\n    c,\n    request  # why\n)\n",
    )


def test_comment_that_the_line_has_already_is_not_doubled() -> None:
    check_transformed(
        "from pylons import request  # noqa\nfrom pylons import c  # noqa\n",
        "from compatshim.common import c, request  # noqa\n",
    )


LONG = "from pylons import app_globals, config, request, response, session, url, tmpl_context as c\n"


@pytest.mark.parametrize(
    ("style", "after"),
    [
        (
            "",
            "from compatshim.common import (\n    app_globals,\n    c,\n    config,\n"
            "    request,\n    response,\n    session,\n    url,\n)\n",
        ),
        (
            "from a import (b,\n               d)\n",
            "from compatshim.common import (app_globals,\n"
            + " " * 31
            + "c,\n"
            + " " * 31
            + "config,\n"
            + " " * 31
            + "request,\n"
            + " " * 31
            + "response,\n"
            + " " * 31
            + "session,\n"
            + " " * 31
            + "url)\n",
        ),
        (
            "from a import (b, d,\n               e)\n",
            "from compatshim.common import (app_globals, c, config, request, response,\n"
            + " " * 31
            + "session, url)\n",
        ),
        (
            "from a import b, d, \\\n  e\n",
            "from compatshim.common import app_globals, c, config, request, response, \\\n"
            "  session, url\n",
        ),
        (
            "from a import (\n\tb, d,\n\te\n)\n",
            "from compatshim.common import (\n\tapp_globals, c, config, request, response,"
            " session, url\n)\n",
        ),
        (
            "from a import (\n  b,\n  d)\n",
            "from compatshim.common import (\n  app_globals,\n  c,\n  config,\n  request,\n"
            "  response,\n  session,\n  url)\n",
        ),
    ],
    ids=["none", "below each other", "filled", "backslash", "hanging", "closed"],
)
def test_long_line_is_wrapped_in_the_style_of_the_file(style: str, after: str) -> None:
    result = rewritten(LONG + style)
    assert result.data.decode() == after + style


def test_file_whose_other_imports_are_long_may_have_another() -> None:
    wide = f"from {'a' * 100} import b\n"
    assert len(rewritten(wide + LONG).data.splitlines()) == 2


def test_parentheses_on_one_line_stay() -> None:
    check_transformed(
        "from pylons import (request, c)\n",
        "from compatshim.common import (c, request)\n",
    )


def test_indented_in_tabs() -> None:
    check_transformed(
        "def f():\n\tif 1:\n\t\tfrom pylons import (\n\t\t\trequest,\n\t\t\tc,\n"
        "\t\t\tResponse\n\t\t)\n",
        "def f():\n\tif 1:\n\t\tfrom compatshim.common import (\n\t\t\tc,\n"
        "\t\t\trequest\n\t\t)\n\t\tfrom pylons import (\n\t\t\tResponse\n\t\t)\n",
    )


def test_name_that_is_left_alone_needs_no_parentheses() -> None:
    check_transformed(
        "from pylons import (\n    request,\n    Response,\n)\n",
        "from compatshim.common import request\n"
        "from pylons import (\n    Response,\n)\n",
    )


# What is read from modules


def test_attributes_become_names() -> None:
    check_transformed(
        """\
        import pylons, os
        import pylons.i18n as i18n
        from pylons.controllers import util

        def show(self, x=pylons.config["x"]):
            print pylons.request.params, pylons.i18n._("a"), i18n.ungettext
            pylons.tmpl_context.user = pylons.app_globals.user
            return util.abort(404)
        """,
        """\
        from compatshim.common import (
            _,
            abort,
            app_globals,
            c,
            config,
            request,
            ungettext,
        )
        import os

        def show(self, x=config["x"]):
            print request.params, _("a"), ungettext
            c.user = app_globals.user
            return abort(404)
        """,
    )


def test_module_that_is_needed_for_more_stays() -> None:
    check_transformed(
        "import pylons\nx = pylons.request\nprint(pylons.__version__)\n",
        "from compatshim.common import request\nimport pylons\nx = request\n"
        "print(pylons.__version__)\n",
    )


def test_module_that_is_handed_on_stays() -> None:
    check_transformed(
        "import pylons\n__all__ = ['pylons']\nx = pylons.request\n",
        "from compatshim.common import request\nimport pylons\n__all__ = ['pylons']\n"
        "x = request\n",
    )


def test_module_of_a_doctest_stays() -> None:
    check_transformed(
        "import pylons\nx = pylons.request\ny = '\\n  >>> f(pylons.request)'\n",
        "from compatshim.common import request\nimport pylons\nx = request\n"
        "y = '\\n  >>> f(pylons.request)'\n",
    )


def test_comment_of_a_module_that_goes_stays() -> None:
    check_transformed(
        "from pylons import c\nimport pylons  # why\nx = pylons.request\n",
        "from compatshim.common import c, request\n# why\nx = request\n",
    )


def test_local_module_of_the_name_is_not_the_legacy_one() -> None:
    check_transformed(
        "def f(args):\n    pylons = get_pylons(args)\n    return pylons.request\n",
        "def f(args):\n    pylons = get_pylons(args)\n    return pylons.request\n",
    )


def test_attribute_where_its_name_is_taken_is_left_with_a_note() -> None:
    result = rewritten(
        """\
        import pylons
        def f(request):
            return pylons.request, pylons.config
        """
    )
    assert result.data.decode() == textwrap.dedent(
        """\
        from compatshim.common import config
        import pylons
        def f(request):
            return pylons.request, config
        """
    )
    assert refused(result) == [
        (3, "CS102", "pylons.request", "request is another name there, by line 2")
    ]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import pylons\nrequest = pylons.request\n", "request is rebound in line 2"),
        (
            "import pylons\nfor request in x: print(pylons.request)\n",
            "request is rebound in line 2",
        ),
        ("import pylons\npylons.request = 1\n", "it is assigned to"),
        (
            "import pylons\npylons.request = 1\nprint(pylons.request)\n",
            "it is assigned to",
        ),
        ("import pylons\npylons.request, x = 1, 2\n", "it is assigned to"),
        (
            "import pylons\nif x:\n    import pylons\nprint(pylons.request)\n",
            "pylons is imported in line 3, too",
        ),
        (
            "import pylons.i18n as p\nimport pylons as p\nprint(p.request)\n",
            "p is imported in line 2, too",
        ),
        (
            "from other import request\ndef f():\n    import pylons\n"
            "    return pylons.request, request\n",
            "request is something else already in line 4",
        ),
        ("import pylons\ndel pylons.request\n", "it is assigned to"),
        (
            "import pylons\nregistry.register(pylons.request, Request({}))\n",
            PROXY_MEANT,
        ),
        (
            "import pylons\npylons.request._push_object(x)\n",
            PROXY_MEANT,
        ),
        ("import pylons\nwith x as pylons.request: pass\n", "it is assigned to"),
        (
            "import pylons\nprint(request, pylons.request)\n",
            "request is something else already in line 2",
        ),
        (
            "from lib.base import *\nimport pylons\nprint(pylons.request)\n",
            "the star in line 1 may import request, too",
        ),
        (
            "class K:\n    import pylons\n    x = pylons.request\n",
            "request would become an attribute of the class",
        ),
        (
            "import pylons\ndef f():\n    global pylons\n    pylons = 1\n"
            "def g(): return pylons.request\n",
            "pylons is rebound in line 3",
        ),
        (
            "try:\n    import pylons\nexcept ImportError:\n    pylons = None\n"
            "def g(): return pylons.request\n",
            "pylons is rebound in line 4",
        ),
        (
            "x = (\n    pylons  # why\n    .request)\nimport pylons\n",
            "there is a comment in it",
        ),
    ],
)
def test_attribute_refused(source: str, reason: str) -> None:
    result = rewritten(source)
    assert not result.is_changed
    assert {why for _, _, _, why in refused(result)} == {reason}
    assert {one.code for one in result.refusals} == {"CS102"}
    assert {one.name for one in result.refusals} == {"pylons.request"}


# Encodings that stand in the way


def test_encoding_that_has_no_bytes_for_a_new_name() -> None:
    catalogue = Catalogue({"mycompany": {"size": "mycompany.größe"}})
    source = "# coding: ascii\nfrom mycompany import size\n"
    result = rewritten(source, catalogue)
    assert not result.is_changed
    assert result.refusals[0].reason.startswith("its encoding cannot hold the result: ")


# Names in strings


def test_names_in_strings_only_where_asked_for() -> None:
    source = 'mock.patch("pylons.request")\n'
    assert not rewritten(source).is_changed
    assert rewritten(source, strings=True).data == (
        b'mock.patch("compatshim.common.request")\n'
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("@patch('pylons.tmpl_context', x)\ndef f(): pass\n", "compatshim.common.c'"),
        ("patch.dict(u'pylons.config', a=1)\n", "u'compatshim.common.config'"),
        ("with mock.patch('pylons.request.params'): pass\n", "common.request.params'"),
        ("monkeypatch.setattr('pylons.i18n._', x)\n", "('compatshim.common._', x)"),
    ],
)
def test_patches(before: str, after: str) -> None:
    result = rewritten(before, strings=True)
    assert after in result.data.decode()
    assert result.refusals == ()
    assert not rewritten(result.data.decode(), strings=True).is_changed


@pytest.mark.parametrize(
    "source",
    [
        "environ['pylons.request']\n",
        "mock.patch(x, 'pylons.request')\n",
        "mock.patch('pylons.request' 'x')\n",
        "f('pylons.request')\n",
    ],
)
def test_strings_that_may_be_keys(source: str) -> None:
    result = rewritten(source, strings=True)
    assert not result.is_changed
    assert result.refusals == (
        (1, "CS108", "pylons.request", "it may be the key of something"),
    )


@pytest.mark.parametrize(
    "source",
    [
        "mock.patch('pylons.' + name)\n",
        "mock.patch('pylons.test.x')\n",
        "mock.patch('pylons.request')  # compatshim: ignore\n",
        '"""pylons.request is the request"""\n',
    ],
)
def test_strings_that_are_nothing_to_rewrite(source: str) -> None:
    assert not rewritten(source, strings=True).is_changed
    assert rewritten(source, strings=True).refusals == ()


# What is refused


def test_star_import() -> None:
    check_refused(
        "from pylons.i18n import *\n",
        (1, "CS105", "pylons.i18n.*", "nobody can tell which names a star imports"),
    )


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("from pylons import request\nrequest = 1\n", "request is rebound in line 2"),
        (
            "from pylons import request\nimport request\n",
            "request is rebound in line 2",
        ),
        (
            "from pylons import request\nfor request in x: pass\n",
            "request is rebound in line 2",
        ),
        (
            "from pylons import request\ndef request(): pass\n",
            "request is rebound in line 2",
        ),
        (
            "from pylons import request\nclass request: pass\n",
            "request is rebound in line 2",
        ),
        (
            "from pylons import request\nwith x as request: pass\n",
            "request is rebound in line 2",
        ),
        ("from pylons import c as request, request\n", "request is rebound in line 1"),
        (
            "def f(request):\n    from pylons import request\n",
            "request is a parameter in line 1, too",
        ),
        (
            "from pylons import request\ndef f():\n    global request\n",
            '"global request" in line 3 lets it be bound again',
        ),
        (
            "def f():\n    global request\n    from pylons import request\n",
            '"global request" in line 2 lets it be bound again',
        ),
        (
            "def f():\n    from pylons import request\n    def g():\n"
            "        nonlocal request\n        request = 1\n",
            '"nonlocal request" in line 4 lets it be bound again',
        ),
        (
            "from pylons import request\nregistry.register(request, Request({}))\n",
            PROXY_MEANT,
        ),
        (
            "from pylons import request\nrequest._pop_object()\n",
            PROXY_MEANT,
        ),
        ("from pylons import request\nprint(request._current_obj())\n", PROXY_MEANT),
        (
            "from pylons import request\ndel request\n",
            '"del request" in line 2 takes it away',
        ),
        (
            "if x:\n    from pylons import request\nelse:\n    request = None\n",
            "request is rebound under a condition in line 4",
        ),
        (
            "from pylons import request\nif x:\n    def request(): pass\n",
            "request is rebound under a condition in line 3",
        ),
        (
            "try:\n    from pylons import request\nexcept ImportError:\n    pass\n"
            "request = 1\n",
            "request is rebound under a condition in line 5",
        ),
        (
            "try:\n    from pylons import request\nexcept E:\n    pass\nelse:\n"
            "    request = 1\n",
            "request is rebound under a condition in line 6",
        ),
        (
            "from pylons import request\nprint 'a' if else\n",
            "the parser could not read all of what stands here",
        ),
    ],
)
def test_import_refused(source: str, reason: str) -> None:
    result = rewritten(source)
    assert not result.is_changed
    assert {why for _, _, _, why in refused(result)} == {reason}
    assert {one.code for one in result.refusals} == {"CS101"}


def test_other_uses_of_what_is_registered_are_rewritten() -> None:
    """They ask for the same object: the common one forwards to it."""
    result = rewritten(
        "import pylons\nregistry.register(pylons.c, x)\nprint(pylons.c, pylons.request)\n"
    )
    assert result.data == (
        b"from compatshim.common import c, request\nimport pylons\n"
        b"registry.register(pylons.c, x)\nprint(c, request)\n"
    )
    assert refused(result) == [(2, "CS102", "pylons.c", PROXY_MEANT)]


def test_attribute_whose_name_is_there_under_a_condition() -> None:
    result = rewritten(
        "import pylons\nif x:\n    from pylons import request\nprint(pylons.request)\n"
    )
    assert result.data == (
        b"import pylons\nif x:\n    from compatshim.common import request\n"
        b"print(pylons.request)\n"
    )
    assert refused(result) == [
        (
            4,
            "CS102",
            "pylons.request",
            "request is rebound under a condition in line 3",
        )
    ]


def test_names_that_are_sure_move_all_the_same() -> None:
    result = rewritten("from pylons import request, c\nrequest = wrap(request)\n")
    assert result.data == (
        b"from compatshim.common import c\nfrom pylons import request\n"
        b"request = wrap(request)\n"
    )
    assert [one.name for one in result.refusals] == ["pylons.request"]


def test_no_name_passes_a_star_import() -> None:
    """It may bind the same one: the last of both counts."""
    check_transformed(
        "from pylons import c\nfrom lib.base import *\nfrom pylons import request\n",
        "from compatshim.common import c\nfrom lib.base import *\n"
        "from compatshim.common import request\n",
    )


@pytest.mark.parametrize("codes", ["", "[CS101]", "[CS102, CS101]"])
def test_comment_that_says_to_ignore(codes: str) -> None:
    source = f"from pylons import request  # compatshim: ignore{codes}\n"
    check_transformed(source, source)


def test_comment_that_ignores_something_else() -> None:
    assert rewritten("from pylons import c  # compatshim: ignore[CS102]\n").is_changed


def test_relative_imports_are_the_applications_own() -> None:
    source = (
        "from .pylons import request\nfrom . import pylons\nprint(pylons.request)\n"
    )
    check_transformed(source, source)
