"""Hooks around legacy applications of every kind, and Flask's own on legacy requests."""

from __future__ import annotations

import logging
from io import BytesIO
from wsgiref.handlers import SimpleHandler
from wsgiref.validate import validator

import flask
import pytest
from flask import Flask
from routes import Mapper
from werkzeug.test import create_environ

from compatshim import CompatShim
from compatshim.common import abort, c, is_flask_request, request, response, session
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.controllers.util import forward
from compatshim.legacy.middleware import StatusCodeRedirect
from compatshim.legacy.wsgiapp import PylonsApp


def build(members, *, middleware=None, **options):
    """Return a site that serves the members of a controller as ``/{action}``.

    ``site.seen`` has what its hooks note.
    """
    config = PylonsConfig()
    config.init_app({}, {}, package="sample")
    config["routes.map"] = mapper = Mapper()
    mapper.connect("/{action}", controller=type("C", (WSGIController,), members))
    app = Flask("sample")
    app.secret_key = "for tests"
    app.config.update(options)
    legacy_app = PylonsApp(config)
    wrapped = legacy_app if middleware is None else middleware(legacy_app)
    shim = CompatShim(app, legacy=wrapped, legacy_config=config)
    return app, shim


def noting(seen, shim, *names):
    """Register functions that note their names."""
    for name in names:

        def hook(*args, name=name):
            seen.append(name)
            return args[0] if args else None

        getattr(shim, name)(hook)


def get(app, path="/show", **options):
    return app.test_client().get(path, buffered=True, **options)


NAMES = ("before_request", "after_request", "teardown_request")


# The order, and one call for each request.


def test_they_stand_around_those_of_the_controller():
    seen = []
    members = {
        "__before__": lambda self: seen.append("__before__"),
        "show": lambda self: seen.append("action") or "page",
        "__after__": lambda self: seen.append("__after__"),
    }
    app, shim = build(members)
    noting(seen, shim, *NAMES)
    assert get(app).text == "page"
    before, after, teardown = NAMES
    assert seen == [before, "__before__", "action", "__after__", after, teardown]


def test_flasks_own_stand_between_them():
    seen = []
    members = {
        "__before__": lambda self: seen.append("__before__"),
        "show": lambda self: seen.append("action") or "page",
        "__after__": lambda self: seen.append("__after__"),
    }
    app, shim = build(members, COMPATSHIM_FLASK_HOOKS_ON_LEGACY=True)
    app.before_request(lambda: seen.append("Flask before"))
    app.after_request(lambda made: seen.append("Flask after") or made)
    app.teardown_request(lambda error: seen.append("Flask teardown"))
    noting(seen, shim, *NAMES)
    app.after_request(lambda made: seen.append("Flask after 2") or made)
    assert get(app).text == "page"
    assert seen == [
        "before_request",
        "Flask before",
        "__before__",
        "action",
        "__after__",
        "Flask after 2",
        "Flask after",
        "after_request",
        "Flask teardown",
        "teardown_request",
    ]


def test_the_order_is_the_same_on_a_flask_request():
    seen = []
    app, shim = build({})
    app.add_url_rule("/flask", "flask", lambda: seen.append("view") or "page")
    app.before_request(lambda: seen.append("Flask before"))
    app.after_request(lambda made: seen.append("Flask after") or made)
    app.teardown_request(lambda error: seen.append("Flask teardown"))
    noting(seen, shim, *NAMES)
    assert get(app, "/flask").text == "page"
    assert seen == [
        "before_request",
        "Flask before",
        "view",
        "Flask after",
        "after_request",
        "Flask teardown",
        "teardown_request",
    ]


@pytest.mark.parametrize("refuses", [True, False])
def test_flasks_url_value_preprocessors_come_first_on_a_flask_request(refuses):
    seen = []
    app, shim = build({})
    app.add_url_rule("/flask", "flask", lambda: seen.append("view") or "page")
    noting(seen, shim, *NAMES)

    @app.url_value_preprocessor
    def preprocess(endpoint, values):
        seen.append("preprocessor")
        if refuses:
            abort(404)

    before, after, teardown = NAMES
    called = [] if refuses else [before, "view"]
    assert get(app, "/flask").status_code == (404 if refuses else 200)
    assert seen == ["preprocessor", *called, after, teardown]


