"""An exception in a legacy request: Flask's error handling, and one teardown."""

from __future__ import annotations

import itertools
import logging
import traceback
from contextlib import contextmanager
from email import message_from_string
from io import BytesIO
from logging.handlers import SMTPHandler
from wsgiref.handlers import SimpleHandler

import flask
import pytest
from flask import Flask, got_request_exception
from routes import Mapper
from webob import Response
from webob.exc import HTTPConflict, HTTPForbidden
from werkzeug.exceptions import (
    Conflict,
    Forbidden,
    HTTPException,
    InternalServerError,
)
from werkzeug.test import Client as WSGIClient, create_environ

from compatshim import CompatShim
from compatshim.common import (
    abort,
    c,
    is_flask_request,
    redirect,
    request,
    response,
    session,
)
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.controllers.util import abort as pylons_abort
from compatshim.legacy.middleware import ErrorHandler, StatusCodeRedirect
from compatshim.legacy.wsgiapp import PylonsApp

SIDES = ["flask", "legacy"]


class SpecialError(Exception):
    """What the tests raise."""


def build_app(*, actions=None, middleware=None, mapper_options=None, **options):
    """Return a Flask application that serves actions as ``/{side}/{name}``.

    ``middleware`` is put around the legacy application; ``mapper_options`` are those of
    further routes.
    """
    actions = actions or {"fail": fail}
    methods = {name: staticmethod(action) for name, action in actions.items()}
    config = PylonsConfig()
    config.init_app({}, {}, package="sample")
    config["routes.map"] = mapper = Mapper()
    mapper.connect("/legacy/{action}", controller=type("C", (WSGIController,), methods))
    for path, route_options in (mapper_options or {}).items():
        mapper.connect(path, **route_options)
    app = Flask("sample")
    app.secret_key = "for tests"
    app.config.update(options)
    for name, action in actions.items():
        app.add_url_rule(f"/flask/{name}", name, action)
    legacy_app = PylonsApp(config)
    if middleware is not None:
        legacy_app = middleware(legacy_app)
    CompatShim(app, legacy=legacy_app, legacy_config=config)
    return app


def fail():
    c.name = "failing"
    raise SpecialError("the original")


def teardowns_of(app):
    """Return a list that grows with each teardown of ``app``."""
    torn_down = []
    app.teardown_appcontext(torn_down.append)
    return torn_down


@contextmanager
def signals_of(app):
    """Return a list of the exceptions that are signalled."""
    found = []

    def receive(sender, exception, **_):
        found.append((sender, exception))

    with got_request_exception.connected_to(receive, app):
        yield found


def bodies_failing_at(step):
    """Return an action whose body fails at its first or second chunk."""

    def action():
        if step == 1:
            raise SpecialError("in the body")
        yield b"first "
        raise SpecialError("in the body")

    return action


def get(app, path):
    """Return the answer to a test client that has read it all."""
    return app.test_client().get(path, buffered=True)


def serve(app, path):
    """Return status, headers and body as a server sends them, by PEP 3333."""
    handler = SimpleHandler(BytesIO(), BytesIO(), BytesIO(), create_environ(path))
    handler.run(app)
    head, _, body = handler.stdout.getvalue().partition(b"\r\n\r\n")
    status, _, headers = head.decode().partition("\r\n")
    return status.removeprefix("HTTP/1.0 "), message_from_string(headers), body.decode()


def start(app, path):
    """Call ``app`` as a server does; return what it returned, and the calls."""
    calls = []
    return app(create_environ(path), lambda *args: calls.append(args)), calls


# Teardown.


@pytest.mark.parametrize("side", SIDES)
def test_teardown_runs_once_without_an_exception(side):
    app = build_app(actions={"index": lambda: "ok"})
    torn_down = teardowns_of(app)
    assert get(app, f"/{side}/index").text == "ok"
    assert torn_down == [None]


@pytest.mark.parametrize("path", ["/nowhere", "/legacy/no_such_action"])
def test_teardown_runs_once_for_what_is_not_found(path):
    app = build_app()
    torn_down = teardowns_of(app)
    assert get(app, path).status_code == 404
    assert torn_down == [None]


