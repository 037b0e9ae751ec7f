from __future__ import annotations

import flask
import pytest
from werkzeug.test import create_environ

from compatshim.common import response, session, streaming_response
from compatshim.errors import NotForwardedError
from compatshim.testing import client_for

EXPECTED = "books,0,/index\nbooks,1,/index\n"
PATHS = {"flask": "/index", "legacy": "/old/index"}


@pytest.fixture(params=PATHS)
def side(request):
    return request.param


def mount(page, view):
    page.app.view_functions["orders"] = view
    page.OrderController.index = lambda self: view()


def start(page, path):
    """Call the application as a server does; return what it returned."""
    return page.app(create_environ(path), lambda *_: None)


@pytest.mark.parametrize(
    ("path", "served_by"),
    [
        ("/index", "flask"),
        ("/plain", "flask"),
        ("/old/index", "legacy"),
        ("/old/plain", "legacy"),
    ],
)
def test_the_objects_work_in_the_generator(client, path, served_by):
    answer = client.get(f"{path}?count=2", buffered=True)
    assert (answer.served_by, answer.text) == (served_by, EXPECTED)
    assert answer.mimetype == ("text/html" if path == "/old/plain" else "text/csv")


@pytest.mark.parametrize("consumes", [False, True])
def test_nothing_is_read_ahead_and_it_is_closed_once(page, side, consumes):
    steps = []

    class Lines:
        def __iter__(self):
            return self

        def __next__(self):
            steps.append("next")
            return "line"

        def close(self):
            steps.append("close")

    mount(page, lambda: streaming_response(Lines(), "text/plain"))
    iterable = start(page, PATHS[side])
    assert steps == []
    if consumes:
        assert next(iter(iterable)) == b"line"
    iterable.close()
    assert steps == ["next"] * consumes + ["close"]


def test_stream_with_context_is_for_views(page):
    page.app.testing = True
    mount(page, lambda: flask.Response(flask.stream_with_context(iter("ab"))))
    assert client_for(page.app).get("/index").text == "ab"
    with pytest.raises(RuntimeError, match="request context"):
        client_for(page.app).get("/old/index")


def test_what_is_set_while_streaming_is_an_error(page, side):
    page.app.secret_key = "for tests"

    def lines():
        with pytest.raises(NotForwardedError):
            session["late"] = 1
        with pytest.raises(NotForwardedError):
            response.headers["X-Late"] = "1"
        yield "x"

    mount(page, lambda: streaming_response(lines(), "text/plain"))
    answer = client_for(page.app).get(PATHS[side], buffered=True)
    assert answer.text == "x"
    assert "X-Late" not in answer.headers
    assert "Set-Cookie" not in answer.headers


def test_teardown_runs_after_the_stream(unserved_page, side):
    events = []
    unserved_page.app.teardown_appcontext(lambda _: events.append("teardown"))

    def lines():
        events.append("line")
        yield "x"

    mount(unserved_page, lambda: streaming_response(lines(), "text/plain"))
    client_for(unserved_page.app).get(PATHS[side], buffered=True)
    assert events[-2:] == ["line", "teardown"]


def test_an_error_ends_the_connection(unserved_page, side):
    def lines():
        yield "one"
        raise LookupError("in the stream")

    unserved_page.app.register_error_handler(LookupError, lambda _: "handled")
    mount(unserved_page, lambda: streaming_response(lines(), "text/plain"))
    iterable = start(unserved_page, PATHS[side])
    chunks = iter(iterable)
    assert next(chunks) == b"one"
    with pytest.raises(LookupError):
        next(chunks)
    iterable.close()
