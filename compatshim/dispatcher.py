"""The WSGI application that serves both frameworks: one match, one owner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wsgi import ClosingIterator

from compatshim._flask_context import (
    bring_own_app_context,
    call_within,
    current_request_context,
)
from compatshim.legacy.wsgiapp import PylonsApp
from compatshim.lending import FlaskSide
from compatshim.lifetime import run_apart
from compatshim.locale_prefix import take_locale
from compatshim.parsing.bodies import CopiedBody, close_uploads
from compatshim.routing.conflicts import check_routes
from compatshim.routing.extension_rules import is_extensions_answer
from compatshim.routing.flask_match import (
    forget_match,
    match_once,
)
from compatshim.routing.flask_rules import FlaskRules
from compatshim.routing.legacy_routes import LegacyRoutes
from compatshim.routing.matching import (
    MATCH_KEY,
    LegacyMatch,
    path_text,
    routing_args,
)
from compatshim.routing.origins import CORE, EXTENSION
from compatshim.serving import (
    FRAMEWORK_KEY,
    ORIGIN_KEY,
    legacy_request,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from flask.ctx import AppContext, RequestContext
    from werkzeug.exceptions import HTTPException

    from compatshim.objects.state import ShimState

__all__ = ["REQUEST_CONTEXT_KEY", "SERVED_BY_HEADER", "Dispatcher"]

SERVED_BY_HEADER = "Compatshim-Served-By"
"""The response header that ``COMPATSHIM_SERVED_BY_HEADER = True`` adds."""

REQUEST_CONTEXT_KEY = "compatshim.request_context"
"""The ``environ`` key under which Flask finds the context that it was asked in."""

_NOT_FOUND = NotFound()


class Dispatcher:
    """Give each request to the framework that owns its path.

    Flask extension > legacy extension > Flask core > legacy core. Flask is asked first,
    once; before it serves a core view, the legacy extensions are asked, if there are
    any. The legacy application serves what Flask refuses and its own routes match; what
    both refuse is answered by Flask. Takes the place of ``app.wsgi_app``.
    """

    def __init__(self, state: ShimState, flask_wsgi_app: WSGIApplication) -> None:
        self._state = state
        self._flask_wsgi_app = flask_wsgi_app
        self._rules = FlaskRules(state.app.url_map, state.origins)
        self._may_match = self._rules.may_match
        self._origins = state.origins
        self._marked_routes = state.origins.routes
        self._legacy_routes = LegacyRoutes(state)
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
        state = self._state
        config = state.app.config
        if "COMPATSHIM_LOCALE_PREFIX" in config:
            prefixes = state.locale_prefixes
            if prefixes is not None:
                take_locale(environ, prefixes)
        if not state.are_routes_checked:
            check_routes(state)
        if config.get("COMPATSHIM_SERVED_BY_HEADER"):
            start_response = _naming_who_serves(environ, start_response)
        if not self._may_match(environ.get("PATH_INFO", "")) and (
            not self._is_asked_first()
        ):
            return self._serve(environ, start_response, None, None, _NOT_FOUND)
        app_context: AppContext | None = None
        refusal: HTTPException | None
        try:
            context = state.make_request_context(environ)
        except UnicodeEncodeError:  # no WSGI text, which ends at U+00FF
            return _bad_request(environ, start_response)
        if context.url_adapter is None:  # an untrusted host: Flask says so
            refusal = None
        elif self._rules.use_custom_converters:  # they may use current_app and g
            app_context = state.app.app_context()
            bring_own_app_context(context, app_context)
            refusal = call_within(context, app_context, match_once)
        else:
            refusal = match_once(context)
        if refusal is None and not self._marked_routes.version:
            return self._serve_flask(environ, start_response, context)
        return self._serve(environ, start_response, context, app_context, refusal)

    def _serve(
        self,
        environ: WSGIEnvironment,
        start_response: StartResponse,
        context: RequestContext | None,
        app_context: AppContext | None,
        refusal: HTTPException | None,
    ) -> Iterable[bytes]:
        """Serve a request for which the legacy application has to be asked."""
        match: LegacyMatch | bool | None
        if context is not None and refusal is None:
            match = self._legacy_routes.ask_extensions(environ, context)
            if match is not None and not _is_text(environ):
                return self._refuse(environ, start_response, context)
        elif context is not None and self._state.legacy_app is None:
            match = None  # the answer is Flask's, whatever the path
        elif not _is_text(environ):
            return self._refuse(environ, start_response, context)
        else:
            routes = self._legacy_routes
            match = routes.ask(environ, refusal)
            if (
                match
                and context is not None
                and routes.is_flasks_own_page(environ, match, context, app_context)
            ):
                match = None
        if match is None:
            return self._serve_flask_after_all(environ, start_response, context)
        if context is not None:
            environ.pop("werkzeug.request", None)  # asking leaves environ as it was
            forget_match(context)
        side = FlaskSide(self._state, environ, context, app_context)
        return self._serve_legacy(environ, start_response, side, match)

    def _is_asked_first(self) -> bool:
        """Return whether Flask's router has to be asked, whatever the path."""
        app = self._state.app
        url_map = app.url_map
        return (
            self._adapts_urls
            or app.config.get("TRUSTED_HOSTS") is not None
            or url_map.host_matching
            or app.subdomain_matching
            or not self._rules.describe(url_map)
        )

    def _refuse(
        self,
        environ: WSGIEnvironment,
        start_response: StartResponse,
        context: RequestContext | None,
    ) -> Iterable[bytes]:
        """Let Flask answer 400, with all that is around its answers."""
        if not self._is_next_to_flask:  # it would match what it makes of the path
            return _bad_request(environ, start_response)
        try:
            context = context or self._state.make_request_context(environ)
        except UnicodeEncodeError:
            return _bad_request(environ, start_response)
        forget_match(context)
        context.request.routing_exception = BadRequest()
        return self._serve_flask(environ, start_response, context)

    def _serve_flask_after_all(
        self,
        environ: WSGIEnvironment,
        start_response: StartResponse,
        context: RequestContext | None,
    ) -> Iterable[bytes]:
        """Let Flask serve what the legacy application was asked for in vain."""
        close_uploads(environ)
        answer = self._serve_flask(environ, start_response, context)
        body = environ.get("wsgi.input")
        if isinstance(body, CopiedBody):
            return ClosingIterator(answer, body.close)
        return answer

    def _serve_flask(
        self,
        environ: WSGIEnvironment,
        start_response: StartResponse,
        context: RequestContext | None,
    ) -> Iterable[bytes]:
        environ[FRAMEWORK_KEY] = "flask"
        environ[ORIGIN_KEY] = CORE
        if self._origins.flask_rules and context and is_extensions_answer(context):
            environ[ORIGIN_KEY] = EXTENSION
        if not self._is_next_to_flask:
            environ.pop("werkzeug.request", None)
            context = None
        if legacy_request() is None and current_request_context() is None:
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
        state = self._state
        environ[FRAMEWORK_KEY] = "legacy"
        environ[ORIGIN_KEY] = CORE
        legacy_app: Any = state.legacy_app
        if isinstance(match, LegacyMatch):
            if self._marked_routes.plugin(match.route) is not None:
                environ[ORIGIN_KEY] = EXTENSION
            environ[MATCH_KEY] = match
            if not isinstance(legacy_app, PylonsApp):
                routing_args(environ, match, state.mapper)
        return side.serve(legacy_app, start_response)


