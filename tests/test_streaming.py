"""Bodies that are made while the server iterates them, and what ends them."""

from __future__ import annotations

import http.client
import importlib.util
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from webob import Response
from werkzeug.test import create_environ, run_wsgi_app

from compatshim.common import (
    _,
    c,
    g,
    is_flask_request,
    request,
    session,
    streaming_response,
    url_for,
)
from sample_site import build_app

PATIENCE = 30  # seconds, after which something that must happen has not
SIDES = ["flask", "legacy"]
SERVER_NAMES = [
    name for name in ("wsgiref", "waitress") if importlib.util.find_spec(name)
]


class Recorder:
    """An iterable body that notes what was asked of it, in which request."""

    def __init__(self, *chunks, fail_on_close=None):
        self.chunks = list(chunks)
        self.produced = []
        self.closed = []
        self.fail_on_close = fail_on_close
        self.was_closed = threading.Event()

    def __iter__(self):
        return self

    def __next__(self):
        if not self.chunks:
            raise StopIteration
        self.produced.append(self.chunks[0])
        chunk = self.chunks.pop(0)
        if isinstance(chunk, BaseException):
            raise chunk
        return chunk

    def close(self):
        self.closed.append(request.path)
        self.was_closed.set()
        if self.fail_on_close is not None:
            raise self.fail_on_close


def teardowns_of(app):
    """Return a list that grows with each teardown of ``app``."""
    torn_down = []
    app.teardown_appcontext(torn_down.append)
    return torn_down


def start(app, path):
    """Call ``app`` as a server does, and return what it returned."""
    return app(create_environ(path), lambda *_: None)


@pytest.mark.parametrize(
    "returned",
    [
        lambda body: body,
        lambda body: Response(app_iter=body, content_type="text/plain"),
        streaming_response,
    ],
    ids=["iterable", "WebOb response", "streaming_response"],
)
def test_nothing_is_buffered(returned):
    body = Recorder(b"one", b"two", b"three")
    iterable = start(build_app(action=lambda: returned(body)), "/legacy/action")
    assert body.produced == []
    for number, chunk in enumerate([b"one", b"two", b"three"], 1):
        assert next(iterable) == chunk
        assert len(body.produced) == number
    assert body.closed == []
    iterable.close()
    assert body.closed == ["/legacy/action"]


def test_a_generator_runs_only_when_the_server_asks():
    steps = []

    def action():
        steps.append("called")
        for number in range(2):
            steps.append(number)
            yield str(number)

    iterable = start(build_app(action=action), "/legacy/action")
    assert steps == []
    next(iterable)
    assert steps == ["called", 0]
    iterable.close()
    assert steps == ["called", 0]


@pytest.mark.parametrize("side", SIDES)
def test_the_common_objects_work_in_a_generator(side):
    def action():
        c.colour = "blue"
        session["name"] = "Zoé"

        def body():
            yield f"{c.colour} {g.colour} {session['name']} {request.GET['q']} "
            yield f"{_('Hello')} {url_for('/x')} {is_flask_request()}"

        return streaming_response(body(), mimetype="text/plain")

    answer = build_app(action=action).test_client().get(f"/{side}/action?q=1")
    expected = f"blue blue Zoé 1 Hello /x {side == 'flask'}"
    assert answer.text == expected
    assert answer.content_type == "text/plain; charset=utf-8"


@pytest.mark.parametrize("server", SERVER_NAMES)
def test_many_streams_at_once_see_only_their_own_request(server):
    clients, rounds = 4, 3
    barrier = threading.Barrier(clients, timeout=PATIENCE)

    def action():
        c.name = session["name"] = request.GET["name"]

        def body():
            for _round in range(rounds):
                barrier.wait()
                own = {c.name, g.name, session["name"], request.GET["name"]}
                yield f"{own} {is_flask_request()} "

        return streaming_response(body(), mimetype="text/plain")

    app = build_app(action=action)
    with SERVERS[server](app, threads=clients) as port:

        def fetch(number):
            side = SIDES[number % 2]
            with closing(connect(port)) as connection:
                connection.request("GET", f"/{side}/action?name={number}")
                return connection.getresponse().read().decode()

        with ThreadPoolExecutor(clients) as pool:
            answers = list(pool.map(fetch, range(clients)))
    assert answers == [
        f"{{'{number}'}} {number % 2 == 0} " * rounds for number in range(clients)
    ]


def test_streams_that_one_thread_iterates_in_turn():
    def action():
        c.name = request.GET["name"]
        for _round in range(3):
            yield c.name

    app = build_app(action=action)
    bodies = [start(app, f"/legacy/action?name={name}") for name in "abc"]
    assert list(zip(*bodies, strict=True)) == [(b"a", b"b", b"c")] * 3


def test_each_step_of_one_stream_in_another_thread():
    def action():
        c.steps = 0
        for _step in range(4):
            c.steps += 1
            yield f"{c.steps}{request.path}"

    iterable = start(build_app(action=action), "/legacy/action")
    chunks = []
    for _step in range(4):
        with ThreadPoolExecutor(1) as pool:
            chunks.append(pool.submit(next, iterable).result())
    with ThreadPoolExecutor(1) as pool:
        pool.submit(iterable.close).result()
    assert chunks == [f"{step}/legacy/action".encode() for step in range(1, 5)]


@pytest.mark.parametrize("consumed", range(4))
def test_close_runs_once_wherever_the_server_stops(consumed):
    body = Recorder(b"one", b"two")
    app = build_app(action=lambda: body)
    torn_down = teardowns_of(app)
    iterable = start(app, "/legacy/action")
    for _chunk in range(consumed):
        next(iterable, None)
    is_at_end = consumed == 3
    assert torn_down == [None] * is_at_end
    for _again in range(3):
        iterable.close()
    assert body.closed == ["/legacy/action"]
    assert torn_down == [None]
    assert list(iterable) == []


