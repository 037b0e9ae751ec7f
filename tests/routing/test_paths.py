"""However a path is spelled: who is named as its owner is the one whose route runs.

And nothing of the other side runs, so that no spelling leads past a permission check.
"""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import threading
from importlib.util import find_spec
from urllib.parse import unquote_to_bytes

import flask
import pytest
from hypothesis import example, given, strategies as st
from routes import Mapper
from routes.middleware import RoutesMiddleware
from webob import Response
from werkzeug.exceptions import HTTPException
from werkzeug.serving import make_server
from werkzeug.test import create_environ, run_wsgi_app

from compatshim import CompatShim
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.wsgiapp import PylonsApp


def make_site(
    *, minimization=False, strict_slashes=True, extensions=True, singleton=None
):
    """Return a Flask application whose routes note that they ran, and these notes.

    A note is the framework, the origin, and the path that the route was given. With
    ``singleton`` the legacy application has a ``RoutesMiddleware`` of its own.
    """
    ran = []
    app = flask.Flask("site", static_folder=None)
    app.config["COMPATSHIM_ROUTE_CONFLICTS"] = "ignore"
    app.url_map.strict_slashes = strict_slashes

    def flask_view(origin):
        def view(rest=None):
            ran.append(("flask", origin, rest))
            return "flask"

        return view

    class Controller(WSGIController):
        def core(self, rest=None):
            ran.append(("legacy", "core", rest))
            return "legacy"

        def extension(self, rest=None):
            ran.append(("legacy", "extension", rest))
            return "legacy"

    mapper = Mapper()
    mapper.minimization = minimization
    config = PylonsConfig()
    config.init_app({}, {}, package="sample")
    config["routes.map"] = mapper
    legacy = PylonsApp(config)
    if singleton is not None:
        legacy = RoutesMiddleware(legacy, mapper, singleton=singleton)
    shim = CompatShim(app, legacy=legacy, legacy_config=config)
    for rule in ("/", "/admin", "/both/", "/a/b", "/both/<rest>", "/f/<path:rest>"):
        app.add_url_rule(rule, rule, flask_view("core"))
    if extensions:
        with shim.extension_routes():
            for path in ("/admin", "/both/{rest}", "/l", "/f/x/{rest:.*}"):
                mapper.connect(path, controller=Controller, action="extension")
            app.add_url_rule("/both/x", "x", flask_view("extension"))
            app.add_url_rule("/l/<path:rest>", "l", flask_view("extension"))
    for path in ("/admin", "/both", "/a/b", "/l/{rest}", "/{rest:.*}"):
        mapper.connect(path, controller=Controller, action="core")
    return app, ran


SITES = {
    (minimization, strict_slashes, extensions): make_site(
        minimization=minimization, strict_slashes=strict_slashes, extensions=extensions
    )
    for minimization in (True, False)
    for strict_slashes in (True, False)
    for extensions in (True, False)
}
BEHIND_MIDDLEWARE = {
    (minimization, singleton): make_site(minimization=minimization, singleton=singleton)
    for minimization in (True, False)
    for singleton in (True, False)
}


def ask(app, path_info, method="GET"):
    """Return the ``environ`` after a request, and the status of its answer."""
    seen = []

    def application(environ, start_response):
        seen.append(environ)
        return app.wsgi_app(environ, start_response)

    environ = create_environ("/", method=method)
    environ["PATH_INFO"] = path_info
    _, status, _ = run_wsgi_app(application, environ, buffered=True)
    return seen[0], int(status[:3])


PIECES = st.sampled_from(
    [
        b"/", b"//", b"///", b"/./", b"/../", b".", b"..", b"%2F", b"%2f", b"%25", b"%252F",
        b"%", b"%%", b"%zz", b"\\", b"%5C", b";", b";x=1", b"?", b"#", b"%3F", b"%23",
        b"%00", b"%0a", b"%0d", b"\n", b" ", b"+", b"%20", b"\xff", b"%ff", b"\xc3\xa9",
        b"%C3%A9", b"%c3", b"\xed\xa0\x80", b"admin", b"Admin", b"%61dmin", b"both", b"a",
        b"b", b"l", b"f", b"x", b"<rest>", b"{rest}", b"*", b":", b",", b"",
    ]
)  # fmt: skip
PATHS = st.lists(PIECES, max_size=7).map(b"".join)
ANY_BYTES = st.binary(max_size=10)


