"""How an imported name is used at one place: what is read from it, or given to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from compatshim.migrate.edits import Edit

if TYPE_CHECKING:
    from tree_sitter import Node

    from compatshim.migrate.examined import Examined
    from compatshim.migrate.steps import Step

__all__ = ["NOT_CALLED", "SPLAT", "Arguments", "Read", "Use", "Verdict", "Wrap"]

NOT_CALLED = "only calls of it can be told apart: call it here"
SPLAT = "what is in * or ** cannot be told"


_ASSIGNS = ("assignment", "augmented_assignment", "for_statement", "for_in_clause")
_PATTERNS = (
    "pattern_list",
    "tuple_pattern",
    "list_pattern",
    "expression_list",
    "tuple",
)
_PLAIN_STARTS = ('"', "'", '"""', "'''", 'r"', "r'", 'u"', "u'")


class Wrap(NamedTuple):
    """What is put around a range of the parsed text, whatever is edited in there."""

    start: int
    end: int
    before: str
    after: str


class Verdict(NamedTuple):
    """What becomes of one use of a name.

    ``imports`` are dotted names that are needed beside the one that takes its place.
    ``note`` says where the result differs; ``hand`` why nothing can be done, and what a
    person has to do. ``name`` is how these call it.
    """

    edits: tuple[Edit, ...] = ()
    wraps: tuple[Wrap, ...] = ()
    imports: tuple[str, ...] = ()
    note: str = ""
    hand: str = ""
    name: str = ""


@dataclass(frozen=True)
class Arguments:
    """The arguments of a call; ``splats`` are those in ``*`` or ``**``."""

    positional: list[Node] = field(default_factory=list)
    keywords: dict[str, Node] = field(default_factory=dict)
    splats: list[Node] = field(default_factory=list)
    is_list: bool = True

    @property
    def is_whole(self) -> bool:
        """Whether all of them are written out."""
        return self.is_list and not self.splats

    @property
    def has_list_splat(self) -> bool:
        """Whether some are in ``*``."""
        return any(node.type == "list_splat" for node in self.splats)

    def renamed(self, **names: str) -> tuple[Edit, ...]:
        """Return the edits that give keywords their new ``names``."""
        edits = []
        for old, new in names.items():
            value = self.keywords.get(old)
            around = None if value is None else value.parent
            name = None if around is None else around.child_by_field_name("name")
            if name is not None:
                edits.append(Edit(name.start_byte, name.end_byte, new))
        return tuple(edits)


@dataclass(frozen=True)
class Use:
    """One place of a name, with the way to it from the root."""

    examined: Examined
    name: str
    path: tuple[Step, ...]

    @property
    def start(self) -> int:
        """Where it begins in the parsed text."""
        return self.path[-1].node.start_byte

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.path[-1].node.end_byte

    @property
    def line(self) -> int:
        """Its line, from 1."""
        return self.examined.source.position(self.start)[0]

    @cached_property
    def value(self) -> Read:
        """The name itself as what is read."""
        return Read(self.examined, self.path)

    @cached_property
    def attribute(self) -> Read | None:
        """The attribute that is read from it, if one is."""
        return self.value.attribute

    def renamed(self, text: str) -> Edit:
        """Return the edit that writes ``text`` for the name."""
        return Edit(self.start, self.end, text)


@dataclass(frozen=True)
class Read:
    """An expression, and what is done with its value."""

    examined: Examined
    path: tuple[Step, ...]

    @property
    def node(self) -> Node:
        """The expression."""
        return self.path[-1].node

    @property
    def text(self) -> str:
        """The expression as it is written."""
        return self.examined.tree.content(self.node)

    @property
    def around(self) -> Node | None:
        """What it is a part of."""
        return self.path[-2].node if len(self.path) > 1 else None

    @property
    def attribute(self) -> Read | None:
        """The attribute that is read from it: ``request.path`` of ``request``."""
        return self._larger("attribute", "object")

    @property
    def item(self) -> Read | None:
        """The item that is looked up in it."""
        return self._larger("subscript", "value")

    @property
    def call(self) -> Read | None:
        """The call of it."""
        return self._larger("call", "function")

    @property
    def last_name(self) -> Node | None:
        """The name after its last dot."""
        return self.node.child_by_field_name("attribute")

    @property
    def attribute_name(self) -> str:
        """The name of an attribute."""
        name = self.last_name
        return "" if name is None else self.examined.tree.content(name)

    @property
    def is_written(self) -> bool:
        """Whether it is assigned to, or deleted."""
        for around, step in zip(self.path[-2::-1], self.path[:0:-1], strict=False):
            if around.type == "delete_statement":
                return True
            if around.type in _ASSIGNS:
                return step.field == "left"
            if around.type not in _PATTERNS:
                return around.type == "as_pattern_target"
        return False

    @property
    def is_searched(self) -> bool:
        """Whether something is looked for ``in`` it."""
        around = self.around
        if around is None or around.type != "comparison_operator":
            return False
        match around.children:
            case [_, operator, last]:
                return last == self.node and operator.type in ("in", "not in")
        return False

    @property
    def is_in_string(self) -> bool:
        """Whether it is in an f-string."""
        return any(step.type == "string" for step in self.path)

    @cached_property
    def arguments(self) -> Arguments:
        """The arguments of a call."""
        given = self.node.child_by_field_name("arguments")
        found = Arguments()
        if given is None or given.type != "argument_list":
            return Arguments(is_list=False)
        for child in given.named_children:
            if child.type == "keyword_argument":
                name, value = map(child.child_by_field_name, ("name", "value"))
                if name is not None and value is not None:
                    found.keywords[self.examined.tree.content(name)] = value
            elif child.type in ("list_splat", "dictionary_splat"):
                found.splats.append(child)
            elif child.type != "comment":
                found.positional.append(child)
        return found

    def literal(self, node: Node | None) -> str | None:
        """Return the value of a string without escapes, or ``None``."""
        return literal_text(self.examined, node)

    def _larger(self, kind: str, field_name: str) -> Read | None:
        around = self.around
        if around is None or around.type != kind or self.path[-1].field != field_name:
            return None
        return Read(self.examined, self.path[:-1])


def literal_text(examined: Examined, node: Node | None) -> str | None:
    """Return the value of a string literal without escapes, or ``None``."""
    if node is None or node.type != "string":
        return None
    start, *inner, _ = node.children
    if examined.tree.content(start) not in _PLAIN_STARTS:
        return None
    if any(child.type != "string_content" or child.children for child in inner):
        return None
    return "".join(examined.tree.content(child) for child in inner)
