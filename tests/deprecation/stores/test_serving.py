"""``COMPATSHIM_DEPRECATION_STORE``: what a site says about itself while it serves."""

from __future__ import annotations

import http.client
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from compatshim import CompatShim
from compatshim.deprecation import deprecated
from compatshim.deprecation.stores import open_store, writing
from compatshim.dispatcher import Dispatcher
from compatshim.errors import DeprecationStoreError
from fresh_python import printed_by

# What is counted here is meant to be.
pytestmark = pytest.mark.filterwarnings(
    "ignore::compatshim.deprecation.DeprecatedNameWarning"
)

PATIENCE = 30  # seconds for what others do, on a machine that does other things

SITE = """
import os
from flask import Flask
from routes import Mapper

from compatshim import CompatShim
from compatshim.deprecation import deprecated
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.wsgiapp import PylonsApp

@deprecated(use="new")
def old():
    return "old"

old()  # when it is imported

class OldController(WSGIController):
    def index(self):
        return old()

config = PylonsConfig()
config.init_app({}, {}, package="site")
config["routes.map"] = Mapper()
config["routes.map"].connect("/legacy", controller=OldController, action="index")

app = Flask("site")
app.config["COMPATSHIM_DEPRECATION_STORE"] = os.environ["STORE"]
app.config["COMPATSHIM_DEPRECATION_STORE_INTERVAL"] = os.environ["INTERVAL"]
CompatShim(app, legacy=PylonsApp(config))

@app.route("/flask")
def new():
    return old() + str(os.getpid())
"""
AT_IMPORT = SITE.splitlines().index("old()  # when it is imported") + 1
IN_LEGACY = SITE.splitlines().index("        return old()") + 1
IN_FLASK = SITE.splitlines().index("    return old() + str(os.getpid())") + 1


# What a worker does once it can serve: it may be the last one to have come so far.
CONFIGURATION = """
import pathlib
def post_worker_init(worker):
    pathlib.Path(f"ready-{worker.pid}").touch()
"""


class Server:
    """gunicorn, started as a user would start it."""

    def __init__(self, folder, store, *options, interval):
        self.folder = folder
        self.workers = int(options[0].partition("=")[2])
        (folder / "site_that_counts.py").write_text(SITE)
        (folder / "gunicorn.conf.py").write_text(CONFIGURATION)
        # Bound in here, or another program could be given the same port meanwhile.
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.socket.getsockname()[1]
        bound = self.socket.fileno()
        path = os.pathsep.join(
            filter(None, [str(folder), os.environ.get("PYTHONPATH")])
        )
        environment = {"STORE": store, "INTERVAL": str(interval), "PYTHONPATH": path}
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "--bind", f"fd://{bound}"),
                *options,
                "site_that_counts:app",
            ],
            cwd=folder,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=[bound],
        )
        wait_until(self.is_ready)

    def is_ready(self):
        assert self.process.poll() is None, self.process.communicate()[0].decode()
        return len(list(self.folder.glob("ready-*"))) >= self.workers

    def get(self, path):
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=PATIENCE
        )
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            assert answer.status == 200
            return answer.read().decode()
        finally:
            connection.close()

    def get_many(self, path, times):
        """Return what was answered to so many requests, of which several run at once."""
        with ThreadPoolExecutor(8) as pool:
            return list(pool.map(self.get, [path] * times))

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        # Longer than gunicorn waits for its workers.
        return self.process.communicate(timeout=2 * PATIENCE)[0].decode()

    def kill(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()
        self.socket.close()


def wait_until(is_so):
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)  # other processes have no way to say so


@pytest.fixture
def serve(tmp_path, address):
    pytest.importorskip("gunicorn")
    started = []

    def serve(*options, interval=3600, store=address):
        started.append(Server(tmp_path, store, *options, interval=interval))
        return started[-1]

    yield serve
    for server in started:
        server.kill()


def counts(address):
    """Return the counts of ``old()`` by line; none where there is no store yet."""
    store = open_store(address)
    if not os.path.exists(store.path):
        return {}
    uses = (one.use for one in store.read().uses)
    return {use.site.line: use.count for use in uses if use.site.name == "old"}


@pytest.mark.parametrize(
    "options",
    [
        ["--workers=3"],
        ["--workers=2", "--preload"],
        ["--workers=2", "--threads=4"],
        ["--workers=2", "--max-requests=5"],
    ],
    ids=" ".join,
)
def test_workers_lose_nothing(serve, address, options):
    server = serve(*options)
    server.get_many("/flask", 60)
    server.get_many("/legacy", 30)
    server.end()
    found = counts(address)
    assert found.pop(IN_FLASK) == 60
    assert found.pop(IN_LEGACY) == 30
    if "--preload" in options:  # it was imported once
        assert found == {AT_IMPORT: 1}
    elif "--max-requests=5" not in options:
        assert found == {AT_IMPORT: int(options[0][-1])}


def test_a_site_is_asked_while_it_runs(serve, address):
    server = serve("--workers=2", "--preload", interval=0)
    # The imports of the process that serves no requests, before there are any.
    wait_until(lambda: counts(address) == {AT_IMPORT: 1})
    server.get_many("/flask", 20)
    wait_until(lambda: counts(address).get(IN_FLASK) == 20)
    os.killpg(server.process.pid, signal.SIGKILL)
    server.process.wait()
    assert counts(address) == {AT_IMPORT: 1, IN_FLASK: 20}


