"""What a copy of a request shares with it, and what it has of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import flask
import pytest

from compatshim.common import c, copy_current_context, g, request
from open_files import files_without_a_name


def in_thread(function):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function).result()


def test_snapshot_of_the_names_is_a_shallow_one(serve):
    def change():
        c.names.append("thread")
        c.names = g.more = None

    def view():
        c.names = ["request"]
        in_thread(copy_current_context(change))
        return c.names, "more" in c

    assert serve(view).result == (["request", "thread"], False)


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded"]
)
def test_stream_that_a_thread_reads(serve, content_type):
    def read():
        return request.stream.read()

    def view():
        fields = dict(request.form)
        start = request.stream.read(2)
        seen = in_thread(copy_current_context(read))
        return fields, start, seen, request.stream.read()

    served = serve(view, method="POST", data=b"a=1", content_type=content_type)
    fields = {} if content_type == "text/plain" else {"a": "1"}
    assert served.result == (fields, b"a=", b"a=1", b"1")


def test_flasks_stream_that_a_thread_reads_after_a_form(serve):
    def read():
        return request.werkzeug_request.stream.read()

    def view():
        fields = dict(request.form)
        own = request.werkzeug_request.stream
        copied = copy_current_context(read)
        return fields, in_thread(copied), own.read()

    form = "application/x-www-form-urlencoded"
    served = serve(view, method="POST", data=b"a=1", content_type=form)
    fields, in_copy, own = served.result
    assert fields == {"a": "1"}
    assert in_copy == own


# A long body lies on the disk.
@pytest.mark.parametrize("size", [10, 1_000_000])
def test_body_that_a_thread_reads_is_closed_with_the_copy(serve, size):
    def view():
        assert len(request.body) == size
        before = files_without_a_name()
        copied = copy_current_context(lambda: len(request.body))
        seen = in_thread(copied), in_thread(copied)
        del copied
        return seen, files_without_a_name() - before

    served = serve(view, method="POST", data=b"x" * size, content_type="text/plain")
    assert served.result == ((size, size), 0)


def test_header_that_a_thread_sets(serve):
    def change():
        request.headers["X-Own"] = "thread"
        return request.headers["X-Own"], request.werkzeug_request.headers["X-Own"]

    def view():
        seen = in_thread(copy_current_context(change))
        return seen, "X-Own" in request.headers, "HTTP_X_OWN" in request.environ

    assert serve(view).result == (("thread", "thread"), False, False)


# flask.request is there on the Flask side.
flask_only = pytest.mark.parametrize("framework", ["flask"])


@flask_only
def test_stream_of_flask_that_a_thread_reads(serve):
    def read():
        return flask.request.stream.read()

    def view():
        whole, start = request.body, flask.request.stream.read(2)
        seen = in_thread(copy_current_context(read))
        return whole, start, seen, flask.request.stream.read()

    served = serve(view, method="POST", data=b"body", content_type="text/plain")
    assert served.result == (b"body", b"bo", b"body", b"dy")


@flask_only
def test_environ_of_a_copy_is_about_the_copy(serve):
    def look():
        own = flask.request._get_current_object()
        return own.environ["werkzeug.request"] is own

    assert serve(lambda: in_thread(copy_current_context(look))).result is True