def test_an_error_document_is_the_same_request():
    seen = []

    def document(self):
        seen.append("document")
        return f"document for {request.environ['pylons.original_response'].status}"

    def show(self):
        response.status = 404
        return "show"

    app, shim = build(
        {"show": show, "document": document},
        middleware=lambda app: StatusCodeRedirect(app, path="/document"),
    )
    noting(seen, shim, *NAMES)

    @shim.after_request
    def add(made):
        made.headers["X-Hook"] = request.path
        return made

    got = get(app)
    assert (got.status_code, got.text) == (404, "document for 404 Not Found")
    assert got.headers["X-Hook"] == "/show"
    assert seen == ["before_request", "document", "after_request", "teardown_request"]


def test_a_forward_is_the_same_request():
    seen = []

    def show(self):
        return forward(inner)

    def inner(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"inner"]

    app, shim = build({"show": show})
    noting(seen, shim, *NAMES)
    assert get(app).text == "inner"
    assert seen == list(NAMES)


def test_middleware_may_copy_the_environ():
    def middleware(legacy_app):
        return lambda environ, start: legacy_app(dict(environ), start)

    def show(self):
        response.headers["X-View"] = session["a"] = "1"
        return f"{c.a}"

    app, shim = build({"show": show}, middleware=middleware)

    @shim.before_request
    def before():
        c.a = "mine"
        response.headers["X-Before"] = "1"

    @shim.after_request
    def after(made):
        session["b"] = "2"
        made.headers["X-Seen"] = f"{response.headers['X-View']} {c.a}"
        return made

    client = app.test_client()
    got = client.get("/show")
    assert (got.text, got.headers["X-Seen"]) == ("mine", "1 mine")
    assert got.headers["X-Before"] == "1"
    with client.session_transaction() as stored:
        assert dict(stored) == {"a": "1", "b": "2"}


# What is no PylonsApp.


def shim_around(legacy_app, **options):
    app = Flask("sample")
    app.secret_key = "for tests"
    app.config.update(options)
    return app, CompatShim(app, legacy=validator(legacy_app))


def upper(made):
    made.headers["X-Hook"] = made.headers.get("X-Own", "none")
    return made


