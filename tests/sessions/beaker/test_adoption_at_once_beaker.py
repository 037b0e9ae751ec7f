"""A browser sends several requests at once, all of them with the old site's cookie."""

from __future__ import annotations

import contextlib
import datetime
import json
import logging
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import flask
import pytest
from flask.sessions import (
    SecureCookieSession,
    SecureCookieSessionInterface,
    SessionInterface,
)
from werkzeug.http import parse_date

from compatshim.common import session
from compatshim.sessions.beaker_store import BeakerStore

pytestmark = pytest.mark.filterwarnings("ignore:Call to deprecated setex")

SWITCH = "compatshim.session.adopt_beaker"
# Seconds after which a test that hangs fails.
LONG = 30
NOW = datetime.datetime.now(datetime.timezone.utc)


class StoredSession(SecureCookieSession):
    sid = None


class ServerSideInterface(SessionInterface):
    """Sessions in a dict of the server's, each with an id."""

    def __init__(self):
        self.store = {}
        self.ids = iter(range(1000))
        self.lock = threading.Lock()

    def open_session(self, app, request):
        sid = request.cookies.get(self.get_cookie_name(app))
        made = StoredSession(json.loads(self.store.get(sid, "{}")))
        with self.lock:
            made.sid = sid if sid in self.store else f"session-{next(self.ids)}"
        return made

    def save_session(self, app, session, response):
        name = self.get_cookie_name(app)
        if not session.modified:
            return
        if session:
            self.store[session.sid] = json.dumps(session)
            response.set_cookie(name, session.sid)
        else:
            self.store.pop(session.sid, None)
            response.delete_cookie(name)


@pytest.fixture(params=[SecureCookieSessionInterface, ServerSideInterface])
def interface(request):
    """The new site's session interface."""
    return request.param()


@pytest.fixture(params=["same name", "other name"])
def cookie_name(request):
    """The name of the new site's cookie; that of the old site's is ``shop``."""
    return {"same name": "shop", "other name": "new_shop"}[request.param]


def values():
    """Return what is in the session, but for what is kept there about it."""
    return {key: session[key] for key in session if key[0] != "_"}


class Window:
    """A window of a browser: what it sends at once, it sends with the same cookies.

    Its pages are views that are run one at a time, or side by side in threads.
    """

    def __init__(self, site, cookies):
        self._site = site
        self._client = site.app.test_client()
        for name, value in cookies.items():
            self._client.set_cookie(name, value)

    @property
    def cookies(self):
        return {one.key: one.value for one in self._client._cookies.values()}

    def open(self, path, view=values):
        """Return what ``view`` gives, and keep the cookies that are set."""
        with self._site.lock:
            page = self._site.pages[path] = self._site.pages.get(path, 0) + 1
            self._site.views[path, page] = view
        response = self._client.get(f"{path}/{page}")
        assert response.status_code == 200
        cookies = response.headers.getlist("Set-Cookie")
        self.new_cookies = [cookie.partition("=")[0] for cookie in cookies]
        for name, cookie in zip(self.new_cookies, cookies, strict=True):
            expires = re.search("expires=([^;]*)", cookie, re.IGNORECASE)
            if expires and parse_date(expires[1]) < NOW:
                self._client.delete_cookie(name)
        return self._site.seen[path, page]


@pytest.fixture
def make_shop(make_site, interface, cookie_name):
    """Return a function that makes the site that adopts the sessions of a legacy one."""

    def make(ini):
        old = {f"{SWITCH}.key": "shop", f"{SWITCH}.secret": "a secret of old"}
        site = make_site(
            {"SECRET_KEY": "a new secret", "SESSION_COOKIE_NAME": cookie_name},
            {**ini, **old, SWITCH: "true"},
            interface,
        )
        site.lock, site.pages, site.views, site.seen = threading.Lock(), {}, {}, {}

        def page(path):
            def view(*_, number):
                key = path, int(number)
                site.seen[key] = site.views[key]()
                return ""

            return view

        add_pages(site, page)
        return site

    return make


def add_pages(site, page):
    from compatshim.legacy.controllers import WSGIController

    site.app.add_url_rule("/flask/<number>", "numbered", page("/flask"))
    controller = type("Pages", (WSGIController,), {"show": page("/legacy")})
    site.mapper.connect("/legacy/{number}", controller=controller, action="show")


