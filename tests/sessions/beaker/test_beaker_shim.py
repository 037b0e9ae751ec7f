"""Both frameworks behind a CompatShim, with the legacy site's Beaker sessions."""

from __future__ import annotations

import datetime

import pytest
from beaker.middleware import SessionMiddleware
from flask import Flask, session as flask_session
from routes import Mapper
from werkzeug.test import Client

from compatshim import CompatShim, errors
from compatshim.common import session
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.wsgiapp import PylonsApp
from compatshim.sessions.beaker import BeakerSessionInterface

pytestmark = pytest.mark.filterwarnings("ignore:Call to deprecated setex")


class Site:
    def __init__(self, ini, **config):
        self.app = Flask("shop")
        self.app.config.update(TESTING=True, **config)
        self.app.session_interface = BeakerSessionInterface.from_config(ini)
        legacy_config = PylonsConfig()
        paths = {"root": "/nowhere", "templates": [], "static_files": None}
        legacy_config.init_app({}, {}, package="shop", paths=paths)
        mapper = Mapper()
        legacy_config.update({"routes.map": mapper, **ini})
        self.app.add_url_rule("/flask", view_func=self._page)
        controller = type("Page", (WSGIController,), {"show": lambda _: self._page()})
        mapper.connect("/legacy", controller=controller, action="show")
        CompatShim(self.app, legacy=PylonsApp(legacy_config))
        self.client = self.app.test_client()

    def _page(self):
        self.result = self._view()
        return ""

    def get(self, path, view=lambda: dict(session)):
        self._view = view
        self.response = self.client.get(path)
        assert self.response.status_code == 200
        return self.result

    @property
    def cookies(self):
        return self.response.headers.getlist("Set-Cookie")


@pytest.fixture
def site(ini):
    return Site(ini)


@pytest.fixture(params=["/flask", "/legacy"])
def path(request):
    return request.param


@pytest.fixture(params=["/flask", "/legacy"])
def other_path(request):
    return request.param


VALUES = {
    "user": "anna",
    "tuple": (1, "a"),
    "bytes": b"\x00",
    "when": datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc),
}


def test_what_one_side_writes_the_other_reads(site, path, other_path):
    site.get(path, lambda: session.update(VALUES))
    assert site.get(other_path) == VALUES


def test_what_the_old_site_wrote_both_read(ini, path):
    def application(environ, start_response):
        environ["beaker.session"]["user"] = "anna"
        environ["beaker.session"].save()
        start_response("200 OK", [])
        return [b""]

    old = Client(SessionMiddleware(application, dict(ini)))
    old.get("/")
    site = Site(ini)
    site.client.set_cookie("shop", old.get_cookie("shop").value)
    assert site.get(path) == {"user": "anna"}


def test_anonymous_visitors_get_no_cookie(site, path):
    for _ in range(20):
        assert site.get(path) == {}
        assert site.cookies == []


@pytest.mark.parametrize("leave", ["delete", "invalidate", "clear"])
def test_leaving_on_one_side_is_leaving_on_the_other(site, path, other_path, leave):
    site.get(path, lambda: session.update(user="anna"))
    site.get(other_path, lambda: getattr(session, leave)())  # noqa: PLW0108
    assert site.get(path) == {}


def test_change_inside_a_value(site, path, other_path):
    site.get(path, lambda: session.update(roles=["editor"]))
    site.get(other_path, lambda: session["roles"].append("lost"))
    assert site.get(path) == {"roles": ["editor"]}
    site.get(other_path, lambda: session["roles"].append("admin") or session.save())
    assert site.get(path) == {"roles": ["editor", "admin"]}


def test_beakers_attributes_are_those_of_beaker(stored_ini, path, other_path):
    site = Site(stored_ini)

    def look():
        inner = flask_session._get_current_object() if path == "/flask" else session
        assert session.created <= session.last_accessed
        return session.id, inner.id, session.is_new, session.timeout

    site.get(path, lambda: session.update(user="anna"))
    session_id, inner_id, is_new, timeout = site.get(path, look)
    assert (session_id, is_new, timeout) == (inner_id, False, None)
    site.get(other_path, lambda: session.regenerate_id())  # noqa: PLW0108
    assert site.get(path) == {"user": "anna"}
    assert site.get(path, lambda: session.id) != session_id


def test_pickled_sessions_keep_what_the_legacy_site_puts_into_them(configure, path):
    site = Site(configure("file"))
    values = {"tags": {"a"}, "day": datetime.date(2026, 1, 2)}
    site.get(path, lambda: session.update(values))
    assert site.get(path) == values


def test_json_sessions_refuse_what_they_would_change(configure, path):
    site = Site(configure("file of JSON"))
    with pytest.raises(errors.SessionValueError):
        site.get(path, lambda: session.update(tags={"a"}))
    assert site.get(path) == {}


@pytest.fixture
def broken_site(configure, tmp_path):
    def make(**config):
        ini = configure("SQL database")
        site = Site(ini, **config)
        site.get("/flask", lambda: session.update(user="anna"))
        (tmp_path / "sessions.db").write_bytes(b"no database any more" * 1000)
        return site

    return make


def test_store_that_fails_is_an_error(broken_site, path):
    site = broken_site()
    with pytest.raises(errors.SessionUnavailableError):
        site.get(path)


def test_store_that_fails_is_an_empty_session_where_the_site_says_so(broken_site, path):
    site = broken_site(COMPATSHIM_SESSION_UNAVAILABLE="empty")
    assert site.get(path) == {}
    assert site.cookies == []
