"""``session``: a store that is down."""

from __future__ import annotations

import json
import logging

import flask
import pytest
from flask.sessions import SecureCookieSession, SessionInterface

from compatshim.common import flash, session
from compatshim.errors import SessionUnavailableError


class StoreError(Exception):
    """As a database library has one."""


class StoredSession(SecureCookieSession):
    sid = None


class StoreInterface(SessionInterface):
    """Sessions in a dict, which fails where it is told to."""

    def __init__(self):
        self.store = {}
        self.fails = set()
        self.error = StoreError("no answer\nfrom the store")
        self.next_id = 0

    def _ask(self, action):
        if action in self.fails:
            raise self.error

    def _new_id(self):
        self.next_id += 1
        return str(self.next_id)

    def open_session(self, app, request):
        self._ask("read")
        sid = request.cookies.get("session")
        made = StoredSession(json.loads(self.store.get(sid, "{}")))
        made.sid = sid if sid in self.store else self._new_id()
        return made

    def save_session(self, app, session, response):
        if not session.modified:
            return
        response.headers["X-Half"] = "written"
        response.set_cookie("session", session.sid)
        self._ask("stored")
        self.store[session.sid] = json.dumps(session)

    def regenerate(self, session):
        self._ask("renewed")
        self.store.pop(session.sid, None)
        session.sid = self._new_id()


@pytest.fixture
def make_store_site(make_site):
    """Return a function that makes a site with a visitor, and the interface of it."""

    def make(wanted=None, view=None, setup=None):
        config = {"PROPAGATE_EXCEPTIONS": False, "TESTING": False}
        if wanted is not None:
            config["COMPATSHIM_SESSION_UNAVAILABLE"] = wanted
        site = make_site(config)
        site.app.session_interface = interface = StoreInterface()
        site.add("/login", lambda: session.update(user="ann"))
        site.add("/read", lambda: dict(session))
        site.add("/write", lambda: session.update(user="bob"))
        site.add("/page", lambda: "page")
        if view is not None:
            site.add("/view", view)
        if setup is not None:
            setup(site)
        site.open("/login")
        return site, interface

    return make


