"""compatshim.lending: what Flask lends to a legacy request, and takes back."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import flask
import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from routes import Mapper

from compatshim import CompatShim, legacy
from compatshim.common import (
    c,
    copy_current_context,
    flash,
    g,
    get_flashed_messages,
    is_flask_request,
    request,
    response,
    session,
    url_for,
)
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.middleware import StatusCodeRedirect
from compatshim.legacy.wsgiapp import PylonsApp
from sample_site import build_app

SIDES = ["flask", "legacy"]


def get(app, path):
    return app.test_client().get(path, buffered=True)


# The application context.


def test_every_legacy_request_has_an_application_context_of_its_own():
    def see():
        seen.append((flask.current_app._get_current_object(), id(flask.g)))
        assert flask.g.setdefault("count", 0) == 0
        flask.g.count = 1
        return ""

    seen = []
    app = build_app(see=see)
    with app.app_context():
        flask.g.count = 7
        get(app, "/legacy/see")
        get(app, "/legacy/see")
        assert flask.g.count == 7
    assert [found for found, _ in seen] == [app, app]


def test_flask_g_c_and_tmpl_context_are_one_namespace():
    def see():
        flask.g.one = 1
        c.two = 2
        g.three = 3
        legacy.tmpl_context.four = 4
        for names in (flask.g, c, g, legacy.tmpl_context):
            assert (names.one, names.two, names.three, names.four) == (1, 2, 3, 4)
        return "same"

    assert get(build_app(see=see), "/legacy/see").text == "same"


# The request context.


def count_request_contexts(app):
    """Return a list that grows with each request context that is made or torn down."""
    made = []
    make = app.request_class

    class Counted(make):
        def __init__(self, environ, *args, **kwargs):
            made.append(environ["PATH_INFO"])
            super().__init__(environ, *args, **kwargs)

    app.request_class = Counted
    return made


def test_a_legacy_request_that_needs_nothing_makes_no_request_context():
    app = build_app(see=lambda: "ok")
    torn_down = []
    app.teardown_request(torn_down.append)
    made = count_request_contexts(app)
    assert get(app, "/legacy/see").text == "ok"
    assert made == []
    assert torn_down == []


def test_one_request_context_is_lent_for_everything_and_torn_down_once():
    def see():
        session["name"] = "x"
        flash("hello")
        url_for("see")
        get_flashed_messages()
        raise ZeroDivisionError

    app = build_app(see=see)
    torn_down = []
    app.teardown_request(torn_down.append)
    made = count_request_contexts(app)
    app.register_error_handler(ZeroDivisionError, lambda error: "handled")
    assert get(app, "/legacy/see").text == "handled"
    assert made == ["/legacy/see"]
    assert len(torn_down) == 1


def test_the_lent_request_context_is_current_only_while_flask_uses_it():
    seen = []

    class Interface(SecureCookieSessionInterface):
        def open_session(self, app, flask_request):
            seen.append(("open", flask.request.path, is_flask_request()))
            return super().open_session(app, flask_request)

        def save_session(self, *args):
            seen.append(("save", flask.request.path, is_flask_request()))
            return super().save_session(*args)

    def see():
        session["name"] = "x"
        assert not flask.has_request_context()
        return ""

    app = build_app(see=see)
    app.session_interface = Interface()
    get(app, "/legacy/see")
    assert seen == [
        ("open", "/legacy/see", False),
        ("save", "/legacy/see", False),
    ]


def test_the_url_functions_of_flask_know_the_request():
    def see():
        return url_for("see", _external=True)

    app = build_app(see=see)
    client = app.test_client()
    answer = client.get("/legacy/see", base_url="https://www.example.org/mount")
    assert answer.text == "https://www.example.org/mount/flask/see"


# The session.


@pytest.mark.parametrize("reader", SIDES)
@pytest.mark.parametrize("writer", SIDES)
def test_a_session_goes_from_one_side_to_the_other(writer, reader):
    def write():
        session["name"] = "Zoé"
        session["list"] = [1]
        return ""

    def read():
        return f"{session['name']} {session['list']}"

    client = build_app(write=write, read=read).test_client()
    client.get(f"/{writer}/write")
    assert client.get(f"/{reader}/read").text == "Zoé [1]"


@pytest.mark.parametrize("side", SIDES)
def test_a_session_that_is_only_read_is_not_sent(side):
    def read():
        return session.get("name", "nobody")

    answer = get(build_app(read=read), f"/{side}/read")
    assert answer.text == "nobody"
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Vary"] == "Cookie"


@pytest.mark.parametrize("side", SIDES)
def test_a_session_that_is_emptied_is_deleted_by_the_browser(side):
    def write():
        session["name"] = "x"
        return ""

    def forget():
        session.invalidate()
        return ""

    client = build_app(write=write, forget=forget).test_client()
    client.get(f"/{side}/write")
    client.get(f"/{side}/forget")
    assert client.get_cookie("session") is None


def test_the_objects_of_pylons_have_the_same_session():
    def see():
        legacy.session["name"] = "x"
        assert legacy.request.session["name"] == "x"
        legacy.session.save()
        return session["name"]

    client = build_app(see=see).test_client()
    assert client.get("/legacy/see").text == "x"
    with client.session_transaction() as stored:
        assert stored["name"] == "x"


def test_an_application_without_a_secret_key():
    def read():
        return session.get("name", "nobody")

    def write():
        session["name"] = "x"

    app = build_app(read=read, write=write)
    app.secret_key = None
    assert get(app, "/legacy/read").text == "nobody"
    app.testing = True
    with pytest.raises(RuntimeError, match="secret key"):
        get(app, "/legacy/write")


@pytest.mark.parametrize("side", SIDES)
def test_a_session_store_that_fails_when_saving(side):
    class Failing(SecureCookieSessionInterface):
        def save_session(self, app, stored, answer):
            raise ZeroDivisionError("the store is gone")

    def write():
        session["name"] = "x"
        return ""

    app = build_app(write=write)
    app.session_interface = Failing()
    torn_down = []
    app.teardown_appcontext(torn_down.append)
    assert get(app, f"/{side}/write").status_code == 500
    (error,) = torn_down
    assert type(error) is ZeroDivisionError


def test_the_session_and_the_headers_of_the_action_are_both_sent():
    def write():
        session["name"] = "x"
        response.set_cookie("own", "1")
        response.headers["X-Own"] = "yes"
        return ""

    answer = get(build_app(write=write), "/legacy/write")
    cookies = answer.headers.getlist("Set-Cookie")
    assert sorted(cookie.partition("=")[0] for cookie in cookies) == ["own", "session"]
    assert answer.headers["X-Own"] == "yes"


def test_a_flash_message_goes_from_one_side_to_the_other():
    def say():
        flash("hello", "info")
        return ""

    def hear():
        return str(get_flashed_messages(with_categories=True))

    client = build_app(say=say, hear=hear).test_client()
    for writer, reader in (("flask", "legacy"), ("legacy", "flask")):
        client.get(f"/{writer}/say")
        assert client.get(f"/{reader}/hear").text == "[('info', 'hello')]"
        assert client.get(f"/{reader}/hear").text == "[]"


# The limits of the application.


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize(
    "read",
    [lambda: request.POST, lambda: request.form, lambda: request.body],
    ids=["POST", "form", "body"],
)
def test_a_body_above_the_limit_is_refused_on_both_sides(read, side):
    app = build_app(read=lambda: str(len(read())))
    app.config["MAX_CONTENT_LENGTH"] = 5
    app.add_url_rule(
        "/flask/read", view_func=app.view_functions["read"], methods=["POST"]
    )
    answer = app.test_client().post(f"/{side}/read", data={"a": "x" * 50})
    assert answer.status_code == 413


# Threads that a request starts.


@pytest.mark.parametrize("side", SIDES)
def test_a_function_in_another_thread_sees_a_snapshot_of_the_request(side):
    def work():
        seen = f"{request.path} {c.name} {session['name']} {is_flask_request()}"
        assert request.GET["a"] == "1"
        c.name = "in the thread"
        return seen

    def action():
        c.name = session["name"] = "mine"
        copied = copy_current_context(work)
        c.name = "later"
        with ThreadPoolExecutor(1) as pool:
            seen = pool.submit(copied).result()
        assert c.name == "later"
        return seen

    answer = get(build_app(action=action), f"/{side}/action?a=1")
    assert answer.text == f"/{side}/action mine mine {side == 'flask'}"


@pytest.mark.parametrize("side", SIDES)
def test_a_function_in_another_thread_outlives_the_request(side):
    go_on, results = threading.Event(), []
    threads = []

    def work():
        assert go_on.wait(30)
        results.append((request.path, c.name))

    def action():
        c.name = "mine"
        threads.append(threading.Thread(target=copy_current_context(work)))
        threads[0].start()
        return ""

    app = build_app(action=action)
    torn_down = []
    app.teardown_appcontext(torn_down.append)
    get(app, f"/{side}/action")
    assert torn_down == [None]
    go_on.set()
    threads[0].join()
    assert results == [(f"/{side}/action", "mine")]
    assert torn_down == [None, None]


@pytest.mark.parametrize("side", SIDES)
def test_an_exception_in_another_thread_is_that_threads(side):
    def work():
        raise ZeroDivisionError

    def action():
        with ThreadPoolExecutor(1) as pool:
            error = pool.submit(copy_current_context(work)).exception()
        return type(error).__name__

    app = build_app(action=action)
    torn_down = []
    app.teardown_appcontext(torn_down.append)
    assert get(app, f"/{side}/action").text == "ZeroDivisionError"
    assert [type(error) for error in torn_down] == [ZeroDivisionError, type(None)]


def test_a_function_copied_in_an_error_document_is_a_part_of_that():
    def work():
        seen = f"{request.path} {legacy.request.path_info} {c.name} {session['name']}"
        c.name = session["name"] = "in the thread"
        return seen

    def document(self):
        with ThreadPoolExecutor(1) as pool:
            seen = pool.submit(copy_current_context(work)).result()
        return f"{seen}, {c.name} {session['name']}"

    def show(self):
        c.name = session["name"] = "mine"
        response.status = 404
        return ""

    config = PylonsConfig()
    config.init_app({}, {}, package="sample")
    config["routes.map"] = mapper = Mapper()
    controller = type("C", (WSGIController,), {"show": show, "document": document})
    mapper.connect("/{action}", controller=controller)
    app = Flask("sample")
    app.secret_key = "for tests"
    legacy_app = StatusCodeRedirect(PylonsApp(config), path="/document")
    CompatShim(app, legacy=legacy_app, legacy_config=config)
    answer = get(app, "/show")
    assert answer.status_code == 404
    assert answer.text == "/document /document mine mine, mine mine"


def test_a_function_copied_under_a_legacy_application_of_another_kind():
    def work():
        seen = c.name, session["name"], response.headers["X-Own"], request.body
        c.name = session["name"] = response.headers["X-Own"] = "in the thread"
        request.own = "in the thread"
        return seen

    def legacy_app(environ, start_response):
        c.name = session["name"] = response.headers["X-Own"] = "mine"
        assert request.body == b"body"
        with ThreadPoolExecutor(1) as pool:
            seen.append(pool.submit(copy_current_context(work)).result())
        seen.append((c.name, session["name"], hasattr(request, "own")))
        start_response("200 OK", [])
        return []

    seen = []
    app = Flask("sample")
    app.secret_key = "for tests"
    CompatShim(app, legacy=legacy_app)
    answer = app.test_client().post("/any", data=b"body")
    assert seen == [("mine", "mine", "mine", b"body"), ("mine", "mine", False)]
    assert answer.headers["X-Own"] == "mine"
