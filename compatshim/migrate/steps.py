"""The way from the root of a tree to a node, and the scopes that it leads through.

Scopes are those of Python 3; but that the target of a list comprehension stays bound in
Python 2 makes no difference to who asks whether a name is bound more than once.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tree_sitter import Node, TreeCursor

__all__ = [
    "COMPREHENSIONS",
    "PARAMETERS",
    "Scope",
    "Step",
    "first_step",
    "next_step",
    "scope_chain",
]

COMPREHENSIONS = (
    "list_comprehension",
    "set_comprehension",
    "dictionary_comprehension",
    "generator_expression",
)
PARAMETERS = ("parameters", "lambda_parameters")

_SCOPES = frozenset(
    ("function_definition", "lambda", "class_definition", *COMPREHENSIONS)
)


class Scope(NamedTuple):
    """A module, function, class or comprehension, by its range."""

    kind: str
    start: int
    end: int


class Step(NamedTuple):
    """A node on the way from the root, and the field of its parent that it is in.

    ``type`` is the node's, which makes a string whenever it is asked; ``scope_position``
    where on the way the innermost scope is that it is in: 0 is the module's.
    """

    node: Node
    type: str
    field: str | None
    scope_position: int


# What Step() does, in half the time: there are thousands for a large file.
_step = cast("Callable[[tuple[object, ...]], Step]", partial(tuple.__new__, Step))


def first_step(root: Node) -> Step:
    """Return the step that every way begins with."""
    return Step(root, root.type, None, 0)


def next_step(path: Sequence[Step], cursor: TreeCursor) -> Step:
    """Return the step from the end of ``path`` to the child that ``cursor`` is at."""
    node: Any = cursor.node  # there is one, wherever a cursor is
    kind, field = node.type, cursor.field_name
    around, scope_position = path[-1].type, path[-1].scope_position
    if around in _SCOPES and (
        field == "body"
        or kind in PARAMETERS
        # All but what the first "for" goes through, which is told from its own path.
        or around in COMPREHENSIONS
    ):
        scope_position = len(path) - 1
    return _step((node, kind, field, scope_position))


def scope_chain(path: Sequence[Step]) -> tuple[Scope, ...]:
    """Return the scopes around the end of ``path``, the innermost first."""
    chain = []
    position = path[-1].scope_position
    while position:
        step = path[position]
        chain.append(Scope(step.type, step.node.start_byte, step.node.end_byte))
        position = step.scope_position
    root = path[0].node
    return (*chain, Scope("module", root.start_byte, root.end_byte))
