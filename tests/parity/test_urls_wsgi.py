"""URLs under a legacy application that is no ``PylonsApp``, with Routes' middleware or not."""

from __future__ import annotations

import flask
import pytest
import routes
from routes.middleware import RoutesMiddleware
from webob import Response

from compatshim import CompatShim
from compatshim.common import request, url, url_for

SITE_URL = "https://example.org/data"
LOCALES = {"COMPATSHIM_LOCALE_PREFIX": True, "COMPATSHIM_LOCALES": "de fr"}
FORGED = {
    "Host": "evil.example",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "http",
}


def without_middleware(application, mapper):
    return application


def with_request_config(application, mapper):
    return RoutesMiddleware(application, mapper)


def asking_the_mapper(application, mapper):
    return RoutesMiddleware(application, mapper, singleton=False)


MIDDLEWARE = [with_request_config, asking_the_mapper]


@pytest.fixture(params=[without_middleware, *MIDDLEWARE])
def arrange(request):
    return request.param


@pytest.fixture
def client(arrange):
    """Return a function that makes a client for a site whose legacy pages call ``view``."""

    def make(view=str, **config):
        def application(environ, start_response):
            return Response(json_body=view())(environ, start_response)

        mapper = routes.Mapper(explicit=False)
        mapper.connect("item", "/item/{name}", controller="item", action="read")
        mapper.redirect("/moved/{name}", "/item/{name}")
        app = flask.Flask("sample")
        app.config.update(TESTING=True, **config)
        app.add_url_rule("/about", "about", str)
        CompatShim(app, legacy=arrange(application, mapper), mapper=mapper)
        return app.test_client()

    return make


def links():
    return [
        url_for("about", qualified=True),
        url_for("item", name="x", _external=True),
        url_for("/a.css", _external=True),
        url.current(qualified=True),
        routes.url_for("item", name="x", qualified=True),
    ]


@pytest.mark.parametrize(
    ("config", "headers", "root"),
    [
        ({}, {"X-Forwarded-Host": "evil.example"}, "http://localhost"),
        ({"site_url": SITE_URL}, FORGED, SITE_URL),
        ({"SERVER_NAME": "localhost"}, {}, "http://localhost"),
    ],
    ids=str,
)
def test_host_that_a_client_chooses_is_not_believed(client, config, headers, root):
    built = client(links, **config).get("/item/%C3%A9", headers=headers).json
    paths = ["/about", "/item/x", "/a.css", "/item/%C3%A9", "/item/x"]
    assert built == [f"{root}{path}" for path in paths]


def test_routes_own_generator_knows_the_host_of_the_site(client):
    def view():
        return request.environ["routes.url"]("item", name="x", qualified=True)

    built = client(view, site_url="https://example.org").get("/item/a", headers=FORGED)
    assert built.json == "https://example.org/item/x"


@pytest.mark.parametrize("path", ["/de/item/a", "/item/a"])
def test_locale_and_mount_point_appear_once(client, path):
    def view():
        return [url_for("about"), url_for("item", name="x"), routes.url_for("/a.css")]

    locale = "/de" if path.startswith("/de/") else ""
    client = client(view, **LOCALES)
    built = client.get(path, base_url="http://localhost/mount").json
    paths = ["/about", "/item/x", "/a.css"]
    assert built == [f"/mount{locale}{path}" for path in paths]


@pytest.mark.parametrize("arrange", MIDDLEWARE)
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/moved/a", "/item/a"),
        ("/moved/%C3%A9", "/item/%C3%A9"),
        ("/de/moved/a", "/de/item/a"),
    ],
)
def test_redirect_of_routes_middleware_keeps_the_locale(client, path, expected):
    response = client(**LOCALES).get(path)
    assert response.status_code == 302
    assert response.headers["Location"].removeprefix("http://localhost") == expected


def test_route_memory(client):
    def view():
        return [url_for(name="y"), routes.url_for(name="y")]

    assert client(view).get("/item/a").json == ["/item/y"] * 2


def test_generator_that_the_application_puts_there_is_left_alone(client):
    class Own:
        def __init__(self, generator):
            self.mapper = generator.mapper
            self.environ = generator.environ

        def __call__(self, *arguments, **values):
            return "/own"

    def view():
        environ = request.environ
        environ["routes.url"] = Own(environ["routes.url"])
        return url_for("/a.css")

    assert client(view).get("/item/a").json == "/own"
