"""The request and response classes, and what actions raise and forward to."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import quote

from webob import Request as WebObRequest, Response as WebObResponse
from webob.exc import HTTPBadRequest, HTTPNotModified, status_map

from compatshim.bodies import CopiedBody
from compatshim.legacy._proxy import request, response
from compatshim.legacy.controllers._signing import signed, unsigned
from compatshim.routing.matching import UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from _typeshed.wsgi import WSGIApplication

__all__ = ["Request", "Response", "abort", "etag_cache", "forward", "redirect"]

log = logging.getLogger(__name__)

_LANGUAGE_KEY = "pylons.language"
_ENTITY_TAG = re.compile(r'(?:W/)?"([^"]*)"')
_URL_CHARACTERS = "!#$%&'()*+,/:;=?@[]~"


class Request(WebObRequest):  # type: ignore[misc]  # WebOb has no annotations
    """The WebOb request, with the additions of Pylons 1.0's ``Request``.

    ``GET`` and ``POST``, and so ``params``, raise WebOb's ``HTTPBadRequest`` where the
    client sent what cannot be decoded.
    """

    def make_tempfile(self) -> CopiedBody:
        """Return the file into which WebOb copies a long body."""
        return CopiedBody()

    @property
    def language(self) -> str:
        """The application's own language, kept for all request objects alike."""
        language: str = self.environ.get(_LANGUAGE_KEY, "en-us")
        return language

    @language.setter
    def language(self, language: str) -> None:
        self.environ[_LANGUAGE_KEY] = language

    @property
    def GET(self) -> Any:  # WebOb's name
        """The parameters in the query string."""
        try:
            return super().GET
        except ValueError as error:
            raise HTTPBadRequest("The query string is not UTF-8.") from error

    @property
    def POST(self) -> Any:  # WebOb's name
        """The parameters in the body of a posted form."""
        try:
            return super().POST
        except UNREADABLE as error:
            raise HTTPBadRequest("The form data cannot be decoded.") from error

    def determine_browser_charset(self) -> Any:
        """Return ``accept_charset``."""
        return self.accept_charset

    @property
    def languages(self) -> list[str]:
        """The languages that the client asks for, the best first.

        As in Pylons, the application's own ``language`` takes the place of the first
        one that it matches and of all after it, or else it is added at the end.
        """
        wanted: list[str] = []
        ranges = self.accept_language.parsed or []
        for tag, quality in sorted(ranges, key=lambda item: -item[1]):
            if quality == 0:
                continue
            if _same_language(tag, self.language):
                break
            wanted.append(tag)
        return [*wanted, self.language]

    def match_accept(self, mimetypes: Sequence[str]) -> str | None:
        """Return the first of ``mimetypes`` that the client accepts, else the first."""
        offers = {offer for offer, _ in self.accept.acceptable_offers(mimetypes)}
        for mimetype in mimetypes:
            if mimetype in offers:
                return mimetype
        return mimetypes[0] if mimetypes else None

    def signed_cookie(self, name: str, secret: str | bytes) -> Any:
        """Return the data in a cookie that :meth:`Response.signed_cookie` has set.

        ``None`` where there is none, or its signature is not good.
        """
        return unsigned(name, self.cookies.get(name) or "", secret)


class Response(WebObResponse):  # type: ignore[misc]  # WebOb has no annotations
    """The WebOb response, with the additions of Pylons 1.0's ``Response``."""

    content = WebObResponse.body

    def determine_charset(self) -> str | None:
        """Return ``charset``."""
        charset: str | None = self.charset
        return charset

    def has_header(self, header: str) -> bool:
        """Return whether ``header`` is set."""
        return header in self.headers

    def get_content(self) -> bytes:
        """Return ``body``."""
        body: bytes = self.body
        return body

    def wsgi_response(self) -> tuple[str, Any, bytes]:
        """Return ``(status, headers, body)``."""
        return self.status, self.headers, self.body

    def signed_cookie(
        self, name: str, data: Any, secret: str | bytes = b"", **kwargs: Any
    ) -> None:
        """Set a cookie that clients can read but not change.

        ``kwargs`` are those of WebOb's ``set_cookie``. Unlike Pylons, which pickled
        ``data``, this writes JSON, since unpickling runs whatever code a holder of the
        secret likes, and signs it, together with ``name``, by HMAC-SHA256. So tuples
        come back as lists, and cookies that Pylons has set read as ``None``. Raises
        ``TypeError`` where ``data`` is no JSON, ``ValueError`` where ``secret`` is empty.
        """
        self.set_cookie(name, signed(name, data, secret), **kwargs)


def _same_language(tag: str, language: str) -> bool:
    """Return whether a language range and a language are of one kind, to WebOb 1.0."""
    tag, language = tag.lower(), language.replace("_", "-").lower()
    return (
        tag in ("*", language, language.split("-")[0])
        or language == (tag.split("-")[0])
    )


def etag_cache(key: object = None) -> None:
    """Answer 304 if the client already has the page whose entity tag is ``key``.

    Otherwise set the ``ETag`` header. As Pylons 1.0's: raises ``HTTPNotModified``.
    """
    known = _ENTITY_TAG.findall(request.environ.get("HTTP_IF_NONE_MATCH", ""))
    response.headers["ETag"] = f'"{key}"'
    if str(key) not in known:
        return
    log.debug("ETag match, returning 304 Not Modified")
    for header in ("Content-Type", "Cache-Control", "Pragma"):
        response.headers.pop(header, None)
    raise HTTPNotModified


def forward(wsgi_app: WSGIApplication) -> Iterable[bytes]:
    """Return the response of another WSGI application to this request.

    As Pylons 1.0's: cookies set on ``pylons.response`` are added. Raises
    ``RuntimeError`` outside of a :class:`WSGIController`'s action.
    """
    environ = request.environ
    controller = environ.get("pylons.controller")
    if not hasattr(controller, "start_response"):
        raise RuntimeError(
            "forward() works in the actions of a WSGIController only, and"
            f" environ['pylons.controller'] is {controller!r}"
        )
    return wsgi_app(environ, controller.start_response)


def abort(
    status_code: int,
    detail: str = "",
    headers: Any = None,
    comment: str | None = None,
) -> NoReturn:
    """Raise the WebOb exception for ``status_code``, as Pylons 1.0's ``abort``.

    For a redirection, ``detail`` is where to, unless ``headers`` say it. Raises
    ``KeyError`` for a status that is not in WebOb's ``status_map``.
    """
    error = status_map[status_code](detail=detail, headers=headers, comment=comment)
    if hasattr(error, "add_slash") and detail and not error.location:
        error.location = _ascii_url(detail)
    log.debug("Aborting request: %s %r", status_code, detail)
    raise error


def redirect(url: object, code: int = 302) -> NoReturn:
    """Raise a redirection to ``url``, as Pylons 1.0's ``redirect``.

    Characters that a URL cannot have are percent-encoded. Raises ``KeyError`` for a
    status that is not in WebOb's ``status_map``.
    """
    log.debug("Generating %s redirect", code)
    raise status_map[code](location=_ascii_url(url))


def _ascii_url(url: object) -> str:
    return quote(str(url), safe=_URL_CHARACTERS)
