"""What one side writes the other reads: over HTTP, with cookies, in each store.

That is in Flask's cookie, in the stores of Flask-Session, and in those of Beaker.
"""

from __future__ import annotations

import contextlib
import datetime
import threading
import uuid

import flask
import pytest
from markupsafe import Markup

import ports
from compatshim.common import flash, get_flashed_messages, session
from compatshim.errors import SessionUnavailableError, SessionValueError

pytestmark = [
    # Flask-Session asks for the time in a way that Python 3.12 deprecates.
    pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow"),
    # Beaker's way to store with a timeout, to redis-py since 8.0.
    pytest.mark.filterwarnings("ignore:Call to deprecated setex"),
]

CET = datetime.timezone(datetime.timedelta(hours=1))

VALUES = {
    "str": "text ä \x00 \U0001f600",
    "int": -(2**70),
    "float": 1.5,
    "bool": True,
    "none": None,
    "list": [1, "a", [None]],
    "dict": {"a": [1], "b": {}, " t": {" t": 1}},
    "tuple": (1, ("a",)),
    "bytes": b"\x00\xff",
    "datetime": datetime.datetime(2026, 11, 21, 8, 0, tzinfo=datetime.timezone.utc),
    "datetime of another zone": datetime.datetime(2026, 11, 21, 8, 0, tzinfo=CET),
    "uuid": uuid.UUID("12345678-1234-5678-1234-567812345678"),
    "markup": Markup("<b>ä</b>"),
    "all of them": {"a": [(b"", uuid.UUID(int=0)), {"b": Markup("")}]},
}


def types_of(value):
    """Return the types that a value is made of."""
    if isinstance(value, list | tuple):
        return type(value), [types_of(item) for item in value]
    if isinstance(value, dict):
        return dict, {key: types_of(item) for key, item in value.items()}
    return type(value)


def test_values_come_back_equal_and_of_their_types(site, new_browser, writer, reader):
    site.add("/write", lambda: session.update(VALUES))
    site.add("/read", lambda: {key: session[key] for key in VALUES})
    with site.served():
        browser = new_browser(site)
        browser.open(f"/{writer}/write")
        read, _ = browser.open(f"/{reader}/read")
    assert read == VALUES
    assert types_of(read) == types_of(VALUES)


def test_value_of_flask_session_is_read_by_the_other_side(site, new_browser):
    site.add("/write", lambda: flask.session.update(value=(1, b"a")))
    site.add("/read", lambda: session["value"])
    with site.served():
        browser = new_browser(site)
        browser.open("/flask/write")
        assert browser.open("/legacy/read")[0] == (1, b"a")


def test_refused_value_stores_nothing(site, new_browser, writer):
    def write():
        session["lock"] = threading.Lock()  # which nothing can pickle either

    site.add("/write", write)
    with site.served():
        error, answer = new_browser(site).open(f"/{writer}/write")
    assert isinstance(error, SessionValueError)
    assert (answer.status, answer.headers["Set-Cookie"]) == (500, None)


def test_anonymous_requests_store_nothing(site, new_browser, writer):
    site.add("/read", lambda: (session.get("user"), session.id))
    with site.served():
        for _ in range(100):
            _, answer = new_browser(site).open(f"/{writer}/read")
            assert answer.headers["Set-Cookie"] is None


def test_end_removes_the_session(site, new_browser, writer, reader):
    site.add("/write", lambda: session.update(user="ann"))
    site.add("/end", lambda: session.invalidate())  # noqa: PLW0108 (a proxy)
    site.add("/read", lambda: session.get("user"))
    with site.served():
        browser = new_browser(site)
        browser.open(f"/{writer}/write")
        browser.open(f"/{reader}/end")
        assert not list(browser.cookies)
        assert browser.open(f"/{writer}/read")[0] is None


def test_id_is_renewed_by_invalidate(site, new_browser, store, writer, reader):
    def view():
        session.invalidate()
        session["user"] = "bob"
        return session.id

    site.add("/login", lambda: session.update(user="ann") or session.id)
    site.add("/renew", view)
    site.add("/read", lambda: (session.id, session.get("user")))
    with site.served():
        browser = new_browser(site)
        first, _ = browser.open(f"/{writer}/login")
        old = browser.copy()
        second, _ = browser.open(f"/{reader}/renew")
        assert first != second
        assert min(map(len, (first, second))) >= 32
        assert browser.open(f"/{writer}/read")[0] == (second, "bob")
        if "cookie" not in store:  # which the server does not keep, and cannot remove
            assert old.open(f"/{writer}/read")[0][1] is None


def test_flash_is_shown_once(site, new_browser, writer, reader):
    site.add("/write", lambda: (flash("Saved"), flash(Markup("<b>"), "warning")))
    site.add("/read", lambda: get_flashed_messages(with_categories=True))
    site.add("/pop", lambda: flash.pop_messages())  # noqa: PLW0108
    with site.served():
        browser = new_browser(site)
        browser.open(f"/{writer}/write")
        first, _ = browser.open(f"/{reader}/read")
        assert first == [("message", "Saved"), ("warning", Markup("<b>"))]
        assert types_of(first)[1][1] == (tuple, [str, Markup])
        assert browser.open(f"/{reader}/pop")[0] == []


