"""``CompatShim``: the Flask extension that joins the two applications."""

from __future__ import annotations

import gc
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakSet

from flask import current_app, has_app_context

from compatshim import common, ini
from compatshim._flask_context import bring_own_app_context
from compatshim.dispatcher import REQUEST_CONTEXT_KEY, Dispatcher
from compatshim.errors import (
    AlreadyInitialisedError,
    NotConfiguredError,
    NotInitialisedError,
    SeveralApplicationsError,
    WrappedApplicationError,
)
from compatshim.flask_commands import add_commands
from compatshim.legacy.configuration import PylonsConfig
from compatshim.locale_prefix import LocalePrefix, LocalePrefixes
from compatshim.objects.finalizing import install_hooks
from compatshim.objects.state import ShimState, state_of
from compatshim.objects.templates import install_globals
from compatshim.objects.twins import TWINS, flask_values
from compatshim.objects.urls.request_config import install_request_config
from compatshim.routing.conflicts import check_routes
from compatshim.routing.handing_over import hand_over_matches
from compatshim.routing.origins import CORE, EXTENSION, MarkedRoutes, Origins
from compatshim.routing.replacements import Replaced, mark_replaced
from compatshim.serving import legacy_request
from compatshim.sessions.interface import SharedSessionInterface, share_sessions

if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        Container,
        Iterator,
        Mapping,
        MutableMapping,
    )
    from os import PathLike

    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment
    from flask import Blueprint, Flask
    from flask.ctx import RequestContext
    from routes import Mapper

__all__ = ["CompatShim"]