@pytest.mark.parametrize("side", SIDES)
def test_teardown_runs_once_with_the_unhandled_exception(side):
    app = build_app()
    torn_down = teardowns_of(app)
    assert get(app, f"/{side}/fail").status_code == 500
    (error,) = torn_down
    assert type(error) is SpecialError


@pytest.mark.parametrize("side", SIDES)
def test_teardown_has_run_when_the_error_page_is_returned(side):
    app = build_app()
    torn_down = teardowns_of(app)
    start(app, f"/{side}/fail")
    assert len(torn_down) == 1


@pytest.mark.parametrize("side", SIDES)
def test_teardown_after_a_handled_exception_is_the_same_on_both_sides(side):
    """An exception for which a handler is registered is none to the teardown."""
    app = build_app()
    app.register_error_handler(SpecialError, lambda error: ("handled", 418))
    torn_down = teardowns_of(app)
    assert get(app, f"/{side}/fail").status_code == 418
    assert torn_down == [None]


@pytest.mark.parametrize("side", SIDES)
def test_teardown_runs_once_where_the_exception_is_propagated(side):
    app = build_app(TESTING=True)
    torn_down = teardowns_of(app)
    with pytest.raises(SpecialError) as caught:
        get(app, f"/{side}/fail")
    assert torn_down == [caught.value]


def test_teardown_of_a_list_runs_before_the_return():
    app = build_app(actions={"index": lambda: "ok"})
    torn_down = teardowns_of(app)
    start(app, "/legacy/index")
    assert torn_down == [None]


@pytest.mark.parametrize("step", [1, 2])
def test_teardown_has_the_exception_of_the_body(step):
    app = build_app(actions={"stream": bodies_failing_at(step)})
    torn_down = teardowns_of(app)
    iterable, _ = start(app, "/legacy/stream")
    assert torn_down == []
    try:
        list(iterable)
    except SpecialError:
        assert step == 2
    (error,) = torn_down
    assert type(error) is SpecialError
    iterable.close()
    assert len(torn_down) == 1


@pytest.mark.parametrize("stop", [SystemExit, KeyboardInterrupt, GeneratorExit])
def test_what_is_no_error_passes_through_and_is_torn_down(stop):
    def action():
        raise stop

    app = build_app(actions={"stop": action})
    torn_down = teardowns_of(app)
    with signals_of(app) as signals, pytest.raises(stop) as caught:
        start(app, "/legacy/stop")
    assert torn_down == [caught.value]
    assert signals == []


@pytest.mark.parametrize("side", SIDES)
def test_a_failing_teardown_leaves_no_context(side):
    app = build_app(actions={"index": lambda: "ok"})

    @app.teardown_appcontext
    def broken(error):
        raise SpecialError("in teardown")

    with pytest.raises(SpecialError, match="in teardown"):
        get(app, f"/{side}/index")
    assert not flask.has_app_context()


def test_a_failing_teardown_request_function_leaves_no_context():
    """It runs for the request context that the session has made Flask lend."""

    def index():
        session["name"] = "x"
        return "ok"

    app = build_app(actions={"index": index})
    torn_down = teardowns_of(app)

    @app.teardown_request
    def broken(error):
        raise SpecialError("in teardown")

    with pytest.raises(SpecialError, match="in teardown"):
        get(app, "/legacy/index")
    assert len(torn_down) == 1


def test_teardown_sees_the_legacy_request():
    def index():
        c.name = "x"
        return "ok"

    app = build_app(actions={"index": index})
    seen = []

    @app.teardown_appcontext
    def look(error):
        seen.append((request.path, c.name, flask.g.name, is_flask_request()))

    get(app, "/legacy/index")
    assert seen == [("/legacy/index", "x", "x", False)]


# Flask's error handling.


@pytest.mark.parametrize("side", SIDES)
def test_the_signal_has_the_original_exception_once(side):
    app = build_app()
    with signals_of(app) as signals:
        get(app, f"/{side}/fail")
    ((sender, error),) = signals
    assert sender is app
    assert type(error) is SpecialError


