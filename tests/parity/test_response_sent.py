"""What is set on ``response`` once it is sent is refused; all that is there is read."""

from __future__ import annotations

import gc
import weakref
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import flask
import pytest

from compatshim.common import (
    copy_current_context,
    response,
    session,
    streaming_response,
)
from compatshim.errors import NotForwardedError
from compatshim.legacy.middleware import StatusCodeRedirect

flask_only = pytest.mark.parametrize("framework", ["flask"])


def nothing():
    """Leave ``response`` alone."""


def set_before():
    response.headers["X-Before"] = "1"
    response.set_cookie("before", "1")
    response.status = 202


@pytest.fixture(params=[nothing, set_before])
def before(request):
    """What the view does to ``response`` while it can."""
    return request.param


@pytest.fixture
def while_sent(make_site):
    """Return a function that calls another one while the body is on its way."""

    def call(function, before=nothing):
        seen = SimpleNamespace()

        def stream():
            yield "a"
            seen.result = function()
            yield "b"

        def view():
            before()
            return streaming_response(stream(), "text/plain")

        site = make_site()
        site.add("/page", view)
        seen.response = site.open("/page").response
        assert seen.response.text == "ab"
        return seen

    return call


def refused(change):
    """Return the error that ``change`` raises."""
    with pytest.raises(NotForwardedError) as caught:
        change()
    return caught.value


def assign(name, value):
    return lambda sent: setattr(sent, name, value)


CHANGES = [
    (lambda sent: sent.headers.__setitem__("X-A", "1"), "headers"),
    (lambda sent: sent.headers.__delitem__("Content-Type"), "headers"),
    (lambda sent: sent.headers.add("X-A", "1"), "headers"),
    (lambda sent: sent.headers.update({"X-A": "1"}), "headers"),
    (lambda sent: sent.headers.extend({"X-A": "1"}), "headers"),
    (lambda sent: sent.headers.setdefault("X-A", "1"), "headers"),
    (lambda sent: sent.headers.pop("Content-Type"), "headers"),
    (lambda sent: sent.headers.popitem(), "headers"),
    (lambda sent: sent.headers.clear(), "headers"),
    (lambda sent: sent.headerlist.append(("X-A", "1")), "headers"),
    (lambda sent: sent.headerlist.extend([("X-A", "1")]), "headers"),
    (lambda sent: sent.headerlist.__iadd__([("X-A", "1")]), "headers"),
    (lambda sent: sent.headerlist.insert(0, ("X-A", "1")), "headers"),
    (lambda sent: sent.headerlist.sort(), "headers"),
    (assign("headers", {}), "headers"),
    (assign("headerlist", []), "headerlist"),
    (assign("status", 404), "status"),
    (assign("status_int", 404), "status_int"),
    (assign("status_code", 404), "status_code"),
    (assign("content_type", "text/x"), "content_type"),
    (assign("content_type_params", {"a": "b"}), "content_type_params"),
    (assign("content_length", 1), "content_length"),
    (assign("charset", "latin-1"), "charset"),
    (assign("etag", "a"), "etag"),
    (assign("vary", ["Accept"]), "vary"),
    (assign("location", "/x"), "location"),
    (assign("expires", 0), "expires"),
    (assign("cache_control", "public"), "cache_control"),
    (lambda sent: setattr(sent.cache_control, "max_age", 5), "cache_control"),
    (lambda sent: sent.cache_control.properties.update(public=True), "cache_control"),
    (lambda sent: sent.cache_expires(60), "cache_control"),
    (assign("cache_expires", 60), "cache_expires"),
    (lambda sent: sent.set_cookie("a", "1"), "set_cookie"),
    (lambda sent: sent.signed_cookie("a", 1, "secret"), "set_cookie"),
    (lambda sent: sent.delete_cookie("a"), "set_cookie"),
    (lambda sent: sent.unset_cookie("a"), "unset_cookie"),
    (assign("body", b"x"), "body"),
    (assign("text", "x"), "text"),
    (assign("json_body", {}), "json_body"),
    (assign("content", b"x"), "content"),
    (assign("app_iter", [b"x"]), "app_iter"),
    (assign("body_file", iter(())), "body_file"),
    (lambda sent: sent.write("x"), "write"),
    (lambda sent: sent.body_file.write("x"), "write"),
    (lambda sent: sent.body_file.writelines(["x"]), "write"),
    (lambda sent: sent.md5_etag(), "etag"),
    (lambda sent: sent.encode_content("gzip"), "app_iter"),
    (lambda sent: delattr(sent, "etag"), "etag"),
    (lambda sent: delattr(sent, "content_type"), "content_type"),
    (lambda sent: delattr(sent, "body"), "body"),
    (assign("conditional_response", True), "conditional_response"),
    (assign("own", 1), "own"),
]


