"""``routes.request_config()`` and ``routes.url_for`` in legacy requests."""

from __future__ import annotations

import threading

import flask
import pytest
import routes
from routes.middleware import RoutesMiddleware
from webob import Request
from werkzeug.test import Client, create_environ

from compatshim import CompatShim
from compatshim.common import copy_current_context
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.wsgiapp import PylonsApp
from compatshim.testing import legacy_request_context


class PageController(WSGIController):
    def show(self, id):  # noqa: A002 (the name in the route)
        return (
            f"{routes.url_for(id='other')} {routes.request_config().mapper_dict['id']}"
        )

    def qualified(self, id):  # noqa: A002 (the name in the route)
        return routes.url_for("page", id=id, qualified=True)


def make_legacy(site_url=None):
    config = PylonsConfig()
    config.init_app({}, {"site_url": site_url}, package="sample")
    mapper = config["routes.map"] = routes.Mapper(explicit=False)
    mapper.connect("page", "/page/{id}", controller=PageController, action="show")
    mapper.connect("/full/{id}", controller=PageController, action="qualified")
    return PylonsApp(config)


def beside_flask(legacy):
    app = flask.Flask("sample")
    CompatShim(app, legacy=legacy)
    return app


def behind_routes_middleware(legacy):
    return RoutesMiddleware(legacy, legacy.config["routes.map"])


def beside_flask_and_behind_middleware(legacy):
    app = flask.Flask("sample")
    middleware = behind_routes_middleware(legacy)
    CompatShim(app, legacy=middleware, legacy_config=legacy.config)
    return app


ARRANGEMENTS = [
    lambda legacy: legacy,
    behind_routes_middleware,
    beside_flask,
    beside_flask_and_behind_middleware,
]


@pytest.mark.parametrize(
    "arrange", ARRANGEMENTS, ids=["alone", "middleware", "flask", "both"]
)
class TestArrangements:
    def test_url_for_remembers_the_route(self, arrange):
        client = Client(arrange(make_legacy()))
        response = client.get("/page/one", "http://localhost/mount")
        assert response.text == "/mount/page/other one"

    @pytest.mark.parametrize(
        ("site_url", "expected"),
        [
            (None, "http://localhost/page/one"),
            ("https://example.org/data", "https://example.org/data/page/one"),
        ],
    )
    def test_forwarded_host_is_not_believed(self, arrange, site_url, expected):
        headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
        if site_url:
            headers["Host"] = "evil.example"
        client = Client(arrange(make_legacy(site_url)))
        assert client.get("/full/one", headers=headers).text == expected


def test_attributes_of_the_config():
    legacy = make_legacy()
    with legacy_request_context(legacy, "/page/one", base_url="https://example.org"):
        config = routes.request_config()
        assert routes.request_config() is config
        assert config.mapper.matchlist is legacy.config["routes.map"].matchlist
        assert config.mapper_dict["id"] == "one"
        assert config.route.name == "page"
        assert (config.protocol, config.host) == ("https", "example.org")
        assert config.environ["PATH_INFO"] == "/page/one"
        assert callable(config.redirect)
        with pytest.raises(AttributeError):
            _ = config.prefix


def test_environ_that_is_set_is_matched():
    with legacy_request_context(make_legacy(), "/page/one"):
        config = routes.request_config()
        config.environ = create_environ("/page/two", "http://example.com")
        assert (config.mapper_dict["id"], config.host) == ("two", "example.com")
        config.environ = create_environ("/none")
        assert config.mapper_dict is config.route is None


def test_nothing_is_left_in_routes_own_object():
    names = ("environ", "mapper", "mapper_dict", "route", "host", "protocol")
    legacy, left = make_legacy(), []

    def job():  # in a new thread, where nobody else has set anything
        with legacy_request_context(legacy, "/page/one"):
            routes.url_for("page", id="x")
        original = routes.request_config(original=True)
        assert type(routes.request_config()) is type(original)
        left.extend(name for name in names if hasattr(original, name))
        left.append(legacy.config["routes.map"].environ)

    thread = threading.Thread(target=job)
    thread.start()
    thread.join()
    assert left == [None]


def test_nested_requests():
    legacy = make_legacy()
    app = beside_flask(legacy)
    with legacy_request_context(app, "/page/one"):
        outer = routes.request_config()
        with app.test_request_context("/"):
            assert routes.request_config() is not outer
        assert Client(app).get("/page/two").text == "/page/other two"
        assert routes.request_config() is outer
        assert routes.url_for() == "/page/one"


def test_requests_that_are_interleaved_in_one_thread():
    class StreamController(WSGIController):
        def show(self, id):  # noqa: A002 (the name in the route)
            def lines():
                for number in range(3):
                    yield f"{routes.url_for(page=number)}\n".encode()

            return lines()

    legacy = make_legacy()
    legacy.config["routes.map"].connect(
        "/stream/{id}", controller=StreamController, action="show"
    )
    app = beside_flask(legacy)
    requests = [Request.blank(f"/stream/{name}") for name in "ab"]
    bodies = [iter(request.call_application(app)[2]) for request in requests]
    seen = [next(body) for _ in range(3) for body in bodies]
    for body in bodies:
        assert next(body, None) is None
    assert seen == [
        f"/stream/{name}?page={number}\n".encode()
        for number in range(3)
        for name in "ab"
    ]


def test_another_thread_of_the_request():
    seen = []
    with legacy_request_context(beside_flask(make_legacy()), "/page/one"):

        def job():
            seen.append((routes.url_for(), routes.url_for("page", id="two")))

        threads = [threading.Thread(target=copy_current_context(job)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert seen == [("/page/one", "/page/two")] * 2
