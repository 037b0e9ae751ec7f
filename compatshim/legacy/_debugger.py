"""Werkzeug's debugger as the middleware of a legacy application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.debug import DebuggedApplication

from compatshim.legacy._errors import lets_errors_pass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

__all__ = ["Debugger"]


class Debugger(DebuggedApplication):
    """Shows exceptions, unless Flask does."""

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Serve a request."""
        if lets_errors_pass(environ):
            return self.app(environ, start_response)
        return super().__call__(environ, start_response)
