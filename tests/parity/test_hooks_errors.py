"""Exceptions in hooks, and hooks on error pages: one rule for both frameworks."""

from __future__ import annotations

import logging
from contextlib import contextmanager

import flask
import pytest
from flask import got_request_exception

from compatshim.common import (
    abort,
    c,
    redirect,
    request,
    response,
    session,
    streaming_response,
)


class SpecialError(Exception):
    """What the tests raise."""


class OtherError(Exception):
    """What the tests raise beside that."""


@pytest.fixture
def site(make_site):
    """A site in production, with a page."""
    site = make_site({"TESTING": False, "PROPAGATE_EXCEPTIONS": False})
    site.add("/page", lambda: "page")
    return site


def get(site, path="/page"):
    return site.client.get(path, buffered=True)


def fail(*_):
    raise SpecialError("the original")


def add_header(site, name):
    """Register a function that adds a header to every response."""

    @site.shim.after_request
    def add(made):
        made.headers.add(name, request.path)
        return made


def teardowns_of(site):
    """Return a list that grows with each exception that the teardown is told of."""
    seen = []
    site.shim.teardown_request(seen.append)
    return seen


@contextmanager
def signals_of(site):
    found = []

    def receive(sender, exception, **_):
        found.append(exception)

    with got_request_exception.connected_to(receive, site.app):
        yield found


def errors_in(caplog):
    return [record for record in caplog.records if record.levelno >= logging.ERROR]


# Every answer passes the functions after it.


def test_error_pages_pass_the_functions_after(site):
    add_header(site, "X-Hook")
    site.add("/abort", lambda: abort(403))
    site.add("/fail", fail)
    site.app.register_error_handler(404, lambda error: ("handled", 404))
    for path, status in {"/abort": 403, "/fail": 500, "/nowhere": 404}.items():
        got = get(site, path)
        assert got.status_code == status
        assert got.headers.getlist("X-Hook") == [path]


def test_the_page_of_a_handler_passes_them(site):
    add_header(site, "X-Hook")
    site.add("/fail", fail)
    site.app.register_error_handler(SpecialError, lambda error: ("handled", 418))
    got = get(site, "/fail")
    assert (got.status_code, got.text) == (418, "handled")
    assert got.headers.getlist("X-Hook") == ["/fail"]


def test_they_store_the_session_of_an_error_page(site):
    @site.shim.after_request
    def keep(made):
        session["status"] = made.status_code
        return made

    site.add("/fail", fail)
    assert get(site, "/fail").status_code == 500
    with site.client.session_transaction() as stored:
        assert dict(stored) == {"status": 500}


# An exception in a function before the view.


def test_before_the_view_a_handler_answers(site):
    site.shim.before_request(fail)
    add_header(site, "X-Hook")
    seen = teardowns_of(site)
    site.app.register_error_handler(
        SpecialError, lambda error: (f"handled {error}", 418)
    )
    with signals_of(site) as signals:
        got = get(site)
    assert (got.status_code, got.text) == (418, "handled the original")
    assert got.headers.getlist("X-Hook") == ["/page"]
    assert (signals, seen) == ([], [None])


def test_before_the_view_an_unhandled_one_is_logged_once(site, caplog):
    site.shim.before_request(fail)
    add_header(site, "X-Hook")
    seen = teardowns_of(site)
    with signals_of(site) as signals:
        got = get(site)
    assert got.status_code == 500
    assert got.headers.getlist("X-Hook") == ["/page"]
    (record,) = errors_in(caplog)
    (error,) = signals
    assert type(error) is SpecialError
    assert record.exc_info[1] is error
    assert "Exception on /page [GET]" in record.message
    assert seen == [error]


def test_before_the_view_abort_passes_its_handler(site):
    site.shim.before_request(lambda: abort(403, "stop"))
    site.app.register_error_handler(
        403, lambda error: (f"handled {error.description}", 409)
    )
    got = get(site)
    assert (got.status_code, got.text) == (409, "handled stop")


def test_before_the_view_no_handler_sees_a_redirect(site):
    site.shim.before_request(lambda: redirect("/other"))
    site.app.register_error_handler(Exception, lambda error: ("handled", 418))
    assert get(site).headers["Location"] == "/other"