@pytest.mark.parametrize("consumed", range(3))
def test_the_finally_of_a_generator_runs_once(consumed):
    """Of one that was begun: Python does not run that of one that was not."""
    ended = []

    def action():
        try:
            yield "one"
            yield "two"
        finally:
            ended.append(request.path)

    iterable = start(build_app(action=action), "/legacy/action")
    for _chunk in range(consumed):
        next(iterable)
    iterable.close()
    iterable.close()
    assert ended == ["/legacy/action"] * bool(consumed)


def test_a_body_without_close():
    class Bare:
        def __iter__(self):
            return iter([b"one", b"two"])

    app = build_app(action=Bare)
    torn_down = teardowns_of(app)
    iterable = start(app, "/legacy/action")
    assert next(iterable) == b"one"
    assert torn_down == []
    iterable.close()
    assert torn_down == [None]


def test_a_failing_close():
    error = ZeroDivisionError("in close")
    body = Recorder(b"one", fail_on_close=error)
    app = build_app(action=lambda: body)
    torn_down = teardowns_of(app)
    iterable = start(app, "/legacy/action")
    assert next(iterable) == b"one"
    with pytest.raises(ZeroDivisionError):
        iterable.close()
    iterable.close()
    assert len(body.closed) == 1
    assert torn_down == [error]


@pytest.mark.parametrize("stop", [GeneratorExit, SystemExit, KeyboardInterrupt])
def test_an_exception_that_is_no_error_in_a_body(stop):
    error = stop()
    body = Recorder(b"one", error)
    app = build_app(action=lambda: body)
    torn_down = teardowns_of(app)
    iterable = start(app, "/legacy/action")
    next(iterable)
    with pytest.raises(stop):
        next(iterable)
    iterable.close()
    assert len(body.closed) == 1
    assert torn_down == [error]


@pytest.mark.parametrize("kind", [list, tuple])
def test_a_list_is_served_as_it_is(kind):
    app = build_app(action=lambda: Response(app_iter=kind([b"one", b"two"])))
    torn_down = teardowns_of(app)
    iterable = start(app, "/legacy/action")
    assert torn_down == [None]
    assert list(iterable) == [b"one", b"two"]


def test_head_closes_the_body_without_iterating_it():
    body = Recorder(b"one")
    app = build_app(action=lambda: Response(app_iter=body))
    torn_down = teardowns_of(app)
    assert app.test_client().head("/legacy/action").data == b""
    assert body.produced == []
    assert len(body.closed) == 1
    assert torn_down == [None]


def test_the_session_and_headers_are_complete_before_the_first_chunk():
    def action():
        session["name"] = "early"
        return Recorder(b"body")

    app = build_app(action=action)
    iterable, status, headers = run_wsgi_app(app, create_environ("/legacy/action"))
    assert status == "200 OK"
    assert headers["Set-Cookie"].startswith("session=")
    assert b"".join(iterable) == b"body"
    iterable.close()


# Over real HTTP.


class _Handler(WSGIRequestHandler):
    def log_message(self, *_):
        """Print nothing."""


class _ThreadingServer(ThreadingMixIn, WSGIServer):
    daemon_threads = False
    block_on_close = True

    def handle_error(self, *_):
        """Print nothing when a client goes away."""


@contextmanager
def wsgiref_server(app, threads=2):
    del threads
    server = make_server("127.0.0.1", 0, app, _ThreadingServer, _Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def waitress_server(app, threads=2):
    import waitress.server
    from waitress.wasyncore import close_all

    options = {"threads": threads, "outbuf_high_watermark": 2**16}
    server = waitress.server.create_server(app, host="127.0.0.1", port=0, **options)
    thread = threading.Thread(target=server.run)

    def stop():
        server.task_dispatcher.shutdown()
        close_all(server._map)

    thread.start()
    try:
        yield server.effective_port
    finally:
        # What the server's own loop watches, only its own thread may close.
        server.trigger.pull_trigger(stop)
        thread.join()


SERVERS = {"wsgiref": wsgiref_server, "waitress": waitress_server}


def connect(port):
    return http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("server", SERVER_NAMES)
def test_the_first_chunk_arrives_before_the_second_is_made(server, side):
    received = threading.Event()

    def action():
        def body():
            yield "one "
            assert received.wait(PATIENCE)
            yield "two"

        return streaming_response(body(), mimetype="text/plain")

    with (
        SERVERS[server](build_app(action=action)) as port,
        closing(connect(port)) as connection,
    ):
        connection.request("GET", f"/{side}/action")
        answer = connection.getresponse()
        first = answer.read1(4)
        received.set()
        assert first + answer.read() == b"one two"


@pytest.mark.parametrize("server", SERVER_NAMES)
def test_close_runs_once_when_the_client_goes_away(server):
    class Endless(Recorder):
        def __next__(self):
            return b"x" * 2**16

    body = Endless()
    app = build_app(action=lambda: body)
    torn_down = threading.Event()
    errors = teardowns_of(app)
    app.teardown_appcontext(lambda _: torn_down.set())
    with SERVERS[server](app) as port:
        client = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        client.sendall(b"GET /legacy/action HTTP/1.0\r\n\r\n")
        assert client.recv(1024)
        client.close()
        assert body.was_closed.wait(PATIENCE)
        assert torn_down.wait(PATIENCE)
    assert body.closed == ["/legacy/action"]
    assert errors == [None]
