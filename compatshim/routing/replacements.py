"""Which Flask endpoints have taken the place of legacy routes, by the routes' names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from compatshim.errors import RouteMappingError

if TYPE_CHECKING:
    from flask import Flask

__all__ = ["Replaced", "Successors", "mark_replaced", "replaced_by"]

_MARK = "compatshim_replaces"
_KEY = "legacy_route_mappings"


class Replaced(NamedTuple):
    """A legacy route that a view replaces: its name, its controller and action."""

    route: str | None
    controller: Any
    action: str | None

    def means(self, name: str | None, controller: Any, action: str) -> bool:
        """Return whether a route with this name, controller and action is meant."""
        if self.route is not None and self.route == name:
            return True
        own = self.controller, self.action or "index"
        return self.controller is not None and own == (controller, action)


def mark_replaced(view: Any, replaced: Replaced) -> None:
    """Note on ``view``, a function or a class of ``flask.views``, what it replaces.

    What ``functools.wraps`` wraps around it later has the note, too.
    """
    setattr(view, _MARK, (*getattr(view, _MARK, ()), replaced))


def replaced_by(view: Any) -> tuple[Replaced, ...]:
    """Return what a view function of the application replaces."""
    marked: tuple[Replaced, ...] = getattr(view, _MARK, ())
    return marked or getattr(getattr(view, "view_class", None), _MARK, ())


class Successors:
    """The endpoints that legacy names mean by now.

    ``aliases`` come first, then the views that are marked, then the value of
    ``legacy_route_mappings`` in one of ``configs``. Views and mappings that come later
    are seen. Where several endpoints replace one route, it is the one added first.
    """

    def __init__(
        self,
        app: Flask,
        aliases: dict[str, str],
        configs: tuple[Mapping[str, Any], Mapping[str, Any]],
    ) -> None:
        self._app = app
        self._aliases = aliases
        self._config, self._other_config = configs
        self._seen_views = -1
        self._seen_mappings: Any = None
        self._mappings: dict[str, str] = {}
        self._of_names: dict[str, str] = {}
        self._of_actions: dict[tuple[Any, str], str] = {}

    def of_name(self, name: str) -> str | None:
        """Return the endpoint for a route's old name, or ``None``."""
        self._refresh()
        return self._aliases.get(name) or self._of_names.get(name)

    def of_action(self, controller: Any, action: str) -> str | None:
        """Return the endpoint for an old controller and action, or ``None``."""
        return self._of_actions.get((controller, action))

    def knows_actions(self) -> bool:
        """Return whether any controller and action has been replaced."""
        self._refresh()
        return bool(self._of_actions)

    def is_declared(
        self, endpoint: str, name: str | None, controller: Any, action: str
    ) -> bool:
        """Return whether an endpoint is declared to replace a route, in whatever way.

        Several may be; ``of_name`` and ``of_action`` return but one of them.
        """
        self._refresh()
        if name is not None and endpoint in {
            self._aliases.get(name),
            self._mappings.get(name),
        }:
            return True
        marked = replaced_by(self._app.view_functions.get(endpoint))
        return any(replaced.means(name, controller, action) for replaced in marked)

    def replaced_by_endpoint(self, endpoint: str) -> list[Replaced]:
        """Return what an endpoint is declared to replace, in whatever way."""
        self._refresh()
        names = (
            name
            for declared in (self._aliases, self._mappings)
            for name, meant in declared.items()
            if meant == endpoint
        )
        marked = replaced_by(self._app.view_functions.get(endpoint))
        return [*marked, *(Replaced(name, None, None) for name in names)]

    def _refresh(self) -> None:
        # In each call of url_for with a legacy name: nothing more than is needed.
        mappings = self._config.get(_KEY) or self._other_config.get(_KEY)
        views = self._app.view_functions
        if len(views) != self._seen_views or mappings != self._seen_mappings:
            self._collect(list(views.items()), mappings)

    def _collect(self, views: list[tuple[str, Any]], mappings: Any) -> None:
        self._mappings = parse_mappings(mappings)
        of_actions: dict[tuple[Any, str], str] = {}
        marked: dict[str, str] = {}
        for endpoint, view in views:
            for replaced in replaced_by(view):
                if replaced.route is not None:
                    marked.setdefault(replaced.route, endpoint)
                if replaced.controller is not None:
                    key = (replaced.controller, replaced.action or "index")
                    of_actions.setdefault(key, endpoint)
        self._of_names = {**self._mappings, **marked}
        self._of_actions = of_actions
        if isinstance(mappings, Mapping):
            mappings = dict(mappings)  # the other one may change
        self._seen_views, self._seen_mappings = len(views), mappings


def parse_mappings(value: Any) -> dict[str, str]:
    """Return the value of ``legacy_route_mappings`` as a dictionary.

    It is a mapping, a text such as ``"home:home.index about:home.about"``, or such a
    mapping in JSON. Raises ``RouteMappingError`` for any other.
    """
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            value = json.loads(value)
        except ValueError as error:
            raise RouteMappingError(value, str(error)) from None
    if isinstance(value, Mapping):
        return dict(value)
    if not isinstance(value, str | None):
        raise RouteMappingError(value, "it is neither text nor a mapping")
    mappings = {}
    for item in (value or "").replace(",", " ").split():
        name, colon, endpoint = item.partition(":")
        if not (name and colon and endpoint):
            raise RouteMappingError(value, f"{item!r} has not the form name:endpoint")
        mappings[name] = endpoint
    return mappings