@pytest.mark.parametrize("side", SIDES)
def test_the_log_has_the_original_exception_once(side, caplog):
    app = build_app()
    get(app, f"/{side}/fail")
    (record,) = [entry for entry in caplog.records if entry.levelno >= logging.ERROR]
    assert record.name == app.logger.name
    assert f"Exception on /{side}/fail [GET]" in record.message
    assert record.exc_info[0] is SpecialError
    assert str(record.exc_info[1]) == "the original"


@pytest.mark.parametrize("side", SIDES)
def test_a_handler_for_the_class_of_the_exception(side):
    app = build_app()
    seen = []

    @app.errorhandler(SpecialError)
    def handle(error):
        seen.append((error, request.path, c.name))
        return f"handled {error}", 418, {"X-Handled": "yes"}

    with signals_of(app) as signals:
        answer = get(app, f"/{side}/fail")
    assert (answer.status_code, answer.text) == (418, "handled the original")
    assert answer.headers["X-Handled"] == "yes"
    ((error, path, name),) = seen
    assert error.__context__ is None
    assert (path, name) == (f"/{side}/fail", "failing")
    assert signals == []


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("key", [500, InternalServerError])
def test_a_handler_for_500_has_the_original_exception(key, side):
    app = build_app()
    app.register_error_handler(
        key, lambda error: (f"sorry: {error.original_exception}", 500)
    )
    answer = get(app, f"/{side}/fail")
    assert (answer.status_code, answer.text) == (500, "sorry: the original")


@pytest.mark.parametrize("side", SIDES)
def test_without_a_handler_flasks_own_page_is_the_answer(side):
    answer = get(build_app(), f"/{side}/fail")
    assert answer.status_code == 500
    assert "<title>500 Internal Server Error</title>" in answer.text
    assert "the original" not in answer.text


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("option", ["DEBUG", "TESTING", "PROPAGATE_EXCEPTIONS"])
def test_the_original_exception_is_propagated_with_its_traceback(option, side):
    app = build_app(**{option: True})
    with signals_of(app) as signals, pytest.raises(SpecialError) as caught:
        get(app, f"/{side}/fail")
    assert str(caught.value) == "the original"
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    frames = traceback.extract_tb(caught.value.__traceback__)
    assert frames[-1].name == "fail"
    assert [error for _, error in signals] == [caught.value]


@pytest.mark.parametrize("side", SIDES)
def test_the_debugger_shows_the_original_exception(side):
    from werkzeug.debug import DebuggedApplication

    app = build_app(DEBUG=True)
    debugged = DebuggedApplication(app, evalex=True, pin_security=False)
    iterable, calls = start(debugged, f"/{side}/fail")
    page = b"".join(iterable).decode()
    assert calls[0][0].startswith("500")
    assert "SpecialError: the original" in page
    assert "in fail" in page


@pytest.mark.parametrize("side", SIDES)
def test_a_failing_error_handler(side, caplog):
    app = build_app()

    @app.errorhandler(SpecialError)
    def handle(error):
        raise ZeroDivisionError("in the handler")

    torn_down = teardowns_of(app)
    answer = get(app, f"/{side}/fail")
    assert answer.status_code == 500
    assert len(torn_down) == 1
    logged = [record.exc_info[1] for record in caplog.records if record.exc_info]
    (error,) = logged
    assert type(error) is ZeroDivisionError
    assert type(error.__context__) is SpecialError


@pytest.mark.parametrize("side", SIDES)
def test_a_failing_handler_for_500(side):
    app = build_app()

    @app.errorhandler(500)
    def handle(error):
        raise ZeroDivisionError("in the handler")

    torn_down = teardowns_of(app)
    with pytest.raises(ZeroDivisionError):
        get(app, f"/{side}/fail")
    assert len(torn_down) == 1


