from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Look = Callable[..., list[str]]

INTERFACE = "compatshim.sessions.beaker.BeakerSessionInterface"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["[server:main]", "use = egg:Paste#http"], "paste:http - manual"),
        (
            ["[server:main]", "use: egg:PasteScript#cherrypy"],
            "paste.script:cherrypy - manual",
        ),
        (
            ["[filter:proxy]", "use = egg:PasteDeploy#prefix"],
            "paste.deploy:prefix werkzeug.middleware.proxy_fix.ProxyFix assisted",
        ),
        (
            ["[filter:s]", "  use  =  egg:Beaker#beaker_session"],
            f"beaker:beaker_session {INTERFACE} assisted",
        ),
        (["[composite:x]", "use=egg:paste"], "paste: - manual"),
        (
            ["[composite:x]", "/ = main", "/old = egg:Paste#static"],
            "paste:static werkzeug.middleware.shared_data.SharedDataMiddleware assisted",
        ),
        (
            ["[app:main]", "beaker.session.key = shop"],
            f"beaker.session:key {INTERFACE} assisted",
        ),
        (
            ["[app:main]", "set beaker.cache.data_dir = %(here)s/x"],
            "beaker.cache:data_dir .cache assisted",
        ),
        (
            ["[app:main]", "paste.app_factory = shop.wsgi:make_app"],
            "paste:app_factory compatshim.CompatShim.from_ini assisted",
        ),
        (
            ["[filter:x]", "paste.filter_app_factory = shop.wsgi:make"],
            "paste:filter_app_factory - manual",
        ),
        (
            ["[app:main]", "use = egg:shop", "full_stack = true"],
            "pylons:full_stack - manual",
        ),
        (
            ["[DEFAULT]", "cache_dir = x", "[app:main]", "use = egg:shop  # pylons"],
            "pylons:cache_dir - manual",
        ),
        (
            ["[logger_pylons]", "level = INFO", "qualname = pylons.wsgiapp"],
            "pylons.wsgiapp: compatshim.legacy assisted",
        ),
        (
            ["[logger_paste]", "qualname = paste.httpserver"],
            "paste.httpserver: - manual",
        ),
        (
            ["[x]", "a = pylons.util:call_wsgi_application"],
            "pylons.util:call_wsgi_application - manual",
        ),
    ],
)
@pytest.mark.parametrize("path", ["development.ini", "shop.conf", "test.cfg"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_found(
    look: Look, path: str, newline: str, lines: list[str], expected: str
) -> None:
    assert look(newline.join(lines), path=path) == [f"CS116 config {expected}"]


@pytest.mark.parametrize(
    "lines",
    [
        ["[app:main]", "use = egg:shop", "debug = true"],
        ["[app:main]", "use = egg:waitress#main"],
        ["[app:main]", "use = egg:Pasteurizer#x"],
        ["[app:main]", "# use = egg:Paste#http", "; beaker.session.key = x"],
        ["[x]", "full_stack = true", "cache_dir = pylons"],
        ["[logger_shop]", "qualname = shop.pylons"],
        ["[logger_shop]", "handlers = pylons"],
        ["[app:main]", "use = egg:Paste#http  ; x"][:1],
        ["[a]", "# compatshim: ignore[CS116]", "beaker.session.key = x"],
        ["no section", "[", "=", "] pylons"],
    ],
)
def test_not_found(look: Look, lines: list[str]) -> None:
    assert look("\n".join(lines), path="development.ini") == []


def test_several_values(look: Look) -> None:
    source = (
        "[pipeline:main]\npipeline =\n    egg:Paste#cgitb\n    egg:Beaker#beaker_cache\n"
        "    shop\n"
    )
    assert look(source, path="a.ini") == [
        "CS116 config beaker:beaker_cache .cache assisted",
        "CS116 config paste:cgitb - manual",
    ] or look(source, path="a.ini") == [
        "CS116 config paste:cgitb - manual",
        "CS116 config beaker:beaker_cache .cache assisted",
    ]


def test_a_value_of_very_many_lines(look: Look) -> None:
    """Each line is added once: joined again and again they would take minutes."""
    lines = ["[pipeline:main]", "pipeline =", *["  egg:Paste#cascade"] * 50_000]
    assert len(look("\n".join(lines), path="site.ini")) == 50_000


def test_a_factory_of_a_legacy_package(look: Look) -> None:
    lines = "[filter:x]\npaste.filter_factory = paste.gzipper:make_gzip_middleware\n"
    assert look(lines, path="site.ini") == [
        "CS116 config paste:filter_factory - manual",
        "CS116 config paste.gzipper:make_gzip_middleware - manual",
    ]
