"""compatshim.testing: what a user's tests push."""

from __future__ import annotations

import flask
import pytest
from flask import Flask
from routes import Mapper

from compatshim import CompatShim, errors, legacy
from compatshim.common import c, is_flask_request, request, response, session, url_for
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.middleware import ErrorHandler, StatusCodeRedirect
from compatshim.legacy.wsgiapp import PylonsApp
from compatshim.testing import find_pylons_app, legacy_request_context


def build_legacy():
    config = PylonsConfig()
    config.init_app({}, {}, package="sample")
    config["routes.map"] = mapper = Mapper()
    mapper.connect("page", "/page/{name}", controller=WSGIController, action="index")
    return PylonsApp(config)


def build_app(**options):
    app = Flask("sample")
    app.secret_key = "for tests"
    CompatShim(app, **({"legacy": build_legacy()} | options))
    return app


@pytest.mark.parametrize("build", [build_app, build_legacy])
def test_the_request_is_what_was_asked_for(build):
    options = {"method": "POST", "data": {"b": "2"}, "headers": {"X-A": "3"}}
    with legacy_request_context(build(), "/page/x?a=1", **options):
        assert request.method == "POST"
        assert request.GET["a"] == request.args["a"] == "1"
        assert request.POST["b"] == request.form["b"] == "2"
        assert request.headers["X-A"] == "3"
        assert is_flask_request() is False
    assert not hasattr(request, "path")


@pytest.mark.parametrize("build", [build_app, build_legacy])
def test_the_pylons_objects_are_there(build):
    with legacy_request_context(build(), "/page/Zoé"):
        assert legacy.request.path_info == "/page/Zoé"
        assert legacy.request.environ["wsgiorg.routing_args"][1]["name"] == "Zoé"
        legacy.tmpl_context.name = "x"
        assert c.name == "x"
        assert response.status_int == 200
        assert url_for("page", name="y") == "/page/y"


def test_the_root_is_the_default_path():
    with legacy_request_context(build_app()):
        assert request.path == "/"


def test_flasks_application_context_is_there_and_no_request_context():
    app = build_app()
    with legacy_request_context(app):
        assert flask.current_app == app
        assert not flask.has_request_context()
        session["name"] = "x"
        assert session["name"] == "x"
        assert not flask.has_request_context()


@pytest.mark.parametrize("error", [None, ZeroDivisionError(), SystemExit()])
def test_it_is_torn_down_once_with_the_exception(error):
    app, torn_down = build_app(), []
    app.teardown_appcontext(torn_down.append)

    def run():
        with legacy_request_context(app):
            if error is not None:
                raise error

    if error is None:
        run()
    else:
        with pytest.raises(type(error)):
            run()
    assert torn_down == [error]


def test_an_application_without_a_shim():
    with (
        pytest.raises(errors.NotInitialisedError, match="'bare'") as caught,
        legacy_request_context(Flask("bare")),
    ):
        pass
    assert caught.value.app_name == "bare"


def test_a_legacy_application_that_is_any_wsgi_callable():
    app = build_app(legacy=lambda environ, start_response: [])
    with legacy_request_context(app, "/x"):
        c.name = "x"
        response.status = 404
        assert (request.path, flask.g.name) == ("/x", "x")


def test_a_wsgi_callable_with_a_mapper_has_its_routes():
    mapper = Mapper()
    mapper.connect("page", "/page/{name}")
    app = build_app(legacy=lambda environ, start_response: [], mapper=mapper)
    with legacy_request_context(app, "/page/x"):
        assert request.environ["wsgiorg.routing_args"][1] == {"name": "x"}
        assert url_for("page", name="y") == "/page/y"


def test_no_action_can_start_a_response():
    from compatshim.testing import _no_response

    with pytest.raises(AssertionError, match="No response is started"):
        _no_response("200 OK", [])


def test_a_path_that_no_route_matches():
    with legacy_request_context(build_app(), "/nowhere"):
        assert request.path == "/nowhere"


# A PylonsApp inside middleware.


class OwnPylonsApp(PylonsApp):
    def setup_app_env(self, environ, start_response):
        super().setup_app_env(environ, start_response)
        environ["pylons.pylons"].own = "own"


class Cascade:
    def __init__(self, *apps):
        self.apps = list(apps)

    def __call__(self, environ, start_response):
        raise AssertionError("no middleware is called")


def wrap_in_function(application):
    def middleware(environ, start_response):
        return application(environ, start_response)

    if application is None:
        del application
    return middleware


def hide(application):
    def middleware(environ, start_response, *, application=application):
        return application(environ, start_response)

    return middleware


MIDDLEWARE = {
    "none": lambda app: app,
    "one": StatusCodeRedirect,
    "two": lambda app: ErrorHandler(StatusCodeRedirect(app), {}),
    "debugger": lambda app: ErrorHandler(app, {"debug": True}),
    "cascade": lambda app: Cascade(lambda *_: [], StatusCodeRedirect(app)),
    "function": lambda app: StatusCodeRedirect(wrap_in_function(app)),
    "method": lambda app: StatusCodeRedirect(Cascade(app).__call__),
}


@pytest.mark.parametrize("wrap", [*MIDDLEWARE])
def test_pylons_app_inside_middleware_is_found(wrap):
    app = build_legacy()
    assert find_pylons_app(MIDDLEWARE[wrap](app)) is app


def test_middleware_that_refers_to_itself():
    middleware = Cascade()
    middleware.apps.append(middleware)
    assert find_pylons_app(middleware) is None


@pytest.mark.parametrize("build", ["with a shim", "alone"])
@pytest.mark.parametrize("wrap", [*MIDDLEWARE])
def test_pylons_objects_are_there_inside_middleware(wrap, build):
    pylons_app = OwnPylonsApp(build_legacy().config)
    app = MIDDLEWARE[wrap](pylons_app)
    if build == "with a shim":
        app = build_app(legacy=app, legacy_config=pylons_app.config)
    with legacy_request_context(app, "/page/x"):
        assert legacy.request.path_info == "/page/x"
        assert legacy.request.environ["pylons.pylons"].own == "own"
        assert legacy.request.environ["wsgiorg.routing_args"][1]["name"] == "x"
        assert url_for("page", name="y") == "/page/y"
        response.headers["X-A"] = "1"
        assert legacy.response.headers["X-A"] == "1"


def test_pylons_objects_are_there_where_middleware_hides_the_application():
    pylons_app = build_legacy()
    app = build_app(legacy=hide(pylons_app), legacy_config=pylons_app.config)
    with legacy_request_context(app, "/page/x"):
        assert legacy.request.path_info == "/page/x"
        legacy.tmpl_context.name = "x"
        assert c.name == "x"


def test_hidden_application_without_a_configuration_has_the_common_objects_only():
    app = build_app(legacy=hide(build_legacy()))
    with legacy_request_context(app, "/page/x"):
        assert request.path == "/page/x"
        with pytest.raises(errors.NoRequestError):
            legacy.request.path_info  # noqa: B018


@pytest.mark.parametrize(
    "build", [hide, lambda _: wrap_in_function(None), lambda _: "no application"]
)
def test_what_is_no_legacy_application(build):
    application = build(build_legacy())
    with (
        pytest.raises(
            errors.NotLegacyError, match="pass the PylonsApp itself"
        ) as caught,
        legacy_request_context(application),
    ):
        pass
    assert caught.value.application is application
