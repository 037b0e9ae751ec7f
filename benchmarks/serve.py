"""Serve one of the applications of ``_routing_peers.py``, to be put under load.

``python benchmarks/serve.py compatshim`` serves one until it is interrupted, and says
what to ask it for. ``python benchmarks/serve.py all`` serves each in turn, lets wrk ask
it, and prints a table.
"""

from __future__ import annotations

import argparse
import http.client
import subprocess
import sys
import time
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from _requester import requester
from _routing_peers import ALONE, PEERS, paths, sides
from _wrk import check_wrk, put_load

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from _typeshed.wsgi import WSGIApplication

HOST = "127.0.0.1"
PROCESSES = 2
THREADS = 4
PATIENCE = 60  # seconds to connect ten thousand routes on a busy machine


def serve_gunicorn(application: WSGIApplication, port: int) -> None:
    """Serve with two processes, each with four threads that keep connections alive."""
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):
        def load_config(self) -> None:
            self.cfg.set("bind", f"{HOST}:{port}")
            self.cfg.set("worker_class", "gthread")
            self.cfg.set("workers", PROCESSES)
            self.cfg.set("threads", THREADS)

        def load(self) -> WSGIApplication:
            return application

    Server().run()


def serve_waitress(application: WSGIApplication, port: int) -> None:
    """Serve with one process and four threads."""
    import waitress

    waitress.serve(application, host=HOST, port=port, threads=THREADS)


SERVERS = {"gunicorn": serve_gunicorn, "waitress": serve_waitress}


def serve(options: argparse.Namespace) -> None:
    """Serve one application; say first which pages it has.

    They are asked for before that: what is made for the first request, such as an index,
    is then there in every process.
    """
    application = PEERS[options.peer](options.routes)
    for side in sides(options.peer):
        path = paths(side, options.routes)["middle"]
        requester(application, path)
        print(f"{side}: http://{HOST}:{options.port}{path}", flush=True)
    SERVERS[options.server](application, options.port)


def load_all(options: argparse.Namespace) -> None:
    """Serve each application in turn, and print what it could do."""
    check_wrk()
    columns = "".join(f"{side + ': requests/s':>21} {'p99 ms':>10}" for side in ALONE)
    print(f"{options.server}, {options.routes:,} routes a side\n{'':<12}{columns}")
    for peer in PEERS:
        with served(peer, options):
            cells = (load(peer, side, options) for side in ALONE)
            print(f"{peer:<12}{''.join(cells)}".rstrip(), flush=True)


def load(peer: str, side: str, options: argparse.Namespace) -> str:
    """Return the cells of one side in the table: they are empty where a peer lacks it."""
    if side not in sides(peer):
        return " " * 32
    path = paths(side, options.routes)["middle"]
    return f"{put_load(f'http://{HOST}:{options.port}{path}', options.seconds)!s:>32}"


@contextmanager
def served(peer: str, options: argparse.Namespace) -> Iterator[None]:
    """Serve one application in a process of its own while the block runs."""
    command = [sys.executable, __file__, peer, f"--routes={options.routes}"]
    command += [f"--server={options.server}", f"--port={options.port}"]
    with subprocess.Popen(  # noqa: S603 (our own command)
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            path = paths(sides(peer)[0], options.routes)["middle"]
            wait_for(server, options.port, path)
            yield
        finally:
            server.terminate()


def wait_for(server: subprocess.Popen[Any], port: int, path: str) -> None:
    """Wait until the page is served. Raises ``SystemExit`` where that is not to be."""
    deadline = time.monotonic() + PATIENCE
    status = None
    while status is None and server.poll() is None and time.monotonic() < deadline:
        connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
        try:
            connection.request("GET", path)
            status = connection.getresponse().status
        except ConnectionError:
            time.sleep(0.1)  # a server has no other way to say that it is ready
        finally:
            connection.close()
    if status != HTTPStatus.OK:
        raise SystemExit(
            f"{path} is not served on port {port}: start the server alone to see why"
        )


def make_parser() -> argparse.ArgumentParser:
    """Return what reads the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("peer", choices=[*PEERS, "all"])
    parser.add_argument("--routes", type=int, default=10, help="on each side")
    parser.add_argument("--server", choices=SERVERS, default="gunicorn")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--seconds", type=int, default=10, help="of load, with all")
    return parser


def main(arguments: Sequence[str] | None = None) -> None:
    """Do what the command line says."""
    options = make_parser().parse_args(arguments)
    (load_all if options.peer == "all" else serve)(options)


if __name__ == "__main__":
    main()
