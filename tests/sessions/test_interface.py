"""What stands before an application's session interface, whatever that is like."""

from __future__ import annotations

import copy
import gc
import logging
from typing import TYPE_CHECKING

import flask
import pytest
from flask.sessions import SessionInterface

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
