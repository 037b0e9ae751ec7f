"""compatshim.dispatcher: which framework serves a request, and what it sees of it."""

from __future__ import annotations

import copy
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version

import flask
import pytest
from flask import Blueprint, Flask, current_app
from hypothesis import example, given, strategies as st
from routes import Mapper
from werkzeug.routing import BaseConverter, MapAdapter, Rule
from werkzeug.test import EnvironBuilder, create_environ, run_wsgi_app

from compatshim import CompatShim
from compatshim.common import is_flask_request, request, session
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.wsgiapp import PylonsApp

FLASK_VERSION = tuple(int(part) for part in version("flask").split(".")[:2])


def answer():
    return f"{'flask' if is_flask_request() else 'legacy'} {request.path}"


def echo(text):
    return f"{type(text).__name__} {text}"


def build_legacy(*routes, **actions):
    """Return a PylonsApp: ``routes`` are ``(path, options)``, matched in order."""
    actions = {"answer": answer, **actions}
    methods = {name: staticmethod(action) for name, action in actions.items()}
    controller = type("C", (WSGIController,), methods)
    config = PylonsConfig()
    config.init_app({}, {}, package="sample")
    config["routes.map"] = mapper = Mapper()
    for path, options in routes:
        mapper.connect(path, **{"controller": controller, "action": "answer"} | options)
    mapper.connect("/legacy/{action}", controller=controller)
    mapper.connect("/legacy/{action}/{text:.*}", controller=controller)
    return PylonsApp(config)


def build_app(*routes, rules=(), flask_options=None, **actions):
    """Return a Flask application; ``rules`` are ``(path, options)`` of ``answer``."""
    app = Flask("sample", **{"static_folder": None, **(flask_options or {})})
    app.secret_key = "for tests"
    for path, options in rules:
        app.add_url_rule(path, **{"endpoint": path, "view_func": answer} | options)
    CompatShim(app, legacy=build_legacy(*routes, **actions))
    return app


def get(app, path, **options):
    return app.test_client().get(path, **options)


# Who serves.


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/flask", "flask /flask"),
        ("/legacy/answer", "legacy /legacy/answer"),
        ("/both", "flask /both"),
        ("/flask/7", "flask /flask/7"),
        ("/flask/x", "legacy /flask/x"),
        ("/flask/x/y", "legacy /flask/x/y"),
        ("/", "legacy /"),
    ],
)
def test_flask_comes_before_legacy(path, expected):
    app = build_app(
        ("/both", {}),
        ("/flask/{more:.*}", {}),
        ("/", {}),
        rules=[
            ("/flask", {}),
            ("/both", {}),
            ("/flask/<int:number>", {"view_func": lambda number: answer()}),
        ],
    )
    assert get(app, path).text == expected


@pytest.mark.parametrize("path", ["/flask", "/legacy/answer", "/nowhere"])
def test_the_environ_names_who_serves_and_whose_the_route_is(path):
    app = build_app(rules=[("/flask", {})])
    environ = create_environ(path)
    app(environ, lambda *_: None)
    expected = "legacy" if path == "/legacy/answer" else "flask"
    assert environ["compatshim.app"] == expected
    assert environ["compatshim.origin"] == "core"


@pytest.mark.parametrize(("path", "expected"), [("/f", "flask"), ("/l", "legacy")])
def test_the_framework_that_is_named_is_the_one_that_serves(path, expected):
    def named():
        return f"{request.environ['compatshim.app']} {is_flask_request()}"

    app = build_app(
        ("/l", {"action": "named"}), rules=[("/f", {"view_func": named})], named=named
    )
    assert get(app, path).text == f"{expected} {expected == 'flask'}"


SERVED_BY = "Compatshim-Served-By"


