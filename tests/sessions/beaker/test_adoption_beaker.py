"""Beaker's sessions are taken over by the application's own session interface, once."""

from __future__ import annotations

import datetime
import logging
import secrets
import sys
import warnings
from decimal import Decimal

import pytest

from compatshim.common import session
from compatshim.errors import BeakerOptionError, MissingExtraError
from compatshim.sessions.adopters import adopter_for

pytestmark = pytest.mark.filterwarnings("ignore:Call to deprecated setex")

SWITCH = "compatshim.session.adopt_beaker"

# A new site that does not use the old one's secret and name of the cookie.
APART = {"SECRET_KEY": "a new secret", "SESSION_COOKIE_NAME": "new_shop"}
OLD = {f"{SWITCH}.secret": "a secret of old", f"{SWITCH}.key": "shop"}


@pytest.fixture
def make_new_site(make_site):
    """Return a function that makes the site that adopts, with Flask's own sessions."""

    def make(ini, config=None):
        return make_site({"TESTING": True, **(config or {})}, {SWITCH: "true", **ini})

    return make


@pytest.fixture
def new_site(make_new_site, ini):
    return make_new_site(ini)


@pytest.fixture
def anna(visit_old_site, ini):
    """A visitor of the old site who is logged in."""
    return visit_old_site(ini, user="anna")


def take_cookies(site, client):
    for cookie in client._cookies.values():
        site.client.set_cookie(
            cookie.key, cookie.value, domain=cookie.domain, path=cookie.path
        )


def values():
    """Return what is in the session, but for what is kept there about it."""
    return {key: session[key] for key in session if key[0] != "_"}


def cookie_names(site):
    return sorted(cookie.partition("=")[0] for cookie in site.cookies)


def test_visitor_of_the_old_site_is_logged_in_on_the_new_one(
    visit_old_site, new_site, ini, path, other_path
):
    expected = {"user": "anna", "roles": ["editor"]}
    take_cookies(new_site, visit_old_site(ini, **expected))
    assert new_site.get(path, values) == expected
    assert new_site.get(other_path, values) == expected


def test_session_is_adopted_once(
    visit_old_site, make_new_site, stored_ini, path, other_path
):
    old = visit_old_site(stored_ini, user="anna")
    site, again = make_new_site(stored_ini), make_new_site(stored_ini)
    for _ in range(2):
        take_cookies(again, old)
    take_cookies(site, old)
    assert site.get(path, values) == {"user": "anna"}
    site.get(other_path)  # which shows that the browser has the new cookie
    assert old.get("/").text == "{}"
    assert again.get(path, values) == {}


def test_reading_it_does_not_count_as_a_change(new_site, anna, path):
    take_cookies(new_site, anna)
    assert new_site.get(path, lambda: session.modified) is False
    assert new_site.get(path, values) == {"user": "anna"}


def test_what_was_changed_after_adoption_is_kept(new_site, anna, path):
    take_cookies(new_site, anna)
    new_site.get(path, lambda: session.update(user="otto"))
    assert new_site.get(path, values) == {"user": "otto"}
    new_site.get(path, lambda: session.clear())  # noqa: PLW0108 (a proxy)
    assert new_site.get(path, values) == {}


@pytest.mark.parametrize("value", [None, "false", "", False])
def test_nothing_is_adopted_unless_switched_on(make_site, anna, ini, path, value):
    site = make_site({}, {**ini, SWITCH: value} if value is not None else ini)
    take_cookies(site, anna)
    assert site.get(path, values) == {}
    assert anna.get("/").text == "{'user': 'anna'}"


def test_switched_on_in_flasks_configuration(make_site, anna, ini, path):
    site = make_site({"COMPATSHIM_SESSION_ADOPT_BEAKER": True}, ini)
    take_cookies(site, anna)
    assert site.get(path, values) == {"user": "anna"}


def test_failure_before_the_values_are_stored_loses_nothing(
    visit_old_site, make_new_site, stored_ini, path
):
    old = visit_old_site(stored_ini, user="anna")
    site = make_new_site(stored_ini)
    take_cookies(site, old)

    def fail():
        assert session["user"] == "anna"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        site.get(path, fail)
    assert old.get("/").text == "{'user': 'anna'}"
    assert site.get(path, values) == {"user": "anna"}


