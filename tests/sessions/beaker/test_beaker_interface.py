"""A Flask application with ``BeakerSessionInterface``: when what is stored."""

from __future__ import annotations

import datetime
import re
import secrets
import uuid
from types import SimpleNamespace

import beaker.session
import pytest
from beaker.middleware import SessionMiddleware
from flask import Flask, session
from markupsafe import Markup
from werkzeug.http import parse_date
from werkzeug.test import Client

from compatshim.errors import SessionValueError
from compatshim.sessions.beaker import BeakerSession, BeakerSessionInterface

pytestmark = pytest.mark.filterwarnings(
    # Beaker's way to store with a timeout, to redis-py since 8.0.
    "ignore:Call to deprecated setex:DeprecationWarning"
)


@pytest.fixture
def file_ini(configure):
    return configure("file")


def _now():
    return datetime.datetime.now(datetime.timezone.utc)


def _attribute(cookie, name):
    return re.search(rf"{name}=([^;]*)", cookie, re.IGNORECASE).group(1)


class Visit:
    """One visitor of an application, whose view is the function of the moment."""

    def __init__(self, ini, **config):
        self.app = Flask("shop")
        self.app.config.update(TESTING=True, **config)
        self.app.session_interface = BeakerSessionInterface.from_config(ini)
        self.app.add_url_rule("/", "page", self._page)
        self.client = self.app.test_client()

    def _page(self):
        self.result = self._view()
        return ""

    def __call__(self, view=lambda: None, **request):
        """Return what ``view`` gives, called in a request."""
        self._view = view
        self.response = self.client.get("/", **request)
        assert self.response.status_code == 200
        return self.result

    @property
    def cookies(self):
        return self.response.headers.getlist("Set-Cookie")

    @property
    def forgets_cookie(self):
        """Whether the browser was told to."""
        (cookie,) = self.cookies
        return parse_date(_attribute(cookie, "expires")) < _now()


@pytest.fixture
def visit(ini):
    return Visit(ini)


@pytest.fixture
def stored(monkeypatch):
    """What Beaker's session classes were told to store, as it happens."""
    calls = []
    for kind in (beaker.session.Session, beaker.session.CookieSession):

        def save(self, accessed_only=False, *, save=kind.save):
            calls.append("time" if accessed_only else "values")
            save(self, accessed_only)

        monkeypatch.setattr(kind, "save", save)
    return calls


def _login():
    session["user"] = "anna"
    session["roles"] = ["editor"]


def _whoami():
    return session.get("user")


# When something is stored.


@pytest.mark.parametrize(
    "view", [lambda: None, _whoami, lambda: session.id, lambda: dict(session)]
)
def test_anonymous_visitors_store_nothing_and_get_no_cookie(visit, stored, view):
    for _ in range(100):
        visit(view)
        assert visit.cookies == []
    assert stored == []


def test_visitor_with_auto_who_only_reads_stores_nothing(ini, stored):
    visit = Visit({**ini, "beaker.session.auto": "true"})
    visit(_whoami)
    assert stored == []
    assert visit.cookies == []


def test_stored_once_however_often_it_is_changed(visit, stored):
    def change():
        for number in range(3):
            session["number"] = number
            session.save()

    visit(change)
    assert stored == ["values"]
    assert len(visit.cookies) == 1
    assert visit(lambda: session["number"]) == 2


def test_untouched_session_is_not_read(visit, monkeypatch):
    visit(_login)
    monkeypatch.setattr("compatshim.sessions.beaker_store.BeakerStore.load", None)
    visit(lambda: None)
    assert "Cookie" not in visit.response.vary


@pytest.mark.parametrize("view", [_login, _whoami])
def test_touched_session_varies_by_cookie(visit, view):
    visit(view)
    assert "Cookie" in visit.response.vary


def test_session_that_was_read_has_its_time_stored(visit, stored):
    visit(_login)
    stored.clear()
    visit(_whoami)
    assert stored == ["time"]


def test_session_that_was_read_stores_nothing_where_the_site_says_so(ini, stored):
    visit = Visit({**ini, "beaker.session.save_accessed_time": "false"})
    visit(_login)
    stored.clear()
    visit(_whoami)
    assert stored == []
    assert visit.cookies == []


def test_change_inside_a_value_is_stored_by_save_only(visit):
    visit(_login)
    visit(lambda: session["roles"].append("lost"))
    assert visit(lambda: session["roles"]) == ["editor"]
    visit(lambda: session["roles"].append("admin") or session.save())
    assert visit(lambda: session["roles"]) == ["editor", "admin"]


