"""The answer of a WSGI application as a response object, before any of it is sent."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import Headers
from werkzeug.wsgi import ClosingIterator

from compatshim.legacy.util import close_iterable
from compatshim.objects.results import Stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from werkzeug.wrappers import Response

__all__ = ["LegacyResponse"]


class LegacyResponse:
    """A ``start_response`` that waits until the response was looked at.

    Then :meth:`release` is called in its place. A body that streams goes on streaming:
    nothing of it is read, unless the application starts the response while it yields.
    """

    def __init__(self, start_response: StartResponse) -> None:
        self._start_response: Any = start_response
        self._is_released = False
        self._started: tuple[str, list[tuple[str, str]]] | None = None
        self._exc_info: tuple[Any, ...] = ()
        self._written: list[bytes] = []

    def __call__(
        self, status: str, headers: list[tuple[str, str]], *exc_info: Any
    ) -> Callable[[bytes], object]:
        """Start the response, as a WSGI application does."""
        if self._is_released:  # the body has failed, and another is to take its place
            return self._start_response(status, headers, *exc_info)  # type: ignore[no-any-return]
        self._started = status, headers
        self._exc_info = exc_info
        return self._written.append

    def release(self, status: str, headers: list[tuple[str, str]]) -> Any:
        """Start the response for the server."""
        self._is_released = True
        return self._start_response(status, headers, *self._exc_info)

    def response(
        self,
        application: WSGIApplication,
        environ: WSGIEnvironment,
        response_class: type[Response],
    ) -> Any:
        """Call ``application`` with this and return its response.

        Raises ``RuntimeError`` where it never starts one.
        """
        body = self._body_of(application(environ, self))
        if self._started is None:
            close_iterable(body)
            raise RuntimeError(f"{application!r} did not call start_response")
        status, headers = self._started
        response: Any = response_class(status=status)
        response.headers = Headers(headers)
        response.response = body
        if environ["REQUEST_METHOD"] == "HEAD":
            # The length of a body that is not there says nothing of the page's.
            response.automatically_set_content_length = False
        return response

    def _body_of(self, iterable: Iterable[bytes]) -> Iterable[bytes]:
        if isinstance(iterable, list | tuple):
            return [*self._written, *iterable] if self._written else iterable
        stream = Stream(iterable)
        if self._started is None:
            try:
                self._read_until_started(stream)
            except BaseException:
                stream.close()
                raise
        if not self._written:
            return stream
        return ClosingIterator(chain(self._written, stream), stream.close)

    def _read_until_started(self, stream: Stream) -> None:
        for item in stream:
            self._written.append(item)
            if self._started is not None:
                break