def build_named(**config):
    """Return an application of streams and errors that says who serves."""

    def stream():
        yield "one "
        yield "two"

    def fail():
        raise LookupError

    app = build_app(
        rules=[
            ("/f/answer", {}),
            ("/f/stream", {"view_func": lambda: flask.Response(stream())}),
            ("/f/fail", {"view_func": fail}),
            ("/f/slash/", {}),
        ],
        stream=stream,
        fail=fail,
    )
    app.config.update(COMPATSHIM_SERVED_BY_HEADER=True, **config)
    return app


@pytest.mark.parametrize(
    ("path", "status", "expected"),
    [
        ("/f/answer", 200, "flask"),
        ("/f/stream", 200, "flask"),
        ("/f/fail", 500, "flask"),
        ("/f/slash", 308, "flask"),
        ("/legacy/answer", 200, "legacy"),
        ("/legacy/stream", 200, "legacy"),
        ("/legacy/fail", 500, "legacy"),
        ("/nowhere", 404, "flask"),
        ("/legacy/echo/\xff", 400, "flask"),
        ("/\u03a9", 400, "flask"),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_the_header_that_names_who_serves(path, status, expected):
    app = build_named()
    environ = create_environ("/") | {"PATH_INFO": path}
    seen = []

    def application(environ, start_response):
        seen.append(environ)
        return app(environ, start_response)

    _, got, headers = run_wsgi_app(application, environ, buffered=True)
    assert int(got[:3]) == status
    assert headers.getlist(SERVED_BY) == [expected]
    assert seen[0]["compatshim.app"] == expected
    assert seen[0]["compatshim.origin"] == "core"


def test_the_header_of_a_legacy_request_with_flask_inside_is_one():
    app = build_app(rules=[("/flask", {})], inner=lambda: get(app, "/flask").text)
    app.config["COMPATSHIM_SERVED_BY_HEADER"] = True
    got = get(app, "/legacy/inner")
    assert got.headers.getlist(SERVED_BY) == ["legacy"]
    assert got.text == "flask /flask"


def test_the_header_replaces_what_an_application_set_itself():
    def view():
        return "x", {SERVED_BY.lower(): "me"}

    app = build_app(rules=[("/flask", {"view_func": view})])
    app.config["COMPATSHIM_SERVED_BY_HEADER"] = True
    assert get(app, "/flask").headers.getlist(SERVED_BY) == ["flask"]


@pytest.mark.parametrize("path", ["/f/answer", "/legacy/answer"])
def test_without_the_setting_there_is_no_such_header(path):
    app = build_named()
    app.config["COMPATSHIM_SERVED_BY_HEADER"] = False
    assert SERVED_BY not in get(app, path).headers


def test_what_both_refuse_is_answered_by_flask():
    app = build_app()
    app.register_error_handler(404, lambda error: ("flask's own page", 404))
    assert get(app, "/nowhere").text == "flask's own page"
    assert get(app, "/nowhere").status_code == 404


@pytest.mark.parametrize(
    ("method", "expected"),
    [("POST", "legacy /both"), ("GET", "flask /both"), ("HEAD", "")],
)
def test_a_method_that_flask_does_not_allow_is_legacys(method, expected):
    app = build_app(("/both", {}), rules=[("/both", {"methods": ["GET"]})])
    got = app.test_client().open("/both", method=method)
    assert (got.status_code, got.text) == (200, expected)


def test_a_405_stays_flasks_where_no_legacy_route_matches():
    app = build_app(rules=[("/flask", {"methods": ["GET", "PUT"]})])
    got = app.test_client().post("/flask")
    assert got.status_code == 405
    assert set(got.allow) == {"GET", "HEAD", "OPTIONS", "PUT"}


def test_options_is_answered_by_whoever_has_the_route():
    app = build_app(rules=[("/flask", {})], answer=lambda: request.method)
    client = app.test_client()
    assert set(client.options("/flask").allow) == {"GET", "HEAD", "OPTIONS"}
    assert client.options("/legacy/answer").text == "OPTIONS"


@pytest.mark.parametrize("path", ["/flask", "/legacy/answer"])
def test_head_has_the_headers_of_get_and_no_body(path):
    app = build_app(rules=[("/flask", {})])
    head, full = app.test_client().head(path), get(app, path)
    assert head.status_code == 200
    assert head.data == b""
    assert head.content_length == full.content_length > 0


def test_flasks_redirect_to_the_slash_comes_before_a_legacy_route():
    app = build_app(("/both", {}), rules=[("/both/", {})])
    got = get(app, "/both?a=1")
    assert got.status_code == 308
    assert got.location == "http://localhost/both/?a=1"


def test_merged_slashes_are_redirected_by_flask_alone():
    app = build_app(rules=[("/flask/a", {})])
    assert get(app, "/flask//a").location == "http://localhost/flask/a"


def test_a_rule_with_redirect_to():
    app = build_app(("/old", {}), rules=[("/old", {"redirect_to": "/new"})])
    assert get(app, "/old").location == "http://localhost/new"


def test_a_method_override_of_routes():
    app = build_app(("/item", {"conditions": {"method": ["DELETE"]}}))
    client = app.test_client()
    assert client.get("/item").status_code == 404
    assert client.get("/item?_method=delete").text == "legacy /item"
    assert client.post("/item", data={"_method": "DELETE"}).text == "legacy /item"


def test_a_form_that_was_read_for_the_method_override_is_still_there():
    app = build_app(form=lambda: request.POST["a"])
    data = {"a": "1", "_method": "POST"}
    assert app.test_client().post("/legacy/form", data=data).text == "1"


# Rules that come late, and special ones.


def test_a_rule_added_after_the_first_request():
    app = build_app(("/late", {}))
    assert get(app, "/late").text == "legacy /late"
    app.url_map.add(Rule("/late", endpoint="late"))
    app.view_functions["late"] = answer
    assert get(app, "/late").text == "flask /late"


def test_a_blueprint_registered_after_the_shim():
    app = build_app(("/late/page", {}), ("/late/other", {}))
    blueprint = Blueprint("late", __name__, url_prefix="/late")
    blueprint.add_url_rule("/page", "page", answer)
    app.register_blueprint(blueprint)
    assert get(app, "/late/page").text == "flask /late/page"
    assert get(app, "/late/other").text == "legacy /late/other"


def test_static_files_are_flasks(tmp_path):
    (tmp_path / "style.css").write_text("body {}")
    app = build_app(flask_options={"static_folder": tmp_path})
    with get(app, f"/{tmp_path.name}/style.css") as got:
        assert got.text == "body {}"


class InPackages(BaseConverter):
    """Needs the application, as converters that ask a database do."""

    def to_python(self, value):
        if value not in current_app.config["PACKAGES"]:
            from werkzeug.routing import ValidationError

            raise ValidationError
        return value


def test_a_converter_that_uses_current_app():
    app = build_app(("/package/{name}", {}))
    app.config["PACKAGES"] = ["flask"]
    app.url_map.converters["package"] = InPackages
    app.add_url_rule(
        "/package/<package:name>", "package", view_func=lambda name: f"flask {name}"
    )
    assert get(app, "/package/flask").text == "flask flask"
    assert get(app, "/package/pylons").text == "legacy /package/pylons"


def test_a_converter_that_fails_is_an_error_of_flask(caplog):
    class Failing(BaseConverter):
        def to_python(self, value):
            raise ZeroDivisionError

    app = build_app(("/x/{name}", {}))
    app.url_map.converters["failing"] = Failing
    app.add_url_rule("/x/<failing:name>", "x", view_func=lambda name: name)
    assert get(app, "/x/1").status_code == 500
    assert [record.exc_info[0] for record in caplog.records] == [ZeroDivisionError]


@pytest.mark.parametrize(
    ("host", "expected"),
    [("api.example.org", "flask"), ("www.example.org", "legacy")],
)
def test_host_matching(host, expected):
    app = build_app(
        ("/page", {}),
        flask_options={"host_matching": True},
        rules=[("/page", {"host": "api.example.org"})],
    )
    assert get(app, "/page", base_url=f"http://{host}").text == f"{expected} /page"


@pytest.mark.parametrize(
    ("host", "expected"),
    [("api.example.org", "flask"), ("example.org", "legacy")],
)
def test_subdomain_matching(host, expected):
    app = build_app(
        ("/page", {}),
        flask_options={"subdomain_matching": True},
        rules=[("/page", {"subdomain": "api"})],
    )
    app.config["SERVER_NAME"] = "example.org"
    assert get(app, "/page", base_url=f"http://{host}").text == f"{expected} /page"


if FLASK_VERSION >= (3, 1):  # TRUSTED_HOSTS came with it

    @pytest.mark.parametrize("path", ["/flask", "/legacy/answer", "/nowhere"])
    @pytest.mark.parametrize(
        ("host", "is_trusted"),
        [("good.example.org", True), ("evil.example.org", False)],
    )
    def test_trusted_hosts_hold_for_both_sides(path, host, is_trusted):
        served = []
        app = build_app(
            rules=[("/flask", {"view_func": lambda: served.append(1) or ""})],
            answer=lambda: served.append(1),
        )
        app.config["TRUSTED_HOSTS"] = ["good.example.org"]
        got = get(app, path, base_url=f"http://{host}")
        if not is_trusted:
            assert got.status_code == 400
            assert served == []
        else:
            assert got.status_code == (404 if path == "/nowhere" else 200)


# Once.


@pytest.fixture
def matches(monkeypatch):
    """Count how often each router is asked."""
    asked = Counter()
    match, routematch = MapAdapter.match, Mapper.routematch

    def counted_match(*args, **kwargs):
        asked["flask"] += 1
        return match(*args, **kwargs)

    def counted_routematch(*args, **kwargs):
        asked["legacy"] += 1
        return routematch(*args, **kwargs)

    monkeypatch.setattr(MapAdapter, "match", counted_match)
    monkeypatch.setattr(Mapper, "routematch", counted_routematch)
    return asked


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/flask", {"flask": 1}),
        ("/flask/x", {"flask": 1, "legacy": 1}),
        ("/legacy/answer", {"legacy": 1}),
        ("/legacy/touch", {"legacy": 1}),
        ("/flask/nowhere/x", {"flask": 1, "legacy": 1}),
    ],
)
def test_each_router_is_asked_at_most_once(matches, path, expected):
    def touch():
        session["name"] = "x"
        return answer()

    app = build_app(
        ("/flask/x", {}),
        rules=[("/flask", {}), ("/flask/<int:number>", {})],
        touch=touch,
    )
    get(app, path)
    assert matches == expected