@pytest.mark.parametrize(("change", "name"), CHANGES, ids=range(len(CHANGES)))
def test_what_comes_too_late_is_refused(while_sent, framework, change, name, before):
    seen = while_sent(lambda: refused(lambda: change(response)), before)
    assert seen.result.attribute == f"response.{name}"
    assert seen.result.framework == framework
    assert "before the view returns" in seen.result.instead


def test_refusal_changes_nothing_of_what_is_read(while_sent):
    def try_all():
        shown = str(response)
        for change, _ in CHANGES:
            with pytest.raises(NotForwardedError):
                change(response)
            assert str(response) == shown

    served = while_sent(try_all, set_before).response
    assert (served.status_code, served.headers["X-Before"]) == (200, "1")


def test_body_that_was_set_to_a_stream_is_one(make_site):
    errors = []

    def stream():
        yield b"a"
        errors.append(refused(lambda: response.headers.add("X-A", "1")))

    def view():
        response.app_iter = stream()
        return response

    site = make_site()
    site.add("/page", view)
    assert site.open("/page").response.text == "a"
    assert [error.attribute for error in errors] == ["response.headers"]


def test_what_was_sent_is_read(while_sent):
    def set_more():
        set_before()
        response.cache_control.max_age = 60
        response.etag = "v1"

    def read():
        return (
            response.status,
            response.status_int,
            response.content_type,
            response.charset,
            response.headers["X-Before"],
            response.headers.get("X-Missing"),
            "before=1" in response.headers["Set-Cookie"],
            response.cache_control.max_age,
            response.etag,
        )

    assert while_sent(read, set_more).result[4:] == (
        "1",
        None,
        True,
        60,
        "v1",
    )


@flask_only
def test_what_the_view_stated_is_read(while_sent, before):
    def read():
        return response.status_int, response.content_type, response.charset

    assert while_sent(read, before).result == (200, "text/plain", "utf-8")


def test_body_of_a_stream_is_not_read(while_sent, before):
    def read():
        return response.body, response.text, response.has_body, response.app_iter

    assert while_sent(read, before).result == (b"", "", False, [b""])


def test_copy_of_what_was_sent_is_a_response_of_its_own(while_sent, before):
    def change_copy():
        copy = response.copy()
        copy.headers["X-A"] = "1"
        copy.text = "copy"
        return copy.status_int, copy.headers["X-A"], copy.text

    seen = while_sent(change_copy, before)
    assert seen.result == (200, "1", "copy")
    assert "X-A" not in seen.response.headers


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_teardown_function_comes_after_it(make_site, before, method):
    seen = []
    site = make_site()

    @site.app.teardown_request
    def tear_down(_):
        seen.append((response.body, refused(lambda: response.set_cookie("a", "1"))))

    def view():
        before()
        session["a"] = 1  # for which a legacy request is lent a request context
        return "page"

    site.add("/page", view)
    served = site.open("/page", method=method).response
    assert all("a=1" not in value for value in served.headers.getlist("Set-Cookie"))
    assert [body for body, _ in seen] == [b"page"]
    assert [error.attribute for _, error in seen] == ["response.set_cookie"]


def test_request_that_a_test_keeps_is_read_only(make_site, before):
    site = make_site()

    def view():
        before()
        return "page"

    site.add("/page", view)
    with site.client:
        served = site.open("/page").response
        assert response.status_int == served.status_code
        assert response.text == "page"
        refused(lambda: response.headers.add("X-A", "1"))


def test_next_request_begins_anew(make_site, other):
    site = make_site()
    site.add("/sent", lambda: streaming_response(["a"]))
    site.add("/next", set_before, framework=other)
    site.open("/sent")
    assert site.open("/next").response.status_code == 202


