"""Both sides as plain WSGI: under servers, mounts, proxies and a strict validator."""

from __future__ import annotations

import http.client
import io
import threading
from contextlib import closing
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.validate import validator

import pytest
from flask import Flask
from routes import Mapper
from webob.exc import HTTPFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.test import Client, EnvironBuilder
from werkzeug.urls import iri_to_uri

from compatshim import CompatShim
from compatshim.common import (
    abort,
    is_flask_request,
    redirect,
    request,
    session,
    streaming_response,
    url,
    url_for,
)
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.wsgiapp import PylonsApp

SIDES = ["flask", "legacy"]


def text():
    return "Zoé"


def form():
    return ", ".join(f"{key}={value}" for key, value in request.POST.items())


def stream():
    return streaming_response(iter(["one", "two"]), mimetype="text/plain")


def generator():
    yield "one"
    yield "two"


def fail():
    raise ZeroDivisionError


def fail_in_stream():
    def body():
        raise ZeroDivisionError
        yield

    return streaming_response(body())


def missing():
    abort(404)


def away():
    redirect("/elsewhere")


def found():
    raise HTTPFound(location="/elsewhere")


def remember():
    session["name"] = request.GET.get("name", "nobody")
    return "remembered"


def recall():
    return session.get("name", "nobody")


def urls():
    """Return how this request is seen, and how links to it look."""
    return "\n".join(
        [
            request.path,
            request.script_name,
            request.path_info,
            request.host_url,
            request.application_url,
            request.url_root,
            url_for(f"{'flask' if is_flask_request() else 'legacy'}_urls"),
            url_for("flask_urls", _external=True),
            url_for("legacy_urls", qualified=True),
            url_for("/style.css"),
            url.current(),
        ]
    )


ACTIONS = [text, form, stream, fail, fail_in_stream, missing, away, remember, recall]
ACTIONS += [urls]


def build_legacy(*more):
    actions = {action.__name__: staticmethod(action) for action in (*ACTIONS, *more)}
    controller = type("C", (WSGIController,), actions)
    config = PylonsConfig()
    config.init_app({}, {}, package="sample")
    config["routes.map"] = mapper = Mapper()
    mapper.connect("legacy_urls", "/legacy/urls", controller=controller, action="urls")
    mapper.connect("/legacy/{action}", controller=controller)
    return PylonsApp(config)


def build_app():
    """Return a Flask application of ``/{side}/{action}``."""
    app = Flask("sample")
    app.secret_key = "for tests"
    for action in ACTIONS:
        name = action.__name__
        app.add_url_rule(
            f"/flask/{name}", f"flask_{name}", action, methods=["GET", "POST"]
        )
    CompatShim(app, legacy=build_legacy(generator, found))
    return app


def call(wsgi_app, path, method="GET", data=None):
    """Call as a server does that PEP 3333 has been read to; return status and body."""
    builder = EnvironBuilder(path, method=method, data=data)
    environ = builder.get_environ()
    environ["wsgi.errors"] = io.StringIO()
    if environ.get("CONTENT_LENGTH") in {"", "0"}:
        environ.pop("CONTENT_LENGTH", None)
        environ.pop("CONTENT_TYPE", None)
    for key in ("HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH"):
        environ.pop(key, None)
    started = []

    def start_response(status, headers, exc_info=None):
        assert exc_info is not None or not started
        started.append(status)
        return lambda chunk: None

    iterable = validator(wsgi_app)(environ, start_response)
    body = b"".join(iterable)
    iterable.close()
    builder.close()
    return int(started[-1][:3]), body


PAGES = [
    ("text", 200, "Zoé"),
    ("stream", 200, "onetwo"),
    ("fail", 500, None),
    ("missing", 404, None),
    ("away", 302, None),
    ("remember?name=x", 200, "remembered"),
    ("no_such", 404, None),
]


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize(("page", "status", "expected"), PAGES)
def test_the_validator_is_content(side, method, page, status, expected):
    got = call(build_app(), f"/{side}/{page}", method)
    assert got[0] == status
    if method == "HEAD":
        assert got[1] == b""
    elif expected is not None:
        assert got[1].decode() == expected


@pytest.mark.parametrize("page", ["generator", "fail_in_stream", "found"])
def test_the_validator_is_content_with_what_only_a_legacy_action_does(page):
    expected = {"generator": 200, "fail_in_stream": 500, "found": 302}[page]
    assert call(build_app(), f"/legacy/{page}")[0] == expected


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("data", [{"name": "Zoé"}, {"file": (io.BytesIO(b"x"), "f")}])
def test_the_validator_is_content_with_forms(side, data):
    data = {key: value for key, value in data.items() if key == "name"} or {
        "file": (io.BytesIO(b"x"), "f.txt")
    }
    status, body = call(build_app(), f"/{side}/form", "POST", data)
    assert status == 200
    assert body.decode().startswith(next(iter(data)))


@pytest.mark.parametrize("path", ["/nowhere", "/legacy/no/such", "/flask/caf\xe9"])
def test_the_validator_is_content_with_what_nobody_serves(path):
    assert call(build_app(), path)[0] == 404


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize(
    ("page", "status"), [("text", 200), ("generator", 200), ("found", 302)]
)
def test_the_validator_is_content_with_a_legacy_application_alone(page, status, method):
    legacy = build_legacy(generator, found)
    assert call(legacy, f"/legacy/{page}", method)[0] == status


