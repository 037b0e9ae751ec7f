"""``CompatShim``: the Flask extension that joins the two applications."""

from __future__ import annotations

import gc
from contextlib import ExitStack, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, TypeVar, overload
from weakref import WeakSet

from flask import current_app, has_app_context

import compatshim.common  # noqa: F401 (it fills common_names)
from compatshim import ini
from compatshim._flask_context import (
    bring_own_app_context,
    current_request_context,
)
from compatshim.dispatcher import REQUEST_CONTEXT_KEY, Dispatcher
from compatshim.errors import (
    AlreadyInitialisedError,
    MissingExtraError,
    NoRequestError,
    NotConfiguredError,
    NotInitialisedError,
    PluginError,
    SeveralApplicationsError,
    WrappedApplicationError,
)
from compatshim.flask_commands import add_commands
from compatshim.hooks import Hooks
from compatshim.legacy.configuration import PylonsConfig
from compatshim.objects import i18n
from compatshim.objects.finalizing import install_hooks
from compatshim.objects.state import ShimState, state_of
from compatshim.objects.templates import common_names, install_globals
from compatshim.objects.twins import TWINS, flask_values
from compatshim.objects.urls.request_config import install_request_config
from compatshim.routing.conflicts import check_routes
from compatshim.routing.handing_over import hand_over_matches
from compatshim.routing.origins import CORE, EXTENSION, MarkedRoutes, Origins
from compatshim.routing.replacements import Replaced, mark_replaced
from compatshim.serving import is_flask_request, legacy_request
from compatshim.sessions.interface import SharedSessionInterface, share_sessions

if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        Container,
        Iterator,
        Mapping,
        MutableMapping,
    )
    from contextlib import AbstractContextManager
    from os import PathLike

    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment
    from flask import Blueprint, Flask
    from flask.ctx import RequestContext
    from routes import Mapper

__all__ = ["CompatShim"]

PLUGINS_KEYS = ("compatshim.plugins", "COMPATSHIM_PLUGINS")
"""The names of plugins to load, in their order; the first key that there is decides."""

