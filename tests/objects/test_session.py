"""``Session`` wraps whatever session an interface opens."""

from __future__ import annotations

import flask
import pytest
from flask.sessions import SecureCookieSession

from compatshim.objects.session import Session, open_session
from compatshim.sessions.snapshots import FlaskSessionSnapshot, snapshot_of


@pytest.fixture
def app():
    return flask.Flask("sample")


@pytest.fixture
def own():
    return SecureCookieSession({"a": 1})


@pytest.fixture
def session(own, app):
    return Session(own, app, flask.Request({}))


def test_mapping_is_that_of_the_wrapped_session(own, session):
    session["b"] = 2
    del session["a"]
    assert dict(session) == dict(own) == {"b": 2}
    assert (len(session), "b" in session, list(session)) == (1, True, ["b"])


@pytest.mark.parametrize("name", ["save", "persist"])
def test_saving_marks_it_as_modified(own, session, name):
    getattr(session, name)()
    assert own.modified is True


@pytest.mark.parametrize("name", ["invalidate", "delete"])
def test_ending_it_forgets_everything(own, session, name):
    getattr(session, name)()
    assert (dict(own), own.modified) == ({}, True)


def test_attribute_is_set_on_the_wrapped_session(own, session):
    session.permanent = True
    session.own_attribute = 1
    assert (own.permanent, own.own_attribute, session.own_attribute) == (True, 1, 1)


def test_missing_attribute_is_an_attribute_error(session):
    assert not hasattr(session, "no_such_attribute")


def test_empty_session_is_false(app):
    assert not Session(SecureCookieSession(), app, flask.Request({}))


class BeakerLike(SecureCookieSession):
    """A session whose interface knows what Beaker's methods mean."""

    id = "its own"
    created = 1.5
    last_accessed = 2.5
    is_new = True
    timeout = 60
    path = "/own"

    def __init__(self):
        super().__init__({"a": 1})
        self.called = []

    def save(self):
        self.called.append("save")

    def invalidate(self):
        self.called.append("invalidate")

    def delete(self):
        self.called.append("delete")

    def revert(self):
        self.called.append("revert")

    def regenerate_id(self):
        self.called.append("regenerate_id")

    def get_by_id(self, name):
        return name


def test_methods_of_the_interfaces_own_session_are_used(app):
    own = BeakerLike()
    session = Session(own, app, flask.Request({}))
    for name in ("save", "persist", "invalidate", "delete", "revert", "regenerate_id"):
        getattr(session, name)()
    assert own.called == [
        "save",
        "save",
        "invalidate",
        "delete",
        "revert",
        "regenerate_id",
    ]
    assert session.get_by_id(1) == 1


def test_attributes_of_the_interfaces_own_session_are_used(app):
    session = Session(BeakerLike(), app, flask.Request({}))
    session.path = "/other"
    names = ("id", "created", "last_accessed", "is_new", "timeout", "path")
    assert [getattr(session, name) for name in names] == [
        "its own",
        1.5,
        2.5,
        True,
        60,
        "/other",
    ]


def test_it_is_made_once_for_a_request_context(app):
    app.secret_key = "secret"
    with app.test_request_context() as context:
        assert open_session(context) is open_session(context)


# Snapshots.


def test_snapshot_shares_nothing_with_the_session(own):
    own["list"] = [1]
    own.accessed = own.modified = False
    made = snapshot_of(own)
    made["list"].append(2)
    made["more"] = 1
    assert (own.modified, own.accessed, made.modified) == (False, False, True)
    assert own == {"a": 1, "list": [1]}


@pytest.mark.parametrize("name", ["invalidate", "delete"])
def test_snapshot_ends_alone(app, name):
    own = BeakerLike()
    made = Session(snapshot_of(own), app, flask.Request({}))
    getattr(made, name)()
    assert (dict(made), dict(own), own.called) == ({}, {"a": 1}, [])


def test_snapshot_reverts_to_what_it_began_with(own, app):
    own["list"] = [1]
    made = Session(snapshot_of(own), app, flask.Request({}))
    made["list"].append(2)
    made.revert()
    made["list"].append(3)
    made.revert()
    assert made == {"a": 1, "list": [1]}


@pytest.mark.parametrize("name", ["save", "persist", "regenerate_id"])
def test_snapshot_is_not_stored(app, name):
    own = BeakerLike()
    getattr(Session(snapshot_of(own), app, flask.Request({})), name)()
    assert own.called == []


def test_snapshot_has_the_attributes_that_can_be_read():
    made = snapshot_of(BeakerLike())
    assert (made.id, made.created, made.last_accessed) == ("its own", 1.5, 2.5)
    assert isinstance(made, FlaskSessionSnapshot)


@pytest.mark.parametrize("nothing", [None, flask.sessions.NullSession()])
def test_snapshot_of_no_session_is_none(nothing):
    assert snapshot_of(nothing) is nothing