@given(
    raw=st.one_of(
        PATHS,
        PATHS.map(lambda path: b"/" + path),
        ANY_BYTES,
        PATHS.map(lambda p: b"/admin" + p),
    ),
    is_quoted=st.booleans(),
    method=st.sampled_from(["GET", "HEAD", "POST", "OPTIONS"]),
    options=st.sampled_from([*SITES, *BEHIND_MIDDLEWARE]),
)
@example(b"//admin", False, "GET", (False, True, True))
@example(b"admin", False, "GET", (False, True, True))
@example(b"/admin/", False, "GET", (True, True, False))
@example(b"/admin/", False, "GET", (False, False, True))
@example(b"/f/x/\xff", False, "GET", (False, True, True))
@example(b"", False, "GET", (True, True, True))
@example(b"", False, "GET", (False, True))
@example(b"/f/x/\xc3\xa9", False, "HEAD", (False, False))
def test_who_is_named_is_who_runs(raw, is_quoted, method, options):
    app, ran = (SITES | BEHIND_MIDDLEWARE)[options]
    ran.clear()
    octets = unquote_to_bytes(raw) if is_quoted else raw
    environ, status = ask(app, octets.decode("latin-1"), method)
    assert status < 500
    owner = environ["compatshim.app"], environ["compatshim.origin"]
    assert [note[:2] for note in ran] in ([], [owner])
    if not ran:  # nobody's, or a redirect, or Flask's own answer to OPTIONS
        assert status != 200 or method == "OPTIONS"
        assert owner[0] == "flask"


@given(raw=st.one_of(PATHS, ANY_BYTES), method=st.sampled_from(["GET", "POST"]))
def test_what_a_bare_flask_application_answers_is_what_the_shim_lets_flask_answer(
    raw, method
):
    """Without extensions: Flask's own router decides, and the shim as it does."""
    app, ran = SITES[False, True, False]
    path_info = raw.decode("latin-1")
    ran.clear()
    environ, _ = ask(app, path_info, method)
    question = create_environ("/", method=method) | {"PATH_INFO": path_info}
    try:
        app.url_map.bind_to_environ(question).match()
    except HTTPException as refusal:
        is_flasks = refusal.code not in (404, 405)
    else:
        is_flasks = True
    if is_flasks:
        assert environ["compatshim.app"] == "flask"
        assert all(note[0] == "flask" for note in ran)
    else:
        assert all(note[0] == "legacy" for note in ran)


ADMIN = ["/admin", "//admin", "///admin", "admin"]


@pytest.mark.parametrize("path", ADMIN)
def test_slashes_at_the_start_do_not_lead_past_a_legacy_extension(path):
    app, ran = SITES[False, True, True]
    ran.clear()
    environ, _ = ask(app, path)
    assert environ["compatshim.app"] == "legacy"
    assert ran == [("legacy", "extension", None)]


def test_a_slash_at_the_end_does_not_lead_past_a_legacy_extension():
    """Flask takes both for one page where slashes are not strict."""
    app, ran = SITES[False, False, True]
    ran.clear()
    ask(app, "/admin/")
    assert ran == [("legacy", "extension", None)]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_slash_at_the_end_does_not_lead_to_the_legacy_page_that_flask_has(method):
    """Routes takes both for one page where minimization is on."""
    app, ran = SITES[True, True, False]
    ran.clear()
    environ, status = ask(app, "/admin/", method)
    assert (environ["compatshim.app"], ran, status) == ("flask", [], 404)


def test_a_path_that_is_not_utf_8_does_not_lead_past_a_legacy_extension():
    app, ran = SITES[False, True, True]
    ran.clear()
    environ, status = ask(app, "/f/x/\xff")
    assert (environ["compatshim.app"], ran, status) == ("flask", [], 400)
    ask(app, "/f/y/\xff")
    assert ran == [("flask", "core", "y/\N{REPLACEMENT CHARACTER}")]


