"""``session``: Flask's attributes and Beaker's, on both sides."""

from __future__ import annotations

import datetime

import flask
import pytest

from compatshim.common import session
from compatshim.errors import NotForwardedError


def login():
    session["user"] = "ann"


@pytest.fixture
def visited(make_site, other):
    """Return a site whose visitor has a session, and what a view of it gives."""

    def open_with(view, config=None):
        site = make_site(config)
        site.add("/login", login, framework=other)
        site.add("/view", view)
        site.add("/read", lambda: dict(session), framework=other)
        site.open("/login")
        return site, site.open("/view")

    return open_with


# One object.


def test_session_is_one_object_in_a_request(serve):
    def view():
        return session._get_current_object() is session._get_current_object()

    assert serve(view).result is True


def test_legacy_name_is_the_same_object(make_site):
    from compatshim import legacy

    site = make_site()
    site.framework = "legacy"
    site.add(
        "/page",
        lambda: legacy.session._get_current_object() is session._get_current_object(),
    )
    assert site.open("/page").result is True


# A mapping.

MAPPING = {
    "reversed": (lambda: list(reversed(session)), ["user"]),
    "or": (lambda: session | {"b": 1}, {"user": "ann", "b": 1}),
    "reflected or": (
        lambda: {"b": 1} | session._get_current_object(),
        {"user": "ann", "b": 1},
    ),
    "equal": (lambda: session == {"user": "ann"}, True),
    "copy": (lambda: session.copy(), {"user": "ann"}),  # noqa: PLW0108 (a proxy)
    "has_key": (lambda: (session.has_key("user"), session.has_key("b")), (True, False)),
    "pop with default": (lambda: session.pop("b", None), None),
    "popitem": (lambda: session.popitem(), ("user", "ann")),  # noqa: PLW0108
    "items": (lambda: list(session.items()), [("user", "ann")]),
    "truth": (lambda: bool(session), True),
    "clear": (lambda: session.clear() or dict(session), {}),
    "setdefault of what is there": (lambda: session.setdefault("user", {1}), "ann"),
    "update operator": (
        lambda: session.__ior__({"b": 1}) and dict(session),
        {"user": "ann", "b": 1},
    ),
}


@pytest.mark.parametrize(("view", "expected"), MAPPING.values(), ids=MAPPING)
def test_mapping(visited, view, expected):
    _, served = visited(view)
    assert served.result == expected


@pytest.mark.parametrize("view", [lambda: session.pop("b"), lambda: session["b"]])
def test_missing_key_is_a_key_error(visited, view):
    def expect():
        with pytest.raises(KeyError, match="b"):
            view()

    visited(expect)


def test_missing_attribute_is_an_attribute_error(visited):
    assert visited(lambda: hasattr(session, "no_such_attribute"))[1].result is False


# Beaker's methods.


@pytest.mark.parametrize("method", ["save", "persist"])
def test_saving_an_empty_session_stores_nothing(serve, method):
    served = serve(lambda: getattr(session, method)())  # noqa: PLW0108 (a proxy)
    assert "Set-Cookie" not in served.response.headers


def test_saving_what_was_only_read_stores_nothing(visited):
    _, served = visited(lambda: session.save(accessed_only=True))
    assert "Set-Cookie" not in served.response.headers


@pytest.mark.parametrize("method", ["invalidate", "delete"])
def test_ending_an_empty_session_sends_no_cookie(serve, method):
    served = serve(lambda: getattr(session, method)())  # noqa: PLW0108 (a proxy)
    assert "Set-Cookie" not in served.response.headers


@pytest.mark.parametrize("method", ["invalidate", "delete"])
def test_what_is_set_after_the_end_begins_a_session(visited, method):
    def view():
        getattr(session, method)()
        session["user"] = "bob"

    site, _ = visited(view)
    assert site.open("/read").result == {"user": "bob"}


def test_revert_goes_back_to_what_was_loaded(visited):
    def view():
        session["user"] = "bob"
        session["more"] = [1]
        session.revert()
        return dict(session), session.modified

    site, served = visited(view)
    assert served.result == ({"user": "ann"}, False)
    assert "Set-Cookie" not in served.response.headers
    assert site.open("/read").result == {"user": "ann"}


def test_revert_goes_back_inside_of_values(make_site):
    site = make_site()
    site.add("/write", lambda: session.__setitem__("list", [1]))

    def view():
        session["list"].append(2)
        session.revert()
        return session["list"]

    site.add("/view", view)
    site.open("/write")
    assert site.open("/view").result == [1]


def test_revert_after_the_end_keeps_the_session(visited):
    def view():
        session.invalidate()
        session.revert()

    site, _ = visited(view)
    assert site.open("/read").result["user"] == "ann"


def test_revert_of_no_session(serve):
    def view():
        session["user"] = "ann"
        session.revert()

    assert "Set-Cookie" not in serve(view).response.headers