_View = TypeVar("_View")

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
    ``PylonsApp`` that stands inside other middleware, unless that middleware has it as
    its attribute ``config``. Without ``legacy`` the common objects work, and Flask serves
    everything. :meth:`from_ini` makes all this of an ini file.
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
        self._marked_routes = MarkedRoutes()
        self._states: WeakSet[ShimState] = WeakSet()
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
            legacy_config = _config_of(legacy)
        if mapper is None:
            mapper = legacy_config.get("routes.map")
        if mapper is not None:
            hand_over_matches(mapper)
        origins = Origins(self._marked_routes)
        state = ShimState(app, legacy, mapper, legacy_config, self._aliases, origins)
        self._states.add(state)
        names = {name: getattr(common, name) for name in _TEMPLATE_NAMES}
        state.template_globals.update(names)
        install_globals(app, names)
        share_sessions(app)
        install_hooks(app)
        install_request_config()
        add_commands(app)
        app.request_context = _request_context_maker(state)  # type: ignore[method-assign]
        app.wsgi_app = Dispatcher(state, app.wsgi_app)  # type: ignore[method-assign]
        if app.config.get("COMPATSHIM_LOCALES"):
            root_path = app.config.get("COMPATSHIM_LOCALE_ROOT_PATH")
            prefixes = LocalePrefixes(app.config["COMPATSHIM_LOCALES"], root_path)
            state.locale_prefixes = prefixes
            app.wsgi_app = LocalePrefix(app.wsgi_app, prefixes)  # type: ignore[method-assign]

    @classmethod
    def from_ini(
        cls,
        path: str | PathLike[str],
        app: Flask,
        legacy: WSGIApplication | None = None,
        *,
        name: str = "main",
        global_conf: Mapping[str, str] | None = None,
        mapper: Mapper | None = None,
        legacy_config: MutableMapping[str, Any] | None = None,
        inner_middleware: str | None = None,
    ) -> CompatShim:
        """Join ``app`` and the application that ``[app:name]`` of an ini file describes.

        The ini's factory (``use = egg:...``, ``paste.app_factory = ...``) makes the
        legacy application, unless ``legacy`` is given; a section without one has values
        only. The common ``config`` has the values of the file: Flask's keys are set as
        ``config.load_ini`` sets them, whatever ``app.config`` had, and the others where
        the legacy application has not set them itself. The further arguments are those
        of the class.

        Raises as ``init_app`` does, ``IniError``, ``MissingExtraError`` without
        PasteDeploy, and what the factory raises.
        """
        values = ini.appconfig(path, name, global_conf)
        made_of_them: MutableMapping[str, Any] = {}
        if legacy is None and values.has_factory:
            legacy = ini.loadapp(path, name, global_conf)
            made_of_them = _config_of(legacy)
        if legacy_config is None:
            legacy_config = _config_of(legacy) or PylonsConfig()
        app.config.update(flask_values(app, values, made_of_them))
        shim = cls(
            app,
            legacy,
            mapper=mapper,
            legacy_config=legacy_config,
            inner_middleware=inner_middleware,
        )
        known: Mapping[str, Any] = legacy_config
        left_out: Container[str] = TWINS
        if isinstance(legacy_config, PylonsConfig):  # which keeps what was set in it
            known, left_out = legacy_config.as_set_here(), ()
        for key, value in values.items():
            if not key.isupper() and key not in known and key not in left_out:
                legacy_config[key] = value
        return shim

    def register_blueprint(
        self,
        blueprint: Blueprint,
        origin: str = EXTENSION,
        *,
        plugin: str | None = None,
        **options: Any,
    ) -> None:
        """Register a blueprint of an extension: its rules come before all others.

        Also before core rules that Werkzeug would prefer. ``plugin`` is the name that
        the table of routes shows, by default the blueprint's; ``options`` are those of
        ``Flask.register_blueprint``. With ``origin="core"`` it is that method. Raises
        ``ValueError`` for any other ``origin``, and ``NotInitialisedError`` before
        :meth:`init_app`.
        """
        if origin not in {CORE, EXTENSION}:
            raise ValueError(f"origin is {origin!r}: it may be 'core' or 'extension'.")
        state = self._state("shim.register_blueprint()")
        if origin == CORE:
            state.app.register_blueprint(blueprint, **options)
            return
        with state.origins.marking(plugin or blueprint.name):
            state.app.register_blueprint(blueprint, **options)

    @contextmanager
    def extension_routes(
        self, plugin: str = EXTENSION, *, mapper: Mapper | None = None
    ) -> Iterator[Mapper]:
        """Mark what is connected in a ``with`` block as an extension's.

        The block gets the mapper of the legacy application, or ``mapper``, which is to
        be given where :meth:`init_app` has not been called yet. Flask rules that are
        added to the application meanwhile are marked, too. ``plugin`` is the name that
        the table of routes shows. Raises ``NotInitialisedError`` before
        :meth:`init_app`, and ``NotConfiguredError`` where the legacy application has no
        mapper.
        """
        with ExitStack() as stack:
            if mapper is None:
                state = self._state("shim.extension_routes()")
                mapper = state.mapper
                stack.enter_context(state.origins.marking(plugin))
            if mapper is None:
                raise NotConfiguredError(
                    "routes.map", "Pass its Routes mapper: CompatShim(..., mapper=...)."
                )
            stack.enter_context(self._marked_routes.marking(mapper, plugin))
            yield mapper

    def check_routes(self) -> None:
        """Look for routes that hide others now, and not at the first request.

        What is done about them says ``COMPATSHIM_ROUTE_CONFLICTS``: ``"warn"`` logs
        them, ``"error"`` raises ``RouteConflictError``, ``"ignore"`` does not look.
        """
        check_routes(self._state("shim.check_routes()"))

    def _state(self, wanted: str) -> ShimState:
        """Return the state of the application in context, or of the only one."""
        if len(self._states) > 1 and not has_app_context():
            gc.collect()  # those that nobody uses any more
        states = list(self._states)
        if len(states) > 1 and has_app_context():
            states = [state for state in states if state is state_of(current_app)]
        if not states:
            raise NotInitialisedError(None, wanted)
        if len(states) > 1:
            names = sorted(state.app.name for state in states)
            raise SeveralApplicationsError(names, wanted)
        return states[0]

    def alias(self, old_name: str, endpoint: str) -> None:
        """Let ``url_for(old_name)`` build the URL of a Flask endpoint.

        For a legacy route that has moved to Flask: links to it go on working, and each
        is a :class:`compatshim.deprecation.LegacyRouteWarning`. The configuration key
        ``legacy_route_mappings = old_name:endpoint ...`` does the same for several.
        """
        self._aliases[old_name] = endpoint

    def replaces(
        self,
        route: str | None = None,
        controller: Any = None,
        action: str | None = None,
    ) -> Callable[[_View], _View]:
        """Mark the view, or class of ``flask.views``, as what replaces a legacy route.

        ``url_for`` builds its URL for the name of the ``route`` and for ``controller``
        and ``action`` (``"index"`` if there is none), and says so in a
        :class:`compatshim.deprecation.LegacyRouteWarning`. It may stand above or below
        ``app.route``, and more than once.
        """
        replaced = Replaced(route, controller, action)

        def mark(view: _View) -> _View:
            mark_replaced(view, replaced)
            return view

        return mark


def _config_of(legacy: WSGIApplication | None) -> MutableMapping[str, Any]:
    """Return the configuration that a ``PylonsApp`` has, or the middleware around it.

    Pylons' own template ends ``make_app`` with ``app.config = config``.
    """
    config = getattr(legacy, "config", None)
    return config if isinstance(config, PylonsConfig) else {}


def _request_context_maker(state: ShimState) -> Any:
    """Return what takes the place of ``app.request_context``.

    It hands the context, in which the dispatcher has matched the request, to
    ``Flask.wsgi_app``. It sees to it that the session interface, which the application
    may choose at any time, is the one of both sides. And it keeps a Flask request made inside a legacy one, such as a
    test request, from sharing the legacy request's ``g``.
    """

    def request_context(environ: WSGIEnvironment) -> RequestContext:
        interface: object = state.app.session_interface
        # Not isinstance(), for which it is what it stands before.
        if type(interface) is not SharedSessionInterface:
            share_sessions(state.app)
        context: RequestContext | None = environ.pop(REQUEST_CONTEXT_KEY, None)
        if context is not None:
            return context
        context = state.make_request_context(environ)
        return context if legacy_request() is None else bring_own_app_context(context)

    return request_context
