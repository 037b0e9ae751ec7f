"""What the table of routes says of each one for the tools that rewrite source.

Nothing is imported for it: a controller is named as Pylons would look for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compatshim.legacy.util import class_name_from_module_name

if TYPE_CHECKING:
    from compatshim.objects.state import ShimState
    from compatshim.routing.table import RouteEntry

__all__ = ["arguments_of", "replaced_by_route", "view_of"]


def arguments_of(route: RouteEntry) -> list[str]:
    """Return the names of the arguments that a URL of the route is built with."""
    if route.framework == "flask":
        return sorted(route.source.arguments)
    parts = (part["name"] for part in route.source.routelist if isinstance(part, dict))
    return sorted(parts)


def replaced_by_route(state: ShimState, route: RouteEntry) -> list[dict[str, Any]]:
    """Return the legacy routes that a rule of Flask is declared to replace.

    Each has ``route``, the name that it had, ``controller`` and ``action``. A controller
    that is no text is left out, as no call can spell it.
    """
    if route.framework != "flask":
        return []
    replaced = []
    for one in state.successors.replaced_by_endpoint(route.endpoint):
        controller = one.controller if isinstance(one.controller, str) else None
        action = (one.action or "index") if controller is not None else None
        if one.route is not None or controller is not None:
            replaced.append(
                {"route": one.route, "controller": controller, "action": action}
            )
    return replaced


def view_of(state: ShimState, route: RouteEntry) -> str | None:
    """Return which function serves the route: ``"shop.views:read"``.

    Or which class, if it is a ``MethodView``. ``None`` where it cannot be told without a
    request.
    """
    if route.framework == "flask":
        from flask.views import MethodView

        view = state.app.view_functions.get(route.endpoint)
        view_class = getattr(view, "view_class", None)
        if view_class is None:
            return _name_of(view)
        name = _name_of(view_class)
        return (
            name if issubclass(view_class, MethodView) else f"{name}.dispatch_request"
        )
    controller = _controller_of(state, route.source)
    action = route.source.defaults.get("action") or "index"
    in_path = arguments_of(route)
    if controller is None or not isinstance(action, str) or "action" in in_path:
        return None
    return f"{controller}.{action.replace('-', '_')}"


def _controller_of(state: ShimState, route: Any) -> str | None:
    in_path = [part["name"] for part in route.routelist if isinstance(part, dict)]
    controller = route.defaults.get("controller")
    if controller is None or "controller" in in_path:
        return None
    if not isinstance(controller, str):
        return _name_of(controller)
    if ":" in controller:
        return controller
    package = state.legacy_config.get("pylons.package")
    if not package or "." in controller:
        return None
    class_name = class_name_from_module_name(controller.rpartition("/")[2])
    module = f"{package}.controllers.{controller.replace('/', '.')}"
    return f"{module}:{class_name}Controller"


def _name_of(view: Any) -> str | None:
    module = getattr(view, "__module__", None)
    name = getattr(view, "__qualname__", None)
    return f"{module}:{name}" if module and name else None
