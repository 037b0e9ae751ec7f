"""What becomes of values that JSON does not keep."""

from __future__ import annotations

import datetime
import enum
import logging
from collections import OrderedDict, deque, namedtuple
from decimal import Decimal
from uuid import UUID

import pytest
from flask.json.tag import TaggedJSONSerializer
from hypothesis import given, strategies as st
from markupsafe import Markup

from compatshim.sessions.conversion import converted_values

UTC = datetime.timezone.utc
WHEN = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
PLUS_TWO = datetime.timezone(datetime.timedelta(hours=2))


class Text(str):
    __slots__ = ()

    def __str__(self):
        return "something else"


class Colour(enum.IntEnum):
    RED = 1


class Literal(str):
    """As webhelpers' literal."""

    __slots__ = ()

    def __html__(self):
        return str(self)


class Nasty:
    @property
    def __html__(self):
        raise RuntimeError


Point = namedtuple("Point", "x y")

LOOP: list = []
LOOP.append(LOOP)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({1}, [1]),
        (frozenset({"a"}), ["a"]),
        (deque([1, 2]), [1, 2]),
        (range(3), [0, 1, 2]),
        (OrderedDict(a={1}), {"a": [1]}),
        (Point(1, {2}), (1, [2])),
        (Text("a"), "a"),
        (Colour.RED, 1),
        (bytearray(b"a"), b"a"),
        (Literal("<b>"), Markup("<b>")),
        (WHEN.replace(microsecond=9), WHEN),
        ((1, [b"a", {"b": {2}}]), (1, [b"a", {"b": [2]}])),
    ],
)
def test_converted(value, expected, caplog):
    converted = converted_values({"key": value})["key"]
    assert converted == expected
    assert type(converted) is type(expected)
    assert all(one.startswith("Adopting") for one in caplog.messages)
    assert "session['key']" in caplog.text
    assert "is converted from" in caplog.text


@pytest.mark.parametrize(
    "value",
    [
        datetime.date(2026, 1, 2),
        WHEN.replace(tzinfo=None),
        Decimal(1),
        object(),
        Nasty(),
        [1, object()],
        {1, frozenset({Decimal(1)})},
        "\ud800",
        float("nan"),
        LOOP,
        len,
    ],
)
def test_left_out(value, caplog):
    assert converted_values({"key": value, "other": 1}) == {"other": 1}
    (message,) = caplog.messages
    assert "session['key'] is left out" in message


@pytest.mark.parametrize("key", [1, None, ("a", "b"), Text("a"), b"a"])
def test_key_that_is_no_string_is_left_out(key, caplog):
    assert converted_values({key: 1, "dict": {key: 1, "b": 2}}) == {"dict": {"b": 2}}
    assert f"session[{key!r}] is left out" in caplog.text
    assert f"session['dict'][{key!r}] is left out" in caplog.text


@pytest.mark.parametrize(
    "value",
    [
        "a",
        1,
        0.5,
        True,
        None,
        b"a",
        (1,),
        [1],
        {"a": 1},
        WHEN,
        UUID(int=1),
        Markup("a"),
    ],
)
def test_kept_as_it_is_without_a_word(value, caplog):
    caplog.set_level(logging.DEBUG)
    kept = converted_values({"key": value})["key"]
    assert kept == value
    assert type(kept) is type(value)
    assert caplog.records == []


def test_aware_datetime_of_another_zone_is_the_same_instant():
    value = WHEN.astimezone(PLUS_TWO)
    assert converted_values({"key": value})["key"] == WHEN


def test_no_value_is_logged(caplog):
    values = {"set": {"secret"}, "object": Decimal(4711)}
    converted_values(values)
    assert "secret" not in caplog.text
    assert "4711" not in caplog.text


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=5)
    | st.binary(max_size=5)
    | st.uuids()
    | st.dates()
    | st.decimals()
    | st.datetimes(timezones=st.none() | st.just(UTC) | st.just(PLUS_TWO))
    | st.builds(Markup, st.text(max_size=5)),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=4)
        | st.frozensets(st.integers() | st.text(max_size=5), max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=5) | st.integers(), _VALUES, max_size=5))
def test_what_is_converted_comes_back_from_tagged_json(values):
    logging.getLogger("compatshim.sessions.conversion").disabled = True
    converted = converted_values(values)
    logging.getLogger("compatshim.sessions.conversion").disabled = False
    serializer = TaggedJSONSerializer()
    assert serializer.loads(serializer.dumps(converted)) == converted
