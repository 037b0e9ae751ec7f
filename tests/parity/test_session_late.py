"""``session``: changed late, in error handlers, after the view, or in a streaming body."""

from __future__ import annotations

import threading

import flask
import pytest
from werkzeug.datastructures import Headers
from werkzeug.test import create_environ

from compatshim.common import (
    copy_current_context,
    flash,
    get_flashed_messages,
    session,
    streaming_response,
)
from compatshim.errors import NotForwardedError
from compatshim.legacy.controllers import WSGIController


@pytest.fixture
def site(make_site, other):
    """A site whose visitor is logged in; ``/read`` is served by ``other``."""
    made = make_site({"TESTING": False, "PROPAGATE_EXCEPTIONS": False})
    made.add("/read", lambda: dict(session), framework=other)
    with made.client.session_transaction() as stored:
        stored["user"] = "ann"
    return made


# Where it can be stored, it is.


class OwnError(Exception):
    """An error of the application's, for which it has a handler."""


@pytest.mark.parametrize(
    ("raised", "handled"), [(OwnError, OwnError), (LookupError, 500)]
)
def test_change_in_an_error_handler_is_stored(site, raised, handled):
    def fail():
        session["view"] = 1
        raise raised

    def handle(_):
        session["handler"] = session["view"] + 1
        session.pop("user")
        return "", 500

    site.app.register_error_handler(handled, handle)
    site.add("/fail", fail)
    assert site.open("/fail").response.status_code == 500
    assert site.open("/read").result == {"view": 1, "handler": 2}


def test_session_that_only_an_error_handler_touches_is_stored(site):
    def fail():
        raise OwnError

    site.app.register_error_handler(OwnError, lambda _: session.clear() or "")
    site.add("/fail", fail)
    site.open("/fail")
    assert site.open("/read").result == {}


def add_with_after(site, path, view, after):
    """Add a page after whose view ``after`` is called, as the framework has it."""
    if site.framework == "flask":

        @site.app.after_request
        def run(response):
            if flask.request.path == path:
                after()
            return response

        site.add(path, view)
    else:
        methods = {"show": lambda _: view(), "__after__": lambda _: after()}
        controller = type("AfterController", (WSGIController,), methods)
        site.mapper.connect(path, controller=controller, action="show")


@pytest.mark.parametrize("view", [lambda: "", lambda: session["user"]])
def test_change_after_the_view_is_stored(site, view):
    add_with_after(site, "/page", view, lambda: session.update(seen=1))
    site.client.get("/page")
    assert site.open("/read").result == {"user": "ann", "seen": 1}


def test_end_after_the_view_is_stored(site):
    def view():
        session["seen"] = 1
        return ""

    add_with_after(site, "/page", view, lambda: session.invalidate())  # noqa: PLW0108
    site.client.get("/page")
    assert site.open("/read").result == {}


def test_change_after_this_request_of_flasks_is_stored(make_site):
    site = make_site()
    site.framework = "flask"

    def view():
        flask.after_this_request(lambda answer: session.update(seen=1) or answer)

    site.add("/page", lambda: view() or "")
    site.add("/read", lambda: dict(session))
    site.open("/page")
    assert site.open("/read").result == {"seen": 1}


# Where the headers are on their way, it comes too late.

# What is changed, and how.
CHANGES = [
    ("['a']", lambda: session.__setitem__("a", 1)),
    ("['user']", lambda: session.__delitem__("user")),
    ("['user']", lambda: session.popitem()),  # noqa: PLW0108 (a proxy)
    ("['b']", lambda: session.update(b=1)),
    ("['c']", lambda: session.__ior__({"c": 1})),
    ("['d']", lambda: session.setdefault("d", 1)),
    (".pop", lambda: session.pop("user", None)),
    (".clear", lambda: session.clear()),  # noqa: PLW0108
    (".save", lambda: session.save()),  # noqa: PLW0108
    (".save", lambda: session.persist()),  # noqa: PLW0108
    (".invalidate", lambda: session.invalidate()),  # noqa: PLW0108
    (".delete", lambda: session.delete()),  # noqa: PLW0108
    (".regenerate_id", lambda: session.regenerate_id()),  # noqa: PLW0108
    (".revert", lambda: session.revert()),  # noqa: PLW0108
    (".permanent", lambda: setattr(session, "permanent", True)),
    (".modified", lambda: setattr(session, "modified", True)),
    (".modified", lambda: delattr(session, "modified")),
    (".id", lambda: session.id),  # which is made when it is first asked for
]
BEFORE = {
    "untouched": lambda: None,
    "read": lambda: session["user"],
    "changed": lambda: session.update(user="ann"),
}


def streaming(before, in_stream):
    """Return a view that does something ``before`` it streams, and while it does."""

    def stream():
        yield "a"
        in_stream()
        yield "z"

    def view():
        before()
        return streaming_response(stream(), "text/plain")

    return view


@pytest.mark.parametrize(("name", "change"), CHANGES)
@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE)
def test_change_in_a_stream_is_an_error_at_its_line(
    site, before, name, change, framework
):
    def in_stream():
        with pytest.raises(NotForwardedError, match="Change it before") as caught:
            change()
        assert caught.value.attribute == f"session{name}"
        assert caught.value.framework == framework
        assert dict(session) == {"user": "ann"}

    site.add("/page", streaming(before, in_stream))
    assert site.open("/page").response.text == "az"
    assert site.open("/read").result == {"user": "ann"}


