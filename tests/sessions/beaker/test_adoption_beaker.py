"""Beaker's sessions are taken over by the application's own session interface, once."""

from __future__ import annotations

import datetime
import logging
import secrets
import warnings
from decimal import Decimal

import pytest
from beaker.middleware import SessionMiddleware
from flask import Flask, session
from routes import Mapper
from werkzeug.test import Client

from compatshim import CompatShim
from compatshim.errors import BeakerOptionError, MissingExtraError
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.wsgiapp import PylonsApp
from compatshim.sessions.adoption import adopter_for

pytestmark = pytest.mark.filterwarnings("ignore:Call to deprecated setex")

SWITCH = "compatshim.session.adopt_beaker"

# A new site that does not use the old one's secret and name of the cookie.
APART = {
    "SECRET_KEY": "a new secret",
    "SESSION_COOKIE_NAME": "new_shop",
}
OLD = {f"{SWITCH}.secret": "a secret of old", f"{SWITCH}.key": "shop"}


class NewSite:
    """A Flask application and a legacy one behind a CompatShim; Flask's own sessions."""

    def __init__(self, ini, **config):
        self.app = Flask("shop")
        self.app.config.update(TESTING=True, **config)
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
        from compatshim.common import session

        self.result = self._view(session)
        return ""

    def get(self, path, view=dict):
        """Return what ``view`` makes of the session of a request."""
        self._view = view
        self.response = self.client.get(path)
        assert self.response.status_code == 200
        return self.result

    def take_cookies(self, client):
        for cookie in client._cookies.values():
            self.client.set_cookie(
                cookie.key, cookie.value, domain=cookie.domain, path=cookie.path
            )


def _old_visit(ini, **values):
    """Return a browser that has been on the legacy site, which kept ``values``."""

    def application(environ, start_response):
        if environ["PATH_INFO"] == "/keep":
            environ["beaker.session"].update(values)
            environ["beaker.session"].save()
        kept = {
            key: value
            for key, value in environ["beaker.session"].items()
            if key in values
        }
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [repr(kept).encode()]

    client = Client(SessionMiddleware(application, dict(ini)))
    client.get("/keep")
    return client


@pytest.fixture(params=["/flask", "/legacy"])
def path(request):
    return request.param


@pytest.fixture
def other_path(path):
    return {"/flask": "/legacy", "/legacy": "/flask"}[path]


def test_visitor_of_the_old_site_is_logged_in_on_the_new_one(ini, path, other_path):
    old = _old_visit(ini, user="anna", roles=["editor"])
    site = NewSite({**ini, SWITCH: "true"})
    site.take_cookies(old)
    values = {"user": "anna", "roles": ["editor"]}
    assert site.get(path) == values
    assert site.get(other_path) == values


def test_session_is_adopted_once(stored_ini, path):
    old = _old_visit(stored_ini, user="anna")
    site = NewSite({**stored_ini, SWITCH: "true"})
    site.take_cookies(old)
    assert site.get(path) == {"user": "anna"}
    assert old.get("/").text == "{}"
    again = NewSite({**stored_ini, SWITCH: "true"})
    again.take_cookies(old)
    assert again.get(path) == {}


def test_what_was_changed_after_adoption_is_kept(ini, path):
    site = NewSite({**ini, SWITCH: "true"})
    site.take_cookies(_old_visit(ini, user="anna"))
    site.get(path, lambda session: session.update(user="otto"))
    assert site.get(path) == {"user": "otto"}
    site.get(path, lambda session: session.clear())
    assert site.get(path) == {}


@pytest.mark.parametrize("value", [None, "false", "", False])
def test_nothing_is_adopted_unless_switched_on(ini, path, value):
    old = _old_visit(ini, user="anna")
    site = NewSite({**ini, SWITCH: value} if value is not None else ini)
    site.take_cookies(old)
    assert site.get(path) == {}
    assert old.get("/").text == "{'user': 'anna'}"


def test_switched_on_in_flasks_configuration(ini, path):
    site = NewSite(ini, COMPATSHIM_SESSION_ADOPT_BEAKER=True)
    site.take_cookies(_old_visit(ini, user="anna"))
    assert site.get(path) == {"user": "anna"}


def test_failure_before_the_values_are_stored_loses_nothing(stored_ini, path):
    old = _old_visit(stored_ini, user="anna")
    site = NewSite({**stored_ini, SWITCH: "true"})
    site.take_cookies(old)

    def fail(session):
        assert session["user"] == "anna"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        site.get(path, fail)
    assert old.get("/").text == "{'user': 'anna'}"
    assert site.get(path) == {"user": "anna"}


