"""The syntax of one source, by tree-sitter: of Python 2 and 3 alike, and if it is broken.

A source is parsed once. Nodes are looked up by the place of a word, from the root down:
walking whole trees, or from a node to its parent, costs many times as much.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache, cached_property
from typing import TYPE_CHECKING, NamedTuple

from compatshim.errors import MissingExtraError
from compatshim.migrate.steps import first_step, next_step, scope_chain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tree_sitter import Node, Parser

    from compatshim.migrate.steps import Scope, Step

__all__ = [
    "IMPORTS",
    "ImportStatement",
    "ImportedName",
    "Tree",
    "has_word",
    "word_offsets",
]

IMPORTS = ("import_statement", "import_from_statement")
"""The types of nodes that are imports of something else than ``__future__``."""


_BLANK = re.compile(rb"\s*")


class ImportedName(NamedTuple):
    """One name of an import statement, and where it is, with its alias.

    ``name`` is that of ``from module import name``, ``"*"`` for a star, and ``""`` for
    ``import module``.
    """

    module: str
    name: str
    asname: str | None
    start: int
    end: int

    @property
    def bound(self) -> str:
        """The name that the statement binds for it; ``""`` for a star."""
        if self.asname:
            return self.asname
        if self.name == "*":
            return ""
        return self.name or self.module.partition(".")[0]


class ImportStatement(NamedTuple):
    """``import ...`` or ``from ... import ...``: its range, and what it imports.

    ``level`` counts the dots of a relative import; ``module`` is without them, and ``""``
    where each name has its own (``import a, b``). ``path`` leads to it from the root.
    """

    node: Node
    start: int
    end: int
    module: str
    level: int
    names: tuple[ImportedName, ...]
    path: tuple[Step, ...]

    @property
    def chain(self) -> tuple[Scope, ...]:
        """The scopes around it, the innermost first."""
        return scope_chain(self.path)

    @property
    def is_from(self) -> bool:
        """Whether it is ``from ... import ...``."""
        return bool(self.node.type == "import_from_statement")


class Tree:
    """The syntax tree of ``text``, which is UTF-8."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self._tree = _parser().parse(text)
        self.root: Node = self._tree.root_node
        # The steps to the offset that was asked for last.
        self._steps = [first_step(self.root)]
        self._offset = 0
        # Several rules ask for the same words.
        self._paths: dict[int, tuple[Step, ...]] = {}
        self._offsets: dict[bytes, list[int]] = {}

    def offsets(self, words: Iterable[bytes]) -> list[int]:
        """Return where one of ``words`` is in the text as a name of its own, in order."""
        found = []
        for word in words:
            if word not in self._offsets:
                self._offsets[word] = word_offsets(self.text, (word,))
            found += self._offsets[word]
        return sorted(found)

    def path_at(self, offset: int) -> tuple[Step, ...]:
        """Return the nodes around the byte at ``offset``, from the root to the leaf."""
        path = self._paths.get(offset)
        if path is None:
            self._go_to(offset)
            path = self._paths[offset] = tuple(self._steps)
        return path

    def _go_to(self, offset: int) -> None:
        """Go up as far as need be, and down again: most often there is little between."""
        steps = self._steps
        if offset < self._offset:  # they are asked for in order, word by word
            del steps[1:]
        self._offset = offset
        while len(steps) > 1 and steps[-1].node.end_byte <= offset:
            steps.pop()
        cursor = steps[-1].node.walk()
        while cursor.goto_first_child_for_byte(offset) is not None:
            steps.append(next_step(steps, cursor))
        # The first child that ends behind the byte begins behind it, too, where the byte
        # is between the children.
        while len(steps) > 1 and offset < steps[-1].node.start_byte:
            steps.pop()

    def content(self, node: Node) -> str:
        """Return the text of ``node``."""
        return self.text[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def imports(self, words: Iterable[bytes]) -> list[ImportStatement]:
        """Return the import statements that have one of ``words`` in them, in order."""
        found = []
        seen = -1
        for offset in self.offsets(words):
            if offset < seen:
                continue
            path = self.path_at(offset)
            if path[-1].type == "string_content":  # as most often
                continue
            for index, step in enumerate(path):
                if step.type in IMPORTS:
                    found.append(_statement(self, path[: index + 1]))
                    seen = step.node.end_byte
                    break
        return found

    @cached_property
    def errors(self) -> list[Node]:
        """What the parser could not read or had to make up, in order."""
        return list(_errors(self.root))

    def errors_near(self, start: int, end: int) -> bool:
        """Tell whether an error touches the range, its lines, or the lines next to them.

        Lines without anything in them do not count.
        """
        if not self.errors:
            return False
        first = self._line_start(self._end_of_text_before(self._line_start(start)))
        below = _BLANK.match(self.text, self._line_end(end))
        last = self._line_end(below.end() if below else end)
        # They are in order, and none is in another.
        index = bisect_left(self.errors, first, key=lambda error: error.end_byte)
        return index < len(self.errors) and self.errors[index].start_byte <= last

    def _end_of_text_before(self, offset: int) -> int:
        while self.text[max(offset - 1, 0) : offset].isspace():
            offset -= 1
        return offset

    def _line_start(self, offset: int) -> int:
        return self.text.rfind(b"\n", 0, offset) + 1

    def _line_end(self, offset: int) -> int:
        end = self.text.find(b"\n", offset)
        return len(self.text) if end < 0 else end


def word_offsets(text: bytes, words: Iterable[bytes]) -> list[int]:
    """Return where one of ``words`` is in ``text`` as a name of its own, in order."""
    return sorted(
        match.start()
        for word in words
        if word in text  # in no time, and most often it is not
        for match in _word(word).finditer(text)
    )


def has_word(text: bytes, word: bytes) -> bool:
    """Tell whether ``word`` is anywhere in ``text`` as a name of its own."""
    return _word(word).search(text) is not None


@cache
def _word(word: bytes) -> re.Pattern[bytes]:
    # The word comes first: looking for it is much faster than looking behind everywhere.
    literal = re.escape(word)
    return re.compile(rb"%s(?<!\w%s)(?!\w)" % (literal, literal))


@cache
def _parser() -> Parser:
    try:
        import tree_sitter
        import tree_sitter_python
    except ModuleNotFoundError as error:
        raise MissingExtraError("compatshim audit", "audit") from error
    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_python.language()))


