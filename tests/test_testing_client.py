"""compatshim.testing.Client: Flask's test client, which knows who served."""

from __future__ import annotations

import flask
import pytest
from flask import Flask
from werkzeug.test import TestResponse as WerkzeugTestResponse

from compatshim import CompatShim, legacy
from compatshim.common import c, is_flask_request, redirect, request, session
from compatshim.legacy.middleware import StatusCodeRedirect
from compatshim.testing import Client, LegacyClient, client_for
from sample_site import build_legacy

SIDES = ["flask", "legacy"]


def show():
    return f"{'flask' if is_flask_request() else 'legacy'} {request.method}"


def keep():
    session["name"] = request.POST.get("name", "x")
    return ""


def read():
    return session.get("name", "nobody")


def go():
    redirect(request.GET["to"])


def mark():
    c.name = "marked"
    return ""


ACTIONS = {"show": show, "keep": keep, "read": read, "go": go, "mark": mark}


def build_app(**options):
    app = Flask("sample")
    app.secret_key = "for tests"
    for name, view in ACTIONS.items():
        app.add_url_rule(f"/flask/{name}", name, view, methods=["GET", "POST"])
    CompatShim(app, **({"legacy": build_legacy(**ACTIONS)} | options))
    return app


class CopyingMiddleware:
    """Hands a copy of environ on, and answers /own by itself."""

    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"] == "/own":
            start_response("200 OK", [])
            return [b"own"]
        return self.app(dict(environ), start_response)


@pytest.fixture(params=["bare", "wrapped", "twice wrapped"])
def app(request):
    app = build_app()
    if request.param != "bare":
        app.wsgi_app = CopyingMiddleware(app.wsgi_app)
    if request.param == "twice wrapped":
        app.wsgi_app = StatusCodeRedirect(app.wsgi_app, errors=())
    return app


@pytest.mark.parametrize("side", SIDES)
def test_response_says_who_served(app, side):
    answer = Client(app).get(f"/{side}/show")
    assert answer.served_by == side
    assert answer.request.environ["compatshim.app"] == side
    assert answer.text == f"{side} GET"


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("method", ["post", "head", "options"])
def test_other_methods(app, side, method):
    assert getattr(Client(app), method)(f"/{side}/show").served_by == side


def test_path_that_nobody_owns_is_answered_by_flask(app):
    answer = Client(app).get("/nowhere")
    assert (answer.status_code, answer.served_by) == (404, "flask")


def test_answer_of_middleware_is_nobodys():
    app = build_app()
    app.wsgi_app = CopyingMiddleware(app.wsgi_app)
    client = Client(app)
    assert client.get("/legacy/show").served_by == "legacy"
    answer = client.get("/own")
    assert (answer.text, answer.served_by) == ("own", None)


@pytest.mark.parametrize("first", SIDES)
@pytest.mark.parametrize("second", SIDES)
@pytest.mark.parametrize("third", SIDES)
def test_each_response_of_a_chain_of_redirects(app, first, second, third):
    url = f"/{first}/go?to=/{second}/go%3Fto=/{third}/show"
    answer = Client(app).get(url, follow_redirects=True)
    assert answer.served_by == third
    assert [one.served_by for one in answer.history] == [first, second]
    assert answer.text == f"{third} GET"


def test_error_document_is_made_by_who_serves_it():
    app = build_app()
    app.wsgi_app = StatusCodeRedirect(app.wsgi_app, path="/legacy/show")
    answer = Client(app).get("/nowhere")
    assert (answer.status_code, answer.served_by) == (404, "legacy")


@pytest.mark.parametrize("outer", SIDES)
@pytest.mark.parametrize("inner", SIDES)
def test_request_inside_a_request_is_not_mistaken_for_it(outer, inner):
    def call():
        return Client(app).get(f"/{inner}/show").served_by

    app = Flask("sample")
    app.add_url_rule("/flask/call", "call", call)
    app.add_url_rule("/flask/show", "show", show)
    CompatShim(app, legacy=build_legacy(call=call, show=show))
    answer = Client(app).get(f"/{outer}/call")
    assert (answer.served_by, answer.text) == (outer, inner)


def test_legacy_application_that_is_any_wsgi_callable():
    def any_app(environ, start_response):
        start_response("200 OK", [])
        return iter([b"any"])

    answer = Client(build_app(legacy=any_app)).get("/anything")
    assert (answer.served_by, answer.text) == ("legacy", "any")