def test_site_with_another_secret_and_another_cookie(ini, path, other_path):
    site = NewSite({**ini, **OLD, SWITCH: "true"}, **APART)
    site.take_cookies(_old_visit(ini, user="anna"))
    assert site.get(path) == {"user": "anna"}
    cookies = site.response.headers.getlist("Set-Cookie")
    names = [cookie.partition("=")[0] for cookie in cookies]
    assert sorted(names) == ["new_shop", "shop"]
    assert "expires=" in cookies[names.index("shop")].lower()
    assert site.get(other_path) == {"user": "anna"}


def test_old_values_are_those_of_the_ini_where_flasks_hold(ini, path, caplog):
    site = NewSite({**ini, SWITCH: "true"}, **APART)
    site.take_cookies(_old_visit(ini, user="anna"))
    assert site.get(path) == {"user": "anna"}
    assert site.app.session_interface.get_cookie_name(site.app) == "new_shop"


def test_cookie_of_the_same_name_is_replaced(ini, path, other_path):
    site = NewSite({**ini, SWITCH: "true"})
    site.take_cookies(_old_visit(ini, user="anna"))
    assert site.get(path) == {"user": "anna"}
    (cookie,) = site.response.headers.getlist("Set-Cookie")
    assert cookie.startswith("shop=")
    assert "expires" not in cookie.lower()
    assert site.get(other_path) == {"user": "anna"}


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("cookie_domain", ".localhost", "omain=.localhost"),
        ("cookie_path", "/legacy", "ath=/legacy"),
    ],
)
def test_cookie_of_the_same_name_for_another_place_is_expired(
    configure, name, value, shown
):
    ini = configure("file")
    old = _old_visit({**ini, f"beaker.session.{name}": value}, user="anna")
    site = NewSite({**ini, SWITCH: "true", f"{SWITCH}.{name}": value})
    site.client.set_cookie("shop", old._cookies.popitem()[1].value)
    assert site.get("/legacy") == {"user": "anna"}
    cookies = site.response.headers.getlist("Set-Cookie")
    (expired,) = (cookie for cookie in cookies if shown in cookie)
    assert "expires=" in expired.lower()
    assert len(cookies) == 2


@pytest.mark.parametrize("cookie", ["x", "0" * 72, ""])
def test_cookie_that_names_no_session(ini, path, cookie):
    site = NewSite({**ini, SWITCH: "true"})
    site.client.set_cookie("shop", cookie)
    assert site.get(path) == {}
    assert site.response.headers.getlist("Set-Cookie") == []


def test_anonymous_visitors_get_no_cookie(ini, path):
    site = NewSite({**ini, SWITCH: "true"})
    for _ in range(100):
        assert site.get(path) == {}
        assert site.response.headers.getlist("Set-Cookie") == []


def test_values_that_no_session_keeps(configure, path, caplog):
    ini = configure("file")
    day = datetime.date(2026, 1, 2)
    old = _old_visit(ini, user="anna", tags={"a"}, price=Decimal(1), day=day)
    site = NewSite({**ini, SWITCH: "true"})
    site.take_cookies(old)
    assert site.get(path) == {"user": "anna", "tags": ["a"]}
    said = [one for one in caplog.messages if one.startswith("Adopting")]
    assert sorted(said) == [
        "Adopting a Beaker session: session['day'] is left out, because no session"
        " keeps a datetime.date.",
        "Adopting a Beaker session: session['price'] is left out, because no session"
        " keeps a decimal.Decimal.",
        "Adopting a Beaker session: session['tags'] is converted from set to list.",
    ]


# The adopter by itself.


def test_adopter_reads_and_removes_in_two_steps(stored_ini):
    old = _old_visit(stored_ini, user="anna")
    environ = {"HTTP_COOKIE": f"shop={old.get_cookie('shop').value}"}
    app = Flask("shop")
    adopter = adopter_for({**stored_ini, SWITCH: True})
    for _ in range(2):
        adopted = adopter.read(environ)
        assert adopted.values == {"user": "anna"}
    response = app.response_class()
    adopted.finish(app, response)
    assert adopter.read(environ) is None
    assert len(response.headers.getlist("Set-Cookie")) == 1
    adopted.finish(app, response)  # as a request does that ran at the same time


