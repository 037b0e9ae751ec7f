"""What is told by the place of a string literal: its whole value, and who is given it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from compatshim.migrate.occurrences import is_backtick
from compatshim.migrate.steps import Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from compatshim.migrate.examined import LegacyString
    from compatshim.migrate.syntax import Tree

__all__ = ["Call", "called_name", "literal_of"]

# What the first argument of an importer, of patch() and of patch.dict() is called.
_FIRST = ("name", "target", "in_dict")
_PLAIN = ["string_start", "string_content", "string_end"]
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")


class Call(NamedTuple):
    """The call that has a string as its first argument, or by the name of that.

    ``name`` is the last part of what is called, ``attributes`` are what is read from the
    result, the nearest first. ``keywords`` are the names of the other arguments, of which
    there are ``arguments`` in all.
    """

    name: str
    attributes: tuple[str, ...]
    arguments: int
    keywords: frozenset[str]


def literal_of(string: LegacyString) -> str | None:
    """Return the dotted name that a string is as a whole, or ``None``."""
    if not _DOTTED.fullmatch(string.text):  # as most often
        return None
    kinds = [child.type for child in string.path[-2].node.children]
    is_plain = kinds == _PLAIN and not is_backtick(string.path)
    return string.text if is_plain else None


def called_name(tree: Tree, string: LegacyString) -> Call | None:
    """Return the call that ``string`` is the first argument of, if it is."""
    match string.path:
        case (*around, call, arguments, Step(argument), Step(field="value"), _):
            pass
        case (*around, call, arguments, Step(argument), _):
            pass
        case _:
            return None
    if call.type != "call":
        return None
    function = call.node.child_by_field_name("function")
    given = arguments.node.named_children
    keywords = frozenset(filter(None, (_keyword(tree, one) for one in given)))
    keyword = _keyword(tree, argument)
    is_first = keyword in _FIRST if keyword else given[:1] == [argument]
    if function is None or not is_first:
        return None
    name = tree.content(function).rpartition(".")[2].strip()
    attributes = tuple(_attributes(tree, around, call))
    return Call(name, attributes, len(given), keywords)


def _keyword(tree: Tree, argument: Node) -> str:
    """Return the name that an argument is given by, or ``""``."""
    if argument.type != "keyword_argument":
        return ""
    name = argument.child_by_field_name("name")
    return tree.content(name) if name is not None else ""


def _attributes(tree: Tree, around: Sequence[Step], call: Step) -> Iterator[str]:
    """Yield the attributes that are read from the result of a ``call``."""
    inner = call
    for step in reversed(around):
        name = step.node.child_by_field_name("attribute")
        if inner.field != "object" or name is None:
            return
        yield tree.content(name)
        inner = step