def _naming_who_serves(
    environ: WSGIEnvironment, start_response: StartResponse
) -> StartResponse:
    """Return ``start_response``, with a header that names who serves by then."""

    def start(
        status: str, headers: list[tuple[str, str]], *exc_info: Any
    ) -> Callable[[bytes], object]:
        framework = environ.get(FRAMEWORK_KEY, "flask")
        headers = [
            *(pair for pair in headers if pair[0].lower() != SERVED_BY_HEADER.lower()),
            (SERVED_BY_HEADER, framework),
        ]
        return start_response(status, headers, *exc_info)

    return start


def _bad_request(
    environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    """Answer what is no path for either framework."""
    environ[FRAMEWORK_KEY] = "flask"
    environ[ORIGIN_KEY] = CORE
    return BadRequest()(environ, start_response)


def _is_flasks_own(method: Any, name: str) -> bool:
    """Return whether ``method`` is what ``Flask`` defines, neither wrapped nor overridden."""
    return getattr(method, "__func__", None) is getattr(Flask, name)


def _is_text(environ: WSGIEnvironment) -> bool:
    """Return whether the URL is WSGI text, and its path is UTF-8."""
    others: str = environ.get("SCRIPT_NAME", "") + environ.get("QUERY_STRING", "")
    if others.isascii() and environ.get("PATH_INFO", "").isascii():
        return True
    try:
        path_text(environ)
        others.encode("latin-1")
    except UnicodeError:
        return False
    return True