def test_request_inside_a_stream_has_a_response_of_its_own(make_site, other):
    site = make_site()

    def stream():
        inner = site.app.test_client().get("/inner")
        yield f"{inner.status_code} {inner.headers['X-Before']}"

    site.add("/inner", set_before, framework=other)
    site.add("/page", lambda: streaming_response(stream()))
    assert site.open("/page").response.text == "202 1"


def test_stream_goes_on_after_a_request_inside_it(make_site, other):
    errors = []
    site = make_site()

    def stream():
        site.app.test_client().get("/inner")
        errors.append(refused(lambda: response.headers.add("X-A", "1")))
        yield "a"

    site.add("/inner", set_before, framework=other)
    site.add("/page", lambda: streaming_response(stream()))
    assert site.open("/page").response.text == "a"
    assert len(errors) == 1


def test_error_document_is_another_response(make_site, other, before):
    """Around the whole site: it gets a copy of the environ that was used before."""
    site = make_site()
    site.app.wsgi_app = StatusCodeRedirect(site.app.wsgi_app, errors=(404,))

    def missing():
        before()
        response.status = 404
        response.headers["X-First"] = "1"
        return "page"

    def document():
        response.headers["X-Document"] = "1"
        return "document"

    site.add("/page", missing)
    site.add("/error/document", document, framework=other)
    served = site.open("/page").response
    assert (served.status_code, served.text) == (404, "document")
    assert served.headers["X-Document"] == "1"
    assert "X-First" not in served.headers


def in_thread(function):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function).result()


def change_all():
    set_before()
    response.body = b"copy"
    return response.status_int, response.headers["X-Before"], response.body


def test_copy_made_while_it_is_sent_can_be_changed(while_sent):
    seen = while_sent(lambda: in_thread(copy_current_context(change_all)))
    assert seen.result == (202, "1", b"copy")
    assert "X-Before" not in seen.response.headers


def test_copy_of_a_copy_can_be_changed(while_sent):
    def copy_again():
        return in_thread(copy_current_context(change_all))

    seen = while_sent(lambda: in_thread(copy_current_context(copy_again)))
    assert seen.result == (202, "1", b"copy")


def test_copy_made_before_and_called_while_it_is_sent_can_be_changed(make_site):
    results = []

    def stream(copied):
        results.append(in_thread(copied))
        yield "a"

    site = make_site()
    site.add(
        "/page", lambda: streaming_response(stream(copy_current_context(change_all)))
    )
    assert site.open("/page").response.text == "a"
    assert results == [(202, "1", b"copy")]


def test_copy_made_while_it_is_sent_shows_what_was(while_sent):
    def read():
        return response.status_int, response.content_type, response.headers["X-Before"]

    def set_header():
        response.headers["X-Before"] = "1"

    seen = while_sent(lambda: in_thread(copy_current_context(read)), set_header)
    assert seen.result == (200, "text/plain", "1")


@flask_only
def test_after_request_functions_and_signals_come_before_it(make_site):
    site = make_site()

    def view():
        flask.after_this_request(
            lambda made: response.headers.add("X-This", "1") or made
        )
        return streaming_response(["a"])

    def receive(_, **__):
        response.headers["X-Signal"] = "1"

    @site.app.after_request
    def change(made):
        response.headers["X-After"] = "1"
        return made

    site.add("/page", view)
    with flask.request_finished.connected_to(receive, site.app):
        headers = site.open("/page").response.headers
    assert [headers[f"X-{name}"] for name in ("This", "After", "Signal")] == ["1"] * 3


@flask_only
def test_signal_alone_comes_before_it(make_site):
    site = make_site()
    site.add("/page", lambda: "page")

    def receive(_, **__):
        response.headers["X-Signal"] = "1"

    with flask.request_finished.connected_to(receive, site.app):
        assert site.open("/page").response.headers["X-Signal"] == "1"


@flask_only
def test_it_does_not_keep_what_was_streamed(make_site, before):
    class Stream:
        def __init__(self):
            self.request = flask.request._get_current_object()

        def __iter__(self):
            return iter(["a"])

    references = []

    def view():
        before()
        stream = Stream()
        references.append(weakref.ref(stream))
        return flask.Response(stream)

    site = make_site()
    site.app.add_url_rule("/page", "page", view)
    gc.disable()
    try:
        with site.app.test_client() as client:  # which keeps the request
            assert client.get("/page", buffered=True).text == "a"
            assert references[0]() is None
    finally:
        gc.enable()