def test_modified_alone_has_the_session_stored(visit, stored):
    visit(_login)
    stored.clear()
    visit(lambda: setattr(session, "modified", True))
    assert stored == ["values"]
    assert visit(_whoami) == "anna"


def test_change_inside_a_value_is_stored_with_auto(ini):
    visit = Visit({**ini, "beaker.session.auto": "true"})
    visit(_login)
    visit(lambda: session["roles"].append("admin"))
    assert visit(lambda: session["roles"]) == ["editor", "admin"]


def test_empty_session_is_stored_if_save_is_called(stored_ini):
    visit = Visit(stored_ini)
    visit(lambda: session.save())  # noqa: PLW0108
    session_id = visit(lambda: session.id)
    assert visit(lambda: (session.id, session.new)) == (session_id, False)


def test_value_that_was_set_and_deleted_is_not_stored(visit, stored):
    visit(lambda: session.update(user="anna") or session.pop("user"))
    assert stored == []
    assert visit.cookies == []


def test_emptied_session_is_removed_with_its_cookie(visit):
    visit(_login)
    visit(lambda: session.clear())  # noqa: PLW0108
    assert visit.forgets_cookie
    assert visit(lambda: session.new)


# What a session is.


def test_new_session(visit):
    def look():
        assert isinstance(session._get_current_object(), BeakerSession)
        state = (session.new, session.is_new, session.modified, session.permanent)
        return state, dict(session), len(session), session.last_accessed

    assert visit(look) == ((True, True, False, False), {}, 0, None)


def test_stored_session(visit):
    visit(_login)

    def look():
        state = (session.new, session.is_new, session.modified, session.permanent)
        assert session.created <= session.last_accessed
        assert session["_creation_time"] == session.created
        assert session.has_key("user")
        assert "_creation_time" in session
        return state, dict(session)

    values = {"user": "anna", "roles": ["editor"]}
    assert visit(look) == ((False, False, False, False), values)


def test_repr_shows_no_secret(visit):
    visit(_login)

    def look():
        before = repr(session._get_current_object())
        return before, session.id, repr(session._get_current_object())

    before, session_id, after = visit(look)
    assert (before, after) == (
        "<BeakerSession, not yet read>",
        "<BeakerSession, read>",
    )
    assert session_id not in after


def test_revert(visit):
    visit(_login)

    def change():
        session["user"] = "otto"
        session["more"] = 1
        session.revert()
        return dict(session), session.modified

    values = {"user": "anna", "roles": ["editor"]}
    assert visit(change) == (values, False)
    assert visit(lambda: dict(session)) == values


def test_revert_of_a_new_session(visit, stored):
    def change():
        _login()
        session.revert()
        return dict(session)

    assert visit(change) == {}
    assert stored == []


# The id.


def _regenerate(visit):
    session.regenerate_id()


def _regenerate_by_the_interface(visit):
    visit.app.session_interface.regenerate(session._get_current_object())


@pytest.mark.parametrize("renew", [_regenerate, _regenerate_by_the_interface])
def test_new_id_keeps_the_values_and_the_old_one_opens_nothing(stored_ini, renew):
    visit = Visit(stored_ini)
    visit(_login)
    old_id = visit(lambda: session.id)
    created = visit(lambda: session.created)
    old_cookie = visit.client.get_cookie("shop").value
    visit(lambda: renew(visit))
    assert visit(_whoami) == "anna"
    assert visit(lambda: session.created) == created
    assert visit(lambda: session.id) != old_id
    visit.client.set_cookie("shop", old_cookie)
    assert visit(_whoami) is None


@pytest.mark.parametrize("leave", ["invalidate", "delete", "clear"])
def test_old_cookie_opens_nothing_after_leaving(stored_ini, leave):
    visit = Visit(stored_ini)
    visit(_login)
    old_cookie = visit.client.get_cookie("shop").value
    visit(lambda: getattr(session, leave)())  # noqa: PLW0108
    assert visit.forgets_cookie
    visit.client.set_cookie("shop", old_cookie)
    assert visit(_whoami) is None


@pytest.mark.parametrize("leave", ["invalidate", "delete"])
def test_what_is_set_after_leaving_is_in_a_new_session(visit, leave):
    visit(_login)
    old_id = visit(lambda: session.id)

    def change():
        getattr(session, leave)()
        session["message"] = "bye"

    visit(change)
    assert visit(lambda: dict(session)) == {"message": "bye"}
    assert visit(lambda: session.id) != old_id