def test_the_validator_is_content_with_a_body_that_is_not_consumed():
    builder = EnvironBuilder("/legacy/generator")
    environ = builder.get_environ()
    environ["wsgi.errors"] = io.StringIO()
    for key in ("HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH"):
        environ.pop(key, None)

    def start_response(status, headers, exc_info=None):
        return lambda chunk: None

    iterable = validator(build_app())(environ, start_response)
    iterable.close()


# Over real HTTP.


class _Handler(WSGIRequestHandler):
    def log_message(self, *_):
        """Print nothing."""


@pytest.fixture(scope="module")
def port():
    """Serve both sides, checked by the validator, on a free port."""
    with make_server(
        "127.0.0.1", 0, validator(build_app()), handler_class=_Handler
    ) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def ask(port, method, path, body=None, headers=None):
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as link:
        link.request(method, path, body, headers or {})
        answer = link.getresponse()
        return answer.status, answer.headers, answer.read().decode()


@pytest.mark.parametrize("side", SIDES)
def test_pages_over_http(port, side):
    status, _, body = ask(port, "GET", f"/{side}/text")
    assert (status, body) == (200, "Zoé")
    assert ask(port, "HEAD", f"/{side}/text")[2] == ""
    assert ask(port, "GET", f"/{side}/stream")[2] == "onetwo"
    assert ask(port, "GET", f"/{side}/missing")[0] == 404


@pytest.mark.parametrize("side", SIDES)
def test_a_form_over_http(port, side):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = ask(port, "POST", f"/{side}/form", "a=1&b=Zo%C3%A9", headers)
    assert answer[2] == "a=1, b=Zoé"


@pytest.mark.parametrize("side", SIDES)
def test_a_relative_redirect_over_http(port, side):
    status, headers, _ = ask(port, "GET", f"/{side}/away")
    assert (status, headers["Location"]) == (302, "/elsewhere")


@pytest.mark.parametrize("path", ["/legacy/%FF", "/legacy/x%C3"])
def test_bytes_that_are_not_utf_8_over_http(port, path):
    status, _, body = ask(port, "GET", path)
    assert status == 400
    assert "Traceback" not in body


@pytest.mark.parametrize("writer", SIDES)
@pytest.mark.parametrize("reader", SIDES)
def test_a_session_goes_from_one_side_to_the_other_over_http(port, writer, reader):
    _, headers, _ = ask(port, "GET", f"/{writer}/remember?name=Zo%C3%A9")
    cookie = headers["Set-Cookie"].partition(";")[0]
    answer = ask(port, "GET", f"/{reader}/recall", headers={"Cookie": cookie})
    assert answer[2] == "Zoé"


# Mounted, and behind a proxy.


def seen(wsgi_app, path, **options):
    lines = Client(wsgi_app).get(path, **options).text.split("\n")
    # Where the mount is not ASCII, Werkzeug's URLs are IRIs, and WebOb's are not.
    return lines[:3] + [iri_to_uri(line) for line in lines[3:]]


def not_found(environ, start_response):
    start_response("404 Not Found", [("Content-Type", "text/plain")])
    return [b"nothing mounted here"]


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("mount", ["", "/site", "/a/b", "/größe"])
def test_mounted(side, mount):
    wsgi_app = build_app()
    if mount:
        key = mount.encode().decode("latin-1")
        wsgi_app = DispatcherMiddleware(not_found, {key: wsgi_app})
    quoted = mount.replace("ö", "%C3%B6").replace("ß", "%C3%9F")
    assert seen(wsgi_app, f"{mount}/{side}/urls") == [
        f"{quoted}/{side}/urls",
        mount,
        f"/{side}/urls",
        "http://localhost",
        f"http://localhost{quoted}",
        f"http://localhost{quoted}/",
        f"{quoted}/{side}/urls",
        f"http://localhost{quoted}/flask/urls",
        f"http://localhost{quoted}/legacy/urls",
        f"{quoted}/style.css",
        f"{quoted}/{side}/urls",
    ]


@pytest.mark.parametrize("side", SIDES)
def test_behind_a_proxy(side):
    headers = {
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "www.example.org",
        "X-Forwarded-Prefix": "/prefix",
    }
    wsgi_app = ProxyFix(build_app(), x_proto=1, x_host=1, x_prefix=1)
    assert seen(wsgi_app, f"/{side}/urls", headers=headers) == [
        f"/prefix/{side}/urls",
        "/prefix",
        f"/{side}/urls",
        "https://www.example.org",
        "https://www.example.org/prefix",
        "https://www.example.org/prefix/",
        f"/prefix/{side}/urls",
        "https://www.example.org/prefix/flask/urls",
        "https://www.example.org/prefix/legacy/urls",
        "/prefix/style.css",
        f"/prefix/{side}/urls",
    ]


@pytest.mark.parametrize("side", SIDES)
def test_forwarding_headers_that_no_proxy_was_trusted_with(side):
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example.org"}
    found = seen(build_app(), f"/{side}/urls", headers=headers)
    assert "evil" not in " ".join(found)
    assert "https" not in " ".join(found)


@pytest.mark.parametrize("side", SIDES)
def test_another_port(side):
    found = seen(build_app(), f"/{side}/urls", base_url="http://localhost:8080")
    assert f"http://localhost:8080/{side}/urls" in found