@pytest.mark.parametrize(
    ("side", "raised"),
    list(itertools.product(SIDES, [Conflict, lambda: abort(409), HTTPConflict])),
)
def test_an_http_exception_of_either_library_is_an_answer(side, raised):
    def conflict():
        raise raised()

    app = build_app(actions={"conflict": conflict})
    torn_down = teardowns_of(app)
    with signals_of(app) as signals:
        assert get(app, f"/{side}/conflict").status_code == 409
    assert torn_down == [None]
    assert signals == []


def test_a_werkzeug_exception_in_a_legacy_action_reaches_its_handler():
    def conflict():
        raise Conflict("both")

    app = build_app(actions={"conflict": conflict})
    app.register_error_handler(409, lambda error: (f"handled {error.description}", 409))
    assert get(app, "/legacy/conflict").text == "handled both"


def test_trapped_http_exceptions_are_propagated():
    def conflict():
        raise Conflict

    app = build_app(
        actions={"conflict": conflict}, TRAP_HTTP_EXCEPTIONS=True, TESTING=True
    )
    with pytest.raises(HTTPException):
        get(app, "/legacy/conflict")


def test_an_error_handler_uses_the_legacy_requests_own_session_and_context():
    def action():
        c.name = session["name"] = "mine"
        raise SpecialError

    app = build_app(actions={"action": action})

    @app.errorhandler(SpecialError)
    def handle(error):
        seen = f"{flask.session['name']} {flask.g.name} {flask.request.path}"
        flask.session["handled"] = True
        return f"{seen} {is_flask_request()}"

    client = app.test_client()
    answer = client.get("/legacy/action")
    assert answer.text == "mine mine /legacy/action False"
    with client.session_transaction() as stored:
        assert dict(stored) == {"name": "mine", "handled": True}


@pytest.mark.parametrize("side", SIDES)
def test_what_the_failed_view_set_on_its_response_is_not_on_the_error_page(side):
    def action():
        response.headers["X-Half-Done"] = "yes"
        response.status = 201
        raise SpecialError

    answer = get(build_app(actions={"action": action}), f"/{side}/action")
    assert answer.status_code == 500
    assert "X-Half-Done" not in answer.headers


@pytest.mark.parametrize("side", SIDES)
def test_what_the_failed_view_set_on_its_response_is_on_the_page_of_a_handler(side):
    def action():
        response.headers["X-Trace"] = "12"
        response.text = "half a page"
        raise SpecialError

    app = build_app(actions={"action": action})
    app.register_error_handler(SpecialError, lambda _: ("handled", 418))
    answer = get(app, f"/{side}/action")
    assert (answer.status_code, answer.text) == (418, "handled")
    assert answer.headers["X-Trace"] == "12"


def test_middleware_that_copies_the_environ_does_not_hide_what_was_set():
    def action():
        session["name"] = "x"
        response.headers["X-Trace"] = "12"
        response.set_cookie("a", "1")
        raise SpecialError

    app = build_app(actions={"action": action})
    state = app.extensions["compatshim"]
    inner = state.legacy_app

    def copying(environ, start_response):
        return inner(dict(environ), start_response)

    state.legacy_app = copying
    app.register_error_handler(SpecialError, lambda _: ("handled", 418))
    answer = get(app, "/legacy/action")
    assert answer.headers["X-Trace"] == "12"
    assert "a=1; Path=/" in answer.headers.getlist("Set-Cookie")


def test_webob_exception_of_a_plain_wsgi_application_is_an_answer():
    def legacy(environ, start_response):
        raise HTTPConflict("both")

    app = Flask("sample")
    CompatShim(app, legacy=legacy)
    answer = get(app, "/anything")
    assert (answer.status_code, "both" in answer.text) == (409, True)


# When the exception comes too late for the answer, or nearly.


def test_an_exception_after_start_response_replaces_the_answer():
    def action(start_response):
        start_response("200 OK", [("Content-Type", "text/plain"), ("X-First", "1")])
        raise SpecialError("the original")

    app = build_app(actions={"action": action})
    iterable, calls = start(app, "/legacy/action")
    assert b"Internal Server Error" in b"".join(iterable)
    first, second = calls
    assert first[0] == "200 OK"
    assert second[0].startswith("500")
    assert second[2][0] is SpecialError
    assert "X-First" not in dict(second[1])