def lines(caplog):
    """Return the lines of the log that are ours."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("compatshim.sessions")
    ]


@pytest.mark.parametrize("wanted", [None, "error"])
def test_reading_is_an_error_where_it_is_touched(make_store_site, wanted, caplog):
    site, interface = make_store_site(wanted)
    interface.fails = {"read"}
    served = site.open("/read")
    assert served.response.status_code == 500
    assert isinstance(served.error, SessionUnavailableError)
    assert served.error.__cause__ is interface.error
    assert (served.error.action, served.error.interface) == ("read", "StoreInterface")
    assert lines(caplog) == [
        "The session could not be read, because the store of StoreInterface failed:"
        " StoreError: no answer from the store"
    ]


TOUCHES = {
    "get": lambda: session.get("a"),
    "getitem": lambda: session["a"],
    "setitem": lambda: session.__setitem__("a", 1),
    "delitem": lambda: session.__delitem__("a"),
    "in": lambda: "a" in session,
    "bool": lambda: bool(session),
    "len": lambda: len(session),
    "iter": lambda: list(session),
    "attribute": lambda: session.permanent,
    "hasattr": lambda: hasattr(session, "modified"),
    "id": lambda: session.id,
    "save": lambda: session.save(),  # noqa: PLW0108 (a proxy)
    "invalidate": lambda: session.invalidate(),  # noqa: PLW0108
    "flash": lambda: flash("Saved"),
}


@pytest.mark.parametrize("touch", TOUCHES.values(), ids=TOUCHES)
def test_every_way_to_touch_it_is_an_error(make_store_site, touch):
    site, interface = make_store_site(view=touch)
    interface.fails = {"read"}
    assert isinstance(site.open("/view").error, SessionUnavailableError)


RAW_TOUCHES = {
    "get": lambda: flask.session.get("a"),
    "bool": lambda: bool(flask.session),
    "dict": lambda: dict(flask.session),
    "equal": lambda: flask.session == {},
    "permanent": lambda: flask.session.permanent,
    "flash": lambda: flask.flash("Saved"),
}


@pytest.mark.parametrize("framework", ["flask"])
@pytest.mark.parametrize("touch", RAW_TOUCHES.values(), ids=RAW_TOUCHES)
def test_flasks_own_session_is_an_error_too(make_store_site, touch):
    site, interface = make_store_site(view=touch)
    interface.fails = {"read"}
    assert isinstance(site.open("/view").error, SessionUnavailableError)


def test_page_that_does_not_touch_it_is_served(make_store_site):
    site, interface = make_store_site()
    interface.fails = {"read", "stored"}
    response = site.open("/page").response
    assert (response.status_code, response.text) == (200, "page")


def test_handler_of_the_application_answers(make_store_site):
    def setup(site):
        site.app.register_error_handler(SessionUnavailableError, lambda _: ("", 503))

    site, interface = make_store_site(setup=setup)
    interface.fails = {"read"}
    assert site.open("/read").response.status_code == 503


def test_storing_is_an_error_and_nothing_is_half_written(make_store_site, caplog):
    site, interface = make_store_site()
    before = dict(interface.store)
    interface.fails = {"stored"}
    response = site.open("/write").response
    assert response.status_code == 500
    assert "Set-Cookie" not in response.headers
    assert "X-Half" not in response.headers
    assert interface.store == before
    assert len(lines(caplog)) == 1
    interface.fails = set()
    assert site.open("/read").result == {"user": "ann"}


def test_exception_of_storing_is_chained(make_store_site):
    site, interface = make_store_site()
    site.app.config["PROPAGATE_EXCEPTIONS"] = True
    interface.fails = {"stored"}
    with pytest.raises(SessionUnavailableError) as caught:
        site.open("/write")
    assert caught.value.action == "stored"
    assert caught.value.__cause__ is interface.error


def test_reads_as_empty_where_that_is_wanted(make_store_site, caplog):
    site, interface = make_store_site("empty")
    interface.fails = {"read"}
    served = site.open("/read")
    assert (served.result, served.response.status_code) == ({}, 200)
    assert len(lines(caplog)) == 1
    interface.fails = set()
    assert site.open("/read").result == {"user": "ann"}


def test_writes_after_a_failed_read_are_dropped(make_store_site, caplog):
    """Also where the store is back by then: it has what was there before."""

    def view():
        session["user"] = "bob"
        interface.fails = set()
        return dict(session)

    site, interface = make_store_site("empty", view)
    before = dict(interface.store)
    interface.fails = {"read"}
    served = site.open("/view")
    assert served.result == {"user": "bob"}
    assert "Set-Cookie" not in served.response.headers
    assert interface.store == before
    assert lines(caplog)[1:] == [
        "The session is dropped, because its store could not be read."
    ]


def test_writes_are_dropped_where_storing_fails(make_store_site, caplog):
    site, interface = make_store_site("empty")
    before = dict(interface.store)
    interface.fails = {"stored"}
    response = site.open("/write").response
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers
    assert "X-Half" not in response.headers
    assert interface.store == before
    assert len(lines(caplog)) == 1


def test_renewal_that_fails_is_an_error(make_store_site):
    site, interface = make_store_site(view=TOUCHES["invalidate"])
    interface.fails = {"renewed"}
    served = site.open("/view")
    assert served.error.action == "renewed"
    assert served.response.status_code == 500


def test_renewal_gives_a_new_id_and_removes_the_old_one(make_store_site):
    def view():
        before = session.id
        session.invalidate()
        session["user"] = "bob"
        return before, session.id

    site, interface = make_store_site(view=view)
    before, after = site.open("/view").result
    assert before != after
    assert list(interface.store) == [after]
    assert site.open("/read").result == {"user": "bob"}


@pytest.mark.parametrize(
    "error", [OSError("down"), TimeoutError("slow"), StoreError("x")], ids=repr
)
def test_failure_is_what_the_store_raises(make_store_site, error):
    site, interface = make_store_site()
    interface.error = error
    interface.fails = {"read"}
    assert site.open("/read").error.__cause__ is error


@pytest.mark.parametrize(
    "error",
    [TypeError("a"), ValueError("b"), KeyError("c"), RuntimeError("d")],
    ids=repr,
)
@pytest.mark.parametrize("action", ["read", "stored"])
def test_mistake_of_the_interface_stays_what_it_is(
    make_store_site, error, action, caplog
):
    site, interface = make_store_site("empty")
    site.app.config["PROPAGATE_EXCEPTIONS"] = True
    interface.error = error
    interface.fails = {action}
    with pytest.raises(type(error)) as caught:
        site.client.get("/write")
    assert caught.value is error
    assert lines(caplog) == []


class LazySession(SecureCookieSession):
    """A session that is read when it is first touched."""

    def __init__(self, interface):
        super().__init__()
        self._interface = interface

    def __len__(self):
        self._interface._ask("read")
        return super().__len__()


class LazyInterface(StoreInterface):
    def open_session(self, app, request):
        return LazySession(self)


@pytest.mark.parametrize(("wanted", "status"), [("error", 500), ("empty", 200)])
def test_session_that_is_read_late(make_store_site, wanted, status, caplog):
    site, _ = make_store_site(wanted)
    site.app.session_interface = interface = LazyInterface()
    interface.fails = {"read"}
    assert site.open("/read").response.status_code == status
    assert len(lines(caplog)) == 1


def test_log_is_at_the_level_of_errors(make_store_site, caplog):
    site, interface = make_store_site("empty")
    interface.fails = {"read"}
    with caplog.at_level(logging.ERROR):
        site.open("/read")
    assert lines(caplog)
