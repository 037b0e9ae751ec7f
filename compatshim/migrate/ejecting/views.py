"""Which functions are views: Flask itself gets what they return."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from compatshim.migrate.steps import Step

__all__ = ["functions_around", "is_after_request", "is_inside", "is_view"]

_ROUTES = frozenset("delete get patch post put route".split())  # noqa: SIM905 (words)
_HANDLERS = frozenset(
    "app_errorhandler before_app_request before_request errorhandler".split()  # noqa: SIM905 (words)
)
_AFTER = ("after_app_request", "after_request", "after_this_request")
_RULE = re.compile(rb"""\(\s*(?:rule\s*=\s*)?["']["'/]""")
_YIELD = re.compile(rb"\byield\b")


def functions_around(path: Sequence[Step]) -> list[int]:
    """Return where on ``path`` the functions are whose body it leads into."""
    return [
        position
        for position, step in enumerate(path[:-1])
        if step.type in ("function_definition", "lambda")
        and path[position + 1].field == "body"
    ]


def is_view(path: Sequence[Step]) -> bool:
    """Tell whether Flask, and no other decorator, gets what the function around returns.

    It is one for a rule, a URL's beginning, that stands there.
    """
    decorators = list(_decorators(path))
    function = path[functions_around(path)[-1]].node if decorators else None
    if function is None or _YIELD.search(function.text or b""):
        return False
    return all(_gets_the_result(decorator) for decorator in decorators)


def is_after_request(path: Sequence[Step]) -> bool:
    """Tell whether the function around is given to ``after_request``, or the like."""
    functions = functions_around(path)
    if not functions:
        return False
    function = path[functions[-1]].node
    if function.type == "lambda":
        around = [step.node for step in path[: functions[-1]]][-2:]
        return around[0].type == "call" and _name(around[0]) in _AFTER
    if any(_name(decorator) in _AFTER for decorator in _decorators(path)):
        return True
    name = function.child_by_field_name("name")
    given = rb"\b(?:%s)\(\s*(?:\w+\.)*%s\s*\)" % (
        "|".join(_AFTER).encode(),
        b"" if name is None else re.escape(name.text or b""),
    )
    return re.search(given, path[0].node.text or b"") is not None


def is_inside(path: Sequence[Step], kinds: tuple[str, ...]) -> bool:
    """Tell whether one of ``kinds`` is around, within the innermost function."""
    functions = functions_around(path)
    inner = path[functions[-1] :] if functions else path
    return any(step.type in kinds for step in inner)


def _decorators(path: Sequence[Step]) -> Iterator[Node]:
    functions = functions_around(path)
    outer = path[functions[-1] - 1].node if functions else None
    if outer is not None and outer.type == "decorated_definition":
        for child in outer.children:
            if child.type == "decorator":
                yield child.named_children[0]


def _gets_the_result(decorator: Node) -> bool:
    name = _name(decorator)
    if _function(decorator).type != "attribute":
        return False
    if name in _HANDLERS:
        return True
    given = decorator.child_by_field_name("arguments")
    rule = b"" if given is None else given.text or b""
    return name in _ROUTES and _RULE.match(rule) is not None


def _name(decorator: Node) -> str:
    """Return the last name of a decorator, called or not."""
    function = _function(decorator)
    is_name = function.type == "identifier"
    name = function if is_name else function.child_by_field_name("attribute")
    return "" if name is None else (name.text or b"").decode()


def _function(decorator: Node) -> Node:
    return decorator.child_by_field_name("function") or decorator