def test_flask_application_without_a_shim():
    app = Flask("bare")
    app.add_url_rule("/", "index", lambda: "")
    assert Client(app).get("/").served_by == "flask"


def test_application_makes_it_by_itself():
    app = build_app()
    app.test_client_class = Client
    with app.test_client(use_cookies=False) as client:
        assert client.get("/legacy/show").served_by == "legacy"


def test_response_class_of_the_application():
    class OwnResponse(flask.Response):
        own = True

    app = build_app()
    app.response_class = OwnResponse
    answer = client_for(app).get("/legacy/show")
    assert (answer.own, answer.served_by) == (True, "legacy")
    assert isinstance(answer, WerkzeugTestResponse)


# It is Flask's client.


@pytest.mark.parametrize("side", SIDES)
def test_objects_of_the_request_are_there_in_a_with_block(side):
    with Client(build_app()) as client:
        answer = client.get(f"/{side}/mark?a=1")
        assert (request.path, c.name) == (f"/{side}/mark", "marked")
        assert is_flask_request() is (side == "flask")
        if side == "legacy":
            assert legacy.request.GET["a"] == "1"
            assert legacy.tmpl_context.name == "marked"
        assert answer.served_by == side
        client.get("/flask/show")
        assert request.path == "/flask/show"


@pytest.mark.parametrize("side", SIDES)
def test_teardown_runs_once(side):
    app, torn_down = build_app(), []
    app.teardown_appcontext(torn_down.append)
    Client(app).get(f"/{side}/show")
    assert torn_down == [None]


@pytest.mark.parametrize("reader", SIDES)
@pytest.mark.parametrize("writer", SIDES)
def test_cookies_are_kept(writer, reader):
    client = Client(build_app())
    client.post(f"/{writer}/keep", data={"name": "sara"})
    assert client.get(f"/{reader}/read").text == "sara"


@pytest.mark.parametrize("side", SIDES)
def test_session_transaction_is_seen(side):
    client = Client(build_app())
    with client.session_transaction() as stored:
        stored["name"] = "sara"
    assert client.get(f"/{side}/read").text == "sara"


@pytest.mark.parametrize("side", SIDES)
def test_session_transaction_sees_what_was_kept(side):
    client = Client(build_app())
    client.post(f"/{side}/keep", data={"name": "sara"})
    with client.session_transaction() as stored:
        assert stored["name"] == "sara"


@pytest.mark.parametrize("side", SIDES)
def test_json_goes_both_ways(side):
    def view():
        return flask.json.dumps(request.json)

    app = Flask("sample")
    app.add_url_rule("/flask/view", "view", view, methods=["POST"])
    CompatShim(app, legacy=build_legacy(view=view))
    answer = Client(app).post(f"/{side}/view", json={"a": 1})
    assert answer.get_json(force=True) == {"a": 1}


@pytest.mark.parametrize("side", SIDES)
def test_error_of_a_view_is_raised_in_a_test(side):
    def view():
        raise ZeroDivisionError

    app = Flask("sample")
    app.testing = True
    app.add_url_rule("/flask/view", "view", view)
    CompatShim(app, legacy=build_legacy(view=view))
    with pytest.raises(ZeroDivisionError):
        Client(app).get(f"/{side}/view")


@pytest.mark.parametrize("side", SIDES)
def test_error_of_a_view_as_an_answer(side):
    def view():
        raise ZeroDivisionError

    app = Flask("sample")
    app.add_url_rule("/flask/view", "view", view)
    CompatShim(app, legacy=build_legacy(view=view))
    answer = Client(app).get(f"/{side}/view")
    assert (answer.status_code, answer.served_by) == (500, side)


# A legacy application alone.


@pytest.mark.parametrize("wrap", [lambda app: app, CopyingMiddleware])
def test_legacy_application_alone(wrap):
    client = client_for(wrap(build_legacy(**ACTIONS)))
    assert type(client) is LegacyClient
    answer = client.get("/legacy/go?to=/legacy/show", follow_redirects=True)
    assert (answer.text, answer.served_by) == ("legacy GET", "legacy")
    assert [one.served_by for one in answer.history] == ["legacy"]


def test_client_for_a_flask_application():
    assert type(client_for(build_app())) is Client
