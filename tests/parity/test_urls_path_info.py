"""Links from below a ``path_info`` route, or from below other legacy middleware.

Either has moved a part of the path to ``SCRIPT_NAME``, which is not where the site begins.
"""

from __future__ import annotations

import threading

import flask
import pytest
import routes
from routes.middleware import RoutesMiddleware
from webob import Request, Response

from compatshim import CompatShim
from compatshim.common import copy_current_context, redirect, url, url_for
from compatshim.legacy import url as pylons_url
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.wsgiapp import PylonsApp

LOCALES = {"COMPATSHIM_LOCALE_PREFIX": True, "COMPATSHIM_LOCALES": "de fr"}


def in_a_controller(view):
    return type("BlogController", (WSGIController,), {"read": lambda self: view()})


def in_a_wsgi_application(view):
    def application(environ, start_response):
        return Response(view())(environ, start_response)

    return application


PLACES = [in_a_controller, in_a_wsgi_application]


def alone(legacy, mapper):
    return legacy


def behind_routes_middleware(legacy, mapper):
    return RoutesMiddleware(legacy, mapper)


def behind_asking_middleware(legacy, mapper):
    return RoutesMiddleware(legacy, mapper, singleton=False)


ARRANGEMENTS = [alone, behind_routes_middleware, behind_asking_middleware]


@pytest.fixture(params=PLACES)
def place(request):
    return request.param


@pytest.fixture(params=ARRANGEMENTS)
def arrange(request):
    return request.param


def make_legacy(view, place, arrange, **legacy_config):
    config = PylonsConfig()
    config.init_app({}, {}, package="sample")
    config.update(legacy_config)
    mapper = config["routes.map"] = routes.Mapper()
    mapper.connect("item", "/item/{name}", controller="item", action="read")
    mapper.connect("/blog/{path_info:.*}", controller=place(view), action="read")
    return arrange(PylonsApp(config), mapper), config


@pytest.fixture
def serve(place, arrange):
    """Return a function that returns what ``view`` gives below ``/blog``."""

    def run(view, path="/blog/a/b", config=None, setup=None, **request):
        seen = []

        def noting():
            seen.append(view())
            return "page"

        legacy, legacy_config = make_legacy(noting, place, arrange)
        app = flask.Flask("sample")
        app.config.update(TESTING=True, **(config or {}))
        app.add_url_rule("/about/<name>", "about", lambda name: name)
        if setup is not None:
            setup(app)
        CompatShim(app, legacy=legacy, legacy_config=legacy_config)
        assert app.test_client().get(path, **request).text == "page"
        return seen[0]

    return run


def links():
    return [
        url_for("about", name="x"),
        url_for("item", name="x"),
        url_for("/css/site.css"),
        url.current(),
    ]


def full_links():
    return [
        url_for("about", name="x", _external=True),
        url_for("item", name="x", qualified=True),
    ]


@pytest.mark.parametrize(
    ("request_options", "root"), [({}, ""), ({"base_url": "http://h/mount"}, "/mount")]
)
def test_links_begin_where_the_site_does(serve, request_options, root):
    assert serve(links, **request_options) == [
        f"{root}/about/x",
        f"{root}/item/x",
        f"{root}/css/site.css",
        f"{root}/blog/a/b",
    ]


@pytest.mark.parametrize("base_url", ["http://evil.example/", "http://h/data"])
def test_links_begin_with_the_site_url(serve, base_url):
    config = {"site_url": "https://example.org/data"}
    assert serve(full_links, config=config, base_url=base_url) == [
        "https://example.org/data/about/x",
        "https://example.org/data/item/x",
    ]


def test_links_keep_the_locale_and_may_change_it(serve):
    def view():
        return [*links(), url_for("about", name="x", locale="fr")]

    assert serve(view, "/de/blog/a/b", LOCALES) == [
        "/de/about/x",
        "/de/item/x",
        "/de/css/site.css",
        "/de/blog/a/b",
        "/fr/about/x",
    ]


def test_links_where_functions_of_the_application_take_part(serve):
    """Then Flask itself builds them, with the URL adapter of a context that is lent."""

    def setup(app):
        app.url_defaults(lambda endpoint, values: values.setdefault("q", endpoint))

    link = serve(lambda: url_for("about", name="x"), setup=setup)
    assert link == "/about/x?q=about"