def test_a_store_that_fails_fails_no_request(serve, tmp_path):
    server = serve("--workers=2", store=f"sqlite:///{tmp_path}/missing/uses.db")
    assert len(server.get_many("/flask", 20)) == 20
    log = server.end()
    assert log.count("The store of deprecated uses") == 2  # once for each worker
    assert "Traceback" not in log


# In one process.


@deprecated(use="new")
def old():
    return "old"


def count():
    return old()


def timers():
    """Return the threads of this process that wait for the end of an interval."""
    return {one for one in threading.enumerate() if isinstance(one, threading.Timer)}


@pytest.fixture(autouse=True)
def _no_writers(monkeypatch):
    monkeypatch.setattr(writing, "_writers", {})
    yield
    for timer in timers():  # else they write while another test runs
        timer.cancel()
        timer.join()


def make_app(**options):
    app = Flask("site")
    app.config.update(options)
    app.add_url_rule("/", "count", count)
    CompatShim(app)
    return app


def test_a_request_waits_for_nothing(tmp_path, monkeypatch):
    """What it counts is written in another thread, and one at a time waits for that."""
    written = threading.Event()
    writers = []

    def add(self, uses, now):
        writers.append((threading.current_thread(), [use.site.name for use in uses]))
        written.set()

    path = str(tmp_path / "uses.json")
    monkeypatch.setattr(type(open_store(path)), "add", add)
    app = make_app(
        COMPATSHIM_DEPRECATION_STORE=path, COMPATSHIM_DEPRECATION_STORE_INTERVAL=0
    )
    app.test_client().get("/")
    assert written.wait(PATIENCE)
    (thread, names), *_ = writers
    assert thread is not threading.current_thread()
    assert "old" in names


def test_requests_of_one_interval_start_one_thread(tmp_path):
    before = timers()
    app = make_app(COMPATSHIM_DEPRECATION_STORE=str(tmp_path / "uses.json"))
    for _ in range(5):
        app.test_client().get("/")
    assert len(timers() - before) == 1
    assert list(tmp_path.iterdir()) == []


def test_no_more_threads(tmp_path, monkeypatch):
    def start(self):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Timer, "start", start)
    app = make_app(COMPATSHIM_DEPRECATION_STORE=str(tmp_path / "uses.json"))
    assert app.test_client().get("/").text == "old"
    assert app.test_client().get("/").text == "old"


def test_two_applications_write_what_they_count_once(tmp_path):
    path = str(tmp_path / "uses.json")
    for address in (path, os.path.relpath(path)):
        make_app(COMPATSHIM_DEPRECATION_STORE=address)
    assert len(writing._writers) == 1


def test_without_the_option_there_is_nothing_in_between(tmp_path):
    app = make_app()
    assert type(app.wsgi_app) is Dispatcher
    code = (
        "import sys; from flask import Flask; from compatshim import CompatShim;"
        "app = Flask('site'); CompatShim(app); app.test_client().get('/');"
        "print([name for name in sys.modules if 'stores' in name and 'compat' in name])"
    )
    assert printed_by(code, tmp_path) == "[]\n"


def test_an_ini_file(tmp_path):
    pytest.importorskip("paste.deploy")
    (tmp_path / "site.ini").write_text(f"""
[app:main]
compatshim.deprecation_store = sqlite:///{tmp_path}/uses.db
compatshim.deprecation_store_interval = 5
compatshim.deprecation_store_limit = 7
""")
    app = Flask("site")
    CompatShim.from_ini(tmp_path / "site.ini", app)
    (writer,) = writing._writers.values()
    assert (writer._interval, writer._store._limit) == (5, 7)
    assert writer._store.path == f"{tmp_path}/uses.db"


@pytest.mark.parametrize(
    ("option", "value"), [("", "mysql://x"), ("_INTERVAL", "soon"), ("_LIMIT", "many")]
)
def test_options_that_cannot_be(tmp_path, option, value):
    options = {
        "COMPATSHIM_DEPRECATION_STORE": str(tmp_path / "uses.json"),
        f"COMPATSHIM_DEPRECATION_STORE{option}": value,
    }
    with pytest.raises(DeprecationStoreError, match=r"write sqlite|soon|many"):
        make_app(**options)


def test_what_the_application_itself_logs(tmp_path, caplog):
    writer = writing.writer_to(str(tmp_path / "missing" / "uses.json"))
    count()
    with caplog.at_level(logging.WARNING):
        writer.write()
        writer.write()
    (record,) = caplog.records
    assert record.name == "compatshim.deprecation"
    assert record.getMessage().endswith(".lock'. What is counted is kept in memory.")
    assert not record.exc_info


def test_an_error_that_nobody_has_foreseen(tmp_path, monkeypatch, caplog):
    """It is logged with its traceback, and no request or end of a process has it."""
    path = str(tmp_path / "uses.json")
    writer = writing.writer_to(path)
    store = type(writer._store)
    add = store.add

    def fail(self, uses, now):
        raise ZeroDivisionError

    @deprecated(use="new")
    def unforeseen():  # of no other test, which all count in one process
        pass

    unforeseen()
    with monkeypatch.context() as patched:
        patched.setattr(store, "add", fail)
        with caplog.at_level(logging.WARNING):
            writer.write()
            writer.write()
    assert len(caplog.records) == 1
    assert "ZeroDivisionError" in caplog.text
    assert store.add is add
    writer.write()
    uses = [one.use for one in open_store(path).read().uses]
    assert [one.count for one in uses if "unforeseen" in one.site.name] == [1]
