"""The WSGI middleware of plugins: around both sides, and around what they raise."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import flask

from compatshim.legacy.util import close_iterable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from flask import Flask

__all__ = ["ErrorReporters", "MiddlewareChain", "Slot", "raise_error"]

log = logging.getLogger("compatshim.plugins")

ERROR_KEY = "compatshim.error"
"""The ``environ`` key of the exception that error log middleware is to see."""


class Slot:
    """What middleware stands around: an application that is put into it later."""

    application: WSGIApplication

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Call the application."""
        return self.application(environ, start_response)


class MiddlewareChain:
    """The middleware of all plugins around ``app.wsgi_app``, the first one outermost."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._innermost: Slot | None = None

    def add(self, middleware: WSGIApplication, slot: Slot) -> None:
        """Put ``middleware``, which stands around ``slot``, inside of those before it."""
        if self._innermost is None:
            slot.application = self._app.wsgi_app
            self._app.wsgi_app = middleware  # type: ignore[method-assign,assignment]
        else:
            slot.application = self._innermost.application
            self._innermost.application = middleware
        self._innermost = slot


class ErrorReporters:
    """The error log middleware of all plugins: each sees every unhandled exception.

    Neither framework lets an exception pass through the middleware around it. Flask's
    ``got_request_exception`` is sent for those of both. Where somebody sends it outside
    of a request, there is no ``environ`` that the middleware could be called with.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._reporters: list[tuple[str, WSGIApplication]] = []

    def add(self, plugin: str, middleware: WSGIApplication) -> None:
        """Add middleware that stands around :func:`raise_error`."""
        if not self._reporters:
            flask.got_request_exception.connect(self._report, self._app)
        self._reporters.append((plugin, middleware))

    def _report(self, _: Flask, exception: BaseException, **__: Any) -> None:
        if not flask.has_request_context():
            return
        for plugin, middleware in self._reporters:
            environ = {**flask.request.environ, ERROR_KEY: exception}
            try:
                _exhaust(middleware(environ, _start_response))
            except Exception as error:
                if error is not exception:
                    log.exception(
                        "The error log middleware of the plugin %r failed.", plugin
                    )


def raise_error(environ: WSGIEnvironment, _: StartResponse) -> Iterable[bytes]:
    """Raise the exception that ``environ`` has, as the application did."""
    raise environ[ERROR_KEY]


def _start_response(*_: Any) -> Callable[[bytes], object]:
    return lambda _: None


def _exhaust(body: Iterable[bytes]) -> None:
    try:
        for _ in body:
            pass
    finally:
        close_iterable(body)
