"""Both frameworks behind a CompatShim, with the legacy site's Beaker sessions."""

from __future__ import annotations

import datetime

import pytest
from flask import session as flask_session

from compatshim import errors
from compatshim.common import session
from compatshim.sessions.beaker import BeakerSessionInterface

pytestmark = pytest.mark.filterwarnings("ignore:Call to deprecated setex")


def site_of(make_site, ini, config=None):
    """Return a site whose sessions are those of the legacy site with this ``ini``."""
    interface = BeakerSessionInterface.from_config(ini)
    return make_site({"TESTING": True, **(config or {})}, ini, interface)


@pytest.fixture
def site(make_site, ini):
    return site_of(make_site, ini)


def test_what_the_old_site_wrote_both_read(site, ini, path, visit_old_site):
    old = visit_old_site(ini, user="anna")
    site.client.set_cookie("shop", old.get_cookie("shop").value)
    assert site.get(path) == {"user": "anna"}


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


def test_beakers_attributes_are_those_of_beaker(
    make_site, stored_ini, path, other_path
):
    site = site_of(make_site, stored_ini)

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


def test_pickled_sessions_keep_what_the_legacy_site_puts_into_them(
    make_site, configure, path
):
    site = site_of(make_site, configure("file"))
    values = {"tags": {"a"}, "day": datetime.date(2026, 1, 2)}
    site.get(path, lambda: session.update(values))
    assert site.get(path) == values


def test_json_sessions_refuse_what_they_would_change(make_site, configure, path):
    site = site_of(make_site, configure("file of JSON"))
    with pytest.raises(errors.SessionValueError):
        site.get(path, lambda: session.update(tags={"a"}))
    assert site.get(path) == {}


@pytest.fixture
def broken_site(make_site, configure, tmp_path):
    def make(**config):
        site = site_of(make_site, configure("SQL database"), config)
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
