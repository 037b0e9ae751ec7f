"""The stores of legacy sites, with real servers, and sites on real sockets."""

from __future__ import annotations

import contextlib
import getpass
import http.cookiejar
import os
import shutil
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from types import SimpleNamespace

import pytest
from beaker.ext.database import DatabaseNamespaceManager
from beaker.ext.memcached import MemcachedNamespaceManager
from beaker.middleware import SessionMiddleware
from flask import Flask, request, session
from webob import Request, Response
from werkzeug.serving import make_server

from compatshim.sessions.beaker import BeakerSessionInterface

# What a deployed legacy site has in its ini file, whatever the store.
SITE = {"beaker.session.key": "shop", "beaker.session.secret": "a secret of old"}


def _missing(reason):
    if os.environ.get("CI"):
        pytest.fail(f"{reason}; .ci/run installs it")
    pytest.skip(reason)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


class Server:
    """A program that listens on a port of its own; it can be stopped and started."""

    def __init__(self, program, arguments):
        path = shutil.which(program)
        if path is None:
            _missing(f"{program} is not installed")
        self.port = _free_port()
        self._command = [path, *arguments(self.port)]
        self._process = None
        self.start()

    def start(self):
        self._process = subprocess.Popen(  # noqa: S603 (our own command)
            self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 20
        while not _answers(self.port):
            assert self._process.poll() is None, f"{self._command} has ended"
            assert time.monotonic() < deadline, f"{self._command} does not answer"
            time.sleep(0.02)

    def stop(self):
        self._process.terminate()
        self._process.wait(20)


def _redis_arguments(port):
    return ["--port", str(port), "--bind", "127.0.0.1", "--save", ""]


def _memcached_arguments(port):
    user = ["-u", "root"] if getpass.getuser() == "root" else []
    return ["-l", "127.0.0.1", "-p", str(port), "-U", "0", *user]


@contextlib.contextmanager
def _running(program, arguments):
    server = Server(program, arguments)
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def redis_server():
    with _running("redis-server", _redis_arguments) as server:
        yield server


@pytest.fixture(scope="session")
def memcached_server():
    with _running("memcached", _memcached_arguments) as server:
        yield server


@pytest.fixture
def start_server():
    """Return a function that starts a server of this test's own."""
    arguments = {"redis-server": _redis_arguments, "memcached": _memcached_arguments}
    with contextlib.ExitStack() as stack:
        yield lambda program: stack.enter_context(_running(program, arguments[program]))


def _file(make, tmp_path):
    return {"beaker.session.type": "file", "beaker.session.data_dir": str(tmp_path)}


def _file_of_json(make, tmp_path):
    # Without a type, as many an ini file.
    data = {"beaker.session.data_dir": str(tmp_path)}
    return {**data, "beaker.session.data_serializer": "json"}


def _database(make, tmp_path):
    # For the legacy site: Beaker 1.12 does not do it itself.
    DatabaseNamespaceManager._init_dependencies()
    return {
        "beaker.session.type": "ext:database",
        "beaker.session.url": f"sqlite:///{tmp_path / 'sessions.db'}",
        "beaker.session.lock_dir": str(tmp_path / "locks"),
    }


def _redis(make, tmp_path):
    url = f"redis://127.0.0.1:{make('redis_server').port}/0"
    return {"beaker.session.type": "ext:redis", "beaker.session.url": url}


def _memcached(make, tmp_path):
    url = f"127.0.0.1:{make('memcached_server').port}"
    return {
        "beaker.session.type": "ext:memcached",
        "beaker.session.url": url,
        "beaker.session.lock_dir": str(tmp_path / "locks"),
    }


def _cookie(make, tmp_path):
    return {
        "beaker.session.type": "cookie",
        "beaker.session.validate_key": "validated",
    }


def _encrypted_cookie(make, tmp_path):
    return {
        **_cookie(make, tmp_path),
        "beaker.session.encrypt_key": "encrypted",
        "beaker.session.data_serializer": "json",
    }


STORES = {
    "file": _file,
    "file of JSON": _file_of_json,
    "SQL database": _database,
    "Redis": _redis,
    "memcached": _memcached,
    "cookie": _cookie,
    "encrypted cookie of JSON": _encrypted_cookie,
}
ON_THE_SERVER = [name for name in STORES if "cookie" not in name]


@pytest.fixture
def configure(request, tmp_path):
    """Return a function from the name of a store to a legacy site's configuration."""
    yield lambda name: {**SITE, **STORES[name](request.getfixturevalue, tmp_path)}
    engines = DatabaseNamespaceManager.binds.dict
    for engine in engines.values():
        engine.dispose()
    engines.clear()
    DatabaseNamespaceManager.tables.clear()
    _disconnect_memcached()


@pytest.fixture(params=STORES)
def ini(request, configure):
    """The configuration of a legacy site, for each store."""
    return configure(request.param)


@pytest.fixture(params=ON_THE_SERVER)
def stored_ini(request, configure):
    """The configuration of a legacy site, for each store that is not the cookie."""
    return configure(request.param)


# What both sites do with the session, asked for by the path.


def _login(session):
    session["user"] = "anna"
    session["roles"] = ["editor"]
    session.save()
    return "welcome"


def _add_role(session):
    session["roles"].append("admin")
    session.save()
    return "added"


ACTIONS = {
    "/static": lambda session: "nothing",
    "/whoami": lambda session: f"{session.get('user')} {session.get('roles')}",
    "/id": lambda session: session.id,
    "/login": _login,
    "/add-role": _add_role,
    "/logout": lambda session: session.delete() or "bye",
    "/invalidate": lambda session: session.invalidate() or session.save() or "bye",
}


def make_old_site(ini):
    """Return the legacy site: an application behind Beaker's own middleware."""

    def application(environ, start_response):
        session = environ["beaker.session"]
        text = ACTIONS[Request(environ).path_info](session)
        return Response(text, content_type="text/plain")(environ, start_response)

    return SessionMiddleware(application, dict(ini))


def make_new_site(ini):
    """Return the Flask application that takes over the sessions of the legacy site."""
    app = Flask("shop")
    app.session_interface = BeakerSessionInterface.from_config(ini)

    @app.get("/<path:action>")
    def show(action):
        return ACTIONS[request.path](session)

    return app


class Browser:
    """A browser with cookies, on real sockets."""

    def __init__(self):
        self.cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(self.cookies),
        )

    def get(self, site, path):
        with self._opener.open(site.url + path, timeout=30) as answer:
            cookies = answer.headers.get_all("Set-Cookie", [])
            return SimpleNamespace(
                text=answer.read().decode(), cookies=cookies, headers=answer.headers
            )


@pytest.fixture
def browser():
    return Browser()


def _disconnect_memcached():
    """Close what memcached's client keeps open for this thread."""
    for client in MemcachedNamespaceManager.clients.dict.values():
        client.disconnect_all()


def _for_one_thread(application):
    def run_and_disconnect(environ, start_response):
        try:
            return list(application(environ, start_response))
        finally:
            _disconnect_memcached()

    return run_and_disconnect


@pytest.fixture
def run():
    """Return a function that serves a WSGI application on a socket."""
    with contextlib.ExitStack() as stack:

        def start(application):
            application = _for_one_thread(application)
            server = make_server("127.0.0.1", 0, application, threaded=True)
            thread = threading.Thread(target=server.serve_forever, args=(0.01,))
            thread.start()
            stack.callback(server.server_close)
            stack.callback(thread.join)
            stack.callback(server.shutdown)
            return SimpleNamespace(url=f"http://127.0.0.1:{server.port}")

        yield start


@pytest.fixture
def sites(ini, run):
    """The legacy site and the one that takes over from it, with the same store."""
    return SimpleNamespace(old=run(make_old_site(ini)), new=run(make_new_site(ini)))


@pytest.fixture
def new_site(ini):
    return make_new_site(ini)
