"""The WSGI application that serves both frameworks: one match, one owner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.exceptions import BadRequest, NotFound

from compatshim._flask_context import bring_own_app_context, call_within
from compatshim.bodies import close_uploads
from compatshim.legacy.wsgiapp import PylonsApp
from compatshim.lending import FlaskSide
from compatshim.lifetime import run_apart
from compatshim.routing.flask_match import match_once
from compatshim.routing.flask_rules import FlaskRules
from compatshim.routing.matching import (
    MATCH_KEY,
    LegacyMatch,
    match_routes,
    path_text,
    routing_args,
)
from compatshim.serving import (
    FRAMEWORK_KEY,
    ORIGIN_KEY,
    legacy_request,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from flask.ctx import AppContext, RequestContext
    from werkzeug.exceptions import HTTPException

    from compatshim.objects.state import ShimState

__all__ = ["REQUEST_CONTEXT_KEY", "Dispatcher"]

REQUEST_CONTEXT_KEY = "compatshim.request_context"
"""The ``environ`` key under which Flask finds the context that it was asked in."""

_NOT_FOUND = NotFound()


class Dispatcher:
    """Give each request to the framework that owns its path.

    Flask is asked first, once, and serves what its URL map matches; the legacy
    application serves what Flask refuses and its own routes match; what both refuse is
    answered by Flask. Takes the place of ``app.wsgi_app``.
    """

    def __init__(self, state: ShimState, flask_wsgi_app: WSGIApplication) -> None:
        self._state = state
        self._flask_wsgi_app = flask_wsgi_app
        self._rules = FlaskRules(state.app.url_map)
        # Code between the dispatcher and Flask may change the request: Flask then has
        # to look at it again.
        self._is_next_to_flask = _is_flasks_own(flask_wsgi_app, "wsgi_app")
        self._adapts_urls = not _is_flasks_own(
            state.app.create_url_adapter, "create_url_adapter"
        )

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Serve one request."""
        context: RequestContext | None = None
        app_context: AppContext | None = None
        refusal: HTTPException | None = _NOT_FOUND
        if self._may_match(environ):
            try:
                context = self._state.make_request_context(environ)
            except UnicodeEncodeError:  # no WSGI text, which ends at U+00FF
                return BadRequest()(environ, start_response)
            if self._rules.use_custom_converters:
                app_context = self._state.app.app_context()
                bring_own_app_context(context, app_context)
            refusal = self._ask_flask(environ, context, app_context)
        if refusal is None:
            return self._serve_flask(environ, start_response, context)
        # Where Flask was asked, and there is nobody else, the answer is Flask's.
        is_flasks = context is not None and self._state.legacy_app is None
        if not is_flasks and not _is_text(environ):
            return BadRequest()(environ, start_response)
        match = self._ask_legacy(environ, refusal)
        if match is None:
            close_uploads(environ)
            return self._serve_flask(environ, start_response, context)
        side = FlaskSide(self._state, environ, context, app_context)
        return self._serve_legacy(environ, start_response, side, match)

    def _may_match(self, environ: WSGIEnvironment) -> bool:
        """Return whether Flask's router has to be asked."""
        if self._rules.may_match(environ.get("PATH_INFO", "")):
            return True
        app = self._state.app
        return (
            app.config.get("TRUSTED_HOSTS") is not None
            or app.url_map.host_matching
            or app.subdomain_matching
            or not self._rules.describe(app.url_map)
            or self._adapts_urls
        )

    def _ask_flask(
        self,
        environ: WSGIEnvironment,
        context: RequestContext,
        app_context: AppContext | None,
    ) -> HTTPException | None:
        """Return Flask's refusal of the request, or ``None`` if it has an answer."""
        if context.url_adapter is None:  # an untrusted host: Flask says so
            return None
        if app_context is None:
            refusal = match_once(context)
        else:  # the application's converters may use current_app, g and request
            refusal = call_within(context, app_context, match_once)
        if refusal is not None:
            environ.pop("werkzeug.request", None)  # asking leaves environ as it was
        return refusal

    def _ask_legacy(
        self, environ: WSGIEnvironment, refusal: HTTPException
    ) -> LegacyMatch | bool | None:
        """Return the legacy application's match, ``True`` if it takes anything."""
        if self._state.legacy_app is None:
            return None
        if self._state.mapper is not None:
            limit = self._state.app.config.get("MAX_CONTENT_LENGTH")
            return match_routes(self._state.mapper, environ, max_content_length=limit)
        return isinstance(refusal, NotFound) or None

    def _serve_flask(
        self,
        environ: WSGIEnvironment,
        start_response: StartResponse,
        context: RequestContext | None,
    ) -> Iterable[bytes]:
        environ[FRAMEWORK_KEY] = "flask"
        environ[ORIGIN_KEY] = "core"
        if not self._is_next_to_flask:
            environ.pop("werkzeug.request", None)
            context = None
        if legacy_request() is None:
            environ[REQUEST_CONTEXT_KEY] = context
            return self._flask_wsgi_app(environ, start_response)
        if context is not None:
            environ[REQUEST_CONTEXT_KEY] = bring_own_app_context(context)
        return run_apart(self._flask_wsgi_app, environ, start_response)

    def _serve_legacy(
        self,
        environ: WSGIEnvironment,
        start_response: StartResponse,
        side: FlaskSide,
        match: LegacyMatch | bool,
    ) -> Iterable[bytes]:
        environ[FRAMEWORK_KEY] = "legacy"
        environ[ORIGIN_KEY] = "core"
        state = self._state
        legacy_app: Any = state.legacy_app
        if isinstance(match, LegacyMatch):
            environ[MATCH_KEY] = match
            if not isinstance(legacy_app, PylonsApp):
                routing_args(environ, match, state.mapper)
        return side.serve(legacy_app, start_response)


def _is_flasks_own(method: Any, name: str) -> bool:
    """Return whether ``method`` is what ``Flask`` defines, neither wrapped nor overridden."""
    return getattr(method, "__func__", None) is getattr(Flask, name)


def _is_text(environ: WSGIEnvironment) -> bool:
    """Return whether the URL is WSGI text, and its path is UTF-8."""
    others: str = environ.get("SCRIPT_NAME", "") + environ.get("QUERY_STRING", "")
    try:
        path_text(environ)
        return others.isascii() or bool(others.encode("latin-1"))
    except UnicodeError:
        return False