# Paths.

WORDS = ["Zoé", "日本", "Ω/ω", "a b", "100%", "ß+ä", "%C3%A9"]


@pytest.mark.parametrize("text", WORDS)
def test_a_path_argument_is_the_same_text_on_both_sides(text):
    app = build_app(
        rules=[("/flask/<path:text>", {"view_func": echo})],
        echo=echo,
    )
    raw = text.encode().decode("latin-1")
    for path in (f"/flask/{raw}", f"/legacy/echo/{raw}"):
        environ = create_environ("/") | {"PATH_INFO": path}
        body, status, _ = run_wsgi_app(app, environ, buffered=True)
        assert status == "200 OK"
        assert b"".join(body).decode() == f"str {text}"


@pytest.mark.parametrize("text", WORDS)
@pytest.mark.parametrize("path", ["/flask", "/legacy/fields"])
def test_query_and_form_are_the_same_text_on_both_sides(path, text):
    def fields():
        values = [
            request.GET["q"],
            request.args["q"],
            request.POST["f"],
            request.form["f"],
            request.params["q"],
        ]
        assert values == [text] * 5
        return request.values["f"]

    app = build_app(
        rules=[("/flask", {"view_func": fields, "methods": ["POST"]})], fields=fields
    )
    client = app.test_client()
    got = client.post(path, query_string={"q": text}, data={"f": text})
    assert got.text == text