def test_site_with_another_secret_and_another_cookie(
    make_new_site, anna, ini, path, other_path
):
    """The old cookie is expired once the browser has shown the new one."""
    site = make_new_site({**ini, **OLD}, APART)
    take_cookies(site, anna)
    assert site.get(path, values) == {"user": "anna"}
    assert cookie_names(site) == ["new_shop"]
    assert site.get(other_path, values) == {"user": "anna"}
    (cookie,) = site.cookies
    assert cookie.startswith("shop=")
    assert "expires=" in cookie.lower()
    assert "Cookie" in site.response.vary
    assert site.get(path, values) == {"user": "anna"}
    assert site.cookies == []


def test_old_values_are_those_of_the_ini_where_flasks_hold(
    make_new_site, anna, ini, path
):
    site = make_new_site(ini, APART)
    take_cookies(site, anna)
    assert site.get(path, values) == {"user": "anna"}
    assert site.app.session_interface.get_cookie_name(site.app) == "new_shop"


def test_cookie_of_the_same_name_is_replaced(new_site, anna, path, other_path):
    take_cookies(new_site, anna)
    assert new_site.get(path, values) == {"user": "anna"}
    (cookie,) = new_site.cookies
    assert cookie.startswith("shop=")
    assert "expires" not in cookie.lower()
    assert new_site.get(other_path, values) == {"user": "anna"}
    assert new_site.cookies == []


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("cookie_domain", ".localhost", "omain=.localhost"),
        ("cookie_path", "/legacy", "ath=/legacy"),
    ],
)
def test_cookie_of_the_same_name_for_another_place_is_expired_at_once(
    visit_old_site, make_new_site, configure, name, value, shown
):
    ini = configure("file")
    old = visit_old_site({**ini, f"beaker.session.{name}": value}, user="anna")
    site = make_new_site({**ini, f"{SWITCH}.{name}": value})
    site.client.set_cookie("shop", old._cookies.popitem()[1].value)
    assert site.get("/legacy", values) == {"user": "anna"}
    (expired,) = (cookie for cookie in site.cookies if shown in cookie)
    assert "expires=" in expired.lower()
    assert len(site.cookies) == 2
    assert site.get("/legacy", values) == {"user": "anna"}


@pytest.mark.parametrize("cookie", ["x", "0" * 72, ""])
def test_cookie_that_names_no_session(new_site, path, cookie):
    new_site.client.set_cookie("shop", cookie)
    assert new_site.get(path) == {}
    assert new_site.cookies == []


def test_anonymous_visitors_get_no_cookie(new_site, path):
    for _ in range(100):
        assert new_site.get(path) == {}
        assert new_site.cookies == []


def test_values_that_no_session_keeps(
    visit_old_site, make_new_site, configure, path, caplog
):
    ini = configure("file")
    day = datetime.date(2026, 1, 2)
    old = visit_old_site(ini, user="anna", tags={"a"}, price=Decimal(1), day=day)
    site = make_new_site(ini)
    take_cookies(site, old)
    assert site.get(path, values) == {"user": "anna", "tags": ["a"]}
    said = [one for one in caplog.messages if one.startswith("Adopting")]
    assert sorted(said) == [
        "Adopting a Beaker session: session['day'] is left out, because no session"
        " keeps a datetime.date.",
        "Adopting a Beaker session: session['price'] is left out, because no session"
        " keeps a decimal.Decimal.",
        "Adopting a Beaker session: session['tags'] is converted from set to list.",
    ]


def test_session_of_which_nothing_is_kept_is_removed(
    visit_old_site, make_new_site, configure, path
):
    ini = configure("file")
    old = visit_old_site(ini, day=datetime.date(2026, 1, 2))
    site = make_new_site(ini)
    take_cookies(site, old)
    assert site.get(path) == {}
    assert old.get("/").text == "{}"