def generator(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain"), ("X-Own", "yes")])
    yield b"one "
    yield b"two"


def writer(environ, start_response):
    write = start_response("200 OK", [("Content-Type", "text/plain"), ("X-Own", "yes")])
    write(b"one ")
    return [b"two"]


def writer_and_generator(environ, start_response):
    write = start_response("200 OK", [("Content-Type", "text/plain"), ("X-Own", "yes")])
    write(b"one ")
    return iter([b"two"])


@pytest.mark.parametrize("legacy", [generator, writer, writer_and_generator])
def test_ways_to_start_a_response(legacy):
    app, shim = shim_around(legacy)
    shim.after_request(upper)
    got = get(app)
    assert (got.text, got.headers["X-Hook"]) == ("one two", "yes")


def test_a_generator_that_starts_the_response_goes_on_streaming():
    seen = []

    def legacy(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        for item in (b"1", b"2", b"3"):
            seen.append(item)
            yield item

    app = Flask("sample")
    CompatShim(app, legacy=legacy).after_request(lambda made: made)
    iterable = app(create_environ("/show"), lambda *_: None)
    assert seen == [b"1"]
    assert next(iter(iterable)) == b"1"
    assert seen == [b"1"]
    assert list(iterable) == [b"2", b"3"]


def test_a_list_stays_one_and_is_torn_down_before_the_return():
    seen = []

    def legacy(environ, start_response):
        start_response("200 OK", [])
        return [b"page"]

    app = Flask("sample")
    shim = CompatShim(app, legacy=legacy)
    noting(seen, shim, *NAMES)
    assert app(create_environ("/show"), lambda *_: None) == [b"page"]
    assert seen == list(NAMES)


def test_one_that_never_starts_a_response_is_an_error():
    app = Flask("sample")
    app.testing = True
    shim = CompatShim(app, legacy=lambda environ, start_response: [])
    shim.after_request(lambda made: made)
    with pytest.raises(RuntimeError, match="did not call start_response"):
        get(app)


def test_headers_that_are_not_there_stay_away():
    def legacy(environ, start_response):
        start_response("200 Fine", [("X-Own", "1"), ("X-Own", "2")])
        return [b"page"]

    app = Flask("sample")
    CompatShim(app, legacy=legacy).after_request(lambda made: made)
    got = get(app)
    assert got.status == "200 Fine"
    assert sorted(got.headers) == [
        ("Content-Length", "4"),
        ("X-Own", "1"),
        ("X-Own", "2"),
    ]


def test_a_head_request_has_no_length_that_nobody_knows():
    def legacy(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return []

    app = Flask("sample")
    CompatShim(app, legacy=legacy).after_request(lambda made: made)
    assert "Content-Length" not in app.test_client().head("/show").headers


def test_the_body_is_closed_once_also_where_a_hook_fails(counting):
    bodies = []

    def legacy(environ, start_response):
        start_response("200 OK", [])
        bodies.append(counting(b"page"))
        return bodies[-1]

    def fail(made):
        if request.args:
            raise ZeroDivisionError
        return made

    app = Flask("sample")
    CompatShim(app, legacy=legacy).after_request(fail)
    assert get(app).text == "page"
    assert get(app, "/show?fail=1").status_code == 500
    assert [body.closed for body in bodies] == [1, 1]


def test_a_body_in_another_response_is_closed_once(counting):
    body = counting(b"page")

    def legacy(environ, start_response):
        start_response("200 OK", [])
        return body

    app = Flask("sample")
    shim = CompatShim(app, legacy=legacy)
    shim.after_request(lambda made: flask.Response(made.response, 202))
    got = get(app)
    assert (got.status_code, got.text, body.closed) == (202, "page", 1)


def test_an_application_that_starts_over_while_its_body_is_read():
    """As an error page of its own does, with the exception for the server."""

    def legacy(environ, start_response):
        start_response("200 OK", [("X-First", "1")])
        return body(start_response)

    def body(start_response):
        error = ZeroDivisionError()
        start_response("500 Sorry", [("X-Second", "1")], (type(error), error, None))
        yield b"sorry"

    app = Flask("sample")
    CompatShim(app, legacy=legacy).after_request(lambda made: made)
    handler = SimpleHandler(BytesIO(), BytesIO(), BytesIO(), create_environ("/show"))
    handler.run(app)
    sent = handler.stdout.getvalue().decode()
    assert sent.startswith("HTTP/1.0 500 Sorry")
    assert "X-Second" in sent
    assert "X-First" not in sent
    assert sent.endswith("sorry")


def test_an_exception_that_the_application_hands_to_the_server_is_handed_on():
    def legacy(environ, start_response):
        error = ZeroDivisionError()
        start_response("500 Sorry", [], (type(error), error, None))
        return [b"sorry"]

    app = Flask("sample")
    CompatShim(app, legacy=legacy).after_request(lambda made: made)
    calls = []
    app(create_environ("/show"), lambda *args: calls.append(args))
    ((status, _, exc_info),) = calls
    assert status == "500 Sorry"
    assert exc_info[0] is ZeroDivisionError


@pytest.mark.parametrize("options", [{}, {"COMPATSHIM_FLASK_HOOKS_ON_LEGACY": True}])
def test_a_body_that_fails_before_its_first_byte_is_answered_by_flask(caplog, options):
    """The functions after it saw an answer that is not sent, so they see this one, too."""

    def show(self):
        raise ZeroDivisionError
        yield b"never"

    app, shim = build({"show": show}, **options)
    seen = []
    noting(seen, shim, *NAMES)
    shim.after_request(lambda made: made.headers.add("X-Hook", made.status) or made)
    handler = SimpleHandler(BytesIO(), BytesIO(), BytesIO(), create_environ("/show"))
    handler.run(app)
    sent = handler.stdout.getvalue()
    assert sent.startswith(b"HTTP/1.0 500")
    assert sent.count(b"X-Hook: 500 INTERNAL SERVER ERROR") == 1
    before, after, teardown = NAMES
    assert seen == [before, after, after, teardown]


def test_wsgiref_finds_nothing_wrong():
    app, shim = build({"show": lambda self: "page"})
    shim.before_request(lambda: "answer" if request.args else None)
    shim.after_request(upper)
    for path in ("/show", "/show?a=1"):
        iterable = validator(app)(create_environ(path), lambda *_: lambda _: None)
        assert b"".join(iterable) in (b"page", b"answer")
        iterable.close()


# Flask's own functions.


def test_flasks_functions_stay_on_flask_requests():
    seen = []

    def show(self):
        session["a"] = 1  # for which Flask lends a request context
        if request.args:
            abort(int(request.args["code"]))
        return "page"

    app, _ = build({"show": show})
    app.before_request(lambda: seen.append("before"))
    app.after_request(lambda made: seen.append("after") or made)
    assert get(app).text == "page"
    assert get(app, "/show?code=403").status_code == 403
    app.register_error_handler(403, lambda error: ("handled", 403))
    assert get(app, "/show?code=403").text == "handled"
    assert seen == []


@pytest.fixture
def hooked():
    """A site where they run on legacy requests too."""

    def show(self):
        c.action = "ran"
        if request.args:
            abort(403)
        return f"page {c.get('user')}"

    def fail(self):
        raise ZeroDivisionError

    return build({"show": show, "fail": fail}, COMPATSHIM_FLASK_HOOKS_ON_LEGACY=True)[0]


def test_told_so_they_run_with_flasks_request_context(hooked):
    seen = []

    @hooked.before_request
    def before():
        flask.g.user = flask.request.args.get("user", "ada")
        flask.session["a"] = 1
        seen.append((flask.request.path, flask.request.endpoint, is_flask_request()))

    @hooked.after_request
    def after(made):
        flask.session["b"] = 2
        made.headers["X-Flask"] = flask.g.action
        return made

    client = hooked.test_client()
    got = client.get("/show")
    assert (got.text, got.headers["X-Flask"]) == ("page ada", "ran")
    assert seen == [("/show", None, False)]
    cookies = got.headers.getlist("Set-Cookie")
    assert len(cookies) == 1
    with client.session_transaction() as stored:
        assert dict(stored) == {"a": 1, "b": 2}


def test_one_of_them_answers(hooked):
    seen = []
    hooked.before_request(lambda: ("stop", 403))
    hooked.before_request(lambda: seen.append("second"))
    hooked.after_request(lambda made: seen.append(made.status_code) or made)
    got = get(hooked)
    assert (got.status_code, got.text) == (403, "stop")
    assert seen == [403]


def test_one_of_them_aborts(hooked):
    hooked.before_request(lambda: flask.abort(403))
    hooked.register_error_handler(403, lambda error: ("handled", 409))
    assert get(hooked).status_code == 409


def test_a_function_for_this_response_runs(hooked):
    @hooked.before_request
    def before():
        @flask.after_this_request
        def add(made):
            made.headers["X-This"] = "1"
            return made

    assert get(hooked).headers["X-This"] == "1"


@pytest.mark.parametrize("path", ["/show", "/show?code=403", "/fail", "/nowhere"])
def test_every_answer_passes_them_once(hooked, path):
    seen = []
    hooked.before_request(lambda: seen.append("before"))
    hooked.after_request(lambda made: seen.append("after") or made)
    hooked.teardown_request(lambda error: seen.append("teardown"))
    hooked.register_error_handler(403, lambda error: ("handled", 403))
    get(hooked, path)
    assert seen == ["before", "after", "teardown"]


def test_one_that_fails_afterwards_is_logged_as_flask_does(hooked, caplog):
    def fail(made):
        raise ZeroDivisionError

    hooked.after_request(fail)
    hooked.add_url_rule("/flask", "flask", lambda: "page")
    counts = []
    for path in ("/show", "/flask", "/fail"):
        caplog.clear()
        assert get(hooked, path).status_code == 500
        counts.append(
            len([one for one in caplog.records if one.levelno >= logging.ERROR])
        )
    assert counts == [2, 2, 2]


def test_permanent_sessions_are_refreshed_once(hooked):
    client = hooked.test_client()
    with client.session_transaction() as stored:
        stored.permanent = True
        stored["a"] = 1
    cookies = client.get("/show").headers.getlist("Set-Cookie")
    assert [cookie.partition("=")[0] for cookie in cookies] == ["session"]
