"""The request and response classes, and what actions raise and forward to."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import quote

from webob import Response as WebObResponse
from webob.exc import HTTPNotModified, status_map

from compatshim.legacy._proxy import request, response
from compatshim.legacy.controllers._headers import CheckedHeaders, without_line_break
from compatshim.legacy.controllers._request import Request
from compatshim.legacy.controllers._signing import signed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import WSGIApplication

__all__ = ["Request", "Response", "abort", "etag_cache", "forward", "redirect"]

log = logging.getLogger(__name__)

_ENTITY_TAG = re.compile(r'(?:W/)?"([^"]*)"')
_URL_CHARACTERS = "!#$%&'()*+,/:;=?@[]~"


class Response(WebObResponse):
    """The WebOb response, with the additions of Pylons 1.0's ``Response``."""

    content = WebObResponse.body
    _headers: CheckedHeaders | None

    @property
    def headers(self) -> CheckedHeaders:
        """The headers; a line break in one is a ``ValueError`` where it is set."""
        # Kept where WebOb keeps its own, which it drops with a new headerlist.
        if self._headers is None:
            self._headers = CheckedHeaders.view_list(self.headerlist)
        return self._headers

    @headers.setter
    def headers(self, headers: Any) -> None:
        checked = CheckedHeaders()
        checked.extend(headers)
        self.headerlist = list(checked.items())

    @property
    def status(self) -> str:
        """The status line; a line break in it is a ``ValueError``."""
        status: str = super().status
        return status

    @status.setter
    def status(self, status: str | int) -> None:
        WebObResponse.status.__set__(self, without_line_break("The status", status))

    def set_cookie(self, name: str, value: Any = "", *args: Any, **kwargs: Any) -> None:
        """Set a cookie as WebOb does; a line break in it is a ``ValueError``."""
        for part in (name, value, *args, *kwargs.values()):
            without_line_break(f"The cookie {name!r}", part)
        super().set_cookie(name, value, *args, **kwargs)

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