def test_an_exception_after_start_response_over_a_real_server():
    def action(start_response):
        start_response("200 OK", [("Content-Type", "text/plain"), ("X-First", "1")])
        raise SpecialError("the original")

    status, headers, body = serve(
        build_app(actions={"action": action}), "/legacy/action"
    )
    assert status.startswith("500")
    assert "Internal Server Error" in body
    assert "X-First" not in headers


def test_an_exception_after_start_response_over_the_test_client():
    """Werkzeug's client raises every exception that ``start_response`` is given."""

    def action(start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        raise SpecialError("the original")

    app = build_app(actions={"action": action})
    torn_down = teardowns_of(app)
    with pytest.raises(SpecialError) as caught:
        get(app, "/legacy/action")
    assert torn_down == [caught.value]


@pytest.mark.parametrize("returned", ["generator", "response"])
def test_an_exception_before_the_first_chunk_is_answered(returned):
    body = bodies_failing_at(1)
    action = body if returned == "generator" else lambda: Response(app_iter=body())
    app = build_app(actions={"action": action})
    app.register_error_handler(SpecialError, lambda error: (f"page: {error}", 418))
    torn_down = teardowns_of(app)
    status, headers, body_text = serve(app, "/legacy/action")
    assert (status[:3], body_text) == ("418", "page: in the body")
    assert "Content-Length" in headers
    assert len(torn_down) == 1


def test_an_unhandled_exception_before_the_first_chunk_is_logged_once(caplog):
    app = build_app(actions={"action": bodies_failing_at(1)})
    with signals_of(app) as signals:
        status, _headers, _body = serve(app, "/legacy/action")
    assert status.startswith("500")
    assert [type(error) for _, error in signals] == [SpecialError]
    assert len([record for record in caplog.records if record.exc_info]) == 1


def test_an_exception_after_the_first_chunk_is_logged_and_raised(caplog):
    app = build_app(actions={"action": bodies_failing_at(2)})
    app.register_error_handler(SpecialError, lambda error: "too late")
    torn_down = teardowns_of(app)
    iterable, calls = start(app, "/legacy/action")
    with signals_of(app) as signals:
        assert next(iterable) == b"first "
        with pytest.raises(SpecialError) as caught:
            next(iterable)
        assert list(iterable) == []
        iterable.close()
    assert signals == [(app, caught.value)]
    assert torn_down == [caught.value]
    assert [call[0] for call in calls] == ["200 OK"]
    logged = [record.exc_info[1] for record in caplog.records if record.exc_info]
    assert logged == [caught.value]


def test_a_body_that_fails_is_closed_once():
    closed = []

    class Body:
        def __iter__(self):
            return self

        def __next__(self):
            raise SpecialError

        def close(self):
            closed.append(request.path)

    app = build_app(actions={"action": Body})
    iterable, _ = start(app, "/legacy/action")
    assert b"Internal Server Error" in b"".join(iterable)
    iterable.close()
    assert closed == ["/legacy/action"]


def test_an_error_handler_that_streams_is_served_before_teardown():
    app = build_app()
    torn_down = teardowns_of(app)

    @app.errorhandler(SpecialError)
    def handle(error):
        def body():
            yield f"{c.name} "
            assert torn_down == []
            yield request.path

        return flask.Response(body(), 418)

    answer = get(app, "/legacy/fail")
    assert (answer.status_code, answer.text) == (418, "failing /legacy/fail")
    assert len(torn_down) == 1


def test_an_exception_in_start_response_of_the_server_is_not_hidden():
    app = build_app(actions={"index": lambda: "ok"}, PROPAGATE_EXCEPTIONS=True)
    torn_down = teardowns_of(app)

    def start_response(*_):
        raise SpecialError("of the server")

    with pytest.raises(SpecialError, match="of the server"):
        app(create_environ("/legacy/index"), start_response)
    assert len(torn_down) == 1


def test_an_exception_of_a_legacy_application_that_is_no_pylons_app():
    def legacy(environ, start_response):
        raise SpecialError("the original")

    app = Flask("sample")
    CompatShim(app, legacy=legacy)
    app.register_error_handler(SpecialError, lambda error: (str(error), 418))
    assert get(app, "/anything").text == "the original"


def test_the_next_request_knows_nothing_of_the_failed_one():
    app = build_app(actions={"fail": fail, "look": lambda: str(hasattr(c, "name"))})
    client = app.test_client()
    client.get("/legacy/fail")
    assert client.get("/legacy/look").text == "False"
    assert client.get("/flask/look").text == "False"


def test_flasks_after_request_functions_stay_on_flask_requests():
    """Also where Flask makes the page: what they rely on was not set up before."""
    app = build_app()

    @app.after_request
    def add(answer):
        answer.headers["X-After"] = "yes"
        return answer

    answers = [get(app, f"/{side}/fail") for side in SIDES]
    assert [answer.headers.get("X-After") for answer in answers] == ["yes", None]


# One place for errors: HTTP exceptions pass the registered handlers on both sides.

ABORTS = {
    "common": lambda: abort(403, "stop"),
    "Pylons": lambda: pylons_abort(403, "stop"),
    "Flask": lambda: flask.abort(403, "stop"),
    "WebOb": lambda: raise_(HTTPForbidden("stop")),
}


def raise_(error):
    raise error


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("stop", ABORTS.values(), ids=ABORTS)
@pytest.mark.parametrize("key", [403, Forbidden, HTTPException, Exception])
def test_abort_passes_the_registered_handler(key, stop, side):
    app = build_app(actions={"stop": stop})
    seen = []

    def handle(error):
        seen.append(error)
        return f"{error.code} {error.description} {request.path} {c.get('name')}", 409

    app.register_error_handler(key, handle)
    torn_down = teardowns_of(app)
    answer = get(app, f"/{side}/stop")
    assert (answer.status_code, answer.text) == (409, f"403 stop /{side}/stop None")
    (error,) = seen
    assert isinstance(error, Forbidden)
    assert torn_down == [None]


@pytest.mark.parametrize("side", SIDES)
def test_a_handler_for_another_error_changes_nothing(side):
    app = build_app(actions={"stop": lambda: abort(403, "stop")})
    app.register_error_handler(404, lambda error: "handled")
    answer = get(app, f"/{side}/stop")
    assert answer.status_code == 403
    assert "stop" in answer.text


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(
    "stop",
    [lambda: redirect("/new"), lambda: abort(302, headers={"Location": "/new"})],
)
def test_no_handler_sees_a_redirect(stop, side):
    app = build_app(actions={"stop": stop})
    app.register_error_handler(Exception, lambda error: "handled")
    answer = get(app, f"/{side}/stop")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/new")


@pytest.mark.parametrize("side", SIDES)
def test_the_page_of_a_handler_has_what_was_set_before(side):
    def stop():
        response.headers["X-Trace"] = "12"
        response.headers["X-Both"] = "view"
        response.set_cookie("a", "1")
        response.text = "half a page"
        session["b"] = 2
        abort(403)

    def handle(error):
        response.set_cookie("c", "3")
        return "handled", 409, {"X-Both": "handler"}

    app = build_app(actions={"stop": stop})
    app.register_error_handler(403, handle)
    client = app.test_client()
    answer = client.get(f"/{side}/stop")
    assert (answer.status_code, answer.text) == (409, "handled")
    assert answer.headers["X-Trace"] == "12"
    assert answer.headers.getlist("X-Both") == ["handler"]
    cookies = sorted(item[:4] for item in answer.headers.getlist("Set-Cookie"))
    assert cookies == ["a=1;", "c=3;", "sess"]
    with client.session_transaction() as stored:
        assert dict(stored) == {"b": 2}


@pytest.mark.parametrize("side", SIDES)
def test_a_handler_that_fails_is_a_500(side, caplog):
    app = build_app(actions={"stop": lambda: abort(403)})
    app.register_error_handler(403, lambda error: fail())
    torn_down = teardowns_of(app)
    with signals_of(app) as signals:
        assert get(app, f"/{side}/stop").status_code == 500
    assert [type(error) for _, error in signals] == [SpecialError]
    assert [type(error) for error in torn_down] == [SpecialError]
    assert len([record for record in caplog.records if record.exc_info]) == 1


@pytest.mark.parametrize("side", SIDES)
def test_a_handler_may_return_the_error_itself(side):
    app = build_app(actions={"stop": lambda: abort(403, "stop")})
    app.register_error_handler(HTTPException, lambda error: error)
    answer = get(app, f"/{side}/stop")
    assert answer.status_code == 403
    assert "stop" in answer.text


@pytest.mark.parametrize("side", SIDES)
def test_what_is_returned_is_an_answer_and_no_error(side):
    app = build_app(actions={"stop": lambda: HTTPForbidden("stop")})
    app.register_error_handler(403, lambda error: "handled")
    answer = get(app, f"/{side}/stop")
    assert (answer.status_code, "stop" in answer.text) == (403, True)


@pytest.mark.parametrize(
    "path", ["/nowhere", "/legacy/no_such_action", "/legacy/_private", "/empty"]
)
def test_what_is_not_found_has_one_page(path):
    app = build_app(mapper_options={"/empty": {}})
    app.register_error_handler(404, lambda error: (f"no {request.path}", 404))
    answer = get(app, path)
    assert (answer.status_code, answer.text) == (404, f"no {path}")


def test_the_functions_around_an_action_pass_handlers_too():
    app = build_app(
        actions={"show": lambda: "page", "__before__": lambda: stop_if("before")}
    )
    app.register_error_handler(403, lambda error: (f"handled {error.description}", 409))
    assert get(app, "/legacy/show").text == "page"
    assert get(app, "/legacy/show?stop=before").text == "handled before"
    app = build_app(
        actions={"show": lambda: "page", "__after__": lambda: stop_if("after")}
    )
    app.register_error_handler(403, lambda error: (f"handled {error.description}", 409))
    assert get(app, "/legacy/show?stop=after").text == "handled after"


def stop_if(where):
    if request.params.get("stop") == where:
        abort(403, where)


def test_after_an_action_the_page_of_the_handler_can_be_changed():
    def after():
        assert response.status_int == 409
        response.headers["X-After"] = "yes"

    app = build_app(actions={"stop": lambda: abort(403), "__after__": after})
    app.register_error_handler(403, lambda error: ("handled", 409))
    answer = get(app, "/legacy/stop")
    assert (answer.text, answer.headers["X-After"]) == ("handled", "yes")


def test_without_a_handler_no_request_context_is_made():
    app = build_app(actions={"stop": lambda: abort(403)})
    torn_down = []
    app.teardown_request(torn_down.append)
    assert get(app, "/legacy/stop").status_code == 403
    assert torn_down == []


def test_middleware_of_the_legacy_application_sees_an_answer():
    """No exception: repoze.who asks for a login where it sees a 401."""
    seen = []

    def middleware(inner):
        def call(environ, start_response):
            def start(status, headers, *exc_info):
                seen.append(status)
                return start_response(status, headers, *exc_info)

            return inner(environ, start)

        return call

    app = build_app(actions={"stop": lambda: abort(401)}, middleware=middleware)
    app.register_error_handler(401, lambda error: ("handled", 401))
    assert get(app, "/legacy/stop").text == "handled"
    assert seen == ["401 UNAUTHORIZED"]


@pytest.mark.parametrize("side", SIDES)
def test_html_or_json_by_what_the_client_accepts(side):
    app = build_app(actions={"stop": lambda: abort(403, "stop"), "fail": fail})

    @app.errorhandler(HTTPException)
    def answer(error):
        kinds = ["text/html", "application/json"]
        if request.accept_mimetypes.best_match(kinds) == "application/json":
            return {"error": error.description}, error.code
        return f"<h1>{error.code}</h1>", error.code

    for path, status in {"stop": 403, "fail": 500, "nothing": 404}.items():
        for accept, kind in {
            "application/json": "application/json",
            "text/html,*/*;q=0.8": "text/html",
        }.items():
            got = app.test_client().get(f"/{side}/{path}", headers={"Accept": accept})
            assert (got.status_code, got.mimetype) == (status, kind)


@pytest.mark.parametrize("side", SIDES)
def test_error_mails_are_sent_for_either(side, mails):
    app = build_app()
    handler = SMTPHandler("mail", "site@example.org", ["admin@example.org"], "Failed")
    handler.setLevel(logging.ERROR)
    app.logger.addHandler(handler)
    try:
        get(app, f"/{side}/fail")
        get(app, f"/{side}/nothing")
    finally:
        app.logger.removeHandler(handler)
    (mail,) = mails
    assert (mail["To"], mail["Subject"]) == ("admin@example.org", "Failed")
    assert f"Exception on /{side}/fail [GET]" in mail.get_content()
    assert "SpecialError: the original" in mail.get_content()


# Legacy applications that bring error pages of their own.


def with_own_pages(app):
    """Wrap a legacy application as Pylons' project template does in production."""
    app = ErrorHandler(app, {"debug": "false"}, error_message="legacy page")
    return StatusCodeRedirect(app, [403, 404, 500], path="/legacy/document")


def document():
    return f"document {request.environ['pylons.original_response'].status_int}"


OWN_ACTIONS = {"stop": lambda: abort(403), "fail": fail, "document": document}


def test_a_registered_handler_comes_before_the_legacy_applications_pages(caplog):
    app = build_app(actions=OWN_ACTIONS, middleware=with_own_pages)
    app.register_error_handler(403, lambda error: ("handled", 403))
    app.register_error_handler(500, lambda error: ("sorry", 500))
    with signals_of(app) as signals:
        assert get(app, "/legacy/stop").text == "handled"
        assert get(app, "/legacy/fail").text == "sorry"
    assert len(signals) == 1
    (record,) = [record for record in caplog.records if record.exc_info]
    assert record.name == app.logger.name


def test_without_one_the_error_document_is_the_answer():
    app = build_app(actions=OWN_ACTIONS, middleware=with_own_pages)
    answer = get(app, "/legacy/stop")
    assert (answer.status_code, answer.text) == (403, "document 403")


def test_they_are_kept_where_the_configuration_says_so(caplog):
    app = build_app(
        actions=OWN_ACTIONS,
        middleware=with_own_pages,
        COMPATSHIM_KEEP_LEGACY_ERROR_PAGES=True,
    )
    app.register_error_handler(HTTPException, lambda error: ("handled", 403))
    with signals_of(app) as signals:
        assert get(app, "/legacy/stop").text == "document 403"
        assert get(app, "/legacy/fail").text == "document 500"
        assert get(app, "/flask/stop").text == "handled"
    assert signals == []
    (record,) = [record for record in caplog.records if record.exc_info]
    assert record.name == "compatshim.legacy._error_page"


@pytest.mark.parametrize("keep", [True, False])
def test_the_legacy_debugger_stands_back_unless_it_is_kept(keep):
    app = build_app(
        actions={"fail": fail},
        middleware=lambda app: ErrorHandler(app, {"debug": "true"}),
        COMPATSHIM_KEEP_LEGACY_ERROR_PAGES=keep,
        PROPAGATE_EXCEPTIONS=False,
    )
    assert ("SpecialError" in get(app, "/legacy/fail").text) is keep


def test_alone_a_legacy_application_has_its_own_pages():
    config = PylonsConfig()
    config.init_app({}, {}, package="sample")
    config["routes.map"] = mapper = Mapper()
    methods = {name: staticmethod(action) for name, action in OWN_ACTIONS.items()}
    mapper.connect("/legacy/{action}", controller=type("C", (WSGIController,), methods))
    client = WSGIClient(with_own_pages(PylonsApp(config)))
    assert client.get("/legacy/stop").text == "document 403"
    assert client.get("/legacy/fail").text == "document 500"
