"""What a function has surely set, and what it does with what it has looked up."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from compatshim.migrate.ejecting.views import functions_around

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from compatshim.migrate.ejecting.uses import Read
    from compatshim.migrate.steps import Step

__all__ = ["is_read_from", "is_surely_set"]

_TARGETS = ("pattern_list", "tuple_pattern", "list_pattern")


def is_surely_set(read: Read) -> bool:
    """Tell whether an attribute such as ``c.user`` was set before it is read.

    By a statement of the same function that the way to it cannot leave out.
    """
    return any(
        read.examined.tree.content(target) == read.text
        for statement in _statements_before(_inside(read.path))
        for target in _targets(statement)
    )


def is_read_from(
    found: Read | None, path: Sequence[Step], names: Sequence[str]
) -> bool:
    """Tell whether one of the attributes ``names`` is read from what was ``found``.

    At once, or from a name of the function around ``path`` that it is assigned to.
    """
    used = None if found is None else found.attribute
    if used is not None:
        return used.attribute_name in names
    variable = None if found is None else _variable(found)
    if found is None or variable is None:
        return False
    text = _inside(path)[0].node.text or b""
    name = re.escape(found.examined.tree.content(variable))
    pattern = (
        rf"(?<![\w.]){name}\s*\.\s*(?:{'|'.join(names)})\b"
        rf"|\b(?:hasattr|getattr|isinstance)\s*\(\s*{name}\s*,"
    )
    return re.search(pattern.encode(), text) is not None


def _inside(path: Sequence[Step]) -> Sequence[Step]:
    """Return the way from the innermost function around, or else from the module."""
    functions = functions_around(path)
    return path[functions[-1] :] if functions else path


def _statements_before(path: Sequence[Step]) -> Iterator[Node]:
    for around, step in pairwise(path):
        if around.type in ("block", "module"):
            for child in around.node.named_children:
                if child.end_byte <= step.node.start_byte:
                    yield child


def _targets(statement: Node) -> Iterator[Node]:
    """Yield what a plain assignment sets: ``a`` and ``b`` of ``a = b = 1``."""
    if statement.type != "expression_statement":
        return
    node: Node | None = statement.named_children[0]
    while node is not None and node.type == "assignment":
        left, node = map(node.child_by_field_name, ("left", "right"))
        if left is not None and node is not None:  # not for a mere annotation
            yield from left.named_children if left.type in _TARGETS else (left,)


def _variable(read: Read) -> Node | None:
    around = read.around
    if around is None or around.type not in ("assignment", "named_expression"):
        return None
    name = around.child_by_field_name("left") or around.child_by_field_name("name")
    return name if name is not None and name.type == "identifier" else None