def test_revert_without_a_secret_key(serve):
    assert serve(lambda: session.revert(), config={"SECRET_KEY": None}).error is None  # noqa: PLW0108


# Beaker's attributes.


def test_id_of_a_visitor_without_a_session_stores_nothing(serve):
    def view():
        return session.id, session.id

    served = serve(view)
    first, second = served.result
    assert first == second
    assert len(first) >= 32
    assert "Set-Cookie" not in served.response.headers


def test_id_of_visitors_without_a_session_is_never_the_same(make_site):
    site = make_site()
    site.add("/id", lambda: session.id)
    assert len({site.open("/id").result for _ in range(5)}) == 5


@pytest.mark.parametrize("order", ["id first", "values first"])
def test_id_stays_the_same_once_the_session_is_stored(make_site, other, order):
    site = make_site()

    def view():
        if order == "values first":
            login()
        kept = session.id
        login()
        return kept

    site.add("/login", view)
    site.add("/id", lambda: session.id, framework=other)
    assert (
        site.open("/login").result == site.open("/id").result == site.open("/id").result
    )


def test_id_of_a_session_that_had_none_stays_the_same(visited, other):
    site, served = visited(lambda: session.id)
    assert site.open("/view").result == served.result


@pytest.mark.parametrize("method", ["invalidate", "regenerate_id"])
def test_id_is_renewed(visited, method):
    def view():
        before = session.id
        getattr(session, method)()
        login()
        return before, session.id

    site, served = visited(view)
    before, after = served.result
    assert before != after
    assert site.open("/view").result[0] == after


def test_values_stay_when_the_id_is_renewed(visited):
    site, _ = visited(lambda: session.regenerate_id())  # noqa: PLW0108 (a proxy)
    assert site.open("/read").result["user"] == "ann"


def test_is_new(visited):
    def view():
        before = session.is_new
        session["b"] = 1
        return before, session.is_new

    _, served = visited(view)
    assert served.result == (False, False)


def test_is_new_for_a_visitor_without_a_session(serve):
    def view():
        before = session.is_new
        login()
        return before, session.is_new

    assert serve(view).result == (True, True)


@pytest.mark.parametrize("name", ["created", "last_accessed"])
def test_times_that_the_interface_does_not_keep_are_none(visited, name):
    assert visited(lambda: getattr(session, name))[1].result is None


def test_attributes_that_the_configuration_decides(visited):
    config = {
        "SESSION_COOKIE_NAME": "visit",
        "SESSION_COOKIE_PATH": "/",
        "SESSION_COOKIE_HTTPONLY": False,
        "SESSION_COOKIE_SAMESITE": "Strict",
    }
    names = ("key", "path", "domain", "secure", "httponly", "samesite")
    _, served = visited(lambda: [getattr(session, name) for name in names], config)
    assert served.result == ["visit", "/", None, False, False, "Strict"]


def test_timeout_is_that_of_a_permanent_session(visited):
    def view():
        before = session.timeout
        session.permanent = True
        return before, session.timeout

    config = {"PERMANENT_SESSION_LIFETIME": datetime.timedelta(minutes=1)}
    assert visited(view, config)[1].result == (None, 60)


@pytest.mark.parametrize(
    "name", ["get_by_id", "load", "lock", "unlock", "cookie_expires"]
)
def test_what_only_beaker_can_do_says_what_to_use(visited, framework, name):
    def view():
        with pytest.raises(NotForwardedError) as caught:
            getattr(session, name)
        return caught.value

    error = visited(view)[1].result
    assert (error.attribute, error.framework) == (f"session.{name}", framework)
    assert error.instead


@pytest.mark.parametrize("name", ["path", "domain", "key", "cookie_expires"])
def test_what_the_configuration_decides_cannot_be_set(visited, name):
    def view():
        with pytest.raises(NotForwardedError, match=r"app\.config"):
            setattr(session, name, "value")

    visited(view)


# Flask's attributes, and those of the interface's own class.


def test_attribute_of_the_interfaces_own_session(visited):
    def view():
        session.own_attribute = 1
        before = session.own_attribute
        del session.own_attribute
        return before, hasattr(session, "own_attribute")

    assert visited(view)[1].result == (1, False)


def test_permanent_is_read_by_the_other_side(make_site, other):
    site = make_site()

    def view():
        login()
        session.permanent = True

    site.add("/login", view)
    site.add("/read", lambda: session.permanent, framework=other)
    site.open("/login")
    assert site.open("/read").result is True


def test_repr_shows_no_value(visited):
    assert visited(lambda: repr(session))[1].result == "<Session of 1 keys>"


@pytest.mark.parametrize("framework", ["flask"])
def test_session_of_an_application_without_compatshim(make_site):
    app = flask.Flask("plain")
    app.secret_key = "secret"
    with app.test_request_context():
        session["a"] = 1
        assert flask.session["a"] == session["a"] == 1