@pytest.mark.parametrize("path", ["/Ω", "/flask/Ω", "/legacy/echo/Ω", "Ω"])
def test_a_path_that_is_no_wsgi_text_is_a_bad_request(path):
    app = build_app(rules=[("/flask/<text>", {"view_func": echo})], echo=echo)
    environ = create_environ("/legacy/answer") | {"PATH_INFO": path}
    _, status, _ = run_wsgi_app(app, environ, buffered=True)
    assert status == "400 BAD REQUEST"


@pytest.mark.parametrize("extensions", [False, True])
def test_path_that_is_not_utf_8_is_answered_with_all_that_is_around(extensions):
    app = flask.Flask("sample")
    mapper = Mapper()
    shim = CompatShim(app, legacy=lambda *_: pytest.fail("it ran"), mapper=mapper)
    if extensions:
        with shim.extension_routes("sample"):
            mapper.connect("/legacy/{name}", controller="any")
    mapper.connect("/{name}", controller="any")
    app.add_url_rule("/legacy/<name>", "own", lambda name: name)
    seen = []
    app.register_error_handler(400, lambda error: ("own page", 400))
    app.before_request(lambda: seen.append("before"))
    app.teardown_request(lambda error: seen.append("teardown"))

    @shim.after_request
    def secure(response):
        response.headers["X-Frame-Options"] = "DENY"
        return response

    path = {"PATH_INFO": "/legacy/\xff" if extensions else "/\xff"}
    answer = app.test_client().get("/", environ_overrides=path)
    assert (answer.status_code, answer.text) == (400, "own page")
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert seen == ["before", "teardown"]


