"""``session``: what one framework writes, the other reads."""

from __future__ import annotations

import datetime
import uuid

import flask
import pytest
from markupsafe import Markup

from compatshim import legacy
from compatshim.common import response, session


def store(value):
    session["value"] = value


@pytest.fixture
def write_then_read(make_site, other):
    """Return what ``other`` reads after the framework has written a value."""

    def run(value):
        site = make_site()
        site.add("/write", lambda: store(value))
        site.add("/read", lambda: session["value"], framework=other)
        site.open("/write")
        return site.open("/read").result

    return run


@pytest.mark.parametrize(
    "value",
    [
        "text ä",
        7,
        1.5,
        True,
        None,
        [1, "a"],
        {"a": [1]},
        (1, "a"),
        b"\x00\xff",
        uuid.UUID("12345678-1234-5678-1234-567812345678"),
        datetime.datetime(2026, 11, 21, 8, 0, tzinfo=datetime.timezone.utc),
        Markup("<b>"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_value_is_read_by_the_next_request_of_either_framework(write_then_read, value):
    read = write_then_read(value)
    assert read == value
    assert type(read) is type(value)


def test_value_is_seen_by_the_frameworks_own_session(make_site, framework):
    own = {"flask": flask.session, "legacy": legacy.session}[framework]
    site = make_site()

    def view():
        session["a"] = 1
        own["b"] = 2
        return own["a"], session["b"]

    site.add("/write", view)
    site.add("/read", lambda: (own["a"], own["b"]))
    assert site.open("/write").result == (1, 2)
    assert site.open("/read").result == (1, 2)


def test_untouched_session_sends_no_header(serve):
    headers = serve(lambda: "page").response.headers
    assert "Set-Cookie" not in headers
    assert "Vary" not in headers


def test_session_that_is_read_varies_by_cookie_and_is_not_stored(serve):
    headers = serve(lambda: session.get("user", "nobody")).response.headers
    assert "Set-Cookie" not in headers
    assert headers["Vary"] == "Cookie"


def test_session_that_is_written_is_stored_once_and_varies_by_cookie(serve):
    headers = serve(lambda: store(1)).response.headers
    assert len(headers.getlist("Set-Cookie")) == 1
    assert headers["Set-Cookie"].startswith("session=")
    assert headers["Vary"] == "Cookie"


def test_vary_of_the_view_is_kept(serve):
    def view():
        store(1)
        response.headers["Vary"] = "Accept"

    values = serve(view).response.headers.getlist("Vary")
    assert sorted(", ".join(values).split(", ")) == ["Accept", "Cookie"]


def test_nested_value_is_stored_by_save(make_site, other):
    site = make_site()

    def append():
        session["list"].append(2)
        session.save()

    site.add("/begin", lambda: session.__setitem__("list", [1]))
    site.add("/append", append)
    site.add("/read", lambda: session["list"], framework=other)
    for path in ("/begin", "/append"):
        site.open(path)
    assert site.open("/read").result == [1, 2]


def test_nested_value_is_lost_without_save(make_site):
    site = make_site()
    site.add("/begin", lambda: session.__setitem__("list", [1]))
    site.add("/append", lambda: session["list"].append(2))
    site.add("/read", lambda: session["list"])
    for path in ("/begin", "/append"):
        site.open(path)
    assert site.open("/read").result == [1]


@pytest.mark.parametrize("method", ["invalidate", "delete"])
def test_session_that_ends_is_empty_and_its_cookie_is_deleted(make_site, other, method):
    site = make_site()
    site.add("/write", lambda: store(1))
    site.add("/end", lambda: getattr(session, method)(), framework=other)  # noqa: PLW0108 (a proxy)
    site.add("/read", lambda: dict(session))
    site.open("/write")
    cookie = site.open("/end").response.headers["Set-Cookie"]
    assert cookie.startswith("session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT")
    assert site.open("/read").result == {}


def test_mapping_methods(serve):
    def view():
        store(1)
        first = session.setdefault("other", 2)
        names = sorted(session)
        popped = session.pop("value")
        session.update(third=3)
        del session["other"]
        return first, names, popped, dict(session), "third" in session, len(session)

    assert serve(view).result == (2, ["other", "value"], 1, {"third": 3}, True, 1)


def test_missing_key_is_a_key_error(serve):
    def view():
        with pytest.raises(KeyError, match="missing"):
            session["missing"]
        return session.get("missing", "default")

    assert serve(view).result == "default"


def test_flasks_attributes(serve):
    def view():
        before = session.new, session.modified, session.permanent
        store(1)
        return before, session.modified, session.accessed

    assert serve(view).result == ((False, False, False), True, True)


def test_permanent_session_has_a_cookie_that_expires(serve):
    def view():
        session.permanent = True
        store(1)

    assert "Expires=" in serve(view).response.headers["Set-Cookie"]


def test_cookie_of_another_name(serve):
    served = serve(lambda: store(1), config={"SESSION_COOKIE_NAME": "visit"})
    assert served.response.headers["Set-Cookie"].startswith("visit=")


@pytest.mark.parametrize("cookie", ["", "x", "tampered.with.it", "\xe4"])
def test_cookie_that_is_not_good_is_an_empty_session(make_site, cookie):
    site = make_site()
    site.add("/read", lambda: dict(session))
    site.client.set_cookie("session", cookie)
    assert site.open("/read").result == {}


def test_session_without_a_secret_key_is_read_as_empty(serve):
    served = serve(lambda: session.get("a", "none"), config={"SECRET_KEY": None})
    assert served.result == "none"
    assert "Set-Cookie" not in served.response.headers
    assert "Vary" not in served.response.headers


def test_session_without_a_secret_key_cannot_be_written(serve):
    def view():
        with pytest.raises(RuntimeError, match="secret key"):
            store(1)

    served = serve(view, config={"SECRET_KEY": None})
    assert "Set-Cookie" not in served.response.headers


def test_session_of_a_failing_view_is_stored_all_the_same(make_site):
    site = make_site({"PROPAGATE_EXCEPTIONS": False, "TESTING": False})

    def fail():
        store(1)
        raise LookupError("on purpose")

    site.add("/fail", fail)
    site.add("/read", lambda: dict(session))
    site.open("/fail")
    assert site.open("/read").result == {"value": 1}


def test_value_that_cannot_be_stored_is_a_server_error(make_site):
    site = make_site({"PROPAGATE_EXCEPTIONS": False, "TESTING": False})
    site.add("/write", lambda: store(object()))
    site.add("/read", lambda: dict(session))
    assert site.open("/write").response.status_code == 500
    assert site.open("/read").result == {}


def test_requests_of_two_visitors_do_not_share_a_session(make_site):
    site = make_site()
    site.add("/write", lambda: store(1))
    site.add("/read", lambda: dict(session))
    site.open("/write")
    site.client = site.app.test_client()
    assert site.open("/read").result == {}