# An exception in a function after the view.


def test_after_the_view_a_handler_answers(site):
    add_header(site, "X-First")
    site.shim.after_request(fail)
    add_header(site, "X-Last")
    seen = teardowns_of(site)
    site.app.register_error_handler(
        SpecialError, lambda error: (f"handled {error}", 418)
    )
    with signals_of(site) as signals:
        got = get(site)
    assert (got.status_code, got.text) == (418, "handled the original")
    # Each is called once: the last one was, with the page, and the first one still is.
    assert "X-Last" not in got.headers
    assert got.headers.getlist("X-First") == ["/page"]
    assert (signals, seen) == ([], [None])


def test_after_the_view_an_unhandled_one_is_logged_once(site, caplog):
    add_header(site, "X-First")
    site.shim.after_request(fail)
    seen = teardowns_of(site)
    with signals_of(site) as signals:
        got = get(site)
    assert got.status_code == 500
    assert "page" not in got.text
    assert got.headers.getlist("X-First") == ["/page"]
    (error,) = signals
    assert type(error) is SpecialError
    assert [record.exc_info[1] for record in errors_in(caplog)] == [error]
    assert seen == [error]


@pytest.mark.parametrize("stop", [lambda: abort(403, "stop"), lambda: redirect("/x")])
def test_after_the_view_abort_and_redirect_answer(make_site, stop):
    site = make_site()

    def page():
        response.set_cookie("view", "1")
        response.headers["X-View"] = "yes"
        return "page"

    site.add("/page", page)
    add_header(site, "X-First")

    @site.shim.after_request
    def after(made):
        response.set_cookie("hook", "1")
        session["a"] = 1
        stop()

    got = get(site)
    assert got.status_code in {403, 302}
    assert got.text != "page"
    assert got.headers["X-First"] == "/page"
    assert got.headers["X-View"] == "yes"
    cookies = [item.partition(";")[0] for item in got.headers.getlist("Set-Cookie")]
    assert cookies[:2] == ["view=1", "hook=1"]
    with site.client.session_transaction() as stored:
        assert dict(stored) == {"a": 1}


def test_after_the_view_abort_passes_its_handler(site):
    site.shim.after_request(lambda made: abort(403, "stop"))
    site.app.register_error_handler(
        403, lambda error: (f"handled {error.description}", 409)
    )
    got = get(site)
    assert (got.status_code, got.text) == (409, "handled stop")


def test_after_the_view_a_second_one_is_logged_and_the_page_is_sent(site, caplog):
    def fail_too(made):
        raise OtherError

    site.shim.after_request(fail_too)
    site.shim.after_request(fail)
    seen = teardowns_of(site)
    got = get(site)
    assert got.status_code == 500
    logged = [type(record.exc_info[1]) for record in errors_in(caplog)]
    assert logged == [SpecialError, OtherError]
    assert [type(error) for error in seen] == [SpecialError]


def test_after_the_view_a_handler_answers_the_second_one_too(site):
    def fail_too(made):
        raise OtherError

    site.shim.after_request(fail_too)
    site.shim.after_request(fail)
    site.app.register_error_handler(SpecialError, lambda error: ("first", 418))
    site.app.register_error_handler(OtherError, lambda error: ("second", 418))
    assert get(site).text == "second"


def test_after_the_page_of_a_handler_an_unhandled_one_is_a_500(site, caplog):
    site.add("/fail", fail)
    site.app.register_error_handler(SpecialError, lambda error: ("handled", 418))

    @site.shim.after_request
    def fail_too(made):
        raise OtherError

    seen = teardowns_of(site)
    got = get(site, "/fail")
    assert got.status_code == 500
    assert [type(record.exc_info[1]) for record in errors_in(caplog)] == [OtherError]
    assert [type(error) for error in seen] == [OtherError]


@pytest.mark.parametrize("method", ["before_request", "after_request"])
def test_an_unhandled_one_is_propagated_in_tests(make_site, method):
    site = make_site({"TESTING": True})
    site.add("/page", lambda: "page")
    getattr(site.shim, method)(fail)
    seen = teardowns_of(site)
    with signals_of(site) as signals, pytest.raises(SpecialError) as caught:
        get(site)
    assert signals == seen == [caught.value]