def test_save_after_delete_stores_nothing(visit, stored):
    visit(_login)
    stored.clear()
    visit(lambda: session.delete() or session.save())
    assert stored == []
    assert visit.forgets_cookie


@pytest.mark.parametrize(
    "renew",
    [
        lambda: None,
        lambda: session.invalidate(),  # noqa: PLW0108 (a proxy)
        lambda: session.delete(),  # noqa: PLW0108
        lambda: session.regenerate_id(),  # noqa: PLW0108
    ],
)
def test_ids_are_made_by_secrets(visit, monkeypatch, renew):
    made = []

    def token_hex(length):
        made.append(real(length))
        return made[-1]

    real = secrets.token_hex
    monkeypatch.setattr(secrets, "token_hex", token_hex)
    session_id = visit(lambda: renew() or _login() or session.id)
    assert session_id in made  # others may make some meanwhile, such as names of locks
    assert re.fullmatch("[0-9a-f]{32}", session_id)
    assert visit(lambda: session.id) == session_id


def test_id_that_the_visitor_chose_is_not_taken(configure):
    ini = configure("file")
    del ini["beaker.session.secret"]
    visit = Visit(ini)
    chosen = uuid.uuid4().hex
    visit.client.set_cookie("shop", chosen)
    visit(_login)
    assert visit(_whoami) == "anna"
    assert visit(lambda: session.id) != chosen


# Values.

TAGGED = {
    "text": "a ü",
    "number": 3,
    "fraction": 0.5,
    "yes": True,
    "nothing": None,
    "list": [1, [2]],
    "dict": {"a": {"b": 1}},
    "tuple": (1, ("a", None)),
    "bytes": b"\x00\xff",
    "when": datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc),
    "id": uuid.UUID(int=7),
    "markup": Markup("<b>"),
}


@pytest.mark.parametrize("name", TAGGED)
def test_value_comes_back_equal_and_of_the_same_type(visit, name):
    visit(lambda: session.update({name: TAGGED[name]}))
    value = visit(lambda: session[name])
    assert value == TAGGED[name]
    assert type(value) is type(TAGGED[name])


class Basket:
    """What a legacy site may have put into a session."""

    def __init__(self, items):
        self.items = items

    def __eq__(self, other):
        return self.items == other.items

    __hash__ = None


PICKLED = {
    "naive": datetime.datetime(2026, 1, 2, 3, 4, 5, 678),  # noqa: DTZ001
    "day": datetime.date(2026, 1, 2),
    "set": {1, 2},
    "keys": {1: "a", (2, 3): "b"},
    "object": Basket(["book"]),
}


@pytest.mark.parametrize(
    "store", ["file", "Redis", "memcached", "SQL database", "cookie"]
)
def test_what_a_legacy_site_has_pickled_is_read(configure, store):
    ini = configure(store)

    def application(environ, start_response):
        environ["beaker.session"].update(PICKLED)
        environ["beaker.session"].save()
        start_response("200 OK", [])
        return [b""]

    visit = Visit(ini)
    old = Client(SessionMiddleware(application, dict(ini)))
    old.get("/")
    visit.client.set_cookie("shop", old.get_cookie("shop").value)
    assert visit(lambda: dict(session)) == PICKLED
    visit(lambda: session.update(more=1))
    assert visit(lambda: dict(session)) == {**PICKLED, "more": 1}


@pytest.mark.parametrize("is_new", [True, False])
def test_value_that_cannot_be_serialized_leaves_what_is_stored(visit, is_new):
    if not is_new:
        visit(_login)
    before = visit(lambda: dict(session))

    def change():
        session["user"] = "otto"
        session["lock"] = lambda: None

    with pytest.raises(SessionValueError) as caught:
        visit(change)
    assert caught.value.key == "lock"
    assert "'function'" in str(caught.value)
    assert visit(lambda: dict(session)) == before


@pytest.mark.parametrize(
    ("serializer", "value", "is_kept"),
    [
        ("pickle", {1, 2}, True),
        ("pickle", datetime.date(2026, 1, 2), True),
        ("pickle", lambda: None, False),
        ("json", {1, 2}, False),
    ],
)
def test_interface_says_what_it_keeps(serializer, value, is_kept):
    interface = BeakerSessionInterface(data_serializer=serializer)
    assert interface.keeps_session_value(value) is is_kept


# Two requests at once.


