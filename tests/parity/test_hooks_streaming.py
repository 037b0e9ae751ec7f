"""Hooks around a response that streams: nothing is read, and the end comes last."""

from __future__ import annotations

import flask
import pytest
from werkzeug.test import create_environ

from compatshim import CompatShim
from compatshim.common import request, streaming_response
from compatshim.legacy.controllers import WSGIController


@pytest.fixture
def site(make_site):
    """A site with a page that streams, and what happened in its order."""
    site = make_site()
    site.seen = []

    def items():
        try:
            for name in ("one ", "two "):
                site.seen.append(name)
                yield name
            yield request.path
        finally:
            site.seen.append("closed")

    site.add("/stream", lambda: streaming_response(items()))
    site.shim.teardown_request(lambda error: site.seen.append(f"teardown {error}"))
    return site


def start(app, path="/stream"):
    """Call ``app`` as a server does; return what it returned, and the calls."""
    calls = []
    return app(create_environ(path), lambda *args: calls.append(args)), calls


def test_headers_are_changed_and_the_body_streams_on(site):
    @site.shim.after_request
    def change(made):
        site.seen.append("after")
        assert made.is_streamed
        made.headers["X-Hook"] = "1"
        return made

    iterable, ((_, headers),) = start(site.app)
    assert dict(headers)["X-Hook"] == "1"
    assert "one " not in site.seen[: site.seen.index("after")]
    assert b"".join(iterable) == b"one two /stream"
    iterable.close()
    assert site.seen == ["after", "one ", "two ", "closed", "teardown None"]


def test_teardown_comes_where_the_client_leaves(site):
    site.shim.after_request(lambda made: made)
    iterable, _ = start(site.app)
    assert next(iter(iterable)) == b"one "
    iterable.close()
    assert site.seen == ["one ", "closed", "teardown None"]


def test_a_stream_that_nobody_reads_is_closed(site):
    site.shim.after_request(lambda made: made)
    iterable, _ = start(site.app)
    iterable.close()
    assert [name for name in site.seen if "teardown" in name] == ["teardown None"]


def test_the_stream_can_be_wrapped(site):
    @site.shim.after_request
    def wrap(made):
        inner = made.response
        made.response = (bytes(item).upper() for item in made.iter_encoded())
        made.call_on_close(getattr(inner, "close", lambda: None))
        return made

    iterable, _ = start(site.app)
    assert b"".join(iterable) == b"ONE TWO /STREAM"
    iterable.close()
    assert site.seen == ["one ", "two ", "closed", "teardown None"]


def test_the_stream_can_be_read(site):
    @site.shim.after_request
    def read(made):
        made.headers["X-Length"] = str(len(made.get_data()))
        return made

    got = site.client.get("/stream", buffered=True)
    assert (got.text, got.headers["X-Length"]) == ("one two /stream", "15")
    assert site.seen == ["one ", "two ", "closed", "teardown None"]


def test_a_response_in_its_place_leaves_the_stream_unread(site):
    @site.shim.after_request
    def replace(made):
        made.close()
        return type(made)("other")

    assert site.client.get("/stream", buffered=True).text == "other"
    assert "one " not in site.seen
    assert [name for name in site.seen if "teardown" in name] == ["teardown None"]


def test_a_head_request_reads_nothing(site):
    site.shim.after_request(lambda made: made)
    assert site.client.head("/stream", buffered=True).data == b""
    assert "one " not in site.seen
    assert site.seen[-1] == "teardown None"


def test_a_failing_stream_is_torn_down_with_its_exception(make_site):
    site = make_site()

    def items():
        yield "one "
        raise ZeroDivisionError("in the stream")

    seen = []
    calls = []
    site.add("/stream", lambda: streaming_response(items()))
    site.shim.teardown_request(seen.append)
    site.shim.after_request(lambda made: calls.append(1) or made)
    iterable, _ = start(site.app)
    with pytest.raises(ZeroDivisionError, match="in the stream"):
        list(iterable)
    iterable.close()
    assert len(seen) == len(calls) == 1
    assert type(seen[0]) is ZeroDivisionError


@pytest.mark.parametrize("is_read", [True, False])
def test_flasks_own_way_to_stream(make_site, is_read):
    site = make_site()
    seen = []

    @flask.stream_with_context
    def items():
        seen.append("streaming")
        yield "one "
        yield flask.request.path

    site.app.add_url_rule("/own", "own", lambda: flask.Response(items()))
    site.shim.teardown_request(lambda error: seen.append(flask.request.path))
    iterable, _ = start(site.app, "/own")
    if is_read:
        assert b"".join(iterable) == b"one /own"
    iterable.close()
    assert seen == (["streaming", "/own"] if is_read else ["/own"])


def test_legacy_body_is_closed_once_where_a_file_takes_its_place(tmp_path, counting):
    (tmp_path / "file").write_text("file")
    page = counting(b"page")

    def legacy_app(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return page

    app = flask.Flask("sample")
    shim = CompatShim(app, legacy=legacy_app)
    files = []

    @shim.after_request
    def replace(made):
        files.append((tmp_path / "file").open("rb"))
        return flask.Response(files[0], direct_passthrough=True)

    body, _ = start(app, "/")
    assert b"".join(body) == b"file"
    body.close()
    assert files[0].closed
    assert page.closed == 1


def test_a_stream_that_is_not_sent_is_torn_down_at_once(make_site):
    """Flask's own functions run before the body in some of its releases."""
    site = make_site()
    seen, bodies, failures = [], [], [ZeroDivisionError]

    def view():
        bodies.append(flask.stream_with_context(iter(["one "])))
        return flask.Response(bodies[0])

    def fail(error):
        if failures:
            raise failures.pop()

    site.app.add_url_rule("/own", "own", view)
    site.app.teardown_request(fail)
    site.shim.teardown_request(seen.append)
    with pytest.raises(ZeroDivisionError):
        start(site.app, "/own")[0].close()
    assert seen == [None]
    bodies[0].close()
    assert seen == [None]


def test_a_plain_generator_is_read_after_the_teardown_on_flask_only(make_site):
    site = make_site()
    seen = []

    def items():
        seen.append("body")
        yield b"one"

    if site.framework == "flask":
        site.app.add_url_rule("/plain", "plain", items)
    else:
        members = {"show": lambda self: items()}
        controller = type("PlainController", (WSGIController,), members)
        site.mapper.connect("/plain", controller=controller, action="show")
    site.shim.teardown_request(lambda error: seen.append("teardown"))
    assert site.client.get("/plain", buffered=True).text == "one"
    order = ["body", "teardown"]
    assert seen == (order[::-1] if site.framework == "flask" else order)
