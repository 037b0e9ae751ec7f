"""What stands between the dispatcher and the two sides, and what they share."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor

import flask
import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from routes import Mapper
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter, Map, Rule, ValidationError
from werkzeug.test import create_environ, run_wsgi_app

from compatshim import CompatShim, common
from compatshim._flask_context import leading_arguments
from compatshim.common import (
    _,
    c,
    copy_current_context,
    get_lang,
    is_flask_request,
    redirect,
    request,
    response,
    session,
    streaming_response,
    url_for,
)
from compatshim.errors import NoRequestError, SessionUnavailableError
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.wsgiapp import PylonsApp
from compatshim.serving import legacy_request

SIDES = ["flask", "legacy"]


def build_legacy(**actions):
    """Return a PylonsApp that serves actions as ``/legacy/{name}``."""
    methods = {name: staticmethod(action) for name, action in actions.items()}
    config = PylonsConfig()
    config.init_app({}, {}, package="sample")
    config["routes.map"] = mapper = Mapper()
    controller = type("C", (WSGIController,), methods)
    mapper.connect("named", "/legacy/{action}", controller=controller)
    return PylonsApp(config)


def build_app(app=None, **actions):
    """Return a Flask application that serves actions as ``/{side}/{name}``."""
    app = app or Flask("sample", static_folder=None)
    app.secret_key = "for tests"
    for name, action in actions.items():
        app.add_url_rule(f"/flask/{name}", name, action, methods=["GET", "POST"])
    CompatShim(app, legacy=build_legacy(**actions))
    return app


def get(app, path, **options):
    return app.test_client().get(path, buffered=True, **options)


# Code between the dispatcher and Flask.


def client_of_request():
    return f"{flask.request.remote_addr} {flask.request.scheme} {flask.request.method}"


def test_middleware_inside_changes_the_request_that_flask_serves():
    app = Flask("sample")
    app.add_url_rule("/who", "who", client_of_request)
    app.wsgi_app = ProxyFix(app.wsgi_app)
    CompatShim(app, inner_middleware="flask-only")
    headers = {"X-Forwarded-For": "9.9.9.9", "X-Forwarded-Proto": "https"}
    assert get(app, "/who", headers=headers).text == "9.9.9.9 https GET"


def test_an_overridden_wsgi_app_changes_the_request_that_flask_serves():
    class Site(Flask):
        def wsgi_app(self, environ, start_response):
            environ["REQUEST_METHOD"] = "POST"
            return super().wsgi_app(environ, start_response)

    app = Site("sample")
    app.add_url_rule("/who", "who", client_of_request, methods=["GET", "POST"])
    CompatShim(app, legacy=build_legacy())
    assert get(app, "/who").text == "127.0.0.1 http POST"


def test_middleware_inside_may_copy_the_environ():
    def with_user(environ, start_response):
        return flask_wsgi_app({**environ, "REMOTE_USER": "ada"}, start_response)

    app = Flask("sample")
    app.add_url_rule("/who", "who", lambda: flask.request.remote_user or "nobody")
    flask_wsgi_app, app.wsgi_app = app.wsgi_app, with_user
    CompatShim(app, inner_middleware="flask-only")
    assert get(app, "/who").text == "ada"


def test_legacy_middleware_may_use_the_request_and_copy_the_environ():
    def with_user(environ, start_response):
        assert common.request.remote_user is None
        return pylons_app({**environ, "REMOTE_USER": "ada"}, start_response)

    pylons_app = build_legacy(who=lambda: common.request.remote_user or "nobody")
    app = Flask("sample")
    CompatShim(app, legacy=with_user, legacy_config=pylons_app.config)
    assert get(app, "/legacy/who").text == "ada"


@pytest.mark.parametrize("is_asked", [True, False])
@pytest.mark.parametrize("touch", [lambda: None, lambda: session.get("a")])
def test_legacy_middleware_may_copy_the_environ_of_a_request_with_a_body(
    touch, is_asked
):
    def copying(environ, start_response):
        touch()
        return pylons_app(dict(environ), start_response)

    def view():
        flask_side = legacy_request().flask_side
        lent = flask_side.lend().run(lent_json)
        return str((common.request.json, common.request.get_json(), lent))

    def lent_json():
        return flask.request.get_json()

    pylons_app = build_legacy(body=view)
    app = Flask("sample")
    app.secret_key = "for tests"
    if is_asked:
        app.add_url_rule("/<int:number>", "number", str)
    CompatShim(app, legacy=copying, legacy_config=pylons_app.config)
    assert app.test_client().put("/legacy/body", json=[1]).text == "([1], [1], [1])"


def test_session_opened_inside_another_application_context_ends_with_the_request():
    ended = []

    def view():
        flask.g.name = "request"
        with Flask("other").app_context(), app.app_context():
            session["a"] = 1
        return str(session["a"])

    app = build_app(view=view)
    app.teardown_request(lambda _: ended.append(("request", flask.g.get("name"))))
    assert get(app, "/legacy/view").text == "1"
    assert ended == [("request", "request")]


def test_a_url_map_that_takes_the_place_of_the_first_is_the_one_that_counts():
    app = build_app(page=lambda: "legacy")
    app.url_map = Map([Rule("/legacy/page", endpoint="moved")])
    app.view_functions["moved"] = lambda: "flask"
    assert get(app, "/legacy/page").text == "flask"


def test_an_application_that_adapts_urls_itself_is_always_asked():
    class Site(Flask):
        def create_url_adapter(self, request):
            adapter = super().create_url_adapter(request)
            if request is not None:
                adapter.path_info = adapter.path_info.replace("/legacy/", "/flask/")
            return adapter

    app = build_app(Site("sample"), page=lambda: str(is_flask_request()))
    assert get(app, "/legacy/page").text == "True"


# Converters of the application's own.


class Connecting(BaseConverter):
    """Opens what belongs to the application context, as a model converter does."""

    def to_python(self, value):
        flask.g.connection = [value]
        if value == "legacy":
            raise ValidationError
        return value


class OfTheSession(BaseConverter):
    def to_python(self, value):
        return flask.session.get("name", value)


def build_converting(converter, view):
    app = Flask("sample", static_folder=None)
    app.secret_key = "for tests"
    app.url_map.converters["own"] = converter
    app.add_url_rule("/<own:x>/view", "view", view)
    events = []

    @app.teardown_appcontext
    def close(error):
        events.append("teardown")

    CompatShim(app, legacy=build_legacy(page=lambda: f"{flask.g.connection}"))
    return app, events


def test_what_a_converter_opens_is_open_in_the_view_and_torn_down_once():
    def view(x):
        events.append(f"view {flask.g.connection}")
        return "ok"

    app, events = build_converting(Connecting, view)
    assert get(app, "/7/view").text == "ok"
    assert events == ["view ['7']", "teardown"]


def test_what_a_converter_opens_is_torn_down_where_legacy_serves():
    app, events = build_converting(Connecting, lambda x: x)
    app.add_url_rule("/<own:x>/page", "page", lambda x: x)
    assert get(app, "/legacy/page").text == "['legacy']"
    assert events == ["teardown"]


def test_a_converter_may_use_the_session():
    app, _events = build_converting(OfTheSession, lambda x: x)
    assert get(app, "/7/view").text == "7"


# Answers.


@pytest.mark.parametrize("handled", [HTTPException, Exception])
@pytest.mark.parametrize("side", SIDES)
def test_a_redirect_is_not_for_error_handlers(side, handled):
    app = build_app(go=lambda: redirect("/there"))
    app.register_error_handler(handled, lambda error: ("an error page", 500))
    got = get(app, f"/{side}/go")
    assert (got.status_code, got.headers["Location"]) == (302, "/there")


def fail_after_setting():
    response.set_cookie("k", "v")
    raise ZeroDivisionError


@pytest.mark.parametrize("side", SIDES)
def test_what_is_set_on_the_response_reaches_the_answer_to_an_error(side):
    def handler(error):
        response.headers["X-Handler"] = "yes"
        return "handled", 418

    app = build_app(fail=fail_after_setting)
    app.register_error_handler(ZeroDivisionError, handler)
    got = get(app, f"/{side}/fail")
    assert (got.status_code, got.text) == (418, "handled")
    assert got.headers["X-Handler"] == "yes"
    assert got.headers.getlist("Set-Cookie") == ["k=v; Path=/"]


@pytest.mark.parametrize("side", SIDES)
def test_a_header_with_a_line_break_is_no_second_header(side):
    def inject():
        response.headers["X-A"] = "a\r\nX-Evil: 1"
        return "page"

    got = get(build_app(inject=inject), f"/{side}/inject")
    assert got.status_code == 500
    assert "X-Evil" not in got.headers


# The session.


class Unreachable(SecureCookieSessionInterface):
    def open_session(self, app, request):
        raise ConnectionError("the store is down")


def use_session():
    session["a"] = 1
    return "page"


def divide():
    return 1 // 0


@pytest.mark.parametrize(("path", "original"), [("use", SessionUnavailableError)])
@pytest.mark.parametrize("side", SIDES)
def test_a_session_store_that_is_down_is_an_error_that_is_handled(side, path, original):
    app = build_app(use=use_session, divide=divide)
    app.session_interface = Unreachable()
    seen = []

    @app.errorhandler(500)
    def handler(error):
        seen.append(type(error.original_exception))
        return "sorry", 500

    assert get(app, f"/{side}/{path}").text == "sorry"
    assert seen == [original]


def test_an_error_is_shown_also_where_the_session_store_is_down():
    app = build_app(divide=divide)
    app.session_interface = Unreachable()
    seen = []
    app.register_error_handler(ZeroDivisionError, lambda e: seen.append(e) or "sorry")
    assert get(app, "/legacy/divide").text == "sorry"
    assert len(seen) == 1


def test_a_legacy_link_opens_no_session():
    opened = []

    class Counting(SecureCookieSessionInterface):
        def open_session(self, app, request):
            opened.append(request.path)
            return super().open_session(app, request)

    app = build_app(link=lambda: url_for("named", action="x"))
    app.session_interface = Counting()
    assert get(app, "/legacy/link").text == "/legacy/x"
    assert opened == []


@pytest.mark.parametrize("side", SIDES)
def test_the_session_is_saved_with_the_status_of_the_answer(side):
    statuses = []

    class Noting(SecureCookieSessionInterface):
        def save_session(self, app, session, response):
            statuses.append(response.status_code)

    def accept():
        session["a"] = 1
        response.status = "202 Accepted"
        return "page"

    app = build_app(accept=accept)
    app.session_interface = Noting()
    get(app, f"/{side}/accept")
    assert statuses == [202]


# Copies for threads.


@pytest.mark.parametrize("side", SIDES)
def test_a_copy_leaves_the_body_of_the_request_open(side):
    def read():
        field = request.POST["f"]
        with ThreadPoolExecutor(1) as pool:
            pool.submit(copy_current_context(lambda: request.path)).result()
        return field.file.read() if side == "legacy" else request.body[-2:]

    app = build_app(read=read)
    data = {"f": (io.BytesIO(b"x" * 20_000), "file.txt")}
    got = app.test_client().post(f"/{side}/read", data=data, buffered=True)
    assert got.data == (b"x" * 20_000 if side == "legacy" else b"\r\n")


def test_a_copy_of_a_nested_legacy_request_sees_that_request():
    def inner():
        with ThreadPoolExecutor(1) as pool:
            work = copy_current_context(lambda: (is_flask_request(), request.path))
            return str(pool.submit(work).result())

    def outer():
        return flask.current_app.test_client().get("/legacy/inner").text

    app = build_app(inner=inner, outer=outer)
    assert get(app, "/flask/outer").text == "(False, '/legacy/inner')"


def test_a_copy_that_outlives_its_request_ends_what_was_lent_to_it():
    torn_down = []

    def start():
        copies.append(copy_current_context(lambda: session.get("a", "nothing")))
        c.name = "mine"
        return "page"

    copies = []
    app = build_app(start=start)
    app.teardown_request(torn_down.append)
    get(app, "/legacy/start")
    assert copies[0]() == "nothing"
    assert torn_down == [None]


# Streams.


@pytest.mark.parametrize("side", SIDES)
def test_a_stream_is_cleaned_up_within_its_request(side):
    seen = []

    def stream():
        def items():
            try:
                yield "a"
                yield "b"
            finally:
                seen.append(request.path)

        return streaming_response(items(), "text/plain")

    app = build_app(stream=stream)
    body, _status, _headers = run_wsgi_app(app, create_environ(f"/{side}/stream"))
    assert next(body) == b"a"
    body.close()
    assert seen == [f"/{side}/stream"]


# Texts and URLs.


def test_texts_under_a_legacy_application_without_pylons_objects():
    def legacy_app(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [f"{_('x')} {get_lang()}".encode()]

    app = Flask("sample")
    CompatShim(app, legacy=legacy_app)
    assert get(app, "/anything").text == "x None"


@pytest.mark.parametrize("side", SIDES)
def test_a_rule_may_have_arguments_that_are_keywords_of_routes(side):
    def link():
        return url_for("of_host", host="h", anchor="a", protocol="p", _external=False)

    app = build_app(link=link)
    app.add_url_rule("/at/<host>/<anchor>/<protocol>", "of_host", lambda **_: "")
    assert get(app, f"/{side}/link").text == "/at/h/a/p"


@pytest.mark.parametrize("side", SIDES)
def test_without_a_host_header_the_servers_own_name_and_port_count(side):
    app = build_app(link=lambda: url_for("named", action="x", qualified=True))
    environ = create_environ(f"/{side}/link", base_url="http://h:8080")
    del environ["HTTP_HOST"]
    body, _status, _headers = run_wsgi_app(app, environ, buffered=True)
    assert b"".join(body) == b"http://h:8080/legacy/x"


def test_a_path_that_is_not_utf8_is_flasks_to_answer_without_legacy_side():
    app = Flask("sample")
    CompatShim(app)
    environ = {**create_environ("/"), "PATH_INFO": "/nowhere/\xff"}
    assert run_wsgi_app(app, environ, buffered=True)[1].startswith("404 ")


def test_a_query_that_is_no_wsgi_text_is_a_bad_request_without_legacy_side():
    app = Flask("sample")
    CompatShim(app)
    environ = create_environ("/nowhere")
    environ["QUERY_STRING"] = "\u0100"
    assert run_wsgi_app(app, environ, buffered=True)[1].startswith("400 ")


@pytest.mark.parametrize("name", ["c", "g", "request", "response", "session"])
def test_the_error_outside_of_a_request_names_what_was_used(name):
    with pytest.raises(NoRequestError) as raised:
        getattr(common, name).anything  # noqa: B018 (using it is the error)
    assert raised.value.object_name == name


def test_flask_may_be_told_by_position_that_an_error_handler_answered():
    app = Flask("sample")
    app.after_request(lambda response: response)
    CompatShim(app)
    with app.test_request_context():
        response = app.finalize_request(*leading_arguments(), "an answer", True)
    assert response.get_data(as_text=True) == "an answer"