NOT_UTF_8 = [b"\xff", b"caf\xe9", b"\xc3", b"\xed\xa0\x80", b"ok/\xfe"]


@pytest.mark.parametrize("octets", NOT_UTF_8)
def test_bytes_that_are_not_utf_8_on_a_legacy_route(octets):
    app = build_app(echo=echo)
    environ = create_environ("/")
    environ["PATH_INFO"] = "/legacy/echo/" + octets.decode("latin-1")
    _, status, _ = run_wsgi_app(app, environ, buffered=True)
    assert status == "400 BAD REQUEST"


@pytest.mark.parametrize("octets", NOT_UTF_8)
def test_bytes_that_are_not_utf_8_on_a_flask_route(octets):
    """What Werkzeug makes of them, with and without a shim."""
    bare = Flask("bare")
    bare.add_url_rule("/flask/<path:text>", view_func=echo, endpoint="echo")
    app = build_app(rules=[("/flask/<path:text>", {"view_func": echo})])
    answers = []
    for each in (bare, app):
        environ = create_environ("/")
        environ["PATH_INFO"] = "/flask/" + octets.decode("latin-1")
        body, status, _ = run_wsgi_app(each, environ, buffered=True)
        answers.append((status, b"".join(body)))
    assert answers[0] == answers[1]


LATIN_1 = st.text(st.characters(max_codepoint=255), max_size=12)
PREFIXES = ["", "/", "//", "/flask/", "/legacy/echo/", "/legacy/", "/both/"]
BROWSED = build_app(
    ("/both/{text:.*}", {"action": "fields"}),
    rules=[
        ("/flask/<path:text>", {"view_func": echo}),
        ("/both/<int:text>", {"view_func": echo}),
    ],
    echo=echo,
    fields=lambda text: repr((request.GET.mixed(), request.POST.mixed(), text)),
)