def test_custom_converters_do_not_hide_the_page_that_flask_has():
    app, ran = make_site(minimization=True, extensions=False)
    converter = app.url_map.converters["default"]
    app.url_map.converters["own"] = type("Own", (converter,), {})
    app.add_url_rule("/own/<own:rest>", "own", lambda rest: rest)
    environ, status = ask(app, "/own/x/")
    assert (environ["compatshim.app"], ran, status) == ("flask", [], 404)


# Through sockets: what servers make of a request line.

SPELLINGS = [
    "/admin", "//admin", "/%61dmin", "/admin/", "/admin%2F", "/./admin", "/x/../admin",
    "/admin;x", "/admin%3Bx", "/admin%00", "/admin%ff", "/%2561dmin", "/admin?x", "/admin%3Fx",
    "/both/%2e%2e/admin", "/both/x", "/both//x", "/both/%2Fx", "/l/%C3%A9", "/l/%252F",
    "/f/x/a%2Fb", "/f/a;b", "/", "//", "/a/b", "/a//b", "/a%2Fb", "/nowhere",
]  # fmt: skip


def request_line(port, target):
    """Return status and body; ``http.client`` would tidy the path up."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        line = f"GET {target} HTTP/1.0\r\nHost: localhost\r\n\r\n"
        connection.sendall(line.encode("latin-1"))
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), body.decode()


def noted(app, ran):
    """Return an application that answers with who is named and what ran."""

    def application(environ, start_response):
        ran.clear()
        taken = []
        list(app.wsgi_app(environ, lambda status, *_: taken.append(status)))
        owner = [environ["compatshim.app"], environ["compatshim.origin"]]
        notes = [list(note[:2]) for note in ran]
        body = flask.json.dumps([owner, notes, taken[0]]).encode()
        # With its length, because Werkzeug's server would send it in chunks to a client
        # of HTTP/1.0 too, once a server with threads has run in the same process.
        length = ("Content-Length", str(len(body)))
        start_response("200 OK", [("Content-Type", "application/json"), length])
        return [body]

    return application


def check_spellings(port):
    assert request_line(port, "/admin")[0] == 200
    for target in SPELLINGS:
        status, body = request_line(port, target)
        if status == 400:  # the server's own opinion
            continue
        owner, notes, answer = flask.json.loads(body)
        assert notes in ([], [owner]), target
        assert notes or not answer.startswith("200"), target


def test_spellings_through_werkzeugs_server():
    server = make_server("127.0.0.1", 0, noted(*make_site()))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        check_spellings(server.server_port)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def gunicorn_port(tmp_path):
    module = tmp_path / "spellings_site.py"
    module.write_text(
        "import importlib.util\n"
        f"spec = importlib.util.spec_from_file_location('test_paths', {__file__!r})\n"
        "tests = importlib.util.module_from_spec(spec)\n"
        "spec.loader.exec_module(tests)\n"
        "application = tests.noted(*tests.make_site())\n"
    )
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.set_inheritable(True)
        port = listener.getsockname()[1]
        process = subprocess.Popen(
            [
                sys.executable, "-m", "gunicorn", "--bind", f"fd://{listener.fileno()}",
                "--chdir", str(tmp_path), "--log-level", "error",
                "spellings_site:application",
            ],
            pass_fds=[listener.fileno()],
            stderr=subprocess.PIPE,
        )  # fmt: skip
        try:
            yield port
        finally:
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.communicate(timeout=60)


if find_spec("gunicorn"):

    def test_spellings_through_gunicorn(gunicorn_port):
        check_spellings(gunicorn_port)


def test_an_answer_of_a_bare_wsgi_application_is_named_too():
    app = flask.Flask("site")
    CompatShim(app, legacy=Response("anything"))
    environ, _ = ask(app, "/%00\xff")
    assert environ["compatshim.app"] in {"flask", "legacy"}
    assert environ["compatshim.origin"] == "core"
