"""The legacy route of a request, in Flask's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from werkzeug.routing import Map, Rule

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

__all__ = ["endpoint", "url_rule", "view_args"]

_NO_ARGUMENTS = ("controller", "action")


def view_args(environ: WSGIEnvironment) -> dict[str, Any] | None:
    """Return the arguments in the path, or ``None`` where no route matched.

    They are Routes' match without controller and action.
    """
    if environ.get("routes.route") is None:
        return None
    arguments = environ["wsgiorg.routing_args"][1]
    return {
        name: value for name, value in arguments.items() if name not in _NO_ARGUMENTS
    }


def endpoint(environ: WSGIEnvironment) -> str | None:
    """Return the name of the route or, if it has none, ``"controller.action"``.

    ``None`` where no route matched.
    """
    route = environ.get("routes.route")
    if route is None:
        return None
    return route.name or _named_by_action(environ["wsgiorg.routing_args"][1])


def url_rule(environ: WSGIEnvironment) -> Rule | None:
    """Return the route as a Werkzeug rule, or ``None`` where none matched."""
    route = environ.get("routes.route")
    if route is None:
        return None
    rule = Rule(
        "/" + _rule_text(route).removeprefix("/"),
        endpoint=endpoint(environ),
        methods=_methods(route),
    )
    Map([rule])  # a rule knows its arguments once it is in a map
    return rule


def _rule_text(route: Any) -> str:
    return "".join(
        part if isinstance(part, str) else _argument_text(part)
        for part in route.routelist
    )


def _argument_text(part: dict[str, str]) -> str:
    name = part["name"]
    if part["type"] == "*":
        return f"<path:{name}>"
    return f".<{name}>" if part["type"] == "." else f"<{name}>"


def _named_by_action(arguments: dict[str, Any]) -> str:
    return ".".join(
        value if isinstance(value, str) else getattr(value, "__name__", str(value))
        for value in (arguments.get("controller"), arguments.get("action"))
        if value is not None
    )


def _methods(route: Any) -> list[str] | None:
    methods = (route.conditions or {}).get("method")
    return list(methods) if methods else None
