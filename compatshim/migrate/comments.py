"""The comments in an import, and which of its names each belongs to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from compatshim.migrate.syntax import ImportStatement, Tree

__all__ = ["Comments", "comment_after", "comments_in"]

_REST_OF_LINE = re.compile(rb"[ \t\f]*(;?)[ \t\f]*(#[^\r\n]*)?")


class Comments(NamedTuple):
    """By where a name begins: the comments above it, and those beside it.

    ``opening`` are those right after the parenthesis.
    """

    opening: tuple[str, ...]
    above: dict[int, tuple[str, ...]]
    beside: dict[int, tuple[str, ...]]


def comments_in(tree: Tree, statement: ImportStatement) -> Comments:
    """Return the comments between the parentheses of ``statement``.

    One on a line of its own belongs to the name below it, or to the last one.
    """
    found = Comments((), {}, {})
    opening: list[str] = []
    for node in _comments(statement.node):
        text = tree.content(node).rstrip()
        line_start = tree.text.rfind(b"\n", 0, node.start_byte) + 1
        before = [one for one in statement.names if one.end <= node.start_byte]
        after = [one for one in statement.names if one.start > node.start_byte]
        if before and before[-1].end > line_start:
            where = before[-1].start
            found.beside[where] = (*found.beside.get(where, ()), text)
        elif not before and tree.text[line_start : node.start_byte].strip():
            opening.append(text)
        else:
            where = (after or before)[0 if after else -1].start
            found.above[where] = (*found.above.get(where, ()), text)
    return found._replace(opening=tuple(opening))


def comment_after(tree: Tree, statement: ImportStatement) -> str:
    """Return the comment that ends the line of ``statement``, or ``""``."""
    found = _REST_OF_LINE.match(tree.text, statement.end)
    comment = found[2] if found else None
    return (comment or b"").decode("utf-8", "replace").rstrip()


def _comments(node: Node) -> Iterator[Node]:
    for child in node.children:
        if child.type == "comment":
            yield child
        else:
            yield from _comments(child)
