"""``response`` of a legacy application that is no ``PylonsApp``."""

from __future__ import annotations

from typing import NoReturn

from compatshim.errors import NotForwardedError
from compatshim.legacy.controllers.util import Response as PylonsResponse
from compatshim.objects.response.pending import PendingResponse

__all__ = ["BodilessPendingResponse"]


class BodilessPendingResponse(PendingResponse):
    """The ``response`` of a WSGI application that makes its own: no body can be set."""

    def _refuse(self, name: str) -> NoReturn:
        raise NotForwardedError(
            f"response.{name}",
            "legacy",
            "The legacy application is a WSGI application that sends its own body:"
            " return the text from it. Headers, cookies and the status can be set.",
        )

    def _set_body(self, _: object = None) -> None:
        self._refuse("body")

    def _set_app_iter(self, _: object = None) -> None:
        self._refuse("app_iter")

    body = content = property(PylonsResponse.body.fget, _set_body, _set_body)
    app_iter = property(PylonsResponse.app_iter.fget, _set_app_iter, _set_app_iter)

    def write(self, text: str | bytes) -> None:
        """Raise ``NotForwardedError``."""
        self._refuse("write")

    def _forget_body(self) -> None:
        PylonsResponse.app_iter.fset(self, [b""])
        self._no_body = self._body_mark()