def _errors(root: Node) -> Iterator[Node]:
    waiting = [root]  # no recursion: expressions can be nested thousands deep
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            yield node
        elif node.has_error:
            waiting += reversed(node.children)


def _statement(tree: Tree, path: tuple[Step, ...]) -> ImportStatement:
    node = path[-1].node
    module, level = "", 0
    if node.type == "import_from_statement":
        module, level = _module(tree, node.child_by_field_name("module_name"))
    names = tuple(_names(tree, node, module))
    return ImportStatement(
        node, node.start_byte, node.end_byte, module, level, names, path
    )


def _module(tree: Tree, node: Node | None) -> tuple[str, int]:
    if node is None:
        return "", 0
    if node.type != "relative_import":
        return _dotted(tree, node), 0
    level, module = 0, ""
    for child in node.children:
        if child.type == "import_prefix":
            level = tree.content(child).count(".")
        else:
            module = _dotted(tree, child)
    return module, level


def _names(tree: Tree, statement: Node, module: str) -> Iterator[ImportedName]:
    is_from = statement.type == "import_from_statement"
    for child in statement.children:
        if child.type == "wildcard_import":
            yield ImportedName(module, "*", None, child.start_byte, child.end_byte)
    for child in statement.children_by_field_name("name"):
        name, asname = child, None
        if child.type == "aliased_import":
            name = _field(child, "name")
            asname = tree.content(_field(child, "alias"))
        dotted = _dotted(tree, name)
        yield ImportedName(
            module if is_from else dotted,
            dotted if is_from else "",
            asname,
            child.start_byte,
            child.end_byte,
        )


def _field(node: Node, field: str) -> Node:
    found = node.child_by_field_name(field)
    return node if found is None else found


def _dotted(tree: Tree, node: Node) -> str:
    """Return a dotted name, whatever blanks and line breaks there are around its dots."""
    parts: Sequence[Node] = [
        child for child in node.children if child.type == "identifier"
    ]
    return ".".join(tree.content(part) for part in parts or [node])
