"""Tell whether two sources are the same program outside of what was edited."""

from __future__ import annotations

import ast
import warnings
from bisect import bisect_right
from operator import itemgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from compatshim.migrate.syntax import Tree

__all__ = ["is_same_outside", "parses_as_before"]


def is_same_outside(
    before: Tree,
    ranges_before: Sequence[tuple[int, int]],
    after: Tree,
    ranges_after: Sequence[tuple[int, int]],
) -> bool:
    """Tell whether both trees have the same nodes outside of the given ranges."""
    old = list(_outline(before, before.root, ranges_before))
    new = list(_outline(after, after.root, ranges_after))
    return old == new and len(after.errors) <= len(before.errors)


def parses_as_before(before: str, after: str) -> bool:
    """Tell whether Python itself can parse ``after``, if it can parse ``before``.

    The other parser lets some things pass, such as two statements with nothing between.
    """
    return _is_python(after) or not _is_python(before)


def _is_python(text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True


def _outline(
    tree: Tree, node: Node, ranges: Sequence[tuple[int, int]], depth: int = 0
) -> Iterator[tuple[int, str, str]]:
    """Yield the nodes in order: how deep, of which type, and what text leaves have."""
    stack = [(node, depth)]
    while stack:
        node, depth = stack.pop()
        # A block may be as long as the one import in it, and have had two of them.
        if depth and node.type != "block" and _is_in(node, ranges):
            continue
        text = "" if node.children else tree.content(node)
        yield depth, node.type, text
        stack += [(child, depth + 1) for child in reversed(node.children)]


def _is_in(node: Node, ranges: Sequence[tuple[int, int]]) -> bool:
    """Tell whether ``node`` is in one of the ``ranges``, which are in order."""
    index = bisect_right(ranges, node.start_byte, key=itemgetter(0)) - 1
    return index >= 0 and node.end_byte <= ranges[index][1]
