"""Join a Flask application and a legacy one: what stands in the former from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import compatshim.common  # noqa: F401 (it fills common_names)
from compatshim._flask_context import (
    bring_own_app_context,
    current_request_context,
)
from compatshim.dispatcher import REQUEST_CONTEXT_KEY, Dispatcher
from compatshim.errors import AlreadyInitialisedError, WrappedApplicationError
from compatshim.flask_commands import add_commands
from compatshim.frameworks import load_all
from compatshim.legacy.configuration import PylonsConfig
from compatshim.objects.finalizing import install_hooks
from compatshim.objects.i18n.installing import install as install_translations
from compatshim.objects.state import ShimState, state_of
from compatshim.objects.templates import common_names, install_globals
from compatshim.objects.twins import TWINS
from compatshim.objects.urls.request_config import install_request_config
from compatshim.routing.handing_over import hand_over_matches
from compatshim.routing.origins import Origins
from compatshim.serving import legacy_request
from compatshim.sessions.interface import SharedSessionInterface, share_sessions

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping, MutableMapping

    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment
    from flask import Flask
    from flask.ctx import RequestContext
    from routes import Mapper

    from compatshim.hooks import Hooks
    from compatshim.routing.origins import MarkedRoutes

__all__ = ["add_ini_values", "config_of", "join", "keep_deprecations"]

STORE_KEYS = ("compatshim.deprecation_store", "COMPATSHIM_DEPRECATION_STORE")
"""Where to keep what this site counts of deprecated uses: the address of a store."""


def join(
    app: Flask,
    legacy: WSGIApplication | None,
    mapper: Mapper | None,
    legacy_config: MutableMapping[str, Any] | None,
    inner_middleware: str | None,
    *,
    aliases: dict[str, str],
    helpers: Mapping[str, Any],
    hooks: Hooks,
    locale_selectors: list[Callable[[], Any]],
    marked_routes: MarkedRoutes,
) -> ShimState:
    """Return the state of ``app`` and ``legacy``, which are served as one from now on.

    Raises ``AlreadyInitialisedError`` and ``WrappedApplicationError``.
    """
    if state_of(app) is not None:
        raise AlreadyInitialisedError(app.name)
    if "wsgi_app" in vars(app) and inner_middleware != "flask-only":
        raise WrappedApplicationError(app.name, app.wsgi_app)
    if legacy_config is None:
        legacy_config = config_of(legacy)
    if mapper is None:
        mapper = legacy_config.get("routes.map")
    if mapper is not None:
        hand_over_matches(mapper)
    origins = Origins(marked_routes)
    state = ShimState(app, legacy, mapper, legacy_config, aliases, origins, helpers)
    state.hooks = hooks
    hooks.join(app)
    state.locale_selectors = locale_selectors
    install_translations(state)
    load_all()  # so that the first request does not wait for it
    state.template_globals.update(common_names)
    install_globals(app, state.template_globals)
    share_sessions(app)
    install_hooks(app)
    install_request_config()
    add_commands(app)
    app.request_context = _request_context_maker(state)  # type: ignore[method-assign]
    app.wsgi_app = Dispatcher(state, app.wsgi_app)  # type: ignore[method-assign]
    return state


def config_of(legacy: WSGIApplication | None) -> MutableMapping[str, Any]:
    """Return the configuration that a ``PylonsApp`` has, or the middleware around it.

    Pylons' own template ends ``make_app`` with ``app.config = config``.
    """
    config = getattr(legacy, "config", None)
    return config if isinstance(config, PylonsConfig) else {}


def add_ini_values(
    legacy_config: MutableMapping[str, Any], values: Mapping[str, Any]
) -> None:
    """Put those of an ini file where the legacy application has not set them itself."""
    known: Mapping[str, Any] = legacy_config
    left_out: Container[str] = TWINS
    if isinstance(legacy_config, PylonsConfig):  # which keeps what was set in it
        known, left_out = legacy_config.as_set_here(), ()
    for key, value in values.items():
        if not key.isupper() and key not in known and key not in left_out:
            legacy_config[key] = value


def keep_deprecations(state: ShimState) -> None:
    """Write what this process counts to the store that the configuration names, if any."""
    if any(map(state.config.get, STORE_KEYS)):
        from compatshim.deprecation.stores.writing import keeping

        app = state.app
        app.wsgi_app = keeping(app.wsgi_app, state.config)  # type: ignore[method-assign]


def _request_context_maker(state: ShimState) -> Any:
    """Return what takes the place of ``app.request_context``.

    It hands the context, in which the dispatcher has matched the request, to
    ``Flask.wsgi_app``. It sees to it that the session interface, which the application
    may choose at any time, is the one of both sides. And it keeps a Flask request made
    inside another request, such as a test request, from sharing that one's ``g``, as
    Flask 3.2 does.
    """
    app = state.app

    def request_context(environ: WSGIEnvironment) -> RequestContext:
        interface: object = app.session_interface
        # Not isinstance(), for which it is what it stands before.
        if type(interface) is not SharedSessionInterface:
            share_sessions(app)
        context: RequestContext | None = environ.pop(REQUEST_CONTEXT_KEY, None)
        if context is not None:
            return context
        context = state.make_request_context(environ)
        if legacy_request() is None and current_request_context() is None:
            return context
        return bring_own_app_context(context)

    return request_context
