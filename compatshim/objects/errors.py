"""Exceptions that inherit from the frameworks' own, so that old ``except`` clauses work."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import webob
import webob.exc
import werkzeug.exceptions
from routes.util import GenerationException
from werkzeug.http import HTTP_STATUS_CODES
from werkzeug.local import LocalProxy
from werkzeug.routing import BuildError, RoutingException
from werkzeug.wrappers import Response
from werkzeug.wsgi import ClosingIterator

from compatshim.errors import CompatShimError
from compatshim.legacy.controllers._location import start_without_host
from compatshim.legacy.controllers.util import Response as PylonsResponse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = [
    "HTTP_EXCEPTIONS",
    "HTTPException",
    "UrlBuildError",
    "as_common",
    "http_exception",
    "response_exception",
]

_FIRST_SERVER_ERROR = 500


class HTTPException(CompatShimError, werkzeug.exceptions.HTTPException):
    """What ``abort`` and ``redirect`` of ``compatshim.common`` raise.

    Also an exception of both libraries: of Werkzeug's ``HTTPException`` and of the
    class that WebOb has for its status. ``code`` and ``description`` (as Werkzeug's),
    ``detail`` and ``headers`` (as WebOb's) are its data. The answer is WebOb's under
    either framework: HTML, JSON or text by what the client accepts.
    """

    empty_body: bool  # of WebOb's classes
    _exception = True  # Pylons' mark: a __before__ that returns it answers with it

    def get_response(  # type: ignore[override]  # of WSGI only
        self, environ: WSGIEnvironment | None = None, *_: Any, **__: Any
    ) -> Response:
        """Return the answer as a Werkzeug response, as Werkzeug's exceptions do."""
        if environ is None:
            environ = webob.Request.blank("/").environ
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
    headerlist: list[tuple[str, str]]
    headers: Any = PylonsResponse.headers  # which refuses a line break

    def __init__(self, description: str | None = None, **webob_options: Any) -> None:
        webob.exc.WSGIHTTPException.__init__(self, detail=description, **webob_options)
        self.description = self.detail or self.explanation
        self.response = None

    def __reduce__(self) -> tuple[Any, ...]:
        # The class is made here, where pickle would not find it.
        webob_class: Any = type(self).__bases__[1]
        is_own = webob_class.__module__ == __name__
        make, (_, *state) = super().__reduce__()
        kind = webob_class.code if is_own else webob_class
        return _raised_again, (make, kind, *state)

    __str__ = webob.exc.WSGIHTTPException.__str__
    __repr__ = webob.exc.WSGIHTTPException.__repr__

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        own_headers = list(self.headerlist)
        if (
            isinstance(self, webob.exc.HTTPRedirection)
            and not self.empty_body
            and not self.headers.get("Location")
        ):
            add_slash = getattr(self, "add_slash", False)
            self.headers["Location"] = _own_location(environ, add_slash)
        start_response = start_without_host(self, environ, start_response)
        try:
            answer: Iterable[bytes] = webob.exc.WSGIHTTPException.__call__(
                self, environ, start_response
            )
        finally:
            self.headerlist = own_headers
        return answer


def _raised_again(make: Callable[..., Any], kind: Any, *state: Any) -> Any:
    cls = _class_for(kind) if isinstance(kind, int) else _class_with(kind)
    return make(cls, *state)


class _Answer(HTTPException, webob.exc.HTTPException):
    """A response in the form of an exception; it has no code, as in Werkzeug."""

    empty_body = False

    def __init__(self, response: Any) -> None:
        status = getattr(response, "status", None)
        webob.exc.HTTPException.__init__(self, status, _as_webob_response(response))
        self.description = None
        self.response = response

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.response,)

    def __str__(self) -> str:
        return str(self.args[0])

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        answer: Iterable[bytes] = self.wsgi_response(environ, start_response)
        return answer


def _as_webob_response(response: Any) -> Any:
    if not isinstance(response, Response):
        return response
    return webob.Response(
        status=response.status,
        headerlist=list(response.headers),
        app_iter=ClosingIterator(response.iter_encoded(), response.close),
    )


def _own_location(environ: WSGIEnvironment, add_slash: bool) -> str:
    """Return the path of the request itself, where WebOb's redirections lead to."""
    request = webob.Request(environ)
    path: str = request.path
    if not add_slash:
        return path
    query: str = request.query_string
    return f"{path}/?{query}" if query else f"{path}/"


def _webob_class_for(code: int) -> Any:
    if code in webob.exc.status_map:
        return webob.exc.status_map[code]
    if code not in werkzeug.exceptions.default_exceptions:
        raise LookupError(f"No HTTP exception for status code {code!r}.")
    known = werkzeug.exceptions.default_exceptions[code]
    is_server_error = code >= _FIRST_SERVER_ERROR
    base = webob.exc.HTTPServerError if is_server_error else webob.exc.HTTPClientError
    members = {
        "code": code,
        "title": HTTP_STATUS_CODES[code],
        "explanation": known.description,
    }
    return type(f"HTTP{known.__name__}", (base,), members)


@cache
def _class_for(code: int) -> type[_Raised]:
    return _class_with(_webob_class_for(code))


@cache
def _class_with(webob_class: Any) -> type[_Raised]:
    """Return the class that is also ``webob_class``, and Werkzeug's for its code."""
    code = webob_class.code
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
    """Return the exception for an HTTP status, to be raised or returned.

    Raises ``LookupError`` for a code that has none, as ``flask.abort`` does.
    """
    headers_list = list(headers.items()) if headers else None
    return _class_for(code)(
        description, headers=headers_list, comment=comment, **webob_options
    )


def response_exception(response: WSGIApplication) -> HTTPException:
    """Return the exception whose answer is ``response``, of either library."""
    if isinstance(response, LocalProxy):
        response = response._get_current_object()
    return _Answer(response)


def as_common(error: Exception) -> Exception:
    """Return ``error``, or where it is one of WebOb's own its twin that is common.

    The twin is also of the class of ``error``, and its answer is the same.
    """
    if isinstance(error, HTTPException) or not isinstance(
        error, webob.exc.HTTPException
    ):
        return error
    raised: Any = error
    twin: Any
    if isinstance(error, webob.exc.WSGIHTTPException):
        webob_class: Any = type(error)
        cls: Any = _class_with(webob_class)
        twin = cls.__new__(cls)
        vars(twin).update(vars(raised))
        twin.args = raised.args
        twin.headerlist = list(raised.headerlist)
        twin.description = raised.detail or raised.explanation
        twin.response = None
    else:
        twin = _Answer(raised.wsgi_response)
    twin.__cause__ = error
    answer: Exception = twin.with_traceback(error.__traceback__)
    return answer


class UrlBuildError(CompatShimError, BuildError, GenerationException):
    """No URL can be built for what was asked.

    Both ``except werkzeug.routing.BuildError`` and ``except
    routes.util.GenerationException`` catch it. ``endpoint`` is what was asked for and
    ``values`` what it was to be built with, as ``BuildError`` has them; ``reason`` says
    why it failed; ``missing`` are the arguments that the route needs and did not get.
    """

    def __init__(
        self,
        endpoint: Any,
        values: Mapping[str, Any],
        reason: str,
        *,
        missing: Iterable[str] = (),
        find_names: Callable[[], tuple[Iterable[str], Iterable[str]]] | None = None,
    ) -> None:
        """``find_names`` returns all names that Flask and that Routes know."""
        BuildError.__init__(self, endpoint, values, None)
        self.reason = reason
        self.missing = tuple(sorted(missing))
        self._find_names = find_names

    def _data(self) -> dict[str, Any]:
        # What was found, not where.
        return {**vars(self), "_nearest": self._nearest, "_find_names": None}

    @cached_property
    def _nearest(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        # Only where somebody looks: it compares with every name of the site.
        if self._find_names is None or not isinstance(self.endpoint, str):
            return (), ()
        endpoints, routes = self._find_names()
        return _nearest_to(self.endpoint, endpoints), _nearest_to(self.endpoint, routes)

    @property
    def nearest_endpoints(self) -> tuple[str, ...]:
        """The endpoints of Flask whose names are most like ``endpoint``."""
        return self._nearest[0]

    @property
    def nearest_routes(self) -> tuple[str, ...]:
        """The legacy routes whose names are most like ``endpoint``."""
        return self._nearest[1]

    def __str__(self) -> str:
        text = f"Could not build a URL for {self.endpoint!r}: {self.reason}"
        if self.missing:
            text += f" Missing arguments: {_listed(self.missing)}."
        if self.nearest_endpoints:
            text += f" Like it in Flask: {_listed(self.nearest_endpoints)}."
        if self.nearest_routes:
            text += f" Like it in Routes: {_listed(self.nearest_routes)}."
        return text


def _nearest_to(name: str, names: Iterable[str]) -> tuple[str, ...]:
    # The two libraries' customs: "package.read" and "package_read".
    folded: dict[str, str] = {}
    for known in names:
        folded.setdefault(_folded(known), known)
    near = get_close_matches(_folded(name), folded)
    return tuple(folded[match] for match in near if folded[match] != name)


def _folded(name: str) -> str:
    return name.lower().replace(".", "_")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(repr, names))
