"""``session``: opened when first touched, stored once, and only if it was changed."""

from __future__ import annotations

import datetime
import threading

import flask
import pytest
from flask.sessions import SecureCookieSessionInterface

from compatshim import CompatShim
from compatshim.common import abort, copy_current_context, flash, session
from compatshim.sessions.interface import SharedSessionInterface


class CountingInterface(SecureCookieSessionInterface):
    """The usual interface, which notes what it is asked for."""

    def __init__(self):
        self.opened = []
        self.stored = []

    def open_session(self, app, request):
        self.opened.append(request.path)
        return super().open_session(app, request)

    def save_session(self, app, session, response):
        if session.modified:
            self.stored.append(dict(session))
        super().save_session(app, session, response)


@pytest.fixture
def counted(make_site):
    """Return a site, and the interface that counts for it."""
    site = make_site()
    site.app.session_interface = CountingInterface()
    return site, site.app.session_interface


def login():
    session["user"] = "ann"


@pytest.mark.parametrize(
    "view",
    [
        lambda: None,
        lambda: session.get("user"),
        lambda: "user" in session,
        lambda: (session.id, session.is_new, bool(session)),
        lambda: session.save(),  # noqa: PLW0108 (a proxy)
        lambda: session.pop("user", None),
    ],
    ids=["untouched", "get", "in", "attributes", "save", "pop"],
)
def test_hundred_anonymous_requests_store_nothing_and_set_no_cookie(counted, view):
    site, interface = counted
    site.add("/page", view)
    for _ in range(100):
        assert "Set-Cookie" not in site.open("/page").response.headers
    assert interface.stored == []


def test_legacy_request_opens_it_when_it_is_first_touched(counted):
    site, interface = counted
    site.add("/untouched", lambda: None, framework="legacy")
    site.add("/touched", lambda: (list(session), list(session)), framework="legacy")
    site.open("/untouched")
    site.open("/touched")
    assert interface.opened == ["/touched"]


@pytest.mark.parametrize(
    "touch",
    [
        lambda: session.get("user"),
        lambda: "user" in session,
        lambda: len(session),
        lambda: list(session),
        lambda: bool(session),
        lambda: session.new,
        lambda: session.id,
    ],
    ids=["get", "in", "len", "iter", "bool", "attribute", "id"],
)
def test_touched_session_varies_by_cookie(serve, touch):
    assert serve(touch).response.headers["Vary"] == "Cookie"


def test_session_is_stored_once_however_often_it_is_written(counted):
    site, interface = counted

    def view():
        login()
        session.save()
        session["more"] = 1
        session.persist()
        flash("Saved")

    site.add("/page", view)
    headers = site.open("/page").response.headers
    assert len(headers.getlist("Set-Cookie")) == 1
    (stored,) = interface.stored
    assert (stored["user"], stored["more"]) == ("ann", 1)


def test_session_is_stored_once_with_an_error_page(counted):
    site, interface = counted

    def view():
        login()
        abort(404)

    site.add("/page", view)
    headers = site.open("/page").response.headers
    assert len(headers.getlist("Set-Cookie")) == 1
    assert interface.stored == [{"user": "ann"}]


@pytest.mark.parametrize("refresh", [True, False])
@pytest.mark.parametrize("permanent", [True, False])
def test_permanent_session_is_refreshed_by_requests_that_do_not_touch_it(
    make_site, refresh, permanent
):
    """As Flask does it, so that it does not end while its visitor looks at pages."""
    site = make_site({"SESSION_REFRESH_EACH_REQUEST": refresh})

    def view():
        login()
        session.permanent = permanent

    site.add("/login", view)
    site.add("/page", lambda: None)
    site.open("/login")
    headers = site.open("/page").response.headers
    assert ("Set-Cookie" in headers) is (refresh and permanent)
    assert ("Vary" in headers) is (refresh and permanent)


def test_session_of_a_thread_is_a_copy(make_site):
    site = make_site()

    def change():
        session["thread"] = 1
        session["list"].append(2)
        flash("from the thread")
        session.invalidate()

    def view():
        session["list"] = [1]
        thread = threading.Thread(target=copy_current_context(change))
        thread.start()
        thread.join()

    site.add("/page", view)
    site.add("/read", lambda: dict(session))
    site.open("/page")
    assert site.open("/read").result == {"list": [1]}


# The interface may be chosen at any time.


class OtherInterface(SecureCookieSessionInterface):
    salt = "other"


def test_interface_that_is_chosen_later_serves_both_sides(make_site, other):
    site = make_site()
    site.add("/write", login)
    site.add("/read", lambda: dict(session), framework=other)
    site.open("/write")
    site.app.session_interface = OtherInterface()
    assert site.open("/read").result == {}
    site.open("/write")
    assert site.open("/read").result == {"user": "ann"}


def test_interface_goes_on_answering_for_itself():
    app = flask.Flask("sample")
    app.secret_key = "secret"
    app.session_interface = own = OtherInterface()
    CompatShim(app)
    interface = app.session_interface
    assert type(interface) is SharedSessionInterface
    assert isinstance(interface, OtherInterface)
    assert interface.salt == "other"
    assert interface.get_signing_serializer(app).dumps({})
    interface.salt = "new"
    assert own.salt == "new"
    del interface.salt
    assert own.salt == "other"
    assert "OtherInterface" in repr(interface)


def test_default_interface_of_other_applications_is_left_alone():
    app = flask.Flask("sample")
    CompatShim(app)
    assert type(flask.Flask("other").session_interface) is SecureCookieSessionInterface


def test_session_transaction_of_flasks_client(make_site):
    site = make_site()
    site.add("/read", lambda: session["when"])
    when = datetime.datetime(2026, 11, 21, tzinfo=datetime.timezone.utc)
    with site.client.session_transaction() as stored:
        stored["when"] = when
    assert site.open("/read").result == when


def test_cookie_of_flask_without_compatshim_stays_valid(make_site):
    site = make_site()
    site.add("/read", lambda: dict(session))
    plain = flask.Flask("plain")
    plain.secret_key = site.app.secret_key
    plain.add_url_rule("/", "index", lambda: flask.session.update(user="ann") or "")
    cookie = plain.test_client().get("/").headers["Set-Cookie"]
    site.client.set_cookie("session", cookie.partition("=")[2].partition(";")[0])
    assert site.open("/read").result == {"user": "ann"}


class NoneInterface(SecureCookieSessionInterface):
    """An interface that has no session for some paths, which it may say by ``None``."""

    def open_session(self, app, request):
        if request.path.startswith("/api"):
            return None
        return super().open_session(app, request)


def test_interface_that_opens_no_session(make_site, other):
    def read():
        session.revert()
        return session.get("user", "nobody"), dict(session), len(session), bool(session)

    def write():
        with pytest.raises(RuntimeError, match="session is unavailable"):
            login()

    site = make_site()
    site.app.session_interface = NoneInterface()
    site.add("/login", login)
    site.add("/api/read", read)
    site.add("/api/write", write)
    site.add("/read", lambda: dict(session), framework=other)
    site.open("/login")
    for path, expected in (
        ("/api/read", ("nobody", {}, 0, False)),
        ("/api/write", None),
    ):
        served = site.open(path)
        assert served.result == expected
        assert "Set-Cookie" not in served.response.headers
    assert site.open("/read").result == {"user": "ann"}
