"""Ask a WSGI application for a page, as a server would, and nothing beside that."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any
from wsgiref.util import FileWrapper

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["requester", "same_answer"]


def requester(
    application: Any,
    path: str,
    query: str = "",
    status: int = 200,
    cookie: str = "theme=dark",
) -> Callable[[], bytes]:
    """Return a function that asks ``application`` for ``path``, as a server would.

    It returns the body. Raises ``AssertionError`` where the answer has another status,
    or no body.
    """
    # What gunicorn makes of a browser's request: a smaller dictionary would have to grow
    # for what the peers add to it, some of them more than others.
    template = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "RAW_URI": f"{path}?{query}",
        "REMOTE_ADDR": "127.0.0.1",
        "REMOTE_PORT": "40000",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_SOFTWARE": "gunicorn/23.0.0",
        "HTTP_HOST": "localhost",
        "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Firefox/128.0",
        "HTTP_ACCEPT": "text/html,application/json;q=0.9,*/*;q=0.8",
        "HTTP_ACCEPT_LANGUAGE": "en-US,en;q=0.5",
        "HTTP_ACCEPT_ENCODING": "gzip, deflate",
        "HTTP_CONNECTION": "keep-alive",
        "HTTP_COOKIE": cookie,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
        "wsgi.file_wrapper": FileWrapper,
        "wsgi.input_terminated": True,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    statuses: list[str] = []

    def start_response(status: str, *_: Any) -> Callable[[bytes], None]:
        statuses[:] = (status,)
        return _refuse_write

    def ask() -> bytes:
        iterable = application({**template, "wsgi.input": io.BytesIO()}, start_response)
        try:
            return b"".join(iterable)
        finally:
            close = getattr(iterable, "close", None)
            if close is not None:
                close()

    body = ask()
    answered = [int(line.split()[0]) for line in statuses]
    assert answered == [status], f"{path} answered {statuses}: {body!r}"
    assert body
    return ask


def _refuse_write(_: bytes) -> None:
    raise AssertionError("nothing here uses write()")


def same_answer(ours: Callable[[], bytes], theirs: Callable[[], bytes]) -> None:
    """Make sure that a pair does the same work before it is timed."""
    assert ours() == theirs(), f"{ours()!r} is not {theirs()!r}"