def test_session_of_flask_is_left_alone_when_it_has_values(make_new_site, anna, ini):
    site = make_new_site({**ini, **OLD}, APART)
    site.get("/flask", lambda: session.update(user="otto"))
    take_cookies(site, anna)
    assert site.get("/flask") == {"user": "otto"}
    assert anna.get("/").text == "{'user': 'anna'}"


@pytest.mark.parametrize("leave", ["clear", "invalidate", "delete"])
def test_who_ends_a_session_of_flasks_does_not_get_the_old_one(
    make_new_site, anna, ini, path, other_path, leave
):
    site = make_new_site({**ini, **OLD}, APART)
    site.get(path, lambda: session.update(user="otto"))
    take_cookies(site, anna)
    site.get(other_path, lambda: getattr(session, leave)())  # noqa: PLW0108 (a proxy)
    assert cookie_names(site) == ["new_shop", "shop"]
    assert site.get(path) == {}


def test_session_too_large_for_a_cookie_stays_where_it_is(
    visit_old_site, make_new_site, stored_ini, path, caplog
):
    old = visit_old_site(stored_ini, user="anna", text=secrets.token_hex(4000))
    site = make_new_site(stored_ini)
    take_cookies(site, old)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Werkzeug's, about the cookie
        site.get(path, lambda: session.update(user="otto"))
    assert "not adopted" in caplog.text
    assert old.get("/").text.startswith("{'user': 'anna'")


def test_session_that_is_said_to_be_unchanged_is_adopted_all_the_same(
    new_site, anna, path, other_path
):
    take_cookies(new_site, anna)
    new_site.get(path, lambda: setattr(session, "modified", False))
    assert new_site.get(other_path, values) == {"user": "anna"}


def test_session_that_is_reverted_is_adopted_all_the_same(new_site, anna, path):
    def view():
        session["user"] = "otto"
        session.revert()
        return values()

    take_cookies(new_site, anna)
    assert new_site.get(path, view) == {"user": "anna"}
    assert new_site.get(path, values) == {"user": "anna"}


def test_memcached_is_not_emptied(visit_old_site, make_new_site, configure, path):
    ini = configure("memcached")
    anna, otto = (visit_old_site(ini, user=name) for name in ("anna", "otto"))
    site = make_new_site(ini)
    take_cookies(site, anna)
    site.get(path, lambda: session.clear())  # noqa: PLW0108 (a proxy)
    assert anna.get("/").text == "{}"
    assert otto.get("/").text == "{'user': 'otto'}"


# The adopter by itself.


@pytest.fixture
def begin(visit_old_site, configure):
    """Return a function that begins the adoption of a session with some values."""

    def begin_with(store, keeps=None, **values):
        ini = configure(store)
        old = visit_old_site(ini, **values)
        environ = {"HTTP_COOKIE": f"shop={old.get_cookie('shop').value}"}
        return adopter_for({**ini, SWITCH: True}).begin(environ, {}, keeps)

    return begin_with


def test_values_that_the_new_interface_keeps_stay(begin):
    day = datetime.date(2026, 1, 2)
    assert begin("file", day=day).values == {}
    keeps = [datetime.date].__contains__
    adopting = begin("file", lambda value: keeps(type(value)), day=day)
    assert adopting.values == {"day": day}


def test_values_are_the_sessions_own(begin):
    adopting = begin("memcached", roles=["editor"])
    first, second = {}, {}
    adopting.fill(first)
    first["roles"].append("admin")
    adopting.fill(second)
    assert second["roles"] == ["editor"]


def test_session_that_has_timed_out_is_not_adopted(visit_old_site, ini, monkeypatch):
    ini = {**ini, "beaker.session.timeout": "600"}
    old = visit_old_site(ini, user="anna")
    real = __import__("time").time
    monkeypatch.setattr("beaker.session.time.time", lambda: real() + 601)
    environ = {"HTTP_COOKIE": f"shop={old.get_cookie('shop').value}"}
    assert adopter_for({**ini, SWITCH: True}).begin(environ, {}) is None


# Whether a site adopts.


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
    module = "compatshim.sessions.beaker_options"
    monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setitem(sys.modules, "beaker.util", None)
    with pytest.raises(MissingExtraError, match="beaker"):
        adopter_for({SWITCH: True})
    assert adopter_for({}) is None