def test_links_in_another_thread_of_the_request(serve):
    def view():
        found = []
        thread = threading.Thread(
            target=copy_current_context(lambda: found.extend(links()))
        )
        thread.start()
        thread.join()
        return found

    expected = ["/about/x", "/item/x", "/css/site.css", "/blog/a/b"]
    assert serve(view) == expected


@pytest.mark.parametrize("arrange", [alone])
@pytest.mark.parametrize("place", [in_a_controller])
def test_a_redirect_leads_out_of_what_is_mounted(place, arrange):
    def view():
        redirect(url_for("about", name="x"))

    legacy, _ = make_legacy(view, place, arrange)
    app = flask.Flask("sample")
    app.add_url_rule("/about/<name>", "about", lambda name: name)
    CompatShim(app, legacy=legacy)
    response = app.test_client().get("/blog/a", base_url="http://localhost/mount")
    assert response.headers["Location"].endswith("/mount/about/x")
    assert "/blog" not in response.headers["Location"]


# Routes' own functions stay as they are: their URLs are of what is mounted.


def routes_links():
    return [
        pylons_url("item", name="x"),
        pylons_url("/css/site.css"),
        pylons_url("item", name="x", qualified=True),
        routes.url_for("item", name="x"),
    ]


def test_routes_own_functions_answer_as_without_flask(serve, place, arrange):
    seen = []

    def view():
        seen.append(routes_links())
        return "page"

    legacy, _ = make_legacy(view, place, arrange)
    environ = {"HTTP_HOST": "localhost", "SCRIPT_NAME": "/mount"}
    Request.blank("/blog/a/b", environ=environ).get_response(legacy)
    expected = [
        "/mount/blog/item/x",
        "/mount/blog/css/site.css",
        "http://localhost/mount/blog/item/x",
        "/mount/blog/item/x",
    ]
    assert seen == [expected]
    assert serve(routes_links, base_url="http://localhost/mount") == expected


def test_routes_own_functions_begin_with_the_site_url(serve):
    config = {"site_url": "https://example.org/data"}
    assert serve(routes_links, config=config) == [
        "/data/blog/item/x",
        "/data/blog/css/site.css",
        "https://example.org/data/blog/item/x",
        "/data/blog/item/x",
    ]


# What is mounted by other means.


def mounted_at(prefix, legacy):
    def middleware(environ, start_response):
        path = environ["PATH_INFO"].removeprefix(prefix)
        script_name = environ["SCRIPT_NAME"] + prefix
        return legacy(
            {**environ, "SCRIPT_NAME": script_name, "PATH_INFO": path}, start_response
        )

    return middleware


def test_links_from_a_legacy_application_that_its_middleware_mounts():
    seen = []

    def view():
        seen.append([url_for("about", name="x"), pylons_url("item", name="x")])
        return "page"

    legacy, _ = make_legacy(view, in_a_controller, alone)
    app = flask.Flask("sample")
    app.add_url_rule("/about/<name>", "about", lambda name: name)
    CompatShim(app, legacy=mounted_at("/old", legacy))
    client = app.test_client()
    client.get("/old/blog/a")
    client.get("/old/blog/a", base_url="http://localhost/mount")
    assert seen == [
        ["/about/x", "/old/blog/item/x"],
        ["/mount/about/x", "/mount/old/blog/item/x"],
    ]


def test_a_prefix_that_legacy_middleware_adds_is_kept():
    """As PasteDeploy's does, for a proxy that takes it away: nothing has been moved."""
    seen = []

    def view():
        seen.append([url_for("about", name="x"), url_for("item", name="x")])
        return "page"

    def prefixed(app):
        def middleware(environ, start_response):
            environ["SCRIPT_NAME"] = "/blog"
            return app(environ, start_response)

        return middleware

    config = PylonsConfig()
    config.init_app({}, {}, package="sample")
    mapper = config["routes.map"] = routes.Mapper()
    controller = in_a_controller(view)
    mapper.connect("item", "/blog/{name}", controller=controller, action="read")
    app = flask.Flask("sample")
    app.add_url_rule("/about/<name>", "about", lambda name: name)
    CompatShim(app, legacy=prefixed(PylonsApp(config)), legacy_config=config)
    app.test_client().get("/blog/a")
    assert seen == [["/blog/about/x", "/blog/blog/x"]]
