"""Helpers for the users' own tests."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.test import EnvironBuilder

from compatshim.errors import NotInitialisedError
from compatshim.legacy._routing import route_request
from compatshim.legacy.wsgiapp import PylonsApp
from compatshim.lending import FlaskSide
from compatshim.objects.state import state_of
from compatshim.routing.matching import match_routes, routing_args
from compatshim.serving import LegacyRequest, serving_legacy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed.wsgi import WSGIEnvironment

__all__ = ["legacy_request_context"]


@contextmanager
def legacy_request_context(
    app: Flask | PylonsApp, path: str = "/", **environ_options: Any
) -> Iterator[None]:
    """Make a request current that the legacy side serves, for a ``with`` block.

    The counterpart of ``app.test_request_context``: ``app`` is a Flask application with
    a CompatShim, or a ``PylonsApp`` alone, and the other arguments are those of
    ``werkzeug.test.EnvironBuilder`` (``method``, ``data``, ``headers`` ...). No action
    is called, and no middleware: where a ``PylonsApp`` stands inside some, the objects of
    ``compatshim.legacy`` itself are not there, while the common ones are. Raises ``NotInitialisedError`` for an application without a CompatShim.
    """
    builder = EnvironBuilder(path, **environ_options)
    try:
        environ = builder.get_environ()
    finally:
        builder.close()
    if not isinstance(app, Flask):
        with serving_legacy(LegacyRequest(environ)):
            _set_up(app, environ)
            yield
        return
    state = state_of(app)
    if state is None:
        raise NotInitialisedError(app.name, "legacy_request_context")
    side = FlaskSide(state, environ)
    with side.pushed():
        if isinstance(state.legacy_app, PylonsApp):
            _set_up(state.legacy_app, environ)
        elif state.mapper is not None:
            routing_args(environ, match_routes(state.mapper, environ), state.mapper)
        yield


def _set_up(app: PylonsApp, environ: WSGIEnvironment) -> None:
    route_request(app.config.get("routes.map"), environ)
    app.setup_app_env(environ, _no_response)


def _no_response(*_: Any) -> Any:
    raise AssertionError("No response is started in legacy_request_context.")
