from __future__ import annotations

import logging

import pytest
from flask import Blueprint, got_request_exception

from compatshim.common import session
from compatshim.testing import client_for

PATHS = {"flask": "/order", "legacy": "/old/order"}


@pytest.fixture(params=PATHS)
def side(request):
    return request.param


def serve(page, side, view):
    page.app.view_functions["read_order"] = view
    page.OrderController.read = lambda self: view()
    answer = client_for(page.app).get(PATHS[side])
    assert answer.served_by == side
    return answer


def failing_with(error):
    def view():
        raise error

    return view


def test_the_handler_answers(client, side):
    answer = client.get(f"{PATHS[side]}?id=x")
    assert answer.served_by == side
    assert answer.status_code == 422
    assert answer.mimetype == "application/json"
    assert answer.json["error"] == "'x' is no number of an order"


def test_a_derived_class_is_answered(page, side):
    special = type("SpecialError", (page.ApiError,), {})
    answer = serve(page, side, failing_with(special("special")))
    assert (answer.status_code, answer.json["error"]) == (400, "special")


def test_the_session_is_kept(page, side):
    page.app.secret_key = "for tests"

    def view():
        session["a"] = 1
        raise page.ApiError("x")

    assert "session=" in serve(page, side, view).headers["Set-Cookie"]


def test_it_counts_as_handled(unserved_page, side, caplog):
    ended, signalled = [], []
    app = unserved_page.app
    app.teardown_appcontext(ended.append)
    with (
        caplog.at_level(logging.ERROR),
        got_request_exception.connected_to(lambda *_, **__: signalled.append(1), app),
    ):
        serve(unserved_page, side, failing_with(unserved_page.ApiError("x")))
    assert (ended, signalled, caplog.records) == ([None], [], [])


def test_an_error_of_another_kind_is_not_answered(page, side):
    assert serve(page, side, failing_with(LookupError())).status_code == 500


def test_a_blueprint_s_handler_is_for_its_views(unserved_page):
    class OwnError(Exception):
        pass

    bp = Blueprint("bp", __name__)
    bp.register_error_handler(OwnError, lambda _: ("of the blueprint", 418))
    bp.add_url_rule("/bp", "view", failing_with(OwnError()))
    unserved_page.app.register_blueprint(bp)
    client = client_for(unserved_page.app)
    assert client.get("/bp").text == "of the blueprint"
    assert serve(unserved_page, "legacy", failing_with(OwnError())).status_code == 500


def test_after_is_not_called(page):
    called = []
    page.OrderController.__after__ = lambda self: called.append(1)
    assert serve(page, "legacy", lambda: "fine").status_code == 200
    assert called == [1]
    serve(page, "legacy", failing_with(page.ApiError("x")))
    assert called == [1]
