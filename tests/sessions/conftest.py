"""Sites over real HTTP, with each store of sessions that there is."""

from __future__ import annotations

import http.cookiejar
import os
import shutil
import subprocess
import tempfile
import threading
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager
from pathlib import Path

import flask
import pytest
from routes import Mapper
from werkzeug.serving import WSGIRequestHandler, make_server

from compatshim import CompatShim
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.wsgiapp import PylonsApp

STORES = ["cookie", "redis", "sql"]


@pytest.fixture(params=STORES)
def store(request):
    """The name of the store, in turn each of them."""
    return request.param


@pytest.fixture(params=["flask", "legacy"])
def writer(request):
    return request.param


@pytest.fixture(params=["flask", "legacy"])
def reader(request):
    return request.param


@pytest.fixture(scope="session")
def redis_socket():
    """The path of the socket of a Redis server that is there for the tests."""
    program = shutil.which("redis-server")
    if program is None:
        reason = "needs the program redis-server"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    # Not pytest's, whose paths are too long for a socket.
    folder = Path(tempfile.mkdtemp(prefix="redis"))
    path = str(folder / "socket")
    options = ["--port", "0", "--unixsocket", path, "--save", "", "--dir", str(folder)]
    with subprocess.Popen(  # noqa: S603 (the machine's own)
        [program, *options], stdout=subprocess.PIPE, text=True
    ) as server:
        try:
            for line in server.stdout:
                if "ready to accept connections" in line.lower():
                    break
            else:
                pytest.fail("redis-server has ended before it was ready")
            yield path
        finally:
            server.terminate()
            server.communicate(timeout=30)
            shutil.rmtree(folder)


@pytest.fixture
def use_store(store, request, tmp_path):
    """Return a function that gives an application the store."""
    with ExitStack() as at_the_end:

        def use(app):
            if store == "redis":
                use_redis(app, request.getfixturevalue("redis_socket"), at_the_end)
            elif store == "sql":
                use_sql(app, tmp_path / "sessions.db", at_the_end)

        yield use


def use_redis(app, socket, at_the_end):
    import redis
    from flask_session import Session

    client = at_the_end.enter_context(redis.Redis(unix_socket_path=socket))
    app.config.update(SESSION_TYPE="redis", SESSION_REDIS=client)
    Session(app)


def use_sql(app, path, at_the_end):
    from flask_session import Session
    from flask_sqlalchemy import SQLAlchemy

    app.config.update(
        SESSION_TYPE="sqlalchemy", SQLALCHEMY_DATABASE_URI=f"sqlite:///{path}"
    )
    app.config["SESSION_SQLALCHEMY"] = database = SQLAlchemy(app)

    def close():
        with app.app_context():
            database.engine.dispose()

    at_the_end.callback(close)
    Session(app)


class Site:
    """An application whose pages are served by either framework: /flask, /legacy."""

    def __init__(self):
        self.app = flask.Flask("sample")
        self.app.secret_key = "secret"
        self.mapper = Mapper()
        config = PylonsConfig()
        paths = {"root": "/nowhere", "templates": [], "static_files": None}
        config.init_app({}, {}, package="sample", paths=paths)
        config["routes.map"] = self.mapper
        self.shim = CompatShim(self.app, legacy=PylonsApp(config))
        self.results = []

    def add(self, path, function):
        def view(*_):
            try:
                self.results.append(function())
            except Exception as error:
                self.results.append(error)
                raise
            return ""

        self.app.add_url_rule(f"/flask{path}", path.strip("/"), view)
        controller = type("PageController", (WSGIController,), {"show": view})
        self.mapper.connect(f"/legacy{path}", controller=controller, action="show")

    @contextmanager
    def served(self):
        """Serve the site over HTTP, with a thread for each request."""
        server = make_server("127.0.0.1", 0, self.app, True, 1, _QuietHandler)
        server.daemon_threads = False  # so that closing it waits for them
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        self.address = f"http://127.0.0.1:{server.server_port}"
        try:
            yield self
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


class _QuietHandler(WSGIRequestHandler):
    def log(self, type, message, *args):  # noqa: A002 (its name)
        """Say nothing."""


class Browser:
    """A visitor with cookies, one page after the other."""

    def __init__(self, site):
        self.site = site
        self.cookies = http.cookiejar.CookieJar()
        processor = urllib.request.HTTPCookieProcessor(self.cookies)
        self._opener = urllib.request.build_opener(processor)

    def open(self, path):
        """Return what the page gave, and its answer."""
        self.site.results.clear()
        answer = self.request(path)
        return self.site.results[-1], answer

    def request(self, path):
        try:
            with self._opener.open(self.site.address + path) as answer:
                answer.read()
                return answer
        except urllib.error.HTTPError as error:
            with error:
                error.read()
                return error

    def copy(self):
        """Return another window of the same browser, with the cookies as they are."""
        other = Browser(self.site)
        for cookie in self.cookies:
            other.cookies.set_cookie(cookie)
        return other


@pytest.fixture
def site(use_store):
    made = Site()
    use_store(made.app)
    return made


@pytest.fixture
def new_browser():
    return Browser
