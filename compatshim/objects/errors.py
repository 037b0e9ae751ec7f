"""Exceptions that inherit from the frameworks' own, so that old ``except`` clauses work."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import webob
import webob.exc
import werkzeug.exceptions
from routes.util import GenerationException
from werkzeug.routing import BuildError, RoutingException
from werkzeug.wrappers import Response

from compatshim.errors import CompatShimError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

__all__ = ["HTTP_EXCEPTIONS", "HTTPException", "UrlBuildError", "http_exception"]


class HTTPException(CompatShimError, werkzeug.exceptions.HTTPException):
    """What ``abort`` and ``redirect`` of ``compatshim.common`` raise.

    Also an exception of both libraries: of Werkzeug's ``HTTPException`` and of the
    class that WebOb has for its status. ``code`` and ``description`` (as Werkzeug's),
    ``detail`` and ``headers`` (as WebOb's) are its data. The answer is WebOb's under
    either framework: HTML, JSON or text by what the client accepts.
    """

    empty_body: bool  # of WebOb's classes

    def get_response(  # type: ignore[override]
        self, environ: WSGIEnvironment | None = None, *_: Any, **__: Any
    ) -> Response:
        """Return the answer as a Werkzeug response, as Werkzeug's exceptions do."""
        if environ is None:
            environ = {"REQUEST_METHOD": "GET"}
        response = Response.from_app(self, environ)
        if self.empty_body:
            response.headers.pop("Content-Type", None)
        return response


HTTP_EXCEPTIONS = (
    HTTPException,
    werkzeug.exceptions.HTTPException,
    webob.exc.HTTPException,
)
"""For ``except HTTP_EXCEPTIONS``: what ``abort`` raises, and what the libraries do."""


class _Raised(HTTPException):
    """Joins what the two libraries' exceptions do in different ways."""

    # What WebOb's class, the next base, has.
    detail: str | None
    explanation: str
    headers: Any

    def __init__(self, description: str | None = None, **webob_options: Any) -> None:
        webob.exc.WSGIHTTPException.__init__(self, detail=description, **webob_options)
        self.description = self.detail or self.explanation
        self.response = None

    __str__ = webob.exc.WSGIHTTPException.__str__
    __repr__ = webob.exc.WSGIHTTPException.__repr__

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        location: str | None = self.headers.get("Location")
        if location is not None and not urlsplit(location).scheme:
            start_response = partial(_start_without_host, environ, start_response)
        answer: Iterable[bytes] = webob.exc.WSGIHTTPException.__call__(
            self, environ, start_response
        )
        return answer


def _start_without_host(
    environ: WSGIEnvironment,
    start_response: StartResponse,
    status: str,
    headers: list[tuple[str, str]],
    *exc_info: Any,
) -> Any:
    # WebOb completes a relative Location from the Host header, which the client chose.
    host_url = webob.Request(environ).host_url
    headers = [
        (name, value.removeprefix(host_url) if name.lower() == "location" else value)
        for name, value in headers
    ]
    return start_response(status, headers, *exc_info)


@cache
def _class_for(code: int) -> type[_Raised]:
    if code not in webob.exc.status_map:
        raise LookupError(f"No HTTP exception for status code {code!r}.")
    webob_class = webob.exc.status_map[code]
    bases: tuple[type, ...] = (_Raised, webob_class)
    if code in werkzeug.exceptions.default_exceptions:
        bases += (werkzeug.exceptions.default_exceptions[code],)
    if issubclass(webob_class, webob.exc.HTTPRedirection):
        # Flask's error handlers are not for redirects, as it does not show them its own.
        bases += (RoutingException,)
    return type(webob_class.__name__, bases, {"code": code})


def http_exception(
    code: int,
    description: str | None = None,
    headers: Mapping[str, str] | None = None,
    comment: str | None = None,
    **webob_options: Any,
) -> HTTPException:
    """Return the exception for an HTTP status, to be raised.

    Raises ``LookupError`` for a code that has none, as ``flask.abort`` does.
    """
    headers_list = list(headers.items()) if headers else None
    return _class_for(code)(
        description, headers=headers_list, comment=comment, **webob_options
    )


class UrlBuildError(CompatShimError, BuildError, GenerationException):  # type: ignore[misc]
    """No URL can be built for what was asked.

    Both ``except werkzeug.routing.BuildError`` and ``except
    routes.util.GenerationException`` catch it. ``endpoint`` is what was asked for and
    ``values`` what it was to be built with, as ``BuildError`` has them; ``reason`` says
    why it failed.
    """

    def __init__(self, endpoint: Any, values: Mapping[str, Any], reason: str) -> None:
        BuildError.__init__(self, endpoint, values, None)
        self.reason = reason

    def __str__(self) -> str:
        return f"Could not build a URL for {self.endpoint!r}: {self.reason}"
