from __future__ import annotations

import flask
import pytest

from compatshim.common import abort, copy_current_context, streaming_response
from compatshim.testing import client_for, legacy_request_context

PATHS = {"flask": "/order", "legacy": "/old/order"}


@pytest.fixture(params=PATHS)
def side(request):
    return request.param


@pytest.fixture
def page(unserved_page, tmp_path):
    """The page, with a database that has no orders yet, and two handlers of errors."""
    app = unserved_page.app
    app.config["DATABASE"] = tmp_path / "orders.sqlite"
    app.torn_down = []
    app.teardown_appcontext(app.torn_down.append)
    app.register_error_handler(KeyError, lambda _: ("handled", 409))

    @app.errorhandler(IndexError)
    def roll_back(error):
        unserved_page.database().rollback()
        return "handled", 409

    with app.app_context():
        unserved_page.database().execute("CREATE TABLE orders (item)")
    app.torn_down.clear()
    return unserved_page


@pytest.fixture
def post(page, side):
    """Return a function that posts an order, which ``add_order`` serves."""

    def post(add_order):
        page.app.view_functions["add_order"] = add_order
        page.OrderController.create = lambda self: add_order()
        answer = client_for(page.app).post(f"{PATHS[side]}?item=cake", buffered=True)
        assert answer.served_by == side
        return answer

    return post


@pytest.fixture
def orders(page):
    """Return a function that reads what was committed."""

    def orders():
        with page.app.app_context():
            rows = page.database().execute("SELECT item FROM orders")
            return [item for (item,) in rows]

    return orders


def insert(page):
    page.database().execute("INSERT INTO orders VALUES ('cake')")


def failing(page, error):
    def add_order():
        insert(page)
        raise error

    return add_order


def test_a_request_commits(page, post, orders):
    assert post(page.add_order).text == "ordered"
    assert page.app.torn_down == [None]
    assert orders() == ["cake"]


def test_an_error_rolls_back(page, post, orders):
    assert post(failing(page, LookupError())).status_code == 500
    assert [type(error) for error in page.app.torn_down] == [LookupError]
    assert orders() == []


def test_a_handled_error_commits(page, post, orders):
    assert post(failing(page, KeyError())).text == "handled"
    assert page.app.torn_down == [None]
    assert orders() == ["cake"]


def test_a_handler_may_roll_back(page, post, orders):
    assert post(failing(page, IndexError())).text == "handled"
    assert orders() == []


def test_abort_commits(page, post, orders):
    def add_order():
        insert(page)
        abort(409)

    assert post(add_order).status_code == 409
    assert page.app.torn_down == [None]
    assert orders() == ["cake"]


def test_a_stream_commits_at_its_end(page, post, orders):
    def add_order():
        def lines():
            insert(page)
            yield "one"

        return streaming_response(lines(), "text/plain")

    assert post(add_order).text == "one"
    assert orders() == ["cake"]


def test_an_error_in_a_stream_rolls_back(page, post, orders):
    def add_order():
        def lines():
            yield "one"
            insert(page)
            raise LookupError

        return streaming_response(lines(), "text/plain")

    with pytest.raises(LookupError):
        post(add_order)
    assert orders() == []


def test_a_copied_function_opens_its_own(page, side, orders):
    def in_a_thread():
        flask.g.pop("database", None)
        insert(page)

    contexts = {
        "flask": page.app.test_request_context,
        "legacy": lambda: legacy_request_context(page.app),
    }
    with contexts[side]():
        own = page.database()
        copy_current_context(in_a_thread)()
        assert page.database() is own
        assert own.execute("SELECT item FROM orders").fetchall() == [("cake",)]
    assert orders() == ["cake"]
