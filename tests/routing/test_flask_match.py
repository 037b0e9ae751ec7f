"""Flask's router is asked once for each request, and Flask reports what it raises."""

from __future__ import annotations

import flask
import pytest
from routes import Mapper
from werkzeug.exceptions import Conflict
from werkzeug.routing import BaseConverter, MapAdapter, RequestRedirect, ValidationError

from compatshim import CompatShim


class Failing(BaseConverter):
    """A converter with an error of each kind."""

    def to_python(self, value):
        if value == "bug":
            raise LookupError("a bug in the converter")
        if value == "conflict":
            raise Conflict("from the converter")
        if value == "redirect":
            raise RequestRedirect("/elsewhere")
        if value == "invalid":
            raise ValidationError
        return value


class FromContext(BaseConverter):
    """A converter that needs an application context."""

    def to_python(self, value):
        return f"{flask.current_app.name}:{value}"


def add_pages(app):
    app.url_map.converters["failing"] = Failing
    app.url_map.converters["from_context"] = FromContext
    app.add_url_rule("/page", "page", lambda: "flask")
    app.add_url_rule("/posted", "posted", lambda: "flask", methods=["POST"])
    app.add_url_rule("/folder/", "folder", lambda: "flask")
    app.add_url_rule("/item/<failing:name>", "item", lambda name: f"flask {name}")
    app.add_url_rule("/named/<from_context:name>", "named", lambda name: name)


@pytest.fixture
def count_matches(monkeypatch):
    """Return the list to which each question to Flask's router adds its path."""
    asked = []
    match = MapAdapter.match

    def counting(self, *args, **kwargs):
        asked.append(self.path_info)
        return match(self, *args, **kwargs)

    monkeypatch.setattr(MapAdapter, "match", counting)
    return asked


@pytest.mark.parametrize(
    ("path", "status", "times"),
    [
        ("/page", 200, 1),
        ("/folder", 308, 1),
        ("/item/a", 200, 1),
        ("/item/invalid", 404, 1),
        ("/item/conflict", 409, 1),
        ("/posted", 405, 1),
        ("/page/below", 200, 1),
        ("/legacy", 200, 0),
    ],
)
def test_router_is_asked_at_most_once(make_site, count_matches, path, status, times):
    app = make_site("/legacy", "/page/below", add=add_pages)
    response = app.test_client().get(path)
    assert response.status_code == status
    assert len(count_matches) == times


def test_path_that_nobody_serves_is_answered_by_flask(make_site):
    def add(app):
        app.register_error_handler(404, lambda error: ("handled", 404))

    response = make_site("/legacy", add=add).test_client().get("/missing")
    assert (response.status_code, response.text) == (404, "handled")


def test_route_of_flask_wins_over_the_same_legacy_one(make_site):
    app = make_site("/page", add=add_pages)
    assert app.test_client().get("/page").text == "flask"


def test_method_that_flask_refuses_is_asked_of_the_legacy_side(make_site):
    app = make_site("/posted", add=add_pages)
    assert app.test_client().get("/posted").text == "legacy []"
    assert app.test_client().post("/posted").text == "flask"


def test_value_that_a_converter_refuses_is_asked_of_the_legacy_side(make_site):
    app = make_site("/item/{name}", add=add_pages)
    assert app.test_client().get("/item/a").text == "flask a"
    assert app.test_client().get("/item/invalid").text == "legacy [('name', 'invalid')]"


def test_bug_in_a_converter_is_reported_by_flask(make_site):
    app = make_site("/item/{name}", add=add_pages)
    with pytest.raises(LookupError, match="a bug in the converter"):
        app.test_client().get("/item/bug")


def test_bug_in_a_converter_is_handled_by_flask(make_site):
    def add(app):
        add_pages(app)
        app.register_error_handler(LookupError, lambda error: ("handled", 500))

    app = make_site("/item/{name}", add=add, TESTING=False, PROPAGATE_EXCEPTIONS=False)
    assert app.test_client().get("/item/bug").status_code == 500


def test_http_exception_of_a_converter_is_the_answer(make_site):
    app = make_site("/item/{name}", add=add_pages)
    response = app.test_client().get("/item/conflict")
    assert response.status_code == 409


def test_redirect_of_a_converter_is_the_answer(make_site):
    app = make_site("/item/{name}", add=add_pages)
    response = app.test_client().get("/item/redirect")
    assert response.headers["Location"] == "/elsewhere"


def test_converter_finds_the_application(make_site):
    app = make_site("/named/{name}", add=add_pages)
    assert app.test_client().get("/named/a").text == "sample:a"


def test_request_that_flask_refuses_leaves_environ_as_it_was(make_site, make_environ):
    app = make_site("/page/below", add=add_pages)
    environ = make_environ("/page/below")
    before = dict(environ)
    list(app(environ, lambda *_: None))
    ours = {key for key in environ if key.startswith("compatshim.")}
    routing = {"wsgiorg.routing_args", "routes.route", "routes.url"}
    routing.add("routes.cached_hostinfo")
    assert {key: environ[key] for key in environ.keys() - ours - routing} == before


if "TRUSTED_HOSTS" in flask.Flask.default_config:  # since Flask 3.1

    @pytest.mark.parametrize(
        ("host", "status"), [("example.org", 200), ("evil.example", 400)]
    )
    @pytest.mark.parametrize("path", ["/page", "/legacy", "/missing"])
    def test_trusted_hosts_of_flask_hold_on_both_sides(make_site, path, host, status):
        app = make_site("/legacy", add=add_pages, TRUSTED_HOSTS=["example.org"])
        response = app.test_client().get(path, headers={"Host": host})
        expected = 404 if (path, status) == ("/missing", 200) else status
        assert response.status_code == expected


def test_rule_that_is_added_after_joining_is_served(make_site):
    app = make_site("/late")
    app.add_url_rule("/late", "late", lambda: "flask")
    assert app.test_client().get("/late").text == "flask"


def test_route_of_another_host_leaves_the_path_to_the_legacy_side():
    app = flask.Flask("sample", host_matching=True, static_host="static.example")
    app.add_url_rule("/page", "page", lambda: "flask", host="new.example")
    mapper = Mapper()
    mapper.connect("/page")

    def legacy_app(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"legacy"]

    CompatShim(app, legacy=legacy_app, mapper=mapper)
    client = app.test_client()
    assert client.get("/page", base_url="http://new.example").text == "flask"
    assert client.get("/page", base_url="http://old.example").text == "legacy"
