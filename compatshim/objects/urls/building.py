"""Which router builds a URL: a link leads to who serves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compatshim.objects.errors import UrlBuildError
from compatshim.objects.urls.flask_urls import arguments_of, build_flask_url
from compatshim.objects.urls.former_names import record_former_name
from compatshim.objects.urls.legacy_urls import build_legacy_url, is_url
from compatshim.routing.origins import precedence_of_endpoint, precedence_of_route

if TYPE_CHECKING:
    from compatshim.objects.state import ShimState

__all__ = ["build_url"]


def build_url(around: Any, arguments: tuple[Any, ...], values: dict[str, Any]) -> str:
    """Build with the router that knows the name.

    Where both do, it is the one whose rule has the higher precedence. A name that an
    endpoint of Flask has replaced means that endpoint, and so do the controller and
    action of a route that a view replaces.
    """
    if not arguments:
        return _build_by_values(around, values)
    name = arguments[0]
    state: ShimState = around.state
    if not isinstance(name, str):
        return _unknown(around, name, values)
    route = None if state.mapper is None else state.mapper._routenames.get(name)  # noqa: SLF001 (where Routes looks)
    endpoint = _endpoint_for(state, name, is_route=route is not None)
    if endpoint is not None:
        return build_flask_url(around, endpoint, values)
    if route is not None or is_url(name):
        return build_legacy_url(around, arguments, values)
    return _build_by_rule(around, name, values)


def _endpoint_for(state: ShimState, name: str, *, is_route: bool) -> str | None:
    """Return the endpoint with a view that ``name`` means, or its successor has."""
    if name in state.app.view_functions and name not in state.aliases:
        return name if not is_route or _leads_to_flask(state, name, name) else None
    if not is_route and is_url(name):
        return None
    successor = state.successors.of_name(name)
    if successor is None or (is_route and not _leads_to_flask(state, successor, name)):
        return None
    record_former_name(successor, name)
    return successor


def _leads_to_flask(state: ShimState, endpoint: str, route: str) -> bool:
    legacy = precedence_of_route(state, route)
    flask = precedence_of_endpoint(state, endpoint)
    return legacy is None or (flask is not None and flask > legacy)


def _build_by_rule(around: Any, name: str, values: dict[str, Any]) -> str:
    """Build for an endpoint without a view: a relative one, or one for URLs only."""
    if name[:1] == ".":
        blueprint = around.blueprint()
        name = name[1:] if blueprint is None else f"{blueprint}{name}"
    elif precedence_of_endpoint(around.state, name) is None:
        return _unknown(around, name, values)
    return build_flask_url(around, name, values)


def _build_by_values(around: Any, values: dict[str, Any]) -> str:
    state: ShimState = around.state
    if state.successors.knows_actions():
        endpoint = _take_action(around, values)
        if endpoint is not None:
            return build_flask_url(around, endpoint, values)
    if state.mapper is None:
        raise UrlBuildError(
            None,
            values,
            "a URL without a name is built by legacy routes, and there are none.",
        )
    return build_legacy_url(around, (), values)


def _take_action(around: Any, values: dict[str, Any]) -> str | None:
    """Return the endpoint that a controller and an action mean by now, or ``None``.

    They are taken out of ``values``, and what the endpoint takes of the current legacy
    route's memory is put in.
    """
    state: ShimState = around.state
    memory = around.memory()
    controller = values.get("controller", memory.get("controller"))
    if isinstance(controller, str) and controller[:1] == "/":
        controller, memory = controller[1:], {}  # Routes' way to forget
    action = values.get("action")
    if action is None:
        action = "index" if "controller" in values else memory.get("action", "index")
    endpoint = state.successors.of_action(controller, action)
    if endpoint is None:
        return None
    record_former_name(endpoint, None, controller, action)
    values.pop("controller", None)
    values.pop("action", None)
    if memory:
        own = arguments_of(state.app.url_map, endpoint)
        for key in own & memory.keys():
            values.setdefault(key, memory[key])
    return endpoint


def _unknown(around: Any, name: Any, values: dict[str, Any]) -> str:
    """Let the error handlers of the application answer for an unknown name."""
    if isinstance(name, str) and around.app.url_build_error_handlers:
        return build_flask_url(around, name, values)
    raise UrlBuildError(
        name,
        values,
        "neither Flask nor Routes has a route of this name.",
        find_names=around.find_names,
    )
