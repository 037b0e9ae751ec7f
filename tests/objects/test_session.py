"""``Session`` wraps whatever session an interface opens."""

from __future__ import annotations

import pytest
from flask.sessions import SecureCookieSession

from compatshim.objects.session import Session


@pytest.fixture
def own():
    return SecureCookieSession({"a": 1})


def test_mapping_is_that_of_the_wrapped_session(own):
    session = Session(own)
    session["b"] = 2
    del session["a"]
    assert dict(session) == dict(own) == {"b": 2}
    assert (len(session), "b" in session, list(session)) == (1, True, ["b"])


@pytest.mark.parametrize("name", ["save", "persist"])
def test_saving_marks_it_as_modified(own, name):
    getattr(Session(own), name)()
    assert own.modified is True


@pytest.mark.parametrize("name", ["invalidate", "delete"])
def test_ending_it_forgets_everything(own, name):
    getattr(Session(own), name)()
    assert (dict(own), own.modified) == ({}, True)


def test_attribute_is_set_on_the_wrapped_session(own):
    session = Session(own)
    session.permanent = True
    session.own_attribute = 1
    assert (own.permanent, own.own_attribute, session.own_attribute) == (True, 1, 1)


def test_missing_attribute_is_an_attribute_error(own):
    assert not hasattr(Session(own), "no_such_attribute")


def test_empty_session_is_false():
    assert not Session(SecureCookieSession())