_Helper = TypeVar("_Helper", bound="Callable[..., Any]")
_Hook = TypeVar("_Hook", bound="Callable[..., Any]")
_View = TypeVar("_View")
_Selector = TypeVar("_Selector", bound="Callable[[], Any]")


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
        self._hooks = Hooks()
        self._helpers: dict[str, Any] = {}
        self._locale_selectors: list[Callable[[], Any]] = []
        self._marked_routes = MarkedRoutes()
        self._plugins: dict[str, Any] = {}
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
        is for Flask's own requests. The plugins of the configuration and those that
        were registered are loaded: ``PluginError``, and ``MissingExtraError`` without
        pluggy.
        """
        state = self._join(app, legacy, mapper, legacy_config, inner_middleware)
        self._load_plugins(state)

    def _join(
        self,
        app: Flask,
        legacy: WSGIApplication | None,
        mapper: Mapper | None,
        legacy_config: MutableMapping[str, Any] | None,
        inner_middleware: str | None,
    ) -> ShimState:
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
        state = ShimState(
            app, legacy, mapper, legacy_config, self._aliases, origins, self._helpers
        )
        self._states.add(state)
        state.hooks = self._hooks
        self._hooks.join(app)
        state.locale_selectors = self._locale_selectors
        i18n.install(state)
        state.template_globals.update(common_names)
        install_globals(app, state.template_globals)
        share_sessions(app)
        install_hooks(app)
        install_request_config()
        add_commands(app)
        app.request_context = _request_context_maker(state)  # type: ignore[method-assign]
        app.wsgi_app = Dispatcher(state, app.wsgi_app)  # type: ignore[method-assign]
        return state

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
        shim = cls()
        state = shim._join(app, legacy, mapper, legacy_config, inner_middleware)
        known: Mapping[str, Any] = legacy_config
        left_out: Container[str] = TWINS
        if isinstance(legacy_config, PylonsConfig):  # which keeps what was set in it
            known, left_out = legacy_config.as_set_here(), ()
        for key, value in values.items():
            if not key.isupper() and key not in known and key not in left_out:
                legacy_config[key] = value
        shim._load_plugins(state)
        return shim

    def register_plugin(self, plugin: Any, name: str | None = None) -> None:
        """Use a plugin: an object, a module, or a class, of which each application has one.

        In every application of this shim, those to come included. It comes after the
        plugins that the configuration names, unless it is among them. ``name`` is what
        the table of routes shows, by default the name of the module or of the class.
        Raises ``PluginError``, and ``MissingExtraError`` without pluggy.
        """
        default = getattr(plugin, "__name__", type(plugin).__name__)
        name = name or default
        if self._plugins.setdefault(name, plugin) is not plugin:
            problem = "there is another one of this name, so give it one with name=..."
            raise PluginError(name, None, problem)
        for state in self._states:
            self._load_plugins(state)

    def _load_plugins(self, state: ShimState) -> None:
        values = map(state.config.get, PLUGINS_KEYS)
        chosen = next((value for value in values if value is not None), ())
        if not chosen and not self._plugins:
            return
        try:
            from compatshim import plugins
        except ModuleNotFoundError as error:
            if error.name != "pluggy":
                raise
            raise MissingExtraError("A plugin", "plugins") from None
        plugins.load(state, chosen, self._plugins)

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

    def locale_selector(self, select: _Selector) -> _Selector:
        """Mark a function that returns a visitor's locale, or ``None`` for no opinion.

        It is asked in requests of both frameworks, once, after the locale of the path
        and before Flask-Babel's own selector and what the browser likes.
        """
        self._locale_selectors.append(select)
        return select

    def add_translations(self, directory: str, domain: str = "messages") -> None:
        """Search ``<directory>/<locale>/LC_MESSAGES/<domain>.mo``, too, on both sides.

        After the application's own catalogues, and after those that were added before.
        A relative ``directory`` is below ``app.root_path``. Raises
        ``NotInitialisedError`` before :meth:`init_app`.
        """
        state = self._state("shim.add_translations()")
        state.translations.add(directory, domain)

    def alias(self, old_name: str, endpoint: str) -> None:
        """Let ``url_for(old_name)`` build the URL of a Flask endpoint.

        For a legacy route that has moved to Flask: links to it go on working, and each
        is a :class:`compatshim.deprecation.LegacyRouteWarning`. The configuration key
        ``legacy_route_mappings = old_name:endpoint ...`` does the same for several.
        """
        self._aliases[old_name] = endpoint

    @overload
    def helper(self, name: _Helper) -> _Helper: ...

    @overload
    def helper(self, name: str | None = None) -> Callable[[_Helper], _Helper]: ...

    def helper(self, name: Any = None) -> Any:
        """Make a function a helper: ``h.name`` in templates and in shared code.

        As ``@shim.helper``, under the function's own name, or ``@shim.helper("name")``.
        It comes before a helper of the legacy application's ``pylons.h``.
        """
        if callable(name):
            return self.helper()(name)

        def add(function: _Helper) -> _Helper:
            self._helpers[name or function.__name__] = function
            return function

        return add

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

    def before_request(self, function: _Hook) -> _Hook:
        """Call ``function`` before every request of either framework.

        Where it returns something else than ``None``, that is the answer, as a view
        returns it. Functions of :class:`flask.Flask` of the same name, and a
        controller's ``__before__``, come later.
        """
        self._hooks.add("before", function)
        return function

    def after_request(self, function: _Hook) -> _Hook:
        """Call ``function`` with the response of every request of either framework.

        It returns that :class:`flask.Response`, or another one. The function that was
        registered last comes first, and all of them after Flask's own and a controller's
        ``__after__``.
        """
        self._hooks.add("after", function)
        return function

    def teardown_request(self, function: _Hook) -> _Hook:
        """Call ``function`` at the end of every request of either framework.

        It gets the exception that nobody handled, or ``None``; what it returns is
        ignored. The function that was registered last comes first. All of them are
        called, also where one of them raises.
        """
        self._hooks.add("teardown", function)
        return function

    def flask_request_context(self) -> AbstractContextManager[None]:
        """Return a context manager that makes a Flask request context current.

        In a legacy request it is lent, with the same session and ``g``; in a Flask
        request it is the one that is there. So code for Flask alone, such as Flask-Login,
        works in either. Raises ``NoRequestError`` outside of requests.
        """
        if is_flask_request():
            return nullcontext()
        record = legacy_request()
        if record is None or record.flask_side is None:
            raise NoRequestError("shim.flask_request_context()")
        return record.flask_side.request_context()  # type: ignore[no-any-return]


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