# Teardown.


def test_teardown_is_told_of_the_exception_that_nobody_handled(site):
    site.add("/fail", fail)
    seen = teardowns_of(site)
    get(site, "/fail")
    (error,) = seen
    assert type(error) is SpecialError


def test_teardown_is_not_told_of_what_was_handled(site):
    site.add("/fail", fail)
    site.add("/abort", lambda: abort(403))
    site.app.register_error_handler(SpecialError, lambda error: ("handled", 418))
    seen = teardowns_of(site)
    get(site, "/fail")
    get(site, "/abort")
    assert seen == [None, None]


def test_every_teardown_function_is_called_also_where_one_raises(site):
    order = []
    site.shim.teardown_request(lambda error: order.append("first"))
    site.shim.teardown_request(fail)
    site.shim.teardown_request(lambda error: order.append("last"))
    site.app.teardown_appcontext(lambda error: order.append("application"))
    with pytest.raises(SpecialError, match="the original"):
        get(site)
    assert order == ["last", "first", "application"]
    assert not flask.has_app_context()


@pytest.mark.parametrize("path", ["/session", "/other"])
def test_they_are_called_once_also_where_flasks_own_raises(site, path):
    def page():
        session["a"] = 1  # a legacy request then has Flask's functions, too
        if path == "/other":
            raise OtherError
        return ""

    site.add(path, page)
    site.app.teardown_request(fail)
    seen = teardowns_of(site)
    site.shim.teardown_request(fail)
    site.app.teardown_request(fail)
    with pytest.raises(SpecialError, match="the original"):
        get(site, path)
    expected = OtherError if path == "/other" else type(None)
    assert [type(error) for error in seen] == [expected]
    assert not flask.has_request_context()
    assert not flask.has_app_context()


def test_teardown_is_the_end_of_the_request_also_where_the_session_is_open(site):
    """On the legacy side it then runs in the request context that was lent."""

    def page():
        session["a"] = 1
        c.name = "ada"
        return ""

    site.add("/session", page)
    seen = []
    site.shim.teardown_request(
        lambda error: seen.append((request.path, c.name, session["a"]))
    )
    get(site, "/session")
    assert seen == [("/session", "ada", 1)]


@pytest.mark.parametrize("stop", [SystemExit, KeyboardInterrupt])
def test_what_is_no_error_passes_through_and_is_torn_down(site, stop):
    def leave():
        raise stop

    site.shim.before_request(leave)
    seen = teardowns_of(site)
    with pytest.raises(stop):
        get(site)
    assert [type(error) for error in seen] == [stop]


@pytest.mark.parametrize("hooks", [1, 2])
@pytest.mark.parametrize("is_handled", [True, False])
def test_what_is_not_sent_is_closed_once(site, counting, hooks, is_handled):
    """A handler's answer that streams, in whose place a hook's failure puts others."""
    answers = []

    def answer(error):
        answers.append(counting(str(error).encode()))
        return flask.Response(answers[-1], 409)

    def fail_too(made):
        raise OtherError(f"hook {len(answers)}")

    site.add("/fail", fail)
    site.app.register_error_handler(SpecialError, answer)
    if is_handled:
        site.app.register_error_handler(OtherError, answer)
    for _ in range(hooks):
        site.shim.after_request(fail_too)
    got = get(site, "/fail")
    last = f"hook {hooks}"
    assert (got.text == last) is is_handled
    assert [one.closed for one in answers] == [1] * len(answers)
    assert len(answers) == (1 + hooks if is_handled else 1)


def test_response_that_a_hook_replaces_is_closed_with_that(site, counting):
    page = counting(b"page")
    site.add("/stream", lambda: streaming_response(page))
    site.shim.after_request(lambda made: flask.Response("third"))
    site.shim.after_request(lambda made: flask.Response(made.iter_encoded(), 202))
    with site.client.get("/stream") as got:
        assert got.text == "third"
    assert page.closed == 1
