"""``session``: which values it keeps, and which it refuses."""

from __future__ import annotations

import collections
import datetime
import decimal
import enum
import json
import pathlib
import traceback
import uuid

import flask
import pytest
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from compatshim.common import session
from compatshim.errors import CompatShimError, SessionValueError

UTC = datetime.timezone.utc

Point = collections.namedtuple("Point", "x y")


class Colour(enum.IntEnum):
    RED = 1


class Text(str):
    pass


REFUSED = {
    "own class": object(),
    "date": datetime.date(2026, 11, 21),
    "time": datetime.time(8, 0),
    "timedelta": datetime.timedelta(1),
    "naive datetime": datetime.datetime(2026, 11, 21, 8, 0),  # noqa: DTZ001
    "sub-second datetime": datetime.datetime(2026, 11, 21, 8, 0, 0, 1, tzinfo=UTC),
    "datetime that HTTP cannot write": datetime.datetime(50, 1, 1, tzinfo=UTC),
    "datetime before the year 1 in UTC": datetime.datetime(
        1, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=2))
    ),
    "decimal": decimal.Decimal(1),
    "set": {1},
    "bytearray": bytearray(b"a"),
    "complex": 1j,
    "not a number": float("nan"),
    "infinity": float("-inf"),
    "path": pathlib.PurePosixPath("/a"),
    "subclass of int": Colour.RED,
    "subclass of str": Text("a"),
    "named tuple": Point(1, 2),
    "ordered dict": collections.OrderedDict(a=1),
    "multi dict": MultiDict({"a": 1}),
    "lone surrogate": "\ud800",
    "dict with an int key": {1: "a"},
    "dict with a key that is no text": {"\ud800": 1},
    "type": int,
}


