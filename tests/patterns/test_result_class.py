from __future__ import annotations

import flask
import pytest
from webob import Request

from compatshim.common import is_flask_request, session
from compatshim.testing import client_for

PATHS = {"flask": "/order", "legacy": "/old/order"}


@pytest.fixture(params=PATHS)
def side(request):
    return request.param


@pytest.fixture
def get(page, side):
    """Return a function that gets the page on which ``view`` answers."""

    def get(view=page.create_order, **options):
        page.app.view_functions["create_order"] = view
        page.OrderController.create = lambda self: view()
        answer = client_for(page.app).get(PATHS[side], **options)
        assert answer.served_by == side
        return answer

    return get


def test_the_class_is_a_result(get):
    answer = get()
    assert answer.status == "201 CREATED"
    assert answer.mimetype == "application/json"
    assert answer.json == {"result": {"id": 1}}


def test_what_was_set_on_response_is_added(get):
    assert get().headers.getlist("X-Orders-Left") == ["9"]


def test_no_request_is_mixed_up_with_its_results(page, get):
    def view():
        asked = page.app.make_response(page.ApiResult("inner"))
        assert asked.status_code == 200
        return page.ApiResult("outer", 202)

    answer = get(view)
    assert (answer.status_code, answer.json) == (202, {"result": "outer"})


def test_make_response_sees_the_request_and_who_serves(page, get, side, monkeypatch):
    seen = []
    make_response = page.app.make_response

    def watching(rv):
        if isinstance(rv, page.ApiResult):
            seen.append((flask.request.path, is_flask_request()))
        return make_response(rv)

    monkeypatch.setattr(page.app, "make_response", watching)
    get()
    assert seen == [(PATHS[side], side == "flask")]


def test_what_no_response_can_be_made_of(page, get):
    page.app.testing = True
    with pytest.raises(TypeError, match="did not return a valid response"):
        get(object)


def test_to_pylons_an_iterable_is_a_body(page, get, side, monkeypatch):
    make_response = page.app.make_response

    class Lines(list):
        pass

    def joining(rv):
        return make_response("+".join(rv) if isinstance(rv, Lines) else rv)

    monkeypatch.setattr(page.app, "make_response", joining)
    assert get(lambda: Lines("ab")).text == {"flask": "a+b", "legacy": "ab"}[side]


def test_a_wsgi_application_as_a_result(get):
    def gone(environ, start_response):
        start_response("410 Gone", [("Content-Type", "text/plain")])
        return [b"gone"]

    answer = get(lambda: gone)
    assert (answer.status_code, answer.text) == (410, "gone")


def test_the_session_is_saved_and_teardown_runs_once(unserved_page, side):
    app, ended = unserved_page.app, []
    app.secret_key = "for tests"
    app.teardown_appcontext(ended.append)

    def view():
        session["a"] = 1
        return unserved_page.ApiResult("x")

    app.view_functions["create_order"] = view
    unserved_page.OrderController.create = lambda self: view()
    answer = client_for(app).get(PATHS[side], buffered=True)
    assert "session=" in answer.headers["Set-Cookie"]
    assert ended == [None]


def test_a_legacy_application_that_runs_alone(page):
    legacy_app = page.PylonsApp(page.legacy_config)
    with pytest.raises(TypeError, match="not iterable"):
        Request.blank("/old/order").get_response(legacy_app)
