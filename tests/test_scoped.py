"""compatshim.scoped: what is kept for a request, and never for longer."""

from __future__ import annotations

from contextlib import suppress

import pytest
from flask import Flask, current_app, g as flask_g
from flask.sessions import SecureCookieSessionInterface
from routes import Mapper
from werkzeug.local import LocalProxy

from compatshim import CompatShim, common
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.wsgiapp import PylonsApp
from compatshim.scoped import ScopedProxy, application_scope, request_scope
from compatshim.serving import LegacyRequest, legacy_request, serving_legacy
from compatshim.testing import legacy_request_context

OF_A_REQUEST = ["request", "session"]
KEPT = [*OF_A_REQUEST, "c", "g", "config"]


def build_app(name="sample"):
    config = PylonsConfig()
    config.init_app({}, {}, package=name)
    config["routes.map"] = mapper = Mapper()
    mapper.connect("/legacy", controller=WSGIController, action="index")
    app = Flask(name)
    app.secret_key = "for tests"
    CompatShim(app, legacy=PylonsApp(config))
    return app


CONTEXTS = {
    "flask": lambda app: app.test_request_context("/"),
    "legacy": lambda app: legacy_request_context(app, "/legacy"),
}


@pytest.fixture(params=CONTEXTS)
def context(request):
    """Return a function that makes a request of the framework current."""
    return CONTEXTS[request.param]


@pytest.fixture(params=CONTEXTS)
def inner_context(request):
    """Return the same for a request inside it."""
    return CONTEXTS[request.param]


def current(name):
    return getattr(common, name)._get_current_object()


@pytest.mark.parametrize("name", KEPT)
def test_an_object_stays_the_same_during_a_request(name, context):
    with context(build_app()):
        assert current(name) is current(name)


@pytest.mark.parametrize("name", ["request", "session", "c", "g"])
def test_an_inner_request_has_objects_of_its_own(name, context, inner_context):
    app, inner_app = build_app(), build_app("inner")
    with context(app):
        outer = current(name)
        with inner_context(inner_app):
            inner = current(name)
            assert inner is not outer
            assert current(name) is inner
        assert current(name) is outer


@pytest.mark.parametrize("name", OF_A_REQUEST)
def test_requests_that_share_an_application_context_do_not_share_these(name, context):
    app = build_app()
    with app.app_context():
        with context(app):
            first = current(name)
        with context(app):
            assert current(name) is not first


def test_an_application_context_inside_a_flask_request_brings_its_own_g_and_config():
    app, other = build_app(), build_app("other")
    with app.test_request_context("/"):
        common.c.name, config = "outer", current("config")
        with other.app_context():
            assert current("config") is not config
            assert not hasattr(common.c, "name")
            common.c.name = common.config["NAME"] = "inner"
            assert (flask_g.name, current_app.config["NAME"]) == ("inner", "inner")
        assert (common.c.name, common.g.name) == ("outer", "outer")
        assert current("config") is config


def test_an_application_context_inside_a_legacy_request_changes_nothing():
    app, other = build_app(), build_app("other")
    with legacy_request_context(app, "/legacy"):
        common.c.name, config = "outer", current("config")
        with other.app_context():
            assert common.c.name == "outer"
            assert current("config") is config


def test_what_is_kept_for_a_legacy_request_counts_in_the_contexts_lent_to_it():
    with legacy_request_context(build_app(), "/legacy"):
        before = {name: current(name) for name in KEPT}
        lent = legacy_request().flask_side.lend()
        assert lent.run(lambda: {name: current(name) for name in KEPT}) == before


def test_another_pass_of_a_request_has_its_own_request_and_the_same_names():
    with legacy_request_context(build_app(), "/legacy"):
        common.c.name, first = "value", current("request")
        again = legacy_request().again(dict(first.environ, PATH_INFO="/error"))
        with serving_legacy(again):
            assert (common.request.path, common.c.name) == ("/error", "value")
        assert current("request") is first


@pytest.mark.parametrize("name", KEPT)
def test_nothing_is_kept_where_no_context_is_current(name, context):
    with context(build_app()):
        current(name)
    assert request_scope() is application_scope() is None
    with suppress(RuntimeError):  # there is a configuration outside of requests, too
        assert current(name) is not None


def test_a_session_that_is_read_while_it_is_opened_is_the_one_that_is_opened():
    class Interface(SecureCookieSessionInterface):
        def open_session(self, app, request):
            with suppress(Exception):
                common.session.get("key")
            return super().open_session(app, request)

    app = build_app()
    app.session_interface = Interface()
    with app.test_request_context("/"):
        common.session["key"] = "value"
        assert common.session["key"] == "value"


def test_what_could_not_be_made_is_asked_for_again():
    made = iter([RuntimeError("not yet"), "value"])

    def make():
        value = next(made)
        if isinstance(value, Exception):
            raise value
        return value

    proxy = ScopedProxy("example", make, legacy_request)
    with serving_legacy(LegacyRequest({})):
        with pytest.raises(RuntimeError, match="not yet"):
            str(proxy)
        assert [str(proxy), str(proxy)] == ["value", "value"]


def test_without_a_scope_the_object_is_made_each_time():
    made = iter("ab")
    proxy = ScopedProxy("example", lambda: next(made), lambda: None)
    assert [str(proxy), str(proxy)] == ["a", "b"]


@pytest.mark.parametrize("name", KEPT)
def test_the_objects_are_local_proxies(name):
    assert issubclass(type(getattr(common, name)), LocalProxy)


def test_attributes_and_items_are_those_of_the_object():
    proxy = ScopedProxy("example", lambda: {"key": "value"}, lambda: None)
    assert proxy["key"] == proxy.get("key") == "value"
    with pytest.raises(KeyError, match="other"):
        proxy["other"]
    with pytest.raises(AttributeError, match="'dict' object has no attribute 'other'"):
        _ = proxy.other