def test_change_in_the_stream_of_an_error_handler_is_one_too(site):
    seen = []

    def in_stream():
        with pytest.raises(NotForwardedError):
            session["a"] = 1
        seen.append(session["user"])

    def fail():
        raise OwnError

    page = streaming(lambda: session.update(handled=1), in_stream)
    site.app.register_error_handler(OwnError, lambda _: page())
    site.add("/fail", fail)
    assert site.open("/fail").response.text == "az"
    assert seen == ["ann"]
    assert site.open("/read").result == {"user": "ann", "handled": 1}


@pytest.mark.parametrize("framework", ["legacy"])
def test_change_by_the_handler_of_a_stream_that_never_began_is_stored(site):
    """The request is answered anew; of a Flask request, the server gets the exception."""

    def stream():
        raise OwnError
        yield

    def view():
        session["view"] = 1
        return streaming_response(stream())

    def start_response(status, headers, exc_info=None):
        answers.append(Headers(headers))

    answers = []
    site.app.register_error_handler(
        OwnError, lambda _: session.update(handler=session["view"] + 1) or ""
    )
    site.add("/page", view)
    # Werkzeug's client does not know that an answer can be replaced.
    list(site.app(create_environ("/page"), start_response))
    first, second = (headers["Set-Cookie"] for headers in answers)
    assert first != second
    site.client.set_cookie("session", second.partition("=")[2].partition(";")[0])
    assert site.open("/read").result == {"view": 1, "handler": 2}


def test_message_in_a_stream_is_an_error(site):
    def in_stream():
        with pytest.raises(NotForwardedError) as caught:
            flash("too late")
        assert caught.value.attribute == "session['_flashes']"

    site.add("/page", streaming(lambda: None, in_stream))
    assert site.open("/page").response.text == "az"
    assert site.open("/read").result == {"user": "ann"}


@pytest.mark.parametrize("take", [get_flashed_messages, flash.pop_messages])
def test_messages_that_are_first_shown_in_a_stream_are_an_error(site, take):
    """They would be shown again on the next page."""
    seen = []

    def in_stream():
        with pytest.raises(NotForwardedError):
            take()

    site.add("/flash", lambda: flash("Saved"))
    site.add("/page", streaming(lambda: None, in_stream))
    site.add("/show", streaming(take, lambda: seen.append(take())))
    site.open("/flash")
    assert site.open("/page").response.text == "az"
    site.open("/show")
    expected = ["Saved"] if take is get_flashed_messages else []
    assert seen == [expected]  # Flask's remembers them for the request


@pytest.mark.parametrize("framework", ["flask"])
def test_change_by_the_handler_of_what_a_signal_raised_is_stored(site):
    def fail(*_, **__):
        raise OwnError

    site.app.register_error_handler(500, lambda _: session.update(handler=1) or "")
    site.add("/page", lambda: session.update(view=1))
    with flask.request_finished.connected_to(fail, site.app):
        site.open("/page")
    assert site.open("/read").result == {"user": "ann", "view": 1, "handler": 1}


USES = {
    "get": (lambda: session.get("user"), "ann"),
    "items": (lambda: list(session.items()), [("user", "ann")]),
    "in": (lambda: "user" in session, True),
    "attribute": (lambda: session.permanent, False),
    "pop of what is not there": (lambda: session.pop("b", None), None),
    "setdefault of what is there": (lambda: session.setdefault("user", "b"), "ann"),
    "empty update": (lambda: session.update({}), None),
    "save of the time only": (lambda: session.save(accessed_only=True), None),
}


@pytest.mark.parametrize(("use", "expected"), USES.values(), ids=USES)
def test_session_can_be_used_in_a_stream(site, use, expected):
    seen = []
    site.add("/page", streaming(BEFORE["read"], lambda: seen.append(use())))
    site.open("/page")
    assert seen == [expected]


def test_id_that_was_asked_for_before_is_there_in_a_stream(site):
    seen = []

    def remember():
        seen.append(session.id)

    site.add("/page", streaming(remember, remember))
    site.open("/page")
    assert seen[0] == seen[1]


def test_copy_for_a_thread_can_be_changed_after_that(site):
    seen = []

    def change():
        session["thread"] = 1
        session.save()
        seen.append(dict(session))

    def before():
        seen.append(copy_current_context(change))

    def in_stream():
        thread = threading.Thread(target=seen.pop())
        thread.start()
        thread.join()

    site.add("/page", streaming(lambda: session["user"] and before(), in_stream))
    site.open("/page")
    assert seen == [{"user": "ann", "thread": 1}]
    assert site.open("/read").result == {"user": "ann"}


def test_page_without_a_session_is_no_error(make_site):
    """Without a secret key, it is Flask's own error that says what is wrong."""

    def in_stream():
        with pytest.raises(RuntimeError, match="secret key"):
            session["a"] = 1

    site = make_site({"SECRET_KEY": None})
    site.add("/page", streaming(lambda: session.get("a"), in_stream))
    assert site.open("/page").response.text == "az"