@given(
    prefix=st.sampled_from(PREFIXES),
    path=st.one_of(LATIN_1, st.text(max_size=6)),
    query=LATIN_1,
    script_name=st.one_of(st.just(""), LATIN_1),
    method=st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"]),
    host=st.one_of(st.just("localhost"), LATIN_1),
    content_type=st.sampled_from(
        ["", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"]
    ),
    body=st.binary(max_size=20),
)
@example("/both/", "\xff", "", "", "GET", "localhost", "", b"")
@example("/both/", "x", "q=%ff", "", "GET", "localhost", "", b"")
@example("/both/", "x", "_method=%ff", "", "GET", "localhost", "", b"")
@example("/legacy/echo/", "x\r\n", "", "", "GET", "localhost", "", b"")
def test_no_client_can_make_a_server_error(
    prefix, path, query, script_name, method, host, content_type, body
):
    builder = EnvironBuilder(method=method, data=body, content_type=content_type)
    environ = builder.get_environ()
    environ.update(
        PATH_INFO=prefix + path,
        QUERY_STRING=query,
        SCRIPT_NAME=script_name,
        HTTP_HOST=host,
    )
    chunks, status, _ = run_wsgi_app(BROWSED.wsgi_app, environ, buffered=True)
    builder.close()
    assert int(status[:3]) < 500
    assert b"Traceback" not in b"".join(chunks)


# What is seen of environ.


def snapshot(environ):
    """Return a deep copy of ``environ``, without compatshim's documented keys."""
    return {
        key: copy.deepcopy(value)
        for key, value in environ.items()
        if not key.startswith(("compatshim.", "wsgi.", "routes.", "wsgiorg."))
        and key not in {"werkzeug.request", "werkzeug.debug.preserve_context"}
    }


PROBES = ["/legacy/look", "/flask/look", "/flask/7", "/legacy/look?_method=PUT"]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", PROBES)
def test_a_legacy_application_sees_the_environ_that_a_bare_one_sees(path, method):
    seen = []

    def legacy(environ, start_response):
        seen.append((snapshot(environ), environ["wsgi.input"].read()))
        start_response("200 OK", [])
        return []

    mapper = Mapper()
    mapper.connect("/{more:.*}")
    app = Flask("sample")
    app.add_url_rule("/flask/<int:number>/x", "x", answer)
    CompatShim(app, legacy=legacy, mapper=mapper)
    for each in (legacy, app):
        builder = EnvironBuilder(path, method=method, data=b"body")
        run_wsgi_app(each, builder.get_environ(), buffered=True)
    assert seen[0] == seen[1]


@pytest.mark.parametrize("path", ["/flask/7", "/flask/7?a=1"])
def test_a_flask_view_sees_the_environ_that_a_bare_one_sees(path):
    seen = []

    def view(number):
        environ = dict(flask.request.environ)
        seen.append((snapshot(environ), sorted(environ)))
        return ""

    bare = Flask("sample")
    app = build_app(rules=[("/flask/<int:number>", {"view_func": view})])
    bare.add_url_rule("/flask/<int:number>", "view", view)
    for each in (bare, app):
        run_wsgi_app(each, create_environ(path), buffered=True)
    added = set(seen[1][1]) - set(seen[0][1])
    assert seen[0][0] == seen[1][0]
    assert added == {"compatshim.app", "compatshim.origin"}


def test_asking_flask_leaves_no_request_of_flask_in_environ():
    app = build_app(
        ("/flask/x", {"action": "keys"}),
        rules=[("/flask/<int:number>", {})],
        keys=lambda: " ".join(sorted(request.environ)),
    )
    keys = get(app, "/flask/x").text.split()
    assert "werkzeug.request" not in keys
    assert "compatshim.request_context" not in keys


@pytest.mark.parametrize("path", ["/flask", "/legacy/body"])
def test_the_body_is_unread_when_the_owner_gets_it(path):
    app = build_app(
        rules=[("/flask", {"view_func": lambda: request.body, "methods": ["POST"]})],
        body=lambda: request.body,
    )
    got = app.test_client().post(path, data=b"\x00raw\xff")
    assert got.data == b"\x00raw\xff"


# The session.


@pytest.fixture
def sessions():
    """Return an application that counts what its session interface is asked."""
    app = build_app(
        touch=lambda: session.get("name", "nobody"),
        write=lambda: session.update(name="somebody"),
    )
    calls = Counter()

    class Counting(flask.sessions.SecureCookieSessionInterface):
        def open_session(self, *args):
            calls["open"] += 1
            return super().open_session(*args)

        def save_session(self, *args):
            calls["save"] += 1
            return super().save_session(*args)

    app.session_interface = Counting()
    return app, calls


@pytest.mark.parametrize(
    ("path", "opened", "saved"),
    [("answer", 0, 0), ("touch", 1, 1), ("write", 1, 1)],
)
def test_the_session_of_a_legacy_request(sessions, path, opened, saved):
    app, calls = sessions
    got = get(app, f"/legacy/{path}")
    assert (calls["open"], calls["save"]) == (opened, saved)
    assert ("Set-Cookie" in got.headers) is (path == "write")


# Contexts that a test client keeps.


@pytest.mark.parametrize("path", ["/flask/q", "/legacy/answer"])
def test_a_client_block_keeps_the_context_of_the_last_request(path):
    app = build_app(rules=[("/flask/q", {})])
    with app.test_client() as client:
        client.get(f"{path}?a=1")
        assert request.path == path
        assert request.args["a"] == "1"
        assert is_flask_request() is path.startswith("/flask")
        client.get(f"{path}?a=2")
        assert request.args["a"] == "2"
    assert is_flask_request() is False
    assert not flask.has_app_context()


@pytest.mark.parametrize("is_read", ["read inside", "read afterwards", "never read"])
def test_a_client_block_keeps_the_context_of_a_stream(is_read):
    def stream():
        yield "one "
        yield request.path

    app = build_app(stream=stream)
    with app.test_client() as client:
        got = client.get("/legacy/stream")
        assert request.path == "/legacy/stream"
        if is_read == "read inside":
            assert got.text == "one /legacy/stream"
            assert request.path == "/legacy/stream"
    if is_read == "read afterwards":
        assert got.text == "one /legacy/stream"
    got.close()
    assert is_flask_request() is False
    assert not flask.has_app_context()


def test_a_client_block_of_two_streams_at_once():
    def stream():
        yield "one "
        yield request.args["a"]

    app = build_app(stream=stream)
    with app.test_client() as client:
        first = client.get("/legacy/stream?a=1")
        second = client.get("/legacy/stream?a=2")
        assert request.args["a"] == "2"
        assert (first.text, second.text) == ("one 1", "one 2")
    assert not flask.has_app_context()


def test_the_session_can_be_read_in_a_client_block():
    app = build_app(write=lambda: session.update(name="x"), rules=[("/flask", {})])
    torn_down = []
    app.teardown_request(torn_down.append)
    with app.test_client() as client:
        client.get("/legacy/write")
        assert session["name"] == "x"
        client.get("/flask")
        assert session["name"] == "x"
    assert not flask.has_request_context()


def test_a_client_block_of_both_sides_in_turn():
    app = build_app(rules=[("/flask/q", {})])
    with app.test_client() as client:
        for path in ("/flask/q", "/legacy/answer", "/flask/q", "/nowhere"):
            client.get(path)
            assert request.path == path
            assert is_flask_request() is (path != "/legacy/answer")


def test_many_requests_at_once_are_served_by_their_own_framework():
    barrier = threading.Barrier(4, timeout=30)

    def wait():
        barrier.wait()
        return answer()

    app = build_app(
        ("/l", {"action": "wait"}), rules=[("/f", {"view_func": wait})], wait=wait
    )
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda path: get(app, path).text, ["/f", "/l"] * 2))
    assert found == ["flask /f", "legacy /l"] * 2
