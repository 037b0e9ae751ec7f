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
from compatshim.legacy.wsgiapp import PylonsApp
from compatshim.testing import legacy_request_context


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
