"""``response``: what shared code sets before the framework has a response to set it on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import Headers

from compatshim.legacy.controllers.util import Response as PylonsResponse

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment
    from werkzeug.wrappers import Response

__all__ = ["PendingResponse"]

_OK = "200 OK"
_KEY = "compatshim.response"
_NOT_APPLIED = frozenset({"content-length", "content-type"})


class PendingResponse(PylonsResponse):
    """A WebOb response on which nothing is set yet.

    Under Flask, and under a legacy application that has no response object of its own,
    what code sets here is added to the response that the view makes: headers that it
    lacks, cookies, the status and the content type where it has the default ones.
    """

    def __init__(self) -> None:
        super().__init__(headerlist=[])

    @classmethod
    def of(cls, environ: WSGIEnvironment) -> PendingResponse | None:
        """Return what was set in the request of ``environ``, or ``None``."""
        return environ.get(_KEY)

    @classmethod
    def begin(cls, environ: WSGIEnvironment) -> PendingResponse:
        """Return a new one, kept in ``environ``."""
        pending = environ[_KEY] = cls()
        return pending

    def add_to_headers(self, headers: Headers) -> None:
        """Add to ``headers`` what they lack, and all cookies."""
        kept = _NOT_APPLIED | {name.lower() for name, _ in headers}
        kept -= {"set-cookie"}
        for name, value in self.headerlist:
            if name.lower() not in kept:
                headers.add(name, value)

    def add_to_wsgi(
        self, status: str, headers: list[tuple[str, str]]
    ) -> tuple[str, list[tuple[str, str]]]:
        """Return the arguments of ``start_response`` with what was set here."""
        joined = Headers(headers)
        self.add_to_headers(joined)
        return (self.status if status == _OK else status), joined.to_wsgi_list()

    def add_to(self, response: Response) -> Any:
        """Add to a Werkzeug ``response``, and return it."""
        self.add_to_headers(response.headers)
        default = f"{response.default_mimetype}; charset=utf-8"
        if "Content-Type" in self.headers and response.content_type == default:
            response.headers["Content-Type"] = self.headers["Content-Type"]
        if response.status == _OK:
            response.status = self.status
        return response