def test_of_two_requests_that_write_at_once_the_last_one_wins(site, new_browser):
    """Whole: never some values of the one and some of the other."""
    together = threading.Barrier(2, timeout=60)

    def write(letter):
        session.update(dict.fromkeys("abc", letter))
        together.wait()

    site.add("/begin", lambda: session.update(a="", b="", c=""))
    site.add("/one", lambda: write("1"))
    site.add("/two", lambda: write("2"))
    site.add("/read", lambda: dict(session))
    with site.served():
        browser = new_browser(site)
        browser.open("/flask/begin")
        for _ in range(5):
            windows = [browser.copy(), browser.copy()]
            threads = [
                threading.Thread(target=windows[0].request, args=["/flask/one"]),
                threading.Thread(target=windows[1].request, args=["/legacy/two"]),
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            for window in windows:
                read, _ = window.open("/legacy/read")
                assert {read["a"], read["b"], read["c"]} in ({"1"}, {"2"})


def test_many_requests_that_write_at_once_leave_a_whole_session(site, new_browser):
    site.add("/begin", lambda: session.update(a="", b=""))
    site.add("/write", lambda: session.update(dict.fromkeys("ab", uuid.uuid4().hex)))
    site.add("/read", lambda: dict(session))
    with site.served():
        browser = new_browser(site)
        browser.open("/flask/begin")
        statuses = []

        def visit(path):
            window = browser.copy()
            statuses.extend(window.request(path).status for _ in range(5))

        threads = [
            threading.Thread(target=visit, args=[f"/{side}/write"])
            for side in ("flask", "legacy") * 4
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert set(statuses) == {200}
        read, _ = browser.open("/legacy/read")
        assert read["a"] == read["b"]


SPOILT = {
    # Another character: one in a thousand ids begins and ends with the same one.
    "tampered": lambda value: ("B" if value[0] == "A" else "A") + value[1:],
    "truncated": lambda value: value[: len(value) // 2],
    "empty": lambda value: "",
    "oversize": lambda value: (value * 500)[:60_000],
    "no ascii": lambda value: "\xe4" + value,
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_cookie_that_is_not_good_is_a_new_session(site, new_browser, writer, spoil):
    site.add("/login", lambda: session.update(user="ann"))
    site.add("/read", lambda: session.get("user"))
    with site.served():
        browser = new_browser(site)
        browser.open(f"/{writer}/login")
        (cookie,) = browser.cookies
        cookie.value = spoil(cookie.value)
        read, answer = browser.open(f"/{writer}/read")
    assert (read, answer.status) == (None, 200)


# A store that is down.


# A cookie is there, or is none.
REDIS, SQL = "Flask-Session's Redis", "Flask-Session's SQL"
server_only = pytest.mark.parametrize("store", [REDIS, SQL])


@pytest.fixture
def break_store(site, store):
    """Return a function after which the store does not answer."""

    def redis_is_down():
        from redis import Redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        # Not a socket's path: there redis 5.0 leaves its side open.
        port = at_the_end.enter_context(ports.held())
        nobody = Redis(host="127.0.0.1", port=port, retry=Retry(NoBackoff(), 0))
        site.app.session_interface.client = nobody

    def sql_is_down():
        from sqlalchemy import text

        database = site.app.config["SESSION_SQLALCHEMY"]
        with site.app.app_context():
            database.session.execute(text("DROP TABLE sessions"))
            database.session.commit()

    with contextlib.ExitStack() as at_the_end:
        yield {REDIS: redis_is_down, SQL: sql_is_down}[store]


@server_only
@pytest.mark.parametrize(("wanted", "status"), [("error", 500), ("empty", 200)])
def test_store_that_is_down(site, new_browser, break_store, writer, wanted, status):
    site.app.config["COMPATSHIM_SESSION_UNAVAILABLE"] = wanted
    site.add("/login", lambda: session.update(user="ann"))
    site.add("/read", lambda: session.get("user", "nobody"))
    with site.served():
        browser = new_browser(site)
        browser.open(f"/{writer}/login")
        before = [cookie.value for cookie in browser.cookies]
        break_store()
        read, answer = browser.open(f"/{writer}/read")
        assert answer.status == status
        assert [cookie.value for cookie in browser.cookies] == before
    if wanted == "empty":
        assert read == "nobody"
    else:
        assert isinstance(read, SessionUnavailableError)


@server_only
def test_store_that_goes_down_while_a_page_is_made(
    site, new_browser, break_store, writer
):
    def view():
        session["user"] = "ann"
        break_store()

    site.add("/login", view)
    with site.served():
        answer = new_browser(site).request(f"/{writer}/login")
    assert (answer.status, answer.headers["Set-Cookie"]) == (500, None)
