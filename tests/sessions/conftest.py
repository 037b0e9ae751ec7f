"""Sites on real sockets, and each store of sessions that there is, with real servers."""

from __future__ import annotations

import contextlib
import getpass
import http.cookiejar
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from types import SimpleNamespace

import flask
import pytest
from routes import Mapper
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wsgi import ClosingIterator

import ports
from compatshim import CompatShim
from compatshim.common import session
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.wsgiapp import PylonsApp

PATIENCE = 60  # seconds for what others do, on a machine that does other things

# Servers.


def _missing(reason):
    if os.environ.get("CI"):
        pytest.fail(f"{reason}; .ci/run installs it")
    pytest.skip(reason)


def _answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


class Server:
    """A program that listens on a port of its own; it can be stopped and started."""

    def __init__(self, program, arguments, port):
        path = shutil.which(program)
        if path is None:
            _missing(f"{program} is not installed")
        self.port = port
        self._command = [path, *arguments(port)]
        self._process = None
        self.start()

    def start(self):
        self._process = subprocess.Popen(
            self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + PATIENCE
        while not _answers(self.port):
            assert self._process.poll() is None, f"{self._command} has ended"
            assert time.monotonic() < deadline, f"{self._command} does not answer"
            time.sleep(0.02)

    def stop(self):
        self._process.terminate()
        self._process.wait(PATIENCE)


def _redis_arguments(port):
    return ["--port", str(port), "--bind", "127.0.0.1", "--save", ""]


def _memcached_arguments(port):
    user = ["-u", "root"] if getpass.getuser() == "root" else []
    return ["-l", "127.0.0.1", "-p", str(port), "-U", "0", *user]


@contextlib.contextmanager
def _running(program, arguments):
    with ports.held() as port:
        server = Server(program, arguments, port)
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


# The stores of legacy sites: what is in their ini files.

LEGACY_SITE = {
    "beaker.session.key": "shop",
    "beaker.session.secret": "a secret of old",
}


def _sqlite(path):
    """Return the URL of a database of which a writer waits until the others are done.

    By itself it waits for five seconds, and then fails.
    """
    return f"sqlite:///{path}?timeout={PATIENCE}"


def _file(make, tmp_path):
    return {"beaker.session.type": "file", "beaker.session.data_dir": str(tmp_path)}


def _file_of_json(make, tmp_path):
    # Without a type, as many an ini file.
    data = {"beaker.session.data_dir": str(tmp_path)}
    return {**data, "beaker.session.data_serializer": "json"}


def _database(make, tmp_path):
    from beaker.ext.database import DatabaseNamespaceManager

    # For the legacy site: Beaker 1.12 does not do it itself.
    DatabaseNamespaceManager._init_dependencies()
    return {
        "beaker.session.type": "ext:database",
        "beaker.session.url": _sqlite(tmp_path / "sessions.db"),
        "beaker.session.lock_dir": str(tmp_path / "locks"),
    }


def _redis(make, tmp_path):
    url = f"redis://127.0.0.1:{make('redis_server').port}/0"
    return {"beaker.session.type": "ext:redis", "beaker.session.url": url}


def _memcached(make, tmp_path):
    pytest.importorskip("memcache")
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
    pytest.importorskip("Crypto")
    return {
        **_cookie(make, tmp_path),
        "beaker.session.encrypt_key": "encrypted",
        "beaker.session.data_serializer": "json",
    }


BEAKERS = {
    "file": _file,
    "file of JSON": _file_of_json,
    "SQL database": _database,
    "Redis": _redis,
    "memcached": _memcached,
    "cookie": _cookie,
    "encrypted cookie of JSON": _encrypted_cookie,
}


@pytest.fixture
def configure(request, tmp_path):
    """Return a function from the name of a store to a legacy site's configuration."""
    yield lambda name: {
        **LEGACY_SITE,
        **BEAKERS[name](request.getfixturevalue, tmp_path),
    }
    database = sys.modules.get("beaker.ext.database")
    if database is not None:
        for engine in database.DatabaseNamespaceManager.binds.dict.values():
            engine.dispose()
        database.DatabaseNamespaceManager.binds.dict.clear()
        database.DatabaseNamespaceManager.tables.clear()
    _disconnect_memcached()


@pytest.fixture(params=BEAKERS)
def ini(request, configure):
    """The configuration of a legacy site, for each store."""
    return configure(request.param)


@pytest.fixture(params=[name for name in BEAKERS if "cookie" not in name])
def stored_ini(request, configure):
    """The configuration of a legacy site, for each store that is not the cookie."""
    return configure(request.param)


def _disconnect_memcached():
    """Close what memcached's client keeps open for this thread."""
    module = sys.modules.get("beaker.ext.memcached")
    if module is not None:
        for client in module.MemcachedNamespaceManager.clients.dict.values():
            client.disconnect_all()


# All stores that an application may have.


def _flasks_cookie(app, make, tmp_path, at_the_end):
    """Leave Flask's own interface where it is."""


def _redis_of_flask_session(app, make, tmp_path, at_the_end):
    import redis
    from flask_session import Session

    client = redis.Redis(host="127.0.0.1", port=make("redis_server").port)
    at_the_end.enter_context(client)
    app.config.update(SESSION_TYPE="redis", SESSION_REDIS=client)
    Session(app)


def _sql_of_flask_session(app, make, tmp_path, at_the_end):
    from flask_session import Session
    from flask_sqlalchemy import SQLAlchemy

    app.config.update(
        SESSION_TYPE="sqlalchemy",
        SQLALCHEMY_DATABASE_URI=_sqlite(tmp_path / "flask.db"),
    )
    app.config["SESSION_SQLALCHEMY"] = database = SQLAlchemy(app)

    def close():
        with app.app_context():
            database.engine.dispose()

    at_the_end.callback(close)
    Session(app)


def _beakers(name):
    def use(app, make, tmp_path, at_the_end):
        from compatshim.sessions.beaker import BeakerSessionInterface

        ini = make("configure")(name)
        app.session_interface = BeakerSessionInterface.from_config(ini)

    return use


FLASKS = {
    "Flask's cookie": _flasks_cookie,
    "Flask-Session's Redis": _redis_of_flask_session,
    "Flask-Session's SQL": _sql_of_flask_session,
}
STORES = {**FLASKS, **{f"Beaker's {name}": _beakers(name) for name in BEAKERS}}


@pytest.fixture(params=STORES)
def store(request):
    """The name of the store, in turn each of them."""
    return request.param


@pytest.fixture
def use_store(store, request, tmp_path):
    """Return a function that gives an application the store."""
    with contextlib.ExitStack() as at_the_end:
        yield lambda app: STORES[store](
            app, request.getfixturevalue, tmp_path, at_the_end
        )


# Sites.


class _QuietHandler(WSGIRequestHandler):
    def log(self, type, message, *args):  # noqa: A002 (its name)
        """Say nothing."""


def _for_one_thread(application):
    def run_and_disconnect(environ, start_response):
        try:
            body = application(environ, start_response)
            with contextlib.closing(ClosingIterator(body)):
                return list(body)
        finally:
            _disconnect_memcached()

    return run_and_disconnect


@contextlib.contextmanager
def _served(application):
    """Serve an application over HTTP, with a thread for each request; give its URL."""
    application = _for_one_thread(application)
    server = make_server("127.0.0.1", 0, application, True, 1, _QuietHandler)
    server.daemon_threads = False  # so that closing it waits for them
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def run():
    """Return a function that serves a WSGI application on a socket."""
    with contextlib.ExitStack() as stack:
        yield lambda application: SimpleNamespace(
            url=stack.enter_context(_served(application))
        )


class Site:
    """An application whose pages are served by either framework: /flask, /legacy."""

    def __init__(self, config=None, legacy_config=None, interface=None):
        self.app = flask.Flask("sample")
        self.app.config.update(config or {})
        if interface is not None:
            self.app.session_interface = interface
        self.mapper = Mapper()
        pylons_config = PylonsConfig()
        paths = {"root": "/nowhere", "templates": [], "static_files": None}
        pylons_config.init_app({}, {}, package="sample", paths=paths)
        pylons_config.update({"routes.map": self.mapper, **(legacy_config or {})})
        self.shim = CompatShim(self.app, legacy=PylonsApp(pylons_config))
        self.client = self.app.test_client()
        self.results = []
        self.add("", lambda: self._view())  # noqa: PLW0108 (it is set later)

    def add(self, path, function):
        def view(*_):
            try:
                self.results.append(function())
            except Exception as error:
                self.results.append(error)
                raise
            return ""

        self.app.add_url_rule(f"/flask{path}", path or "page", view)
        controller = type("PageController", (WSGIController,), {"show": view})
        self.mapper.connect(f"/legacy{path}", controller=controller, action="show")

    def get(self, path, view=lambda: dict(session)):
        """Return what ``view`` gives in a request of the test client's: no HTTP."""
        self._view = view
        self.response = self.client.get(path)
        assert self.response.status_code == 200
        return self.results[-1]

    @property
    def cookies(self):
        return self.response.headers.getlist("Set-Cookie")

    @contextlib.contextmanager
    def served(self):
        """Serve the site over HTTP."""
        with _served(self.app) as self.url:
            yield self


class Browser:
    """A visitor with cookies, on real sockets, one page after the other."""

    def __init__(self, site=None):
        self.site = site
        self.cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),
            urllib.request.HTTPCookieProcessor(self.cookies),
        )

    def get(self, site, path):
        try:
            answer = self._opener.open(site.url + path, timeout=PATIENCE)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return SimpleNamespace(
                status=answer.status,
                text=answer.read().decode(),
                headers=answer.headers,
                cookies=answer.headers.get_all("Set-Cookie", []),
            )

    def request(self, path):
        """Return the answer of a page of the browser's site."""
        return self.get(self.site, path)

    def open(self, path):
        """Return what the page gave, and its answer."""
        self.site.results.clear()
        answer = self.request(path)
        return self.site.results[-1], answer

    def copy(self):
        """Return another window of the same browser, with the cookies as they are."""
        other = Browser(self.site)
        for cookie in self.cookies:
            other.cookies.set_cookie(cookie)
        return other


@pytest.fixture
def site(use_store):
    made = Site({"SECRET_KEY": "secret"})
    use_store(made.app)
    return made


@pytest.fixture
def make_site():
    """Return the class of sites, which takes the two configurations."""
    return Site


@pytest.fixture
def new_browser():
    return Browser


@pytest.fixture(params=["flask", "legacy"])
def writer(request):
    return request.param


@pytest.fixture(params=["flask", "legacy"])
def reader(request):
    return request.param
