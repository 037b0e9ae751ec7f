"""Ask a Routes mapper about a request, as Routes' own middleware does, with text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from routes import URLGenerator
from routes.middleware import is_form_post
from webob import Request
from werkzeug.exceptions import HTTPException

from compatshim.parsing.bodies import werkzeug_request
from compatshim.parsing.forms import read_form
from compatshim.routing.index import routematch
from compatshim.routing.site import host_info, moved_from, own_host, site_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed.wsgi import WSGIEnvironment
    from werkzeug.wrappers import Request as WerkzeugRequest

    from compatshim.parsing.forms import Form

__all__ = [
    "MATCH_KEY",
    "LegacyMatch",
    "answered",
    "host_info",
    "match_routes",
    "outer_generator",
    "path_text",
    "posted_form",
    "put_generator",
    "question_of",
    "routing_args",
    "site_generator",
    "url_generator",
]

MATCH_KEY = "compatshim.legacy_match"
"""The ``environ`` key under which the dispatcher hands its match on."""

_GENERATOR_KEY = "compatshim.routes_url"
"""The ``environ`` key of the last ``routes.url`` that was made here."""


class LegacyMatch(NamedTuple):
    """What a Routes mapper answered, and for which question.

    ``arguments`` is Routes' match dictionary and ``route`` the ``Route`` it is from;
    ``mapper``, ``method``, ``path_info`` and ``host`` say what was asked, so that whoever
    finds a match in an ``environ`` can tell whether it still holds. ``asked`` is the
    method after an override by ``_method``, or ``None`` where it does not matter.
    """

    arguments: dict[str, Any]
    route: Any
    mapper: Any
    method: str
    path_info: str
    host: str | None
    asked: str | None

    def holds_for(self, mapper: Any, environ: WSGIEnvironment) -> bool:
        """Return whether this is the answer for ``environ`` as it is now."""
        return (
            self.mapper is mapper
            and self.method == environ["REQUEST_METHOD"]
            and self.path_info == environ.get("PATH_INFO", "")
            and self.host == environ.get("HTTP_HOST")
        )

    def answers(self, environ: WSGIEnvironment) -> bool:
        """Return whether this is the answer for Routes' own middleware.

        While that asks the mapper, ``environ`` has the method that a ``_method``
        parameter wants.
        """
        return (
            self.asked in (None, environ["REQUEST_METHOD"])
            and self.path_info == environ.get("PATH_INFO", "")
            and self.host == environ.get("HTTP_HOST")
        )


def path_text(environ: WSGIEnvironment) -> str:
    """Return ``PATH_INFO`` as the text that its UTF-8 bytes spell.

    Raises ``UnicodeError`` where it is not WSGI text (a character above U+00FF) or its
    bytes are not UTF-8.
    """
    path: str = environ.get("PATH_INFO", "")
    return path if path.isascii() else path.encode("latin-1").decode()


def match_routes(
    mapper: Any,
    environ: WSGIEnvironment,
    read: Callable[[WSGIEnvironment], Form | None] | None = None,
) -> LegacyMatch | None:
    """Return what ``mapper`` makes of ``environ``, or ``None``.

    Works as ``routes.middleware.RoutesMiddleware`` does, method override by a
    ``_method`` parameter included, but matches the path as text: Routes on Python 3
    would return path arguments as undecoded Latin-1. ``environ`` stays as it is, except
    that the form in the body of a POST request is read: by ``read``, or else by
    :func:`posted_form` with the request's own limits. Raises ``UnicodeError`` as
    :func:`path_text` does.
    """
    path = path_text(environ) or "/"
    question = question_of(environ, read)
    # Routes reads conditions (method, function, sub-domain) from mapper.environ too,
    # but that is one slot for all threads; the argument is this request's own.
    found = routematch(mapper, path, question)
    # With mapper.debug, Routes returns a triple also where nothing matched.
    if not found or found[1] is None:
        return None
    return answered(found, mapper, environ, question["REQUEST_METHOD"])


def question_of(
    environ: WSGIEnvironment,
    read: Callable[[WSGIEnvironment], Form | None] | None = None,
) -> WSGIEnvironment:
    """Return ``environ``, or a copy with the method that a ``_method`` parameter wants."""
    if environ["REQUEST_METHOD"] != "POST":
        query = environ.get("QUERY_STRING")
        if not query or "_method" not in query:
            return environ
    method = _overriding_method(environ, read or _read)
    return {**environ, "REQUEST_METHOD": method.upper()} if method else environ


def answered(
    found: Any, mapper: Any, environ: WSGIEnvironment, asked: str | None = None
) -> LegacyMatch:
    """Return the match dictionary and route in ``found`` as the answer to ``environ``.

    ``asked`` is the method that the mapper was asked with, if it matters.
    """
    return LegacyMatch(
        found[0],
        found[1],
        mapper,
        environ["REQUEST_METHOD"],
        environ.get("PATH_INFO", ""),
        environ.get("HTTP_HOST"),
        asked,
    )


def _overriding_method(
    environ: WSGIEnvironment,
    read: Callable[[WSGIEnvironment], Form | None],
) -> str | None:
    try:
        if "_method" in environ.get("QUERY_STRING", ""):
            method: str | None = Request(environ.copy()).GET.get("_method")
        elif is_form_post(environ):
            form = read(environ)
            if form is None or form.unreadable:
                return None
            method = form.fields.get("_method")
        else:
            return None
    except (ValueError, HTTPException):
        return None  # whoever serves the request will say what is wrong with it
    return method if isinstance(method, str) else None


def posted_form(request: WerkzeugRequest) -> Form | None:
    """Return the form in the body, or ``None`` where it cannot be read safely.

    Without a known length it would be noticed too late that there is too much of it.
    """
    if request.max_content_length is not None and request.content_length is None:
        return None
    return read_form(request)


def _read(environ: WSGIEnvironment) -> Form | None:
    return posted_form(werkzeug_request(environ))


def site_generator(environ: WSGIEnvironment) -> Any:
    """Return the ``URLGenerator`` of a request, ``None`` where it has not been routed.

    That of Routes' own middleware begins its URLs as the request does: here it is one
    for URLs of the site. What is no ``URLGenerator`` is returned as it is.
    """
    generator: Any = environ.get("routes.url")
    if generator is environ.get(_GENERATOR_KEY) or type(generator) is not URLGenerator:
        return generator
    return url_generator(generator.mapper, environ)


def outer_generator(environ: WSGIEnvironment) -> Any:
    """Return what :func:`site_generator` does, for the URLs of the whole site.

    Where a ``path_info`` route has moved a part of the path to ``SCRIPT_NAME``, Routes
    begins its URLs with that.
    """
    own = moved_from(environ)
    generator = site_generator(environ)
    if own is None or type(generator) is not URLGenerator:
        return generator
    return url_generator(generator.mapper, {**environ, "SCRIPT_NAME": own})


def url_generator(mapper: Any, environ: WSGIEnvironment) -> URLGenerator:
    """Return Routes' ``URLGenerator`` for a request, for URLs of the site.

    What it reads in the ``environ`` that it is given begins its URLs as it is: the host,
    which a client has chosen, and ``SCRIPT_NAME``, which is text that is not quoted.
    """
    site = site_of(environ)
    if site.host or not site.is_plain:
        environ = {
            **environ,
            "SCRIPT_NAME": site.root,
            "HTTP_HOST": own_host(environ),
            "routes.cached_hostinfo": host_info(environ),
        }
    return URLGenerator(mapper, environ)


def put_generator(mapper: Any, environ: WSGIEnvironment) -> URLGenerator:
    """Make the URL generator of a request its ``routes.url``, and return it."""
    # Also for the generator that Routes' own middleware may make later.
    environ["routes.cached_hostinfo"] = host_info(environ)
    url = url_generator(mapper, environ)
    environ["routes.url"] = environ[_GENERATOR_KEY] = url
    return url


def routing_args(
    environ: WSGIEnvironment, match: LegacyMatch | None, mapper: Any
) -> Any:
    """Put Routes' keys into ``environ`` and return the ``URLGenerator`` of the request.

    They are ``wsgiorg.routing_args``, ``routes.route`` and ``routes.url``, as
    ``routes.middleware.RoutesMiddleware`` sets them.
    """
    url = put_generator(mapper, environ)
    arguments = (url, match.arguments if match else {})
    environ["wsgiorg.routing_args"] = url.environ["wsgiorg.routing_args"] = arguments
    environ["routes.route"] = match.route if match else None
    return url
