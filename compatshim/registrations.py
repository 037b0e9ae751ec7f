"""What is told to a ``CompatShim``: routes, names, helpers, hooks, plugins."""

from __future__ import annotations

import gc
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar, overload
from weakref import WeakSet

from flask import current_app, has_app_context

from compatshim.errors import (
    MissingExtraError,
    NotConfiguredError,
    NotInitialisedError,
    PluginError,
    SeveralApplicationsError,
)
from compatshim.hooks import Hooks
from compatshim.objects.state import ShimState, state_of
from compatshim.routing.origins import CORE, EXTENSION, MarkedRoutes
from compatshim.routing.replacements import Replaced, mark_replaced

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Blueprint
    from routes import Mapper

__all__ = ["Registrations"]

PLUGINS_KEYS = ("compatshim.plugins", "COMPATSHIM_PLUGINS")
"""The names of plugins to load, in their order; the first key that there is decides."""

_Helper = TypeVar("_Helper", bound="Callable[..., Any]")
_Hook = TypeVar("_Hook", bound="Callable[..., Any]")
_View = TypeVar("_View")
_Selector = TypeVar("_Selector", bound="Callable[[], Any]")


class Registrations:
    """What a ``CompatShim`` was told, for all its applications, those to come included.

    Most of it may be said before there is an application.
    """

    def __init__(self) -> None:
        self._aliases: dict[str, str] = {}
        self._hooks = Hooks()
        self._helpers: dict[str, Any] = {}
        self._locale_selectors: list[Callable[[], Any]] = []
        self._marked_routes = MarkedRoutes()
        self._plugins: dict[str, Any] = {}
        self._states: WeakSet[ShimState] = WeakSet()

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
        is a :class:`compatshim.deprecation.LegacyUrlWarning`. The configuration key
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
        :class:`compatshim.deprecation.LegacyUrlWarning`. It may stand above or below
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