def test_reader_does_not_undo_what_another_request_stored(stored_ini):
    visit = Visit(stored_ini)
    visit(_login)

    def read_slowly():
        assert session["user"] == "anna"
        other = visit.app.test_client()
        other.set_cookie("shop", visit.client.get_cookie("shop").value)
        visit._view, again = lambda: session.update(user="otto"), visit._view
        other.get("/")
        visit._view = again

    visit(read_slowly)
    assert visit(_whoami) == "otto"


def test_reader_does_not_bring_back_who_has_left(stored_ini):
    visit = Visit(stored_ini)
    visit(_login)
    cookie = visit.client.get_cookie("shop").value

    def read_slowly():
        assert session["user"] == "anna"
        other = visit.app.test_client()
        other.set_cookie("shop", cookie)
        visit._view, again = session.delete, visit._view
        other.get("/")
        visit._view = again

    visit(read_slowly)
    visit.client.set_cookie("shop", cookie)
    assert visit(_whoami) is None


def test_of_two_writers_the_last_is_kept_whole(stored_ini):
    visit = Visit(stored_ini)
    visit(_login)

    def write_slowly():
        session["first"] = 1
        other = visit.app.test_client()
        other.set_cookie("shop", visit.client.get_cookie("shop").value)
        visit._view, again = lambda: session.update(second=2), visit._view
        other.get("/")
        visit._view = again

    visit(write_slowly)
    assert visit(lambda: dict(session)) == {
        "user": "anna",
        "roles": ["editor"],
        "first": 1,
    }


# Time.


@pytest.fixture
def clock(monkeypatch):
    """Beaker's clock; add to ``now`` to let time go by."""
    real = beaker.session.time
    clock = SimpleNamespace(now=real.time(), strftime=real.strftime)
    clock.time = lambda: clock.now
    monkeypatch.setattr(beaker.session, "time", clock)
    return clock


def test_session_ends_after_the_timeout(ini, clock):
    visit = Visit({**ini, "beaker.session.timeout": "600"})
    visit(_login)
    clock.now += 601
    assert visit(lambda: (session.get("user"), session.new)) == (None, True)
    assert visit.cookies == []


def test_reading_keeps_a_session_alive(ini, clock):
    visit = Visit({**ini, "beaker.session.timeout": "600"})
    visit(_login)
    for _ in range(3):
        clock.now += 400
        assert visit(_whoami) == "anna"
    assert visit(lambda: (session.timeout, clock.now - session.last_accessed)) == (
        600,
        0,
    )


# The cookie.


def test_cookie_has_the_attributes_of_the_configuration(ini):
    visit = Visit(
        {
            **ini,
            "beaker.session.cookie_domain": ".localhost",
            "beaker.session.cookie_path": "/",
            "beaker.session.secure": "true",
            "beaker.session.httponly": "true",
            "beaker.session.samesite": "Strict",
            "beaker.session.cookie_expires": "3600",
        }
    )
    visit(_login)
    (cookie,) = visit.cookies
    attributes = cookie.lower().replace(" ", "").split(";")[1:]
    assert {"domain=.localhost", "path=/", "secure", "httponly"} <= set(attributes)
    assert "samesite=strict" in attributes
    assert any(one.startswith("expires=") for one in attributes)
    interface, app = visit.app.session_interface, visit.app
    assert interface.get_cookie_name(app) == "shop"
    assert interface.get_cookie_domain(app) == ".localhost"
    assert interface.get_cookie_path(app) == "/"
    assert interface.get_cookie_secure(app) is True
    assert interface.get_cookie_httponly(app) is True
    assert interface.get_cookie_samesite(app) == "Strict"


def test_domain_and_path_can_be_set_for_one_session(visit):
    def change():
        _login()
        session.domain = "localhost"
        session.path = "/cart"
        return session.domain, session.path

    assert visit(change) == ("localhost", "/cart")
    (cookie,) = visit.cookies
    assert "domain=localhost" in cookie.lower()
    assert "path=/cart" in cookie.lower()


def test_permanent_session_has_a_cookie_that_expires_later(visit):
    visit(_login)
    assert "expires" not in visit.cookies[0]
    visit(lambda: setattr(session, "permanent", True))
    assert "expires" in visit.cookies[0]
    visit(_whoami)
    assert "expires" in visit.cookies[0]
    assert visit(lambda: session.permanent) is True


def test_permanent_session_is_not_renewed_where_the_site_says_so(file_ini):
    visit = Visit(file_ini, SESSION_REFRESH_EACH_REQUEST=False)
    visit(lambda: _login() or setattr(session, "permanent", True))
    visit(_whoami)
    assert visit.cookies == []
