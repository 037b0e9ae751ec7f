"""The table of all routes of both sides, in the order of their precedence."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from compatshim.routing._route_tables import by_static_prefix
from compatshim.routing.origins import CORE, EXTENSION, Precedence
from compatshim.routing.path_patterns import Paths, flask_paths, legacy_paths

if TYPE_CHECKING:
    from collections.abc import Iterator

    from werkzeug.routing import Rule

    from compatshim.objects.state import ShimState

__all__ = ["RouteEntry", "all_routes"]


class RouteEntry(NamedTuple):
    """One route, as plain data.

    ``rule`` is its path as it was written and ``methods`` those that it takes, ``None``
    for any; ``endpoint`` is Flask's endpoint, or a legacy route's controller and action
    with a slash between; ``name`` is a legacy route's name. ``plugin`` is the name
    that an extension's routes are marked with. ``paths`` tells what it matches, and
    ``source`` is Werkzeug's ``Rule`` or Routes' ``Route``.
    """

    rule: str
    methods: tuple[str, ...] | None
    endpoint: str
    name: str | None
    precedence: Precedence
    plugin: str | None
    paths: Paths
    source: Any

    @property
    def framework(self) -> str:
        """``"flask"`` or ``"legacy"``."""
        return self.precedence.framework

    @property
    def origin(self) -> str:
        """``"core"`` or ``"extension"``, whatever its precedence."""
        return CORE if self.plugin is None else EXTENSION

    @property
    def title(self) -> str:
        """What to call it in a message: ``"legacy route '/about' (home/about)"``."""
        kind = "rule" if self.framework == "flask" else "route"
        origin = f"{self.origin} " if self.origin == EXTENSION else ""
        endpoint = f" ({self.endpoint})" if self.endpoint else ""
        return f"{self.framework} {origin}{kind} {self.rule!r}{endpoint}"


def all_routes(state: ShimState) -> list[RouteEntry]:
    """Return the routes of both sides: the class of highest precedence comes first.

    Legacy routes of a class stand in the order in which Routes tries them. Routes for
    building URLs only are left out.
    """
    entries = [*_flask_routes(state), *_legacy_routes(state)]
    return sorted(entries, key=lambda entry: -entry.precedence)


def _flask_routes(state: ShimState) -> Iterator[RouteEntry]:
    app = state.app
    has_hosts = app.url_map.host_matching or app.subdomain_matching
    for rule in app.url_map.iter_rules():
        if rule.build_only:
            continue
        plugin = state.origins.plugin_of_rule(rule)
        yield RouteEntry(
            rule=_rule_text(rule),
            methods=None if rule.methods is None else tuple(sorted(rule.methods)),
            endpoint=str(rule.endpoint),
            name=None,
            precedence=(
                Precedence.FLASK_CORE if plugin is None else Precedence.FLASK_EXTENSION
            ),
            plugin=plugin,
            paths=flask_paths(rule, is_bound_to_host=has_hosts or bool(rule.subdomain)),
            source=rule,
        )


def _rule_text(rule: Rule) -> str:
    host = rule.host if rule.map.host_matching else rule.subdomain
    return f"{host}|{rule.rule}" if host else rule.rule


def _legacy_routes(state: ShimState) -> Iterator[RouteEntry]:
    mapper = state.mapper
    routes = [route for route in getattr(mapper, "matchlist", ()) if not route.static]
    groups = by_static_prefix(routes)
    # Routes tries those with the longest static prefix first.
    in_order = sorted(groups.items(), key=lambda item: -len(item[0]))
    for route in chain.from_iterable(routes for _, routes in in_order):
        plugin = state.origins.routes.plugin(route)
        path = route.routepath
        yield RouteEntry(
            rule=(mapper.prefix or "") + (path if path[:1] == "/" else f"/{path}"),
            methods=_methods(route),
            endpoint=_controller_and_action(route),
            name=route.name,
            precedence=(
                Precedence.LEGACY_EXTENSION
                if route in state.origins.routes
                else Precedence.LEGACY_CORE
            ),
            plugin=plugin,
            paths=legacy_paths(route, mapper.prefix),
            source=route,
        )


def _methods(route: Any) -> tuple[str, ...] | None:
    if not route.conditions or "method" not in route.conditions:
        return None
    methods = route.conditions["method"]
    return (methods,) if isinstance(methods, str) else tuple(sorted(methods))


def _controller_and_action(route: Any) -> str:
    """Return ``controller/action``, with ``{...}`` for what the path decides."""
    in_path = [part["name"] for part in route.routelist if isinstance(part, dict)]
    words = []
    for name in ("controller", "action"):
        value = route.defaults.get(name)
        if name in in_path:
            words.append(f"{{{name}}}")
        elif value is not None:
            words.append(
                value
                if isinstance(value, str)
                else getattr(value, "__name__", str(value))
            )
    return "/".join(words)
