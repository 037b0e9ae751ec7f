"""What is accepted comes back equal and of the same type, whatever it is."""

from __future__ import annotations

import datetime

from flask.sessions import session_json_serializer
from hypothesis import given, strategies as st
from markupsafe import Markup

from compatshim.sessions.stored_json import StoredJSON
from compatshim.sessions.values import check_value, copied, is_kept

zones = st.sampled_from(
    [
        datetime.timezone.utc,
        datetime.timezone(datetime.timedelta(hours=5, minutes=45)),
        datetime.timezone(datetime.timedelta(hours=-11, seconds=30)),
    ]
)
leaves = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters())
    | st.text().map(Markup)
    | st.binary()
    | st.uuids()
    | st.datetimes(timezones=st.none() | zones)
    | st.datetimes(timezones=zones).map(lambda value: value.replace(microsecond=0))
    | st.dates()
    | st.decimals()
)
# Keys that TaggedJSON uses itself are among them.
keys = st.text() | st.sampled_from([" t", " d", " di", " b", " m", " u", " di__", ""])
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(keys, inner, max_size=3)
        | st.dictionaries(st.integers(), inner, max_size=1)
    ),
    max_leaves=8,
)


def same(one, other):
    """Return whether two values are equal and of the same types all the way down."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(
            same(value, other[key]) for key, value in one.items()
        )
    return one == other


@given(st.dictionaries(keys, values, max_size=3))
def test_cookie_brings_back_what_is_accepted(session):
    if is_kept(session):
        text = session_json_serializer.dumps(session)
        assert same(session_json_serializer.loads(text), session)


class Former:
    """Stands for Flask-Session's serializer, which must not be needed."""

    def encode(self, session):
        return b"former"


@given(st.dictionaries(keys, values, max_size=3))
def test_store_brings_back_what_is_accepted(session):
    serializer = StoredJSON(Former())
    text = serializer.encode(session)
    if text != b"former":
        assert same(serializer.decode(text), session)
    assert (text == b"former") is not is_kept(session, serializer.keeps)


@given(values)
def test_interface_may_keep_whatever_it_can(value):
    """But for the keys of dicts, and for text that is none."""

    def is_refused_anyway(value):
        if isinstance(value, dict):
            return any(
                type(key) is not str or is_refused_anyway(item)
                for key, item in value.items()
            )
        return isinstance(value, list | tuple) and any(map(is_refused_anyway, value))

    if not is_refused_anyway(value):
        check_value("key", value, lambda value: True)


@given(values)
def test_copy_is_equal_and_shares_no_list_and_no_dict(value):
    def containers(value):
        if isinstance(value, list | dict):
            yield id(value)
        if isinstance(value, list | tuple | dict):
            for item in value.values() if isinstance(value, dict) else value:
                yield from containers(item)

    made = copied(value)
    assert repr(made) == repr(value)
    assert not set(containers(made)) & set(containers(value))
