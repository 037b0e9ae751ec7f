"""Ask a Routes mapper about a request, as Routes' own middleware does, with text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from routes import URLGenerator
from routes.middleware import is_form_post
from webob import Request
from webob.request import DisconnectionError

from compatshim.bodies import CopiedBody

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

__all__ = [
    "MATCH_KEY",
    "UNREADABLE",
    "LegacyMatch",
    "answered",
    "host_info",
    "match_routes",
    "path_text",
    "routing_args",
    "url_generator",
]

MATCH_KEY = "compatshim.legacy_match"
"""The ``environ`` key under which the dispatcher hands its match on."""


_UNQUOTED = "/:@!$&'()*+,;=~"

UNREADABLE = (ValueError, LookupError, DeprecationWarning, DisconnectionError)
"""What WebOb raises for a form that cannot be read.

The warning is for a client that says that it sends no UTF-8, ``LookupError`` for a charset
that there is not.
"""

_READ_BODY = (
    "wsgi.input",
    "CONTENT_LENGTH",
    "webob.is_body_seekable",
    "webob._parsed_post_vars",
)
"""What WebOb changes in an ``environ`` when it reads a form: it is parsed once."""


class LegacyMatch(NamedTuple):
    """What a Routes mapper answered, and for which question.

    ``arguments`` is Routes' match dictionary and ``route`` the ``Route`` it is from;
    ``mapper``, ``method`` and ``path_info`` say what was asked, so that whoever finds a
    match in an ``environ`` can tell whether it still holds.
    """

    arguments: dict[str, Any]
    route: Any
    mapper: Any
    method: str
    path_info: str

    def holds_for(self, mapper: Any, environ: WSGIEnvironment) -> bool:
        """Return whether this is the answer for ``environ`` as it is now."""
        return (
            self.mapper is mapper
            and self.method == environ["REQUEST_METHOD"]
            and self.path_info == environ.get("PATH_INFO", "")
        )


def path_text(environ: WSGIEnvironment) -> str:
    """Return ``PATH_INFO`` as the text that its UTF-8 bytes spell.

    Raises ``UnicodeError`` where it is not WSGI text (a character above U+00FF) or its
    bytes are not UTF-8.
    """
    path: str = environ.get("PATH_INFO", "")
    return path if path.isascii() else path.encode("latin-1").decode()


def match_routes(
    mapper: Any, environ: WSGIEnvironment, *, max_content_length: int | None = None
) -> LegacyMatch | None:
    """Return what ``mapper`` makes of ``environ``, or ``None``.

    Works as ``routes.middleware.RoutesMiddleware`` does, method override by a
    ``_method`` parameter included, but matches the path as text: Routes on Python 3
    would return path arguments as undecoded Latin-1. ``environ`` stays as it is, except
    that the body of a posted form is made seekable where it had to be read; one of more
    than ``max_content_length`` bytes is not. Raises ``UnicodeError`` as
    :func:`path_text` does.
    """
    path = path_text(environ) or "/"
    question = environ
    if method := _overriding_method(environ, max_content_length):
        question = {**environ, "REQUEST_METHOD": method.upper()}
    # Routes reads conditions (method, function, sub-domain) from mapper.environ too,
    # but that is one slot for all threads; the argument is this request's own.
    found = mapper.routematch(path, question)
    # With mapper.debug, Routes returns a triple also where nothing matched.
    if not found or found[1] is None:
        return None
    return answered(found, mapper, environ)


def answered(found: Any, mapper: Any, environ: WSGIEnvironment) -> LegacyMatch:
    """Return the match dictionary and route in ``found`` as the answer to ``environ``."""
    arguments, route = found[:2]
    path_info = environ.get("PATH_INFO", "")
    return LegacyMatch(arguments, route, mapper, environ["REQUEST_METHOD"], path_info)


class _Form(Request):  # type: ignore[misc]  # WebOb has no annotations
    def make_tempfile(self) -> CopiedBody:
        return CopiedBody()


def _overriding_method(
    environ: WSGIEnvironment, max_content_length: int | None
) -> str | None:
    if "_method" in environ.get("QUERY_STRING", ""):
        parameters = "GET"
    elif environ["REQUEST_METHOD"] == "POST" and is_form_post(environ):
        parameters = "POST"
    else:
        return None
    request = _Form({**environ})
    if max_content_length is not None and parameters == "POST":
        length = request.content_length
        if length is None or length > max_content_length:
            return None
    try:
        method: str | None = getattr(request, parameters).get("_method")
    except UNREADABLE:
        # Whoever serves the request will say so.
        method = None
    for key in _READ_BODY:
        if key in request.environ:
            environ[key] = request.environ[key]
    if request.environ.get("webob.is_body_seekable"):
        request.body_file_raw.seek(0)
    return method


def host_info(environ: WSGIEnvironment) -> dict[str, str]:
    """Return what Routes is to make absolute URLs from.

    Routes itself would believe ``X-Forwarded-Host`` and ``-Proto`` from any client.
    """
    protocol = environ["wsgi.url_scheme"]
    host = environ.get("HTTP_HOST")
    if not host:
        host = environ["SERVER_NAME"]
        port = environ["SERVER_PORT"]
        if port != {"http": "80", "https": "443"}.get(protocol):
            host = f"{host}:{port}"
    return {"host": host, "protocol": protocol}


def url_generator(mapper: Any, environ: WSGIEnvironment) -> URLGenerator:
    """Return Routes' ``URLGenerator`` for a request.

    It reads ``SCRIPT_NAME`` from the ``environ`` that it is given as a part of a URL,
    but there it is text that is not quoted.
    """
    script_name = environ.get("SCRIPT_NAME", "")
    quoted = quote(script_name.encode("latin-1"), safe=_UNQUOTED)
    if quoted != script_name:
        environ = {**environ, "SCRIPT_NAME": quoted}
    return URLGenerator(mapper, environ)


def routing_args(
    environ: WSGIEnvironment, match: LegacyMatch | None, mapper: Any
) -> Any:
    """Put Routes' keys into ``environ`` and return the ``URLGenerator`` of the request.

    They are ``wsgiorg.routing_args``, ``routes.route`` and ``routes.url``, as
    ``routes.middleware.RoutesMiddleware`` sets them.
    """
    url = url_generator(mapper, environ)
    arguments = (url, match.arguments if match else {})
    environ["wsgiorg.routing_args"] = url.environ["wsgiorg.routing_args"] = arguments
    environ["routes.route"] = match.route if match else None
    environ["routes.url"] = url
    return url
