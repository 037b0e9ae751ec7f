"""The demo on a port: for ever, or in a thread for the length of a ``with`` block."""

from __future__ import annotations

import errno
import logging
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from waitress.server import create_server
from waitress.wasyncore import close_all

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

__all__ = ["CannotListenError", "address_of", "listen", "running", "serve"]

# Its warnings are about load, where a request waits a moment for a thread.
logging.getLogger("waitress.queue").setLevel(logging.ERROR)

# Above what the application itself refuses, so that its own page can say so.
_LARGEST_BODY = 32 * 1024 * 1024


class CannotListenError(OSError):
    """No server can be had at this address; the message says why in one line."""


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket, or raise :exc:`CannotListenError`."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        raise CannotListenError(_reason(host, port, error)) from error


def _reason(host: str, port: int, error: Exception) -> str:
    if isinstance(error, socket.gaierror):
        return f"There is no host {host!r}: choose another with --host."
    number = getattr(error, "errno", None)
    if number == errno.EADDRINUSE:
        why = "is already in use"
    elif number == errno.EACCES:
        why = "may not be used without privileges"
    elif number == errno.EADDRNOTAVAIL:
        return f"{host!r} is not an address of this machine: choose one with --host."
    else:
        why = f"cannot be used ({error})"
    return f"Port {port} on {host} {why}: choose another with --port."


def address_of(listener: socket.socket) -> str:
    """Return the URL under which a browser on this machine reaches a socket."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(app: Flask, listener: socket.socket) -> None:
    """Serve until interrupted."""
    _make_server(app, listener).run()


@contextmanager
def running(app: Flask) -> Iterator[str]:
    """Serve on a free port of this machine; the value is the address."""
    listener = listen("127.0.0.1", 0)
    server = _make_server(app, listener)
    thread = threading.Thread(target=server.run, name="demo server")

    def stop() -> None:
        server.task_dispatcher.shutdown()
        close_all(server._map)  # noqa: SLF001 - it has no public name

    thread.start()
    try:
        yield address_of(listener)
    finally:
        # What the server's own loop watches, only its own thread may close.
        server.trigger.pull_trigger(stop)
        thread.join()


def _make_server(app: Flask, listener: socket.socket) -> Any:
    return create_server(
        app,
        sockets=[listener],
        ident="compatshim demo",
        threads=8,
        max_request_body_size=_LARGEST_BODY,
    )
