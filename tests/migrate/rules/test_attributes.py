from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Look = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("import pylons\npylons.request.params", "pylons:request .request"),
        ("import pylons as p\np.config['x']", "pylons:config .config"),
        ("import pylons.i18n\npylons.i18n._('x')", "pylons.i18n:_ ._"),
        ("import pylons.i18n\npylons.request", "pylons:request .request"),
        ("import pylons\npylons.tmpl_context.x", "pylons:tmpl_context .c"),
        (
            "from pylons import i18n\ni18n.set_lang('de')",
            "pylons.i18n:set_lang .set_lang",
        ),
        (
            "import pylons.controllers.util as u\nu.abort(404)",
            "pylons.controllers.util:abort .abort",
        ),
        (
            "import pylons\npylons.controllers.util.abort(404)",
            "pylons.controllers.util:abort .abort",
        ),
        ("import routes\nroutes.url_for('x')", "routes:url_for .url_for"),
        ("import pylons\nprint pylons.url, 1", "pylons:url .url"),
        ("import pylons\nprint >>f, pylons.url", "pylons:url .url"),
        ("import pylons\nraise X, pylons.url", "pylons:url .url"),
        ("import pylons\nf'{pylons.url}'", "pylons:url .url"),
        ("import pylons\nlambda: pylons.url", "pylons:url .url"),
        ("import pylons\n@pylons.url\ndef f(): pass", "pylons:url .url"),
        ("def f(x=pylons.url): pass\nimport pylons", "pylons:url .url"),
        ("def f():\n    import pylons\n    pylons.url", "pylons:url .url"),
        ("import pylons\npylons \\\n .url", "pylons:url .url"),
        ("import pylons\nif (x := pylons.url): pass", "pylons:url .url"),
        ("import pylons\nf'{1:>{pylons.url}}'", "pylons:url .url"),
        ("import pylons\nf'{f\"{pylons.url}\"}'", "pylons:url .url"),
        ("import pylons\nf'{x['a' + f'{pylons.url}']}'", "pylons:url .url"),
        ("import pylons\ndef f(x: pylons.url): pass", "pylons:url .url"),
        ("import pylons\nx = yield pylons.url", "pylons:url .url"),
        ("import pylons\nassert x, pylons.url", "pylons:url .url"),
    ],
)
def test_found(look: Look, source: str, name: str) -> None:
    assert look(source, "CS102") == [f"CS102 attribute {name} automatic"]


@pytest.mark.parametrize(
    ("source", "fix"),
    [
        ("pylons.request = 1", "manual"),
        ("del pylons.request", "manual"),
        ("pylons.request += 1", "manual"),
        ("for pylons.request in x: pass", "manual"),
        ("for x, pylons.request in y: pass", "manual"),
        ("[0 for pylons.request in x]", "manual"),
        ("pylons.request, x = 1, 2", "manual"),
        ("[x, (pylons.request)] = 1, 2", "manual"),
        ("x, *pylons.request = 1, 2", "manual"),
        ("x = pylons.request = 1", "manual"),
        ("pylons.request: int", "manual"),
        ("pylons.request: int = 1", "manual"),
        ("with x as pylons.request: pass", "manual"),
        ("with x as (pylons.request, y): pass", "manual"),
        ("try: pass\nexcept X, pylons.request: pass", "manual"),
        ("try: pass\nexcept X, (pylons.request, y): pass", "manual"),
        ("del (x, pylons.request)", "manual"),
        ("match x:\n    case pylons.request: pass", "manual"),
        ("match x:\n    case A(a=pylons.request): pass", "manual"),
        ("match x:\n    case pylons.request(): pass", "manual"),
        ("match pylons.request:\n    case _: pass", "automatic"),
        ("pylons.request[0] = 1", "automatic"),
        ("del pylons.request.x", "automatic"),
        ("del pylons.request[0]", "automatic"),
        ("x = (1, pylons.request)", "automatic"),
        ("x = [pylons.request], 1", "automatic"),
        ("for x in (1, pylons.request): pass", "automatic"),
        ("try: pass\nexcept (X, pylons.request): pass", "automatic"),
        ("class A(pylons.request): pass", "automatic"),
        ("x = `pylons.request`", "manual"),
        ("request = 1\npylons.request", "assisted"),
        ("def f(request): return pylons.request", "assisted"),
        ("from flask import request\npylons.request", "assisted"),
        ("pylons.request\npylons = None", "assisted"),
        ("pylons.request.x = 1", "automatic"),
        ("from pylons import request\npylons.request", "automatic"),
        ("from compatshim.common import request\npylons.request", "automatic"),
    ],
)
def test_how_far_a_tool_goes(look: Look, source: str, fix: str) -> None:
    found = look(f"import pylons\n{source}\n", "CS102")
    assert found == [f"CS102 attribute pylons:request .request {fix}"]


@pytest.mark.parametrize(
    "source",
    [
        "pylons = get_pylons(args)\npylons.request",
        "import pylons\ndef f(pylons): return pylons.request",
        "import pylons\ndef f():\n    pylons = get_pylons(args)\n    pylons.request",
        "import pylons\n[pylons.request for pylons in x]",
        "import pylons\nx.pylons.request",
        "import pylons\n'pylons.request'",
        "import pylons\n# pylons.request",
        "def f():\n    import pylons\ndef g():\n    pylons.request",
        "import pylons\npylons.something_of_ours",
        "from pylons import config\nconfig.request",
    ],
)
def test_not_found(look: Look, source: str) -> None:
    assert look(source, "CS102") == []


def test_a_module_that_a_function_imports_for_all(look: Look) -> None:
    source = (
        "def f():\n    global pylons\n    import pylons\n"
        "def g():\n    return pylons.request\n"
    )
    assert look(source, "CS102") == ["CS102 attribute pylons:request .request assisted"]


def test_its_place(look: Look) -> None:
    from compatshim.migrate.catalogue import Catalogue
    from compatshim.migrate.examined import Examined
    from compatshim.migrate.rules import findings_in
    from compatshim.migrate.sources import decode

    source = (
        "import pylons\nclass A:\n  def f(self):\n    return (1,\n      pylons.url)\n"
    )
    examined = Examined(decode("a.py", source.encode()), Catalogue(), "a.py")
    (found,) = [one for one in findings_in(examined) if one.kind == "attribute"]
    assert (found.line, found.end_line, found.column) == (4, 5, 7)
    assert found.function == "A.f"
    assert examined.source.text[found.start : found.end] == b"pylons.url"
