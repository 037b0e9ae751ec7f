"""What stands before an application's session interface, whatever that is like."""

from __future__ import annotations

import copy
import gc
import logging
from typing import TYPE_CHECKING

import flask
import pytest
from flask.sessions import (
    SecureCookieSession,
    SecureCookieSessionInterface,
    SessionInterface,
)

from compatshim import CompatShim
from compatshim.common import copy_current_context, session
from compatshim.errors import SessionUnavailableError, SessionValueError
from compatshim.sessions.interface import share_sessions

if TYPE_CHECKING:
    from collections.abc import MutableMapping


class BareSession(dict):
    """A session without SessionMixin's attributes, which Flask does not ask for."""


class BareInterface:
    """An interface that is one by its methods alone."""

    saved: MutableMapping

    def open_session(self, app, request):
        return BareSession(a=1)

    def is_null_session(self, session):
        return False

    def save_session(self, app, session, response):
        self.saved = dict(session)


def make_app(interface=None):
    app = flask.Flask("sample")
    app.secret_key = "secret"
    if interface is not None:
        app.session_interface = interface
    CompatShim(app)
    return app


def test_session_without_the_attributes_of_flasks(monkeypatch):
    app = make_app(BareInterface())
    app.add_url_rule("/plain", "plain", lambda: "plain")
    app.add_url_rule("/own", "own", lambda: str(flask.session["a"]))
    client = app.test_client()
    assert client.get("/plain").text == "plain"
    assert client.get("/own").text == "1"
    assert app.session_interface.saved == {"a": 1}


class PermanentSession(SecureCookieSession):
    """A session that is permanent, and has no key that says so."""

    permanent = True


@pytest.fixture
def visitor():
    """A client with a session in Flask's own cookie, which the page does not touch."""
    app = make_app(SecureCookieSessionInterface())

    @app.get("/login")
    def login():
        flask.session["a"] = 1
        return "welcome"

    app.add_url_rule("/", "page", lambda: "page")
    app.add_url_rule("/read", "read", lambda: dict(flask.session))
    return app.test_client()


def test_session_that_nothing_has_touched_is_not_saved(visitor, monkeypatch):
    saved = []

    def save(self, app, session, response):
        saved.append(dict(session))
        original(self, app, session, response)

    original = SecureCookieSessionInterface.save_session
    monkeypatch.setattr(SecureCookieSessionInterface, "save_session", save)
    for path in ("/", "/login", "/", "/"):
        visitor.get(path)
    assert saved == [{"a": 1}]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("session_class", PermanentSession),
        ("should_set_cookie", lambda app, session: bool(session)),
        (
            "save_session",
            lambda app, session, response: response.set_cookie("saved", str(session)),
        ),
    ],
)
@pytest.mark.parametrize("first", ["/", "/login"])
def test_untouched_session_is_saved_where_the_application_says_so(
    visitor, name, value, first
):
    visitor.get("/login")
    visitor.get(first)  # what is set later is seen, too
    setattr(visitor.application.session_interface, name, value)
    assert "Set-Cookie" in visitor.get("/").headers
    if name != "session_class":
        delattr(visitor.application.session_interface, name)
        assert "Set-Cookie" not in visitor.get("/").headers


def test_way_to_open_a_session_that_is_taken_back(visitor):
    visitor.get("/login")
    interface = visitor.application.session_interface
    interface.open_session = lambda app, request: SecureCookieSession({"b": 2})
    assert visitor.get("/read").json == {"b": 2}
    del interface.open_session
    assert visitor.get("/read").json == {"a": 1}


def test_name_of_the_cookie_that_is_set_later(visitor):
    visitor.get("/login")
    interface = visitor.application.session_interface
    interface.get_cookie_name = lambda app: "another"
    assert interface.get_cookie_name(visitor.application) == "another"
    visitor.get("/login")
    assert visitor.get_cookie("another") is not None


def test_interface_can_be_copied():
    app = make_app()
    copied = copy.copy(app.session_interface)
    assert copied.get_cookie_name(app) == "session"


def test_interface_answers_to_isinstance():
    app = make_app(BareInterface())
    assert isinstance(app.session_interface, BareInterface)
    assert not isinstance(app.session_interface, SessionInterface)
    assert share_sessions(app) is app.session_interface


@pytest.mark.parametrize("kind", [copy.copy, copy.deepcopy])
def test_session_can_be_copied(kind):
    app = make_app()
    with app.test_request_context("/"):
        session["list"] = [1]
        copied = kind(session._get_current_object())
        assert copied == {"list": [1]}
        assert (copied["list"] is session["list"]) is (kind is copy.copy)


def test_update_sets_nothing_where_one_value_is_refused():
    app = make_app()
    with app.test_request_context("/"):
        with pytest.raises(SessionValueError):
            session.update({"good": 1, "bad": object()})
        assert dict(session) == {}


class StatementError(Exception):
    """An error as SQLAlchemy's, whose text ends with what was sent to the store."""

    def __str__(self):
        return "locked\n[SQL: SELECT x]\n[parameters: ('session:a-secret-id', 1)]"


class FailingInterface(flask.sessions.SecureCookieSessionInterface):
    def open_session(self, app, request):
        raise StatementError


def test_log_line_of_a_failure_has_no_session_id(caplog):
    app = make_app(FailingInterface())
    with caplog.at_level(logging.ERROR), app.test_request_context("/"):
        with pytest.raises(SessionUnavailableError) as caught:
            session.get("a")
        shown = repr(flask.session._get_current_object())
    assert "a-secret-id" not in caplog.text + str(caught.value) + shown
    assert "locked" in caplog.text


def test_copied_generator_that_is_dropped_ends_in_its_own_context():
    app = make_app()
    ended = []
    app.teardown_appcontext(lambda _: ended.append(flask.g.get("who")))

    def numbers():
        flask.g.who = "copy"
        try:
            yield 1
            yield 2
        finally:
            ended.append(f"finally {flask.g.who}")

    with app.test_request_context("/"):
        flask.g.who = "request"
        for _ in copy_current_context(numbers)():
            break
        gc.collect()
        assert ended == ["finally copy", "copy"]
        assert flask.g.who == "request"
