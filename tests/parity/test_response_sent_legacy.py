"""When a legacy response has begun: in controllers, under middleware, and alone."""

from __future__ import annotations

import flask
import pytest
import webob
from routes import Mapper
from werkzeug.test import create_environ

from compatshim import CompatShim
from compatshim.common import response, session, streaming_response
from compatshim.errors import NotForwardedError
from compatshim.legacy import response as pylons_response
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.controllers.util import forward
from compatshim.legacy.middleware import StatusCodeRedirect
from compatshim.legacy.wsgiapp import PylonsApp


def pylons_app(**actions):
    """Return an application that serves actions as ``/{name}``."""
    methods = {name: staticmethod(action) for name, action in actions.items()}
    config = PylonsConfig()
    config.init_app({}, {}, package="sample")
    config["routes.map"] = mapper = Mapper()
    controller = type("PageController", (WSGIController,), methods)
    mapper.connect("/{action}", controller=controller)
    mapper.connect("/error/document", controller=controller, action="document")
    return PylonsApp(config)


def site_of(legacy_app):
    """Return a Flask application beside which ``legacy_app`` serves."""
    app = flask.Flask("sample")
    app.config.update(TESTING=True, SECRET_KEY="secret")
    CompatShim(app, legacy=legacy_app)
    return app


def refused():
    """Return the name of what a header cannot be set on."""
    with pytest.raises(NotForwardedError) as caught:
        response.headers["X-Late"] = "1"
    assert caught.value.framework == "legacy"
    return caught.value.attribute


def stream_that_is_refused():
    return streaming_response(refused() for _ in "a")


def test_pylons_own_response_stays_as_it_is_in_pylons():
    def show():
        def stream():
            pylons_response.headers["X-Late"] = "1"
            pylons_response.status = 404
            pylons_response.body = b"x"
            yield "a"

        return streaming_response(stream())

    served = site_of(pylons_app(show=show)).test_client().get("/show")
    assert (served.status_code, served.text) == (200, "a")
    assert "X-Late" not in served.headers


def test_controller_that_starts_the_response_itself():
    def show(start_response):
        response.set_cookie("a", "1")
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [refused().encode()]

    served = site_of(pylons_app(show=show)).test_client().get("/show")
    assert served.text == "response.headers"
    assert served.headers["Set-Cookie"] == "a=1; Path=/"


def test_forward_begins_the_response():
    seen = []

    def after():
        seen.append(refused())

    members = {"show": lambda: forward(webob.Response("other")), "__after__": after}
    assert site_of(pylons_app(**members)).test_client().get("/show").text == "other"
    assert seen == ["response.headers"]


def test_after_method_comes_before_it():
    def after():
        response.headers["X-After"] = "1"

    members = {"show": lambda: "page", "__after__": after}
    served = site_of(pylons_app(**members)).test_client().get("/show")
    assert served.headers["X-After"] == "1"


def test_body_that_middleware_reads_before_it_starts_the_response():
    """It has the status and the headers by then."""
    inner = pylons_app(show=stream_that_is_refused)

    def reading(environ, start_response):
        started = []
        body = list(inner(environ, lambda *args: started.append(args)))
        start_response(*started[0])
        return body

    served = site_of(reading).test_client().get("/show")
    assert served.text == "response.headers"


def test_error_document_is_another_response():
    def show():
        response.status = 404
        return "page"

    def document():
        response.headers["X-Document"] = "1"
        return stream_that_is_refused()

    app = pylons_app(show=show, document=document)
    served = site_of(StatusCodeRedirect(app, (404,))).test_client().get("/show")
    assert (served.status_code, served.text) == (404, "response.headers")
    assert served.headers["X-Document"] == "1"


def test_handler_of_an_exception_begins_another_response():
    """While nothing of the body is sent, the one that was begun is given up."""
    seen = []

    def show():
        response.headers["X-Before"] = "1"
        session["a"] = 1
        return (1 / 0 for _ in "a")

    app = site_of(pylons_app(show=show))

    @app.errorhandler(ZeroDivisionError)
    def handle(_):
        response.headers["X-Handler"] = "1"
        response.status = 418
        return "handled"

    @app.teardown_request
    def tear_down(_):
        seen.append((response.status_int, refused()))

    started = []  # as a server does, which gets the second one with the exception
    body = app(create_environ("/show"), lambda *args: started.append(args))
    assert b"".join(body) == b"handled"
    status, headers, _ = started[-1]
    assert status[:3] == "418"
    assert {("X-Before", "1"), ("X-Handler", "1")} <= set(headers)
    assert seen == [(418, "response.headers")]


def test_legacy_application_alone():
    app = pylons_app(show=stream_that_is_refused)
    assert webob.Request.blank("/show").get_response(app).text == "response.headers"


@pytest.mark.parametrize("is_touched", [False, True])
def test_legacy_application_of_another_kind(is_touched):
    def legacy_app(environ, start_response):
        if is_touched:
            response.headers["X-Before"] = "1"
        start_response("201 Created", [("Content-Type", "text/plain")])
        return (f"{response.status_int} {refused()}".encode() for _ in "a")

    served = site_of(legacy_app).test_client().get("/show")
    assert served.text == "201 response.headers"
    assert ("X-Before" in served.headers) is is_touched
