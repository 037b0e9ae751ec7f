"""Names that are read, bound or replaced without being spelled out stay what they are."""

from __future__ import annotations

import pytest

from compatshim.migrate.catalogue import Catalogue
from compatshim.migrate.rewriting import Rewriting, rewrite_source
from compatshim.migrate.sources import decode

pytest.importorskip("tree_sitter_python")


def rewritten(source: str) -> Rewriting:
    return rewrite_source(decode("file.py", source.encode()), Catalogue())


def why(result: Rewriting) -> set[str]:
    return {one.reason.partition("; ")[0] for one in result.refusals}


# Who would see another name


@pytest.mark.parametrize(
    ("source", "reader"),
    [
        (
            "def f():\n    import pylons\n    g(pylons.request)\n    return {}\n",
            "locals()",
        ),
        (
            "def f():\n    import pylons\n    g(pylons.request)\n    return {}\n",
            "vars ()",
        ),
        ("def f():\n    import pylons\n    return pylons.request, {}\n", "eval('x')"),
        ("import pylons\nprint(pylons.request)\n__all__ = list({})\n", "globals()"),
        ("import pylons\nprint(pylons.request)\n__all__ = {}\n", "dir()"),
    ],
)
def test_who_reads_all_names_is_named(source: str, reader: str) -> None:
    result = rewritten(source.format(reader))
    assert not result.is_changed
    line = 3 if source.startswith("import") or "return pylons" in source else 4
    name = reader.partition("(")[0].strip()
    assert why(result) == {f"{name}() in line {line} would have request, too"}


@pytest.mark.parametrize("call", ["vars(x)", "dir(x)", "x.locals()", "self.eval('x')"])
def test_others_are_of_no_account(call: str) -> None:
    result = rewritten(
        f"def f():\n    import pylons\n    return pylons.request, {call}\n"
    )
    assert result.refusals == ()
    assert b"pylons" not in result.data


def test_reader_of_another_scope_is_of_no_account() -> None:
    result = rewritten("import pylons\ndef f():\n    return locals(), pylons.request\n")
    assert result.data == (
        b"from compatshim.common import request\n"
        b"def f():\n    return locals(), request\n"
    )


@pytest.mark.parametrize(
    "source",
    [
        "import pylons\nexec('request = 1')\nprint(pylons.request)\n",
        "import pylons\nexec 'request = 1'\nprint(pylons.request)\n",
        "import pylons\nexecfile('x')\nprint(pylons.request)\n",
        "import pylons\ndef f():\n    exec 'request = 1'\n    return pylons.request\n",
    ],
)
def test_who_may_bind_any_name_is_named(source: str) -> None:
    result = rewritten(source)
    assert not result.is_changed
    (reason,) = why(result)
    assert reason.endswith(" may bind request, too")


def test_no_name_passes_what_may_bind_it() -> None:
    source = "from pylons import c\nexec('request = 1')\nfrom pylons import request\n"
    assert rewritten(source).data == (
        b"from compatshim.common import c\nexec('request = 1')\n"
        b"from compatshim.common import request\n"
    )


def test_no_name_passes_a_star_import_under_a_condition() -> None:
    source = (
        "from pylons import c\ntry:\n    from lib.base import *\n"
        "except ImportError:\n    pass\nfrom pylons import request\n"
    )
    assert (
        rewritten(source).data
        == source.replace("from pylons", "from compatshim.common").encode()
    )


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("from pylons import c\nTITLE = _('x')\nfrom pylons.i18n import _\n", "_"),
        (
            "class K:\n    from pylons import c\n    x = request\n"
            "    from pylons import request\n",
            "request",
        ),
        (
            "from compatshim.common import c\nTITLE = _('x')\n"
            "from pylons.i18n import _\n",
            "_",
        ),
        (
            "from pylons import c\nTITLE = _('x')\nfrom compatshim.common import _\n",
            "_",
        ),
    ],
)
def test_no_name_passes_what_reads_another_one(source: str, name: str) -> None:
    """A built-in one, such as gettext installs, or that of the module in a class."""
    after = rewritten(source).data.decode()
    assert after.count("from compatshim.common import") == 2
    assert after.rstrip().endswith(f"from compatshim.common import {name}")


# Who needs the module still


@pytest.mark.parametrize(
    "line",
    [
        "def f() -> 'pylons.Response': pass",
        "def f(x: Optional['pylons.Response']): pass",
        "x = cast('pylons.Response', y)",
        "def f(x):\n    # type: (pylons.Request) -> None\n    pass",
        "x = eval('pylons.foo')",
        "def f(): return eval(x)",
        "def f(): exec x",
        "def f(): return globals()[x]",
        "class K:\n    x = pylons\n    pylons = 1",
    ],
)
def test_module_stays_where_it_may_be_read(line: str) -> None:
    result = rewritten(f"import pylons\n{line}\nprint(pylons.request)\n")
    assert result.data.decode() == (
        f"from compatshim.common import request\nimport pylons\n{line}\nprint(request)\n"
    )
    assert result.refusals == ()


@pytest.mark.parametrize(
    "line", ["environ['pylons.c']", "x = 'see pylons.request'", "# pylons.request"]
)
def test_module_goes_where_it_is_only_written_about(line: str) -> None:
    result = rewritten(f"import pylons\n{line}\nprint(pylons.request)\n")
    assert b"import pylons" not in result.data


# What is something else for a while


@pytest.mark.parametrize(
    "line",
    [
        "setattr(pylons, 'request', x)",
        "monkeypatch.setattr(pylons, u'request', x)",
        "mock.patch.object( pylons, 'request')",
        "mock.patch.multiple(pylons, c=1, request=x)",
        "mock.patch('pylons.request')",
        "monkeypatch.setattr('pylons.request', x)",
        "mock.patch.dict('pylons.request.environ')",
    ],
)
def test_what_is_replaced_in_its_module_is_read_from_there(line: str) -> None:
    result = rewritten(f"import pylons\n{line}\nprint(pylons.request)\n")
    assert not result.is_changed
    assert why(result) == {"line 2 puts another object in its place"}


@pytest.mark.parametrize(
    "line",
    [
        "getattr(pylons, 'request', None)",
        "hasattr(pylons, 'request')",
        "setattr(pylons, 'c', x)",
        "mock.patch('pylons.requests')",
    ],
)
def test_what_is_not_replaced_becomes_a_name(line: str) -> None:
    result = rewritten(f"import pylons\n{line}\nprint(pylons.request)\n")
    assert result.data.endswith(b"print(request)\n")


# Python 2


@pytest.mark.parametrize(
    "source",
    [
        "import pylons\ndef f(x):\n    y = [request for request in x]\n"
        "    return pylons.request\n",
        "import pylons\ny = [[1 for request in z] for z in x]\nprint(pylons.request)\n",
        "import pylons\ny = [pylons for pylons in x]\nprint(pylons.request)\n",
    ],
)
def test_list_comprehension_leaves_its_target_bound(source: str) -> None:
    result = rewritten(source)
    assert not result.is_changed
    assert [one.name for one in result.refusals] == ["pylons.request"]


@pytest.mark.parametrize("kind", ["list({})", "{{{}}}", "f(x, *({}))"])
def test_other_comprehensions_do_not(kind: str) -> None:
    comprehension = kind.format("request for request in x")
    result = rewritten(f"import pylons\ny = {comprehension}\nprint(pylons.request)\n")
    assert result.data.endswith(b"print(request)\n")


def test_backticks() -> None:
    result = rewritten("import pylons\nprint `pylons.request.params`\n")
    assert not result.is_changed
    assert why(result) == {"it is in backticks"}