def test_values_are_a_dict_of_their_own(configure):
    ini = configure("memcached")
    old = _old_visit(ini, roles=["editor"])
    environ = {"HTTP_COOKIE": f"shop={old.get_cookie('shop').value}"}
    adopter = adopter_for({**ini, SWITCH: True})
    adopter.read(environ).values["roles"].append("admin")
    assert adopter.read(environ).values == {"roles": ["editor"]}


def test_values_that_the_new_interface_keeps_stay(configure):
    ini = configure("file")
    day = datetime.date(2026, 1, 2)
    old = _old_visit(ini, day=day)
    environ = {"HTTP_COOKIE": f"shop={old.get_cookie('shop').value}"}
    adopter = adopter_for({**ini, SWITCH: True})
    keeps = [datetime.date].__contains__
    assert adopter.read(environ, lambda value: keeps(type(value))).values == {
        "day": day
    }
    assert adopter.read(environ).values == {}


def test_memcached_is_not_emptied(configure):
    ini = configure("memcached")
    first, second = (_old_visit(ini, user=name) for name in ("anna", "otto"))
    adopter = adopter_for({**ini, SWITCH: True})
    app = Flask("shop")
    environ = {"HTTP_COOKIE": f"shop={first.get_cookie('shop').value}"}
    adopter.read(environ).finish(app, app.response_class())
    assert first.get("/").text == "{}"
    assert second.get("/").text == "{'user': 'otto'}"


def test_session_that_has_timed_out_is_not_adopted(ini, monkeypatch):
    ini = {**ini, "beaker.session.timeout": "600"}
    old = _old_visit(ini, user="anna")
    real = __import__("time").time
    monkeypatch.setattr("beaker.session.time.time", lambda: real() + 601)
    environ = {"HTTP_COOKIE": f"shop={old.get_cookie('shop').value}"}
    assert adopter_for({**ini, SWITCH: True}).read(environ) is None


def test_adopter_warns_that_the_store_is_pickled(caplog):
    caplog.set_level(logging.DEBUG)
    adopter_for({SWITCH: "true", "beaker.session.data_dir": "data"})
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert record.getMessage().startswith(SWITCH)
    assert "can run code" in record.getMessage()


@pytest.mark.parametrize(
    ("configurations", "is_wanted"),
    [
        ((), False),
        (({},), False),
        (({SWITCH: "true"},), True),
        (({SWITCH: " On "},), True),
        (({SWITCH: "0"},), False),
        (({}, {"COMPATSHIM_SESSION_ADOPT_BEAKER": True}), True),
        (({SWITCH: "false"}, {"COMPATSHIM_SESSION_ADOPT_BEAKER": True}), False),
    ],
)
def test_switch(configurations, is_wanted):
    assert (adopter_for(*configurations) is not None) is is_wanted


def test_switch_that_is_neither_on_nor_off():
    with pytest.raises(ValueError, match=SWITCH):
        adopter_for({SWITCH: "perhaps"})


def test_options_that_make_no_session():
    with pytest.raises(BeakerOptionError):
        adopter_for({SWITCH: True, "beaker.session.type": "nothing"})


def test_beaker_is_not_installed(monkeypatch):
    modules = __import__("sys").modules
    monkeypatch.delitem(modules, "compatshim.sessions.beaker_options", raising=False)
    monkeypatch.setitem(modules, "beaker.util", None)
    with pytest.raises(MissingExtraError, match="beaker"):
        adopter_for({SWITCH: True})
    assert adopter_for({}) is None


def test_session_of_flask_is_left_alone_when_it_has_values(ini):
    site = NewSite({**ini, **OLD, SWITCH: "true"}, **APART)
    site.get("/flask", lambda _: session.update(user="otto"))
    old = _old_visit(ini, user="anna")
    site.take_cookies(old)
    assert site.get("/flask") == {"user": "otto"}
    assert old.get("/").text == "{'user': 'anna'}"


def test_session_too_large_for_a_cookie_stays_where_it_is(stored_ini, path, caplog):
    old = _old_visit(stored_ini, user="anna", text=secrets.token_hex(4000))
    site = NewSite({**stored_ini, SWITCH: "true"})
    site.take_cookies(old)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Werkzeug's, about the cookie
        site.get(path)
    assert "not adopted" in caplog.text
    assert old.get("/").text.startswith("{'user': 'anna'")


def test_session_that_is_said_to_be_unchanged_is_adopted_all_the_same(
    ini, path, other_path
):
    site = NewSite({**ini, SWITCH: "true"})
    site.take_cookies(_old_visit(ini, user="anna"))
    site.get(path, lambda session: setattr(session, "modified", False))
    assert site.get(other_path) == {"user": "anna"}
