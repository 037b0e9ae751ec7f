"""``session``: cookies that are not good, and two requests that write at once."""

from __future__ import annotations

import datetime
import secrets
import threading

import flask
import pytest
from itsdangerous import TimestampSigner

from compatshim.common import session


@pytest.fixture
def cookie(make_site):
    """Return a site, and a cookie that it has given to a visitor."""
    site = make_site()
    site.add("/login", lambda: session.__setitem__("user", "ann"))
    site.add("/read", lambda: dict(session))
    site.add("/write", lambda: session.__setitem__("user", "bob"))
    site.open("/login")
    return site, site.client.get_cookie("session").value


SPOILT = {
    "empty": lambda value: "",
    "truncated": lambda value: value[:-5],
    "truncated to its payload": lambda value: value.partition(".")[0],
    "tampered payload": lambda value: "A" + value[1:],
    # Not its last character, of which not every bit counts.
    "tampered signature": lambda value: (
        value[:-5] + ("A" if value[-5] != "A" else "B") + value[-4:]
    ),
    "of other bytes": lambda value: "\xff\xfe\x00".encode("latin-1").decode("latin-1"),
    "of another site": lambda value: TimestampSigner("other").sign("e30").decode(),
    "compressed rubbish": lambda value: ".eJ" + value,
    "oversize": lambda value: value + "A" * 100_000,
    "quoted": lambda value: '"' + value,
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
@pytest.mark.parametrize("path", ["/read", "/write"])
def test_cookie_that_is_not_good_is_a_new_session(cookie, spoil, path):
    site, value = cookie
    header = f"session={spoil(value)}"
    site.client = site.app.test_client(use_cookies=False)
    served = site.open(path, environ_overrides={"HTTP_COOKIE": header})
    assert served.response.status_code == 200
    if path == "/read":
        assert served.result == {}
    else:
        assert served.response.headers["Set-Cookie"].startswith("session=")


def test_expired_cookie_is_a_new_session(cookie, monkeypatch):
    site, _ = cookie
    assert site.open("/read").result == {"user": "ann"}
    site.app.permanent_session_lifetime = datetime.timedelta(seconds=-10)
    served = site.open("/read")
    assert (served.result, served.response.status_code) == ({}, 200)


@pytest.mark.skipif(
    "SECRET_KEY_FALLBACKS" not in flask.Flask.default_config,
    reason="Flask up to 3.0 has one key",
)
def test_cookie_that_was_signed_with_an_old_key_is_read_and_signed_anew(
    make_site, other
):
    site = make_site()
    site.add("/login", lambda: session.__setitem__("user", "ann"))
    site.add("/read", lambda: dict(session), framework=other)
    site.add("/write", lambda: session.__setitem__("seen", 1))
    site.open("/login")
    site.app.config.update(SECRET_KEY="new", SECRET_KEY_FALLBACKS=["secret"])
    assert site.open("/read").result == {"user": "ann"}
    site.open("/write")
    site.app.config["SECRET_KEY_FALLBACKS"] = []
    assert site.open("/read").result == {"user": "ann", "seen": 1}


def test_cookie_of_an_old_key_that_is_not_kept_is_a_new_session(cookie):
    site, _ = cookie
    site.app.config["SECRET_KEY"] = "new"
    assert site.open("/read").result == {}


def test_other_cookies_of_the_visitor_do_not_disturb(cookie):
    site, value = cookie
    site.client = site.app.test_client(use_cookies=False)
    header = f'a="; b; session={value}; =; \x80=\x81'
    served = site.open("/read", environ_overrides={"HTTP_COOKIE": header})
    assert served.result == {"user": "ann"}


def test_session_that_is_too_large_for_a_cookie_is_no_error(make_site):
    """Werkzeug warns, and browsers keep the cookie that they have."""
    site = make_site()
    site.add("/write", lambda: session.__setitem__("text", secrets.token_hex(6000)))
    with pytest.warns(UserWarning, match="cookie is too large"):
        assert site.open("/write").response.status_code == 200


def test_of_two_requests_that_write_at_once_the_last_one_wins(make_site, other):
    """The browser keeps the cookie that comes last, with all that was in it."""
    site = make_site()
    meet = threading.Barrier(2, timeout=60)
    first_is_done = threading.Event()

    def first():
        session["first"] = session["count"] = 1
        meet.wait()

    def second():
        session["second"] = session["count"] = 2
        meet.wait()
        assert first_is_done.wait(60)

    site.add("/begin", lambda: session.__setitem__("count", 0))
    site.add("/first", first)
    site.add("/second", second, framework=other)
    site.add("/read", lambda: dict(session))
    site.open("/begin")
    begun = site.client.get_cookie("session").value
    answers = {}

    def visit(path):
        client = site.app.test_client()
        client.set_cookie("session", begun)
        client.get(path)
        answers[path] = client.get_cookie("session").value
        if path == "/first":
            first_is_done.set()

    threads = [threading.Thread(target=visit, args=[p]) for p in ("/first", "/second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for path, expected in (
        ("/first", {"count": 1, "first": 1}),
        ("/second", {"count": 2, "second": 2}),
    ):
        site.client.set_cookie("session", answers[path])
        assert site.open("/read").result == expected
