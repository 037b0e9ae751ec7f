"""``flask.after_this_request``, in whatever code and whoever serves."""

from __future__ import annotations

import flask
import pytest
from flask import Flask
from werkzeug.test import create_environ

from compatshim import CompatShim
from compatshim.common import abort, request, session, streaming_response
from compatshim.errors import NotForwardedError


def later(site, function):
    """Have ``function`` called with the response, as shared code would."""
    with site.shim.flask_request_context():
        flask.after_this_request(function)


def marking(name):
    """Return a function that adds a header, and notes the path as Flask has it."""

    def mark(made):
        made.headers.add("X-Marks", f"{name} {flask.request.path}")
        return made

    return mark


@pytest.fixture
def site(make_site):
    return make_site({"TESTING": False, "PROPAGATE_EXCEPTIONS": False})


@pytest.fixture(params=[False, True], ids=["without hooks", "with hooks"])
def hooked(request, site):
    """A site with and without functions after every request."""
    if request.param:
        site.shim.after_request(lambda made: made)
    return site


def test_it_changes_headers_status_cookies_and_body(hooked):
    def change(made):
        made.status_code = 202
        made.set_cookie("seen", "1")
        made.set_data(made.get_data() + b" and more")
        return marking("a")(made)

    def page():
        later(hooked, change)
        return "page"

    hooked.add("/page", page)
    got = hooked.client.get("/page")
    assert (got.status_code, got.text) == (202, "page and more")
    assert got.headers["X-Marks"] == "a /page"
    assert got.headers["Set-Cookie"].startswith("seen=1")
    assert got.content_length == len("page and more")


def test_in_the_order_of_their_registration_and_before_the_hooks(site):
    def page():
        later(site, marking("first"))
        later(site, marking("second"))
        return "page"

    site.add("/page", page)
    site.shim.after_request(
        lambda made: made.headers.add("X-Marks", "hook") or made,
    )
    marks = site.client.get("/page").headers.getlist("X-Marks")
    assert marks == ["first /page", "second /page", "hook"]


def test_for_this_request_only(hooked):
    hooked.add("/page", lambda: later(hooked, marking("a")) or "page")
    hooked.add("/other", lambda: "other")
    for path, marks in (("/page", ["a /page"]), ("/other", []), ("/page", ["a /page"])):
        assert hooked.client.get(path).headers.getlist("X-Marks") == marks


def test_from_a_function_before_the_request(site):
    site.shim.before_request(lambda: later(site, marking("before")))
    site.add("/page", lambda: "page")
    assert site.client.get("/page").headers["X-Marks"] == "before /page"


def test_it_may_change_the_session(hooked):
    def note(made):
        session["seen"] = 1
        return made

    hooked.add("/page", lambda: later(hooked, note) or "page")
    hooked.add("/seen", lambda: str(session.get("seen")))
    hooked.client.get("/page")
    assert hooked.client.get("/seen").text == "1"


def test_another_response_takes_the_place(hooked):
    hooked.add(
        "/page", lambda: later(hooked, lambda _: flask.Response("other", 409)) or "page"
    )
    got = hooked.client.get("/page")
    assert (got.status_code, got.text) == (409, "other")


def test_a_stream_goes_on_streaming(hooked):
    seen = []

    def items():
        seen.append("read")
        yield "one "
        yield request.path

    def page():
        later(hooked, lambda made: seen.append("after") or marking("a")(made))
        return streaming_response(items())

    hooked.add("/page", page)
    got = hooked.client.get("/page", buffered=True)
    assert (got.text, got.headers["X-Marks"]) == ("one /page", "a /page")
    assert seen == ["after", "read"]


def test_error_pages_pass_it(hooked):
    def page():
        later(hooked, marking("a"))
        abort(403)

    hooked.add("/page", page)
    got = hooked.client.get("/page")
    assert (got.status_code, got.headers["X-Marks"]) == (403, "a /page")


@pytest.mark.parametrize("registered", [403, Exception])
def test_an_error_handler_may_ask_for_it(hooked, registered):
    def page():
        if registered == 403:
            abort(403)
        raise LookupError

    @hooked.app.errorhandler(registered)
    def handle(error):
        flask.after_this_request(marking("handler"))
        return "handled", 409

    hooked.add("/page", page)
    got = hooked.client.get("/page")
    assert (got.status_code, got.text) == (409, "handled")
    assert got.headers["X-Marks"] == "handler /page"


def test_what_it_raises_is_a_hooks_failure_on_legacy_requests(hooked):
    """Flask has no error handlers for what such functions of its own raise."""

    def fail(made):
        raise LookupError("afterwards")

    hooked.app.register_error_handler(LookupError, lambda error: (str(error), 409))
    hooked.add("/page", lambda: later(hooked, fail) or "page")
    got = hooked.client.get("/page")
    assert got.status_code == (409 if hooked.framework == "legacy" else 500)


# Legacy applications of other kinds.


def build(legacy):
    """Return an application with ``legacy``, which wants to mark its responses."""

    def marked(environ, start_response):
        with shim.flask_request_context():
            flask.after_this_request(marking("a"))
        return legacy(environ, start_response)

    app = Flask("sample")
    shim = CompatShim(app, legacy=marked)
    return app


def test_application_that_starts_its_response_while_that_is_read(caplog):
    """Its body is not there when the headers are: so the way out is named."""

    def legacy(environ, start_response):
        start_response("200 OK", [])
        yield b"page"

    app = build(legacy)
    assert app.test_client().get("/page").status_code == 500
    (error,) = [one.exc_info[1] for one in caplog.records if one.exc_info]
    assert isinstance(error, NotForwardedError)
    assert error.attribute == "flask.after_this_request"
    app.config["COMPATSHIM_FLASK_HOOKS_ON_LEGACY"] = True
    assert app.test_client().get("/page").headers["X-Marks"] == "a /page"


def test_application_that_starts_twice():
    def legacy(environ, start_response):
        start_response("200 OK", [("X-First", "1")])
        error = ZeroDivisionError()
        start_response("500 Sorry", [], (type(error), error, None))
        return [b"sorry"]

    app = build(legacy)
    calls = []
    body = app(create_environ("/page"), lambda *args: calls.append(args))
    assert b"".join(body) == b"sorry"
    ((status, headers, exc_info),) = calls
    assert status == "500 Sorry"
    assert dict(headers)["X-Marks"] == "a /page"
    assert "X-First" not in dict(headers)
    assert exc_info[0] is ZeroDivisionError
