"""Whose a route is, and which of two comes first.

Flask extension > legacy extension > Flask core > legacy core. For those who build URLs:
``precedence_of_endpoint(state, endpoint)`` and ``precedence_of_route(state, name)``
return a :class:`Precedence`, which compare with ``>``, or ``None`` where the router in
question does not know the name. Both take the ``ShimState`` of the application.
"""

from __future__ import annotations

import weakref
from contextlib import contextmanager
from enum import IntEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from werkzeug.routing import Rule

    from compatshim.objects.state import ShimState
    from compatshim.routing.extension_rules import ExtensionRules

__all__ = [
    "CORE",
    "EXTENSION",
    "MarkedRoutes",
    "Origins",
    "Precedence",
    "precedence_of_endpoint",
    "precedence_of_route",
]

CORE = "core"
EXTENSION = "extension"


class Precedence(IntEnum):
    """The four classes of routes: the greater one is served."""

    LEGACY_CORE = 1
    FLASK_CORE = 2
    LEGACY_EXTENSION = 3
    FLASK_EXTENSION = 4

    @property
    def framework(self) -> str:
        """``"flask"`` or ``"legacy"``."""
        return "flask" if self in _OF_FLASK else "legacy"

    @property
    def origin(self) -> str:
        """``"core"`` or ``"extension"``."""
        return EXTENSION if self >= Precedence.LEGACY_EXTENSION else CORE


_OF_FLASK = (Precedence.FLASK_CORE, Precedence.FLASK_EXTENSION)


class MarkedRoutes:
    """The legacy routes that are extensions', of whatever mapper.

    What it contains comes before what is core. Others are an extension's, but have
    the place of core routes. ``version`` changes with the former; 0 means that there is
    none.
    """

    def __init__(self) -> None:
        self.version = 0
        self._plugins: weakref.WeakKeyDictionary[Any, str] = weakref.WeakKeyDictionary()
        self._first: weakref.WeakSet[Any] = weakref.WeakSet()
        self._are_there = False

    def __contains__(self, route: Any) -> bool:
        return route in self._first

    def plugin(self, route: Any) -> str | None:
        """Return the name of the plugin that a route is from, or ``None``."""
        # Asked in each legacy request, most often where no route has a plugin.
        return self._plugins.get(route) if self._are_there else None

    @contextmanager
    def marking(
        self, mapper: Any, plugin: str, *, comes_first: bool = True
    ) -> Iterator[None]:
        """Mark each route that ``mapper`` gets in a ``with`` block as an extension's.

        Unless it ``comes_first``, it has the place of a core route.
        """
        known = set(_routes_of(mapper))
        try:
            yield
        finally:
            for route in _routes_of(mapper):
                if route not in known:
                    self._plugins[route] = plugin
                    self._are_there = True
                    if comes_first:
                        self._first.add(route)
                        self.version += 1


class Origins:
    """Which rules and routes are extensions', and of which plugin each.

    Everything that is not marked is core. ``routes`` are the marked legacy routes, which
    several applications may share, and ``flask_rules`` the extensions' Flask rules, or
    ``None`` where there are none.
    """

    def __init__(self, routes: MarkedRoutes) -> None:
        self.routes = routes
        self.flask_rules: ExtensionRules | None = None
        self._plugins: dict[int, tuple[Rule, str]] = {}  # by id: a Rule has no hash
        self._endpoints: set[str] = set()
        self._plugin: str | None = None

    @contextmanager
    def marking(self, plugin: str) -> Iterator[None]:
        """Mark each Flask rule that is added in a ``with`` block as an extension's."""
        outer, self._plugin = self._plugin, plugin
        try:
            yield
        finally:
            self._plugin = outer

    def rule_added(self, rule: Rule) -> bool:
        """Take note of a new rule; return whether it is an extension's."""
        if self._plugin is None:
            return False
        self._plugins[id(rule)] = rule, self._plugin
        self._endpoints.add(rule.endpoint)
        return True

    def plugin_of_rule(self, rule: Rule) -> str | None:
        """Return the name of the plugin that a Flask rule is from, or ``None``."""
        return self._plugins.get(id(rule), (rule, None))[1]

    def has_rules_of(self, plugin: str) -> bool:
        """Return whether a Flask rule is from the plugin of this name."""
        return any(name == plugin for _, name in self._plugins.values())

    def has_endpoint(self, endpoint: str) -> bool:
        """Return whether a rule of this endpoint is an extension's."""
        return endpoint in self._endpoints


def _routes_of(mapper: Any) -> list[Any]:
    """Return the routes of a Routes mapper, with those for building URLs only."""
    return [*mapper.matchlist, *mapper._routenames.values()]  # noqa: SLF001 (no other way)


def precedence_of_endpoint(state: ShimState, endpoint: str) -> Precedence | None:
    """Return the precedence of a Flask endpoint, that of the highest of its rules.

    ``None`` where no rule leads to it.
    """
    if state.origins.has_endpoint(endpoint):
        return Precedence.FLASK_EXTENSION
    is_expecting: Callable[[str], bool] = state.app.url_map.is_endpoint_expecting
    try:
        return Precedence.FLASK_CORE if is_expecting(endpoint) else None
    except KeyError:
        return None


def precedence_of_route(state: ShimState, name: str) -> Precedence | None:
    """Return the precedence of the legacy route of this name.

    ``None`` where there is no such route.
    """
    if state.mapper is None:
        return None
    route = state.mapper._routenames.get(name)  # noqa: SLF001 (where Routes looks)
    if route is None:
        return None
    if route in state.origins.routes:
        return Precedence.LEGACY_EXTENSION
    return Precedence.LEGACY_CORE
