"""How Flask-Session's values are stored, and read where they were stored before."""

from __future__ import annotations

import datetime
import logging
import pickle

import flask
import msgspec
import pytest
from flask_session.base import MsgSpecSerializer, ServerSideSession

from compatshim import CompatShim
from compatshim.sessions.stored_json import StoredJSON, use_stored_json

UTC = datetime.timezone.utc


@pytest.fixture(params=["msgpack", "json"])
def former(request):
    return MsgSpecSerializer(flask.Flask("sample"), request.param)


@pytest.fixture
def serializer(former):
    return StoredJSON(former)


def test_session_that_was_stored_before_is_read(former, serializer):
    session = ServerSideSession({"user": "ann", "list": [1]}, sid="1")
    assert serializer.decode(former.encode(session)) == session


def test_session_is_read_when_compatshim_has_gone(former, serializer):
    session = ServerSideSession({"user": "ann", "list": [1]}, sid="1")
    assert former.decode(serializer.encode(session)) == session


def test_values_that_only_msgspec_can_write_are_written_by_it(former, serializer):
    """Code that uses ``flask.session`` alone gets what it gets without compatshim."""
    session = ServerSideSession({"date": datetime.date(2026, 11, 21)}, sid="1")
    assert serializer.decode(serializer.encode(session)) == {"date": "2026-11-21"}


@pytest.mark.parametrize(
    "value",
    [
        datetime.datetime(2026, 11, 21, 8, 0, 0, 123456, tzinfo=UTC),
        datetime.datetime(2026, 11, 21, 8, 0),  # noqa: DTZ001
        datetime.datetime(50, 1, 1, tzinfo=UTC),
    ],
    ids=["sub-second", "naive", "long ago"],
)
def test_datetimes_are_kept_as_they_are(serializer, value):
    session = ServerSideSession({"when": value, "tuple": (value,)}, sid="1")
    assert serializer.decode(serializer.encode(session)) == session


class Bomb:
    def __reduce__(self):
        return (pytest.fail, ("it was unpickled",))


@pytest.mark.parametrize(
    "data",
    [
        pickle.dumps({"user": "ann"}),
        pickle.dumps(Bomb()),
        b"",
        b"\xff\xfe",
        b" {",
        b" []",
        b' {"a":{" b":1}}',
        b' {"a":{" d":1}}',
        msgspec.msgpack.encode([1]),
    ],
    ids=repr,
)
def test_what_cannot_be_read_is_no_session_and_is_never_unpickled(
    serializer, data, caplog
):
    with caplog.at_level(logging.WARNING):
        assert serializer.decode(data) is None
    assert len(caplog.records) <= 1


class Interface:
    def __init__(self, serializer):
        self.serializer = serializer


class OwnSerializer(MsgSpecSerializer):
    """One that the application has written."""


def test_serializer_of_flask_session_is_replaced_once(former):
    interface = Interface(former)
    for _ in range(2):
        use_stored_json(interface)
    assert isinstance(interface.serializer, StoredJSON)
    assert interface.serializer.former is former


def test_serializer_of_the_application_is_left_alone():
    own = OwnSerializer(flask.Flask("sample"), "json")
    interface = Interface(own)
    use_stored_json(interface)
    assert interface.serializer is own


def test_interface_without_a_serializer_is_left_alone():
    app = flask.Flask("sample")
    app.session_interface = flask.sessions.SessionInterface()
    CompatShim(app)
    assert not hasattr(app.session_interface, "serializer")
