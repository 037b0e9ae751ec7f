from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Look = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "from pylons import request\nrequest",
            ["CS101 from-import pylons:request .request automatic"],
        ),
        (
            "from pylons import tmpl_context as c\nc",
            ["CS101 from-import pylons:tmpl_context as c .c automatic"],
        ),
        (
            "from pylons import g, app_globals\ng, app_globals",
            [
                "CS101 from-import pylons:g .app_globals automatic",
                "CS101 from-import pylons:app_globals .app_globals automatic",
            ],
        ),
        (
            "from pylons.i18n.translation import lazy_ugettext as _\n_('x')",
            [
                "CS101 from-import pylons.i18n.translation:lazy_ugettext as _"
                " .lazy_ugettext automatic"
            ],
        ),
        (
            "import pylons.config as config\nconfig['x']",
            ["CS101 import pylons:config as config .config automatic"],
        ),
        (
            "from routes import url_for\nurl_for()",
            ["CS101 from-import routes:url_for .url_for automatic"],
        ),
        (
            "from compatshim.legacy.controllers.util import redirect_to\nredirect_to()",
            [
                "CS101 from-import compatshim.legacy.controllers.util:redirect_to"
                " .redirect automatic"
            ],
        ),
        (
            "def f():\n    from pylons import request\n    return request",
            ["CS101 from-import pylons:request .request automatic"],
        ),
        (
            "try:\n    from pylons import config\nexcept ImportError:\n"
            "    from mine import config\nconfig",
            ["CS101 from-import pylons:config .config automatic"],
        ),
        (
            "try:\n    from mine import config\nexcept ImportError:\n"
            "    from pylons import config\nconfig",
            ["CS101 from-import pylons:config .config automatic"],
        ),
    ],
)
def test_found(look: Look, source: str, expected: list[str]) -> None:
    assert look(source) == expected


@pytest.mark.parametrize(
    "then",
    [
        "request = None",
        "del request",
        "def f():\n    global request\n    request = 1",
        "def request(): pass",
        "class request: pass",
        "if x:\n    request = 1",
        "for request in x: pass",
        "try: pass\nexcept X, request: pass",
        "with x as request: pass",
    ],
)
def test_not_automatic_where_the_name_is_bound_again(look: Look, then: str) -> None:
    found = look(f"from pylons import request\nrequest.x\n{then}\n")
    assert found == ["CS101 from-import pylons:request .request assisted"]


@pytest.mark.parametrize(
    "then",
    [
        "def f(request): return request",
        "def f():\n    request = 1",
        "class A:\n    request = 1",
        "x.request = 1",
        "f(request=request)",
        "[request for request in x]",
    ],
)
def test_automatic_where_another_scope_has_a_name_like_it(
    look: Look, then: str
) -> None:
    found = look(f"from pylons import request\nrequest.x\n{then}\n")
    assert found == ["CS101 from-import pylons:request .request automatic"]


@pytest.mark.parametrize(
    "source",
    [
        "from .pylons import request",
        "from . import pylons",
        "from mine import pylons",
        "from mine.pylons import request",
        "from pylonsx import request",
        "import mine.pylons",
        "import mine as pylons\npylons.request",
        "# from pylons import request",
        "'from pylons import request'",
        "'''\nfrom pylons import request\n'''",
        "pylons = 1",
        "pylons.request",
        "from routes_of_ours import routes\nroutes.x",
        "routes = []\nroutes.append(1)",
        "paste = webob = 1",
        "class beaker: pass",
        "from compatshim.common import request",
        "from compatshim import CompatShim",
    ],
)
def test_not_legacy(look: Look, source: str) -> None:
    assert look(source) == []


def test_wrong_encoding_is_never_automatic(look: Look) -> None:
    assert look(b"x = '\xe9'\nfrom pylons import request\nrequest") == [
        "CS101 from-import pylons:request .request manual +CS112"
    ]