class Visit:
    """A visitor of the old site who comes to the new one."""

    def __init__(self, site, old):
        self.site = site
        self.old = old
        self.cookie = old.get_cookie("shop").value
        self._pool = ThreadPoolExecutor(4)

    def window(self):
        """Return a window that has the old site's cookie only."""
        return Window(self.site, {"shop": self.cookie})

    def is_on_the_old_site(self):
        return self.old.get("/").text != "{}"

    def begin(self, window, path, view=lambda: None):
        """Have ``window`` open a page, which reads the session and waits in ``view``.

        Returns a function that lets it go on, and returns what it saw.
        """
        has_read, may_go_on = threading.Event(), threading.Event()

        def wait():
            seen = values()
            has_read.set()
            assert may_go_on.wait(LONG)
            view()
            return seen

        opened = self._pool.submit(window.open, path, wait)
        assert has_read.wait(LONG)

        def go_on():
            may_go_on.set()
            return opened.result(LONG)

        return go_on

    def close(self):
        self._pool.shutdown()


@pytest.fixture
def begin_visit(make_shop, visit_old_site):
    """Return a function that makes the visit of somebody who is logged in."""
    with contextlib.ExitStack() as stack:

        def begin(ini):
            old = visit_old_site(ini, user="anna", roles=["editor"])
            return stack.enter_context(contextlib.closing(Visit(make_shop(ini), old)))

        yield begin


@pytest.fixture(params=["file", "cookie"])
def visit(begin_visit, configure, request):
    """A visit, with an old site that keeps sessions or one that does not."""
    return begin_visit(configure(request.param))


@pytest.fixture
def stored_visit(begin_visit, configure):
    """A visit, with an old site that keeps sessions."""
    return begin_visit(configure("file"))


ANNA = {"user": "anna", "roles": ["editor"]}

# Ways to change or end what was adopted.
CHANGES = {
    "clear": lambda: session.clear(),  # noqa: PLW0108 (a proxy)
    "invalidate": lambda: session.invalidate(),  # noqa: PLW0108
    "delete": lambda: session.delete(),  # noqa: PLW0108
    "pop": lambda: session.pop("user"),
    "another user": lambda: session.update(user="otto"),
    "inside a value": lambda: session["roles"].clear() or session.save(),
    "end and begin": lambda: session.invalidate() or session.update(ANNA),
}
changes = pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
ENDS = {name: CHANGES[name] for name in ("clear", "invalidate", "delete")}


# All of them are logged in.


def test_requests_at_once_all_get_the_session(visit, path, other_path):
    first, second = visit.window(), visit.window()
    finish_first = visit.begin(first, path)
    finish_second = visit.begin(second, other_path)
    assert finish_first() == finish_second() == ANNA
    for window in (first, second):
        assert window.open(path) == ANNA
        assert window.open(other_path) == ANNA


def test_request_that_comes_late_with_the_old_cookie_gets_the_session(
    visit, path, other_path
):
    first, second = visit.window(), visit.window()
    assert first.open(path) == ANNA
    assert second.open(other_path) == ANNA
    assert second.open(path) == ANNA
    assert first.open(path) == ANNA


def test_request_that_comes_late_and_adds_something_keeps_the_session(
    visit, path, other_path
):
    visit.window().open(path, lambda: session.update(seen=1))
    late = visit.window()
    late.open(other_path, lambda: session.update(seen=2))
    assert late.open(path) == {**ANNA, "seen": 2}


def test_of_two_requests_at_once_that_add_something_the_last_one_wins(
    visit, path, other_path
):
    first, second = visit.window(), visit.window()
    finish_first = visit.begin(first, path, lambda: session.update(a=1))
    finish_second = visit.begin(second, other_path, lambda: session.update(b=2))
    finish_first()
    finish_second()
    assert second.open(path) == {**ANNA, "b": 2}


# The old session goes when the browser has the new cookie.


def test_old_session_is_removed_when_the_new_cookie_is_shown(
    begin_visit, stored_ini, path, other_path, cookie_name
):
    visit = begin_visit(stored_ini)
    window = visit.window()
    window.open(path)
    assert visit.is_on_the_old_site()
    assert window.new_cookies == [cookie_name]
    assert window.open(other_path) == ANNA
    assert not visit.is_on_the_old_site()
    assert visit.window().open(path) == {}
    assert window.open(path) == ANNA


def test_cookie_of_another_name_is_expired_then(visit, path, cookie_name):
    window = visit.window()
    window.open(path)
    assert sorted(window.cookies) == sorted({"shop", cookie_name})
    window.open(path)
    assert list(window.cookies) == [cookie_name]
    assert window.open(path) == ANNA


def test_reader_that_shows_the_new_cookie_stores_nothing(visit, path, cookie_name):
    """It would store over what another request sets at the same time."""
    window = visit.window()
    window.open(path)
    writer = Window(visit.site, window.cookies)
    finish = visit.begin(window, path)
    writer.open(path, lambda: session.update(cart=[1]))
    finish()
    assert cookie_name not in window.new_cookies
    assert writer.open(path) == {**ANNA, "cart": [1]}


