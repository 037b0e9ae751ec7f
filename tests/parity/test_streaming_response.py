"""``streaming_response`` streams, and the common objects work while it does."""

from __future__ import annotations

import flask
import pytest

from compatshim.common import (
    _,
    c,
    is_flask_request,
    request,
    session,
    streaming_response,
    url_for,
)


class Source:
    """An iterator of text that counts how often it was closed."""

    def __init__(self, *items):
        self.items = iter(items)
        self.taken = 0
        self.closed = 0

    def __iter__(self):
        return self

    def __next__(self):
        item = next(self.items)
        self.taken += 1
        return item

    def close(self):
        self.closed += 1


def test_text_and_bytes_are_sent(serve):
    served = serve(lambda: streaming_response(["ä", b"\xff"], "text/plain"))
    assert served.response.data == b"\xc3\xa4\xff"


def test_body_is_of_bytes_by_default(serve):
    served = serve(lambda: streaming_response([b"x"]))
    assert served.response.headers["Content-Type"] == "application/octet-stream"
    assert served.response.status_code == 200


@pytest.mark.parametrize(
    ("mimetype", "expected"),
    [
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/html", "text/html; charset=utf-8"),
        ("application/json", "application/json"),
        ("application/zip", "application/zip"),
    ],
)
def test_content_type(serve, mimetype, expected):
    served = serve(lambda: streaming_response([b"x"], mimetype))
    assert served.response.headers["Content-Type"] == expected


def test_headers(serve):
    headers = {"Content-Disposition": 'attachment; filename="a.csv"', "X-Trace": "1"}
    served = serve(lambda: streaming_response([b"x"], "text/csv", headers))
    assert served.response.headers["Content-Disposition"] == (
        'attachment; filename="a.csv"'
    )
    assert served.response.headers["X-Trace"] == "1"


def test_length_is_not_known(serve):
    served = serve(lambda: streaming_response(iter([b"x"])))
    assert "Content-Length" not in served.response.headers


def test_common_objects_work_while_it_streams(serve, framework):
    def view():
        c.user = "sara"
        session["a"] = 1

        def stream():
            yield request.path
            yield c.user
            yield str(session["a"])
            yield str(is_flask_request() == (framework == "flask"))
            yield request.params["q"]
            yield _("text")
            yield url_for("/x")
            yield str("user" in flask.g)

        return streaming_response(stream(), "text/plain")

    served = serve(view, "/page?q=z")
    assert served.response.text == "/pagesara1Trueztext/xTrue"


def test_nothing_is_read_ahead_of_the_client(make_site):
    source = Source(*["x"] * 100)
    site = make_site()
    site.add("/page", lambda: streaming_response(source, "text/plain"))
    with site.client.get("/page") as response:
        assert next(response.iter_encoded()) == b"x"
        assert source.taken <= 2


def test_source_is_closed_once_at_its_end(make_site):
    source = Source("a", "b")
    site = make_site()
    site.add("/page", lambda: streaming_response(source, "text/plain"))
    with site.client.get("/page") as response:
        assert response.text == "ab"
    assert source.closed == 1


def test_source_is_closed_once_where_the_client_goes_away(make_site):
    source = Source("a", "b")
    site = make_site()
    site.add("/page", lambda: streaming_response(source, "text/plain"))
    with site.client.get("/page"):
        pass
    assert source.closed == 1
    assert source.taken < 2


def test_teardown_runs_once_after_the_last_item(make_site):
    order = []

    def stream():
        yield "a"
        order.append("last item")

    site = make_site()
    site.app.teardown_appcontext(order.append)
    site.add("/page", lambda: streaming_response(stream(), "text/plain"))
    with site.client.get("/page") as response:
        assert response.text == "a"
    # Flask 3.1.2 and 3.1.3 tear the context down before a stream, too.
    assert order[-2:] == ["last item", None]


def test_session_that_was_written_before_the_stream_is_stored(make_site, other):
    site = make_site()

    def view():
        session["a"] = 1
        return streaming_response(["x"], "text/plain")

    site.add("/write", view)
    site.add("/read", lambda: session["a"], framework=other)
    assert site.open("/write").response.text == "x"
    assert site.open("/read").result == 1
