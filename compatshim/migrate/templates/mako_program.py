"""What Python a Mako template is: the functions that Mako makes of it, as far as names go.

The body is a function, a ``<%def>`` one inside of it, and ``<%! %>`` is the module around.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from compatshim.migrate.templates.mako import (
    Block,
    ControlLine,
    EndTag,
    Expression,
    Part,
    Tag,
    Unreadable,
    parts_of,
)
from compatshim.migrate.templates.program import Piece, Program

if TYPE_CHECKING:
    from collections.abc import Callable

    from compatshim.migrate.extracts import Extract
    from compatshim.migrate.sources import Inside, Source

__all__ = ["BODY", "mako_program"]

BODY = "render_body"
"""The name of the function that the body of a template is."""

_IN_ATTRIBUTE = re.compile(rb"\$\{(.+?)\}", re.DOTALL)
_NAMES = re.compile(r"[^\W\d]\w*")
_KEYWORD = re.compile(rb"\w+")
# What stands before a part of a compound statement, to be one by itself.
_BEFORE = {
    b"if": b"",
    b"for": b"",
    b"while": b"",
    b"with": b"",
    b"elif": b"if 0: pass\n",
    b"except": b"try: pass\n",
}
_ARGUMENTS = {"call": "expr", "include": "args"}


@dataclass
class _Function:
    """``header`` begins the line of its ``def``; its parameters are in ``ranges``."""

    header: bytes
    ranges: list[tuple[int, int]] = field(default_factory=list)
    items: list[Part | _Function] = field(default_factory=list)


def mako_program(
    source: Source, told_as: Inside, extract: Callable[[bytes], Source]
) -> Extract:
    """Return the program that a Mako template is."""
    return _Writing(source).write().finish(told_as, extract, _problem(source))


def _problem(source: Source) -> str | None:
    for part in parts_of(source.text):
        if isinstance(part, Unreadable):
            line = source.position(part.start)[0]
            return f"line {line} cannot be read as Mako: {part.reason}"
    return None


class _Writing:
    def __init__(self, source: Source) -> None:
        self._text = source.text
        self._program = Program(source)
        self._body = _Function(b"def render_body(")
        self._functions = [self._body]
        self._open = [self._body]
        self._blocks: list[Block] = []
        self._names: list[str] = []

    def write(self) -> Program:
        for part in parts_of(self._text):
            self._arrange(part)
        for name in self._names:
            self._program.line(f"{name} = None".encode())
        for block in self._blocks:
            self._program.statements(block.start, block.end)
        for function in self._functions:
            self._function(function)
        return self._program

    # Which part belongs where

    def _arrange(self, part: Part) -> None:
        if isinstance(part, Block) and part.of_module:
            self._blocks.append(part)
        elif isinstance(part, EndTag):
            del self._open[-1:]
        elif isinstance(part, Tag):
            self._open_tag(part)
        elif not isinstance(part, Unreadable):
            self._open[-1].items.append(part)

    def _open_tag(self, tag: Tag) -> None:
        current = self._open[-1]
        current.items.append(tag)
        function = self._function_of(tag)
        if tag.name == "page" and "args" in tag.attributes:
            self._body.ranges = [tag.attributes["args"]]
        if tag.name == "namespace":
            for attribute in ("name", "import"):
                self._names += _NAMES.findall(self._value(tag, attribute))
        if function is not None:
            if tag.name == "block" and "name" in tag.attributes:
                self._functions.append(function)  # which sees nothing of the others
            else:
                current.items.append(function)
        if not tag.closed:
            self._open.append(function or current)

    def _function_of(self, tag: Tag) -> _Function | None:
        """Return the function that the content of a tag is, with names of its own."""
        arguments = [tag.attributes["args"]] if "args" in tag.attributes else []
        if tag.name == "def" and "name" in tag.attributes:
            return _Function(b"def ", [tag.attributes["name"]])
        if tag.name == "block":
            name = self._value(tag, "name")
            is_name = _NAMES.fullmatch(name) is not None
            header = f"def {name if is_name else 'block'}("
            return _Function(header.encode(), arguments)
        if tag.name == "call" or ":" in tag.name:
            return _Function(b"def body(", arguments)
        return None

    def _value(self, tag: Tag, attribute: str) -> str:
        start, end = tag.attributes.get(attribute, (0, 0))
        return self._text[start:end].decode()

    # Their Python

    def _function(self, function: _Function) -> None:
        after = b"):" if function.header.endswith(b"(") else b":"
        start, end = function.ranges[0] if function.ranges else (0, 0)
        self._program.header(function.header, start, end, after)
        self._program.depth += 1
        self._program.line(b"pass")
        for item in function.items:
            self._item(item)
        self._program.depth -= 1

    def _item(self, item: Part | _Function) -> None:
        if isinstance(item, _Function):
            self._function(item)
        elif isinstance(item, Block):
            self._program.statements(item.start, item.end)
        elif isinstance(item, Expression):
            self._program.expression(item.start, item.end)
            if item.filters_end > item.filters_start:
                self._program.expression(item.filters_start, item.filters_end)
        elif isinstance(item, ControlLine):
            self._line(item)
        elif isinstance(item, Tag):
            self._attributes(item)

    def _line(self, line: ControlLine) -> None:
        """Add a control line as a statement by itself: it makes no names of its own."""
        keyword = _KEYWORD.match(self._text, line.start)
        before = _BEFORE.get(keyword[0]) if keyword else None
        if before is None:
            return
        if before:
            self._program.line(before.rstrip())
        self._program.header(b"", line.start, line.end)
        self._program.depth += 1
        self._program.line(b"pass")
        self._program.depth -= 1

    def _attributes(self, tag: Tag) -> None:
        for start, end in tag.attributes.values():
            for found in _IN_ATTRIBUTE.finditer(self._text, start, end):
                self._program.expression(*found.span(1))
        asked = tag.attributes.get(_ARGUMENTS.get(tag.name, ""))
        if asked is not None:
            before = b"dict(" if tag.name == "include" else b"("
            self._program.pieces([Piece(*asked)], before)
