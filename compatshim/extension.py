"""``CompatShim``: the Flask extension that joins the two applications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compatshim import common
from compatshim._flask_context import bring_own_app_context
from compatshim.dispatcher import REQUEST_CONTEXT_KEY, Dispatcher
from compatshim.errors import AlreadyInitialisedError, WrappedApplicationError
from compatshim.legacy.wsgiapp import PylonsApp
from compatshim.objects.state import ShimState, state_of
from compatshim.objects.templates import install_globals
from compatshim.serving import legacy_request

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment
    from flask import Flask
    from flask.ctx import RequestContext
    from routes import Mapper

__all__ = ["CompatShim"]

_TEMPLATE_NAMES = tuple(
    name for name in common.__all__ if name != "copy_current_context"
)


class CompatShim:
    """Serve a legacy application and a Flask application as one.

    ``CompatShim(app, legacy=legacy_app)`` takes the place of ``app.wsgi_app``: whatever
    runs ``app`` then serves both. Flask serves what its URL map matches, the legacy
    application what its routes match beside that, and Flask answers for the rest.

    ``legacy`` is a :class:`compatshim.legacy.wsgiapp.PylonsApp`, or any WSGI application
    with its routes in ``mapper``, or any WSGI application at all: then it gets
    everything that Flask does not match. ``legacy_config`` is the configuration of a
    ``PylonsApp`` that stands inside other middleware. Without ``legacy`` the common
    objects work, and Flask serves everything.
    """

    def __init__(
        self,
        app: Flask | None = None,
        legacy: WSGIApplication | None = None,
        *,
        mapper: Mapper | None = None,
        legacy_config: MutableMapping[str, Any] | None = None,
        inner_middleware: str | None = None,
    ) -> None:
        self._aliases: dict[str, str] = {}
        if app is not None:
            self.init_app(
                app,
                legacy,
                mapper=mapper,
                legacy_config=legacy_config,
                inner_middleware=inner_middleware,
            )

    def init_app(
        self,
        app: Flask,
        legacy: WSGIApplication | None = None,
        *,
        mapper: Mapper | None = None,
        legacy_config: MutableMapping[str, Any] | None = None,
        inner_middleware: str | None = None,
    ) -> None:
        """Join ``app`` and ``legacy``; the arguments are those of the class.

        Raises ``AlreadyInitialisedError`` the second time for one ``app``, and
        ``WrappedApplicationError`` where ``app.wsgi_app`` is already wrapped in
        middleware, unless ``inner_middleware="flask-only"`` says that this middleware
        is for Flask's own requests.
        """
        if state_of(app) is not None:
            raise AlreadyInitialisedError(app.name)
        if "wsgi_app" in vars(app) and inner_middleware != "flask-only":
            raise WrappedApplicationError(app.name, app.wsgi_app)
        if legacy_config is None:
            legacy_config = legacy.config if isinstance(legacy, PylonsApp) else {}
        if mapper is None:
            mapper = legacy_config.get("routes.map")
        state = ShimState(app, legacy, mapper, legacy_config, self._aliases)
        names = {name: getattr(common, name) for name in _TEMPLATE_NAMES}
        state.template_globals.update(names)
        install_globals(app, names)
        app.request_context = _request_context_maker(state)  # type: ignore[method-assign]
        app.wsgi_app = Dispatcher(state, app.wsgi_app)  # type: ignore[method-assign]

    def alias(self, old_name: str, endpoint: str) -> None:
        """Let ``url_for(old_name)`` build the URL of a Flask endpoint.

        For a legacy route that has moved to Flask: links to it go on working.
        """
        self._aliases[old_name] = endpoint


def _request_context_maker(state: ShimState) -> Any:
    """Return what takes the place of ``app.request_context``.

    It hands the context, in which the dispatcher has matched the request, to
    ``Flask.wsgi_app``. And it keeps a Flask request made inside a legacy one, such as a
    test request, from sharing the legacy request's ``g``.
    """

    def request_context(environ: WSGIEnvironment) -> RequestContext:
        context: RequestContext | None = environ.pop(REQUEST_CONTEXT_KEY, None)
        if context is not None:
            return context
        context = state.make_request_context(environ)
        return context if legacy_request() is None else bring_own_app_context(context)

    return request_context