def test_mark_of_the_old_session_goes_with_the_next_change(visit, path, other_path):
    window = visit.window()
    window.open(path)
    window.open(path)
    window.open(other_path, lambda: session.update(cart=[1]))
    assert window.open(path, lambda: dict(session)) == {**ANNA, "cart": [1]}


def test_removal_that_fails_is_made_up_for(
    stored_visit, path, other_path, monkeypatch, caplog
):
    visit = stored_visit
    window = visit.window()
    window.open(path)

    def fail(*_):
        raise OSError("the disk is away")

    with monkeypatch.context() as patch, caplog.at_level(logging.ERROR):
        patch.setattr(BeakerStore, "remove", fail)
        assert window.open(path, lambda: session.update(cart=[1])) is None
    assert "could not be removed" in caplog.text
    assert visit.is_on_the_old_site()
    assert window.open(other_path) == {**ANNA, "cart": [1]}
    assert not visit.is_on_the_old_site()


# What was changed or ended is not adopted again.


@changes
def test_change_removes_the_old_session_at_once(stored_visit, path, other_path, change):
    window = stored_visit.window()
    window.open(path, change)
    assert not stored_visit.is_on_the_old_site()
    assert stored_visit.window().open(other_path) == {}


def test_session_that_is_saved_twice_keeps_what_was_adopted(stored_visit):
    def fail(*_, **__):
        raise LookupError

    app = stored_visit.site.app
    app.register_error_handler(500, lambda _: "")
    window = stored_visit.window()
    with flask.request_finished.connected_to(fail, app):
        window.open("/flask", lambda: session.update(user="otto"))
    assert window.open("/legacy") == {**ANNA, "user": "otto"}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_end_takes_both_cookies_away(visit, path, other_path, end, cookie_name):
    window = visit.window()
    window.open(path, end)
    assert set(window.new_cookies) == {"shop", cookie_name}
    assert window.cookies == {}
    assert window.open(other_path) == {}


@changes
def test_reader_that_ends_after_a_change_brings_nothing_back(
    stored_visit, path, other_path, change, cookie_name
):
    slow, quick = stored_visit.window(), stored_visit.window()
    finish = stored_visit.begin(slow, path)
    quick.open(other_path, change)
    assert finish() == ANNA
    assert cookie_name not in slow.new_cookies
    assert slow.open(path) == {}


@changes
def test_writer_that_ends_after_a_change_stores_its_own_only(
    stored_visit, path, other_path, change
):
    slow, quick = stored_visit.window(), stored_visit.window()
    finish = stored_visit.begin(slow, path, lambda: session.update(seen=1))
    quick.open(other_path, change)
    finish()
    assert slow.open(other_path) == {"seen": 1}


def test_login_that_ends_after_a_logout_holds(stored_visit, path, other_path):
    slow, quick = stored_visit.window(), stored_visit.window()
    finish = stored_visit.begin(slow, path, lambda: session.update(user="otto"))
    quick.open(other_path, CHANGES["clear"])
    finish()
    assert slow.open(other_path) == {"user": "otto"}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_logout_that_ends_after_a_login_holds(
    stored_visit, path, other_path, end, cookie_name
):
    slow, quick = stored_visit.window(), stored_visit.window()
    finish = stored_visit.begin(slow, path, end)
    quick.open(other_path, CHANGES["another user"])
    finish()
    assert cookie_name in slow.new_cookies  # which is expired
    assert slow.open(other_path) == {}


def test_reader_that_ends_after_the_new_cookie_was_shown_leaves_it_alone(
    stored_visit, path, other_path, cookie_name
):
    slow, quick = stored_visit.window(), stored_visit.window()
    finish = stored_visit.begin(slow, path)
    quick.open(other_path)
    quick.open(other_path)
    assert finish() == ANNA
    assert cookie_name not in slow.new_cookies
    assert quick.open(path) == ANNA


def test_logout_with_the_new_cookie_is_one_for_the_old_session_too(
    stored_visit, path, other_path
):
    window = stored_visit.window()
    window.open(path)
    window.open(other_path, CHANGES["clear"])
    assert not stored_visit.is_on_the_old_site()
    assert window.open(path) == {}
    assert stored_visit.window().open(path) == {}


def test_store_that_fails_at_the_end_loses_no_login(
    stored_visit, path, monkeypatch, caplog
):
    def fail(*_):
        raise OSError("the disk is away")

    window = stored_visit.window()
    with monkeypatch.context() as patch, caplog.at_level(logging.ERROR):
        patch.setattr(BeakerStore, "has", fail)
        assert window.open(path) == ANNA
    assert "could not be looked up" in caplog.text
    assert window.open(path) == ANNA
