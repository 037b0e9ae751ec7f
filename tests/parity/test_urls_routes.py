"""Code that uses Routes itself, ``routes.url_for`` and ``routes.request_config()``."""

from __future__ import annotations

import threading

import flask
import pytest
import routes
from werkzeug.test import run_wsgi_app

from compatshim.common import copy_current_context, url_for
from compatshim.testing import legacy_request_context

SITE_URL = "https://example.org/data"
FORGED = {
    "Host": "evil.example",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
}


def add_routes(site):
    site.mapper.connect("read", "/read/{name}", controller="x", action="read")
    site.mapper.connect("/edit/{name}", controller="x", action="edit")
    site.mapper.connect("wiki", "https://wiki.example/{page}", _static=True)


@pytest.fixture
def build(serve):
    """Return a function that calls ``routes.url_for`` in a view."""

    def run(*arguments, config=None, request=None, path="/page", **values):
        def view():
            return routes.url_for(*arguments, **values)

        served = serve(
            view, path, rule="/page", setup=add_routes, config=config, **request or {}
        )
        return served.result

    return run


URLS = [
    (["read"], {"name": "x"}, "/mount/read/x"),
    (["read"], {"name": "ä b"}, "/mount/read/%C3%A4%20b"),
    (["read"], {"name": "x", "q": "a"}, "/mount/read/x?q=a"),
    (["read"], {"name": "x", "qualified": True}, "http://localhost/mount/read/x"),
    (["read"], {"name": "x", "protocol": "https"}, "https://localhost/mount/read/x"),
    (["read"], {"name": "x", "host": "other"}, "http://other/mount/read/x"),
    (["read"], {"name": "x", "anchor": "top"}, "/mount/read/x#top"),
    ([], {"controller": "x", "action": "edit", "name": "y"}, "/mount/edit/y"),
    (["/css/site.css"], {"v": 3}, "/mount/css/site.css?v=3"),
    (["wiki"], {"page": "y"}, "https://wiki.example/y"),
]


@pytest.mark.parametrize(("arguments", "values", "expected"), URLS)
def test_url_is_built_for_the_request(build, arguments, values, expected):
    request = {"base_url": "http://localhost/mount"}
    assert build(*arguments, request=request, **values) == expected


@pytest.mark.parametrize(
    ("site_url", "headers", "expected"),
    [
        (None, {"X-Forwarded-Host": "evil.example"}, "http://localhost/read/x"),
        (SITE_URL, FORGED, "https://example.org/data/read/x"),
    ],
)
def test_host_that_a_client_chooses_is_not_believed(build, site_url, headers, expected):
    config = {"site_url": site_url}
    request = {"headers": headers}
    built = build("read", name="x", qualified=True, config=config, request=request)
    assert built == expected


def test_url_keeps_the_locale(build):
    config = {"COMPATSHIM_LOCALE_PREFIX": True, "COMPATSHIM_LOCALES": "de fr"}
    assert build("read", name="x", config=config, path="/de/page") == "/de/read/x"


def test_attributes_of_the_config(serve):
    def view():
        config = routes.request_config()
        config.note = "mine"
        assert routes.request_config().note == "mine"
        return [
            config.host,
            config.protocol,
            config.environ["PATH_INFO"],
            [route.name for route in config.mapper.matchlist if route.name == "read"],
            callable(config.redirect),
        ]

    served = serve(view, setup=add_routes, base_url="https://example.org")
    assert served.result == ["example.org", "https", "/page", ["read"], True]


@pytest.mark.parametrize("framework", ["flask"])
def test_no_route_of_the_mapper_is_current_where_flask_serves(serve):
    def view():
        config = routes.request_config()
        return config.mapper_dict, config.route

    assert serve(view, setup=add_routes).result == (None, None)


def test_redirect_of_the_config(make_site):
    site = make_site()
    site.add("/page", lambda: routes.request_config().redirect("/elsewhere"))
    response = site.client.get("/page")
    assert response.status_code == 302
    assert response.headers["Location"].removeprefix("http://localhost") == "/elsewhere"


def test_another_thread_of_the_request(make_site):
    """Routes' own object is empty there."""
    site = make_site()
    add_routes(site)
    built = []

    def view():
        def job():
            built.append(routes.url_for("read", name="x", qualified=True))

        thread = threading.Thread(target=copy_current_context(job))
        thread.start()
        thread.join()

    site.add("/page", view)
    site.open("/page", base_url="http://localhost/mount")
    assert built == ["http://localhost/mount/read/x"]


def test_a_request_inside_another_has_its_own(make_site, framework):
    site = make_site()
    add_routes(site)
    site.add("/page", str)
    with site.context("/page", base_url="http://outer"):
        outer = routes.request_config()
        for inside in (site.app.test_request_context, opened_legacy(site.app)):
            with inside("/read/y", base_url="http://inner/mount"):
                assert routes.request_config() is not outer
                built = routes.url_for("read", name="x", qualified=True)
                assert built == "http://inner/mount/read/x"
        assert routes.request_config() is outer
        assert routes.url_for("read", name="x", qualified=True) == "http://outer/read/x"


def opened_legacy(app):
    def context(path, **options):
        return legacy_request_context(app, path, **options)

    return context


@pytest.mark.parametrize("framework", ["flask"])
@pytest.mark.parametrize("site_url", ["", SITE_URL])
def test_a_request_with_a_copy_of_the_environ_of_another(make_site, site_url):
    """Middleware of Flask's own, and views that forward, make such copies."""
    site = make_site({"site_url": site_url})
    add_routes(site)
    seen = []

    def links():
        config = routes.request_config()
        assert not hasattr(config, "note")
        config.note = "mine"
        seen.append(url_for("read", name="x"))
        seen.append(routes.url_for("read", name="x"))

    def outer():
        links()
        environ = flask.request.environ
        inner = {**environ, "PATH_INFO": "/inner", "SCRIPT_NAME": "/data/sub"}
        run_wsgi_app(site.app.wsgi_app, inner)

    site.add("/page", outer)
    site.add("/inner", links)
    site.open("/page")
    root = "/data" if site_url else ""
    assert seen == [f"{root}/read/x"] * 2 + ["/data/sub/read/x"] * 2


def test_an_application_without_a_shim_has_routes_own():
    with flask.Flask("other").test_request_context("/"):
        config = routes.request_config()
        assert config is not None
        assert type(config) is type(routes.request_config(original=True))


def test_a_site_without_legacy_routes_has_routes_own(make_site):
    site = make_site(legacy_config={"routes.map": None})
    with site.app.test_request_context("/"):
        config = routes.request_config()
        assert type(config) is type(routes.request_config(original=True))