@pytest.mark.parametrize("value", REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize(
    "nest", [lambda value: value, lambda value: [({"a": value},)]], ids=["", "nested"]
)
def test_value_that_would_change_is_refused(serve, value, nest):
    def view():
        with pytest.raises(SessionValueError):
            session["value"] = nest(value)
        return dict(session)

    served = serve(view)
    assert served.result == {}
    assert "Set-Cookie" not in served.response.headers


@pytest.mark.parametrize("key", [1, None, b"a", ("a",), Text("a")], ids=repr)
def test_key_that_is_no_str_is_refused(serve, key):
    def view():
        with pytest.raises(SessionValueError, match="keys are str"):
            session[key] = 1
        return dict(session)

    assert serve(view).result == {}


SETTERS = {
    "setitem": lambda value: session.__setitem__("cart", value),
    "setdefault": lambda value: session.setdefault("cart", value),
    "update": lambda value: session.update(cart=value),
    "update with a mapping": lambda value: session.update({"cart": value}),
    "update operator": lambda value: session.__ior__({"cart": value}),
}


@pytest.mark.parametrize("put", SETTERS.values(), ids=SETTERS)
def test_error_says_where_and_what(serve, put):
    def view():
        with pytest.raises(SessionValueError) as caught:
            put([{"when": datetime.date(2026, 11, 21)}])
        return caught.value

    error = serve(view).result
    assert (error.key, error.value_type) == ("cart", datetime.date)
    assert error.path == "session['cart'][0]['when']"
    assert str(error).startswith("session['cart'][0]['when'] cannot be kept")
    assert "'date'" in str(error)
    assert "isoformat()" in str(error)
    assert isinstance(error, CompatShimError)
    assert isinstance(error, TypeError)


def test_traceback_shows_the_line_of_the_assignment(serve):
    def view():
        try:
            session["a"] = {1, 2}  # this line
        except SessionValueError as error:
            return traceback.extract_tb(error.__traceback__)[0].line

    assert serve(view).result == 'session["a"] = {1, 2}  # this line'


def test_value_that_contains_itself_is_refused(serve):
    def view():
        value = []
        value.append(value)
        with pytest.raises(SessionValueError, match="contains itself"):
            session["a"] = value

    serve(view)


def test_save_refuses_what_was_put_inside_of_a_value(make_site):
    site = make_site()
    site.add("/begin", lambda: session.__setitem__("list", [1]))

    def append():
        session["list"].append({1})
        with pytest.raises(SessionValueError) as caught:
            session.save()
        return caught.value.path

    site.add("/append", append)
    site.add("/read", lambda: session["list"])
    site.open("/begin")
    assert site.open("/append").result == "session['list'][1]"
    assert site.open("/read").result == [1]


LATE = {
    "after it was set": lambda: session["list"].append({1}),
    "with modified": lambda: (
        session["list"].append({1}),
        setattr(session, "modified", True),
    ),
}


@pytest.mark.parametrize("change", LATE.values(), ids=LATE)
def test_value_that_was_changed_inside_is_refused_at_the_end(make_site, change):
    site = make_site({"PROPAGATE_EXCEPTIONS": False, "TESTING": False})
    site.add("/begin", lambda: session.__setitem__("list", [1]))

    def spoil():
        if change is LATE["after it was set"]:
            session["list"] = [1]
        session["other"] = 2
        change()

    site.add("/spoil", spoil)
    site.add("/read", lambda: dict(session))
    site.open("/begin")
    response = site.open("/spoil").response
    assert response.status_code == 500
    assert "Set-Cookie" not in response.headers
    assert site.open("/read").result == {"list": [1]}


def test_flask_session_alone_is_as_it_is_without_compatshim():
    """No tax on Flask: what the cookie interface changes, it still changes."""

    def write():
        flask.session["date"] = datetime.date(2026, 11, 21)
        flask.session["naive"] = datetime.datetime(2026, 11, 21)  # noqa: DTZ001
        flask.session["keys"] = {1: "a"}
        return ""

    plain, joined = (flask.Flask("sample") for _ in range(2))
    from compatshim import CompatShim

    CompatShim(joined)
    found = []
    for app in (plain, joined):
        app.secret_key = "secret"
        app.add_url_rule("/write", "write", write)
        app.add_url_rule(
            "/read", "read", lambda: found.append(dict(flask.session)) or ""
        )
        client = app.test_client()
        client.get("/write")
        client.get("/read")
    assert found[0] == found[1]
    assert found[0]["keys"] == {"1": "a"}


@pytest.mark.parametrize("framework", ["flask"])
def test_what_flask_session_got_is_checked_only_where_session_was_written(make_site):
    site = make_site()

    def view():
        flask.session["date"] = datetime.date(2026, 11, 21)
        return session.get("other", "none")

    site.add("/write", view)
    assert site.open("/write").result == "none"


class TagColour(flask.json.tag.JSONTag):
    key = " colour"

    def check(self, value):
        return isinstance(value, Colour)

    def to_json(self, value):
        return int(value)

    def to_python(self, value):
        return Colour(value)


class TaggedInterface(flask.sessions.SecureCookieSessionInterface):
    def __init__(self):
        self.serializer = flask.json.tag.TaggedJSONSerializer()
        self.serializer.register(TagColour, index=0)


def test_value_with_a_tag_of_the_applications_own_is_kept(make_site, other):
    site = make_site()
    site.app.session_interface = TaggedInterface()
    site.add("/write", lambda: session.__setitem__("colour", [Colour.RED]))
    site.add("/read", lambda: session["colour"][0], framework=other)
    site.open("/write")
    assert site.open("/read").result is Colour.RED


def test_values_do_not_depend_on_the_json_provider(make_site, other):
    class Plain(flask.json.provider.JSONProvider):
        def dumps(self, obj, **kwargs):
            return json.dumps(obj, ensure_ascii=False)

        def loads(self, s, **kwargs):
            return json.loads(s, **kwargs)

    values = {"text": "ä", "tuple": (uuid.UUID(int=1), Markup("<b>")), " t": {" di": 1}}
    site = make_site()
    site.app.json = Plain(site.app)
    site.add("/write", lambda: session.update(values))
    site.add("/read", lambda: dict(session), framework=other)
    site.open("/write")
    assert site.open("/read").result == values
