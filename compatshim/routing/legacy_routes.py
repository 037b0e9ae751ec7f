"""Ask the legacy application whether it has a path: its routes, or all that Flask refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.exceptions import MethodNotAllowed, NotFound

from compatshim._flask_context import call_with_app, call_within
from compatshim.routing.extension_routes import ExtensionRoutes
from compatshim.routing.extension_rules import is_extensions_answer
from compatshim.routing.flask_match import answers_path, spellings
from compatshim.routing.matching import (
    LegacyMatch,
    match_routes,
    path_text,
    posted_form,
)
from compatshim.routing.path_patterns import is_catch_all

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment
    from flask.ctx import AppContext, RequestContext
    from werkzeug.exceptions import HTTPException

    from compatshim.objects.state import ShimState
    from compatshim.parsing.forms import Form

__all__ = ["LegacyRoutes"]


class LegacyRoutes:
    """What the legacy application beside a Flask application has for a path."""

    def __init__(self, state: ShimState) -> None:
        self._state = state
        self._marked_routes = state.origins.routes
        self._extension_routes = ExtensionRoutes(state.mapper, state.origins.routes)

    def ask_extensions(
        self, environ: WSGIEnvironment, context: RequestContext
    ) -> LegacyMatch | None:
        """Return the match of a legacy extension, which comes before Flask's core."""
        if (
            self._state.legacy_app is None
            or self._state.mapper is None
            or is_extensions_answer(context)
            or not self._extension_routes.exist()
        ):
            return None
        for path in spellings(context):
            match = self._extension_routes.match(path, environ, self._read_form)
            if match is not None:
                return match
        return None

    def ask(
        self, environ: WSGIEnvironment, refusal: HTTPException | None
    ) -> LegacyMatch | bool | None:
        """Return the match, ``True`` if the application takes anything, or ``None``.

        ``refusal`` is Flask's.
        """
        if self._state.legacy_app is None:
            return None
        if self._state.mapper is None:
            files = self._state.public_files  # as the site's own: before it
            if files is not None and files.has(environ):
                return None
            return isinstance(refusal, NotFound) or None
        if self._extension_routes.exist():
            path = path_text(environ) or "/"
            match = self._extension_routes.match(path, environ, self._read_form)
            if match is not None:
                return match
        match = match_routes(self._state.mapper, environ, self._read_form)
        if (
            match
            and isinstance(refusal, MethodNotAllowed)
            and is_catch_all(match.route)
        ):
            return None  # it has the path only because it has every path
        return match

    def is_flasks_own_page(
        self,
        environ: WSGIEnvironment,
        match: LegacyMatch | bool,
        context: RequestContext,
        app_context: AppContext | None,
    ) -> bool:
        """Return whether Flask has the page, but not under this spelling of its path.

        Routes overlooks a slash at the end of a path where ``minimization`` is on. What
        replaces such a legacy page would leave it in reach.
        """
        if (
            context.url_adapter is None
            or not isinstance(match, LegacyMatch)
            or not match.route.minimization
            or match.route in self._marked_routes
        ):
            return False
        path = path_text(environ)
        if len(path) < 2 or not path.endswith("/"):  # noqa: PLR2004 (more than the slash)
            return False
        if app_context is None:
            return answers_path(context.url_adapter, path[:-1])
        adapter = context.url_adapter

        def ask(_: RequestContext) -> bool:
            return answers_path(adapter, path[:-1])

        return call_within(context, app_context, ask)

    def _read_form(self, environ: WSGIEnvironment) -> Form | None:
        """Return the form in the body, as the application's own request class reads it."""
        app = self._state.app

        def read() -> Form | None:
            return posted_form(app.request_class(environ, populate_request=False))

        return call_with_app(app, read)
