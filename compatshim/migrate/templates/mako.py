"""The parts of a Mako template, as Mako's own lexer tells them.

See https://docs.makotemplates.org/en/latest/syntax.html.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "Block",
    "ControlLine",
    "EndTag",
    "Expression",
    "Part",
    "Tag",
    "Unreadable",
    "parts_of",
]

# In UTF-8: a letter that is not ASCII has bytes from 0x80 on.
_START = re.compile(rb"#.*coding[:=]\s*[-\w.\x80-\xff]+.*\n")
_NEXT = re.compile(rb"\$\{|</?%|^[ \t]*(?:%(?!%)|##)", re.MULTILINE)
_LINE = re.compile(rb"[ \t]*(%|##)[ \t]*((?:\\\r?\n|[^\r\n])*)(?:\r?\n|\Z)")
_STATEMENT = re.compile(rb"(end)?([\w\x80-\xff]+)")
_COMPOUND = (b"for", b"if", b"try", b"while", b"with")
_DOC = re.compile(rb"<%doc>.*?</%doc>", re.DOTALL)
_TAG = re.compile(
    rb"<%([\w.:\x80-\xff]+)"
    rb"((?:\s+[\w\x80-\xff]+|\s*[=,](?:\s*(?=[\"']))?|\"[^\"]*\"|'[^']*')*)"
    rb"\s*(/)?>"
)
_ATTRIBUTE = re.compile(rb"\s*([\w\x80-\xff]+)\s*=\s*(?:'([^']*)'|\"([^\"]*)\")")
_END_TAG = re.compile(rb"</%[ \t]*([^\t ]+?)[ \t]*>")
_TAGS = ("block", "call", "def", "include", "inherit", "namespace", "page", "text")

_NO_CODE = re.compile(rb"#[^\n]*\n|(\"\"\"|'''|\"|')(?:\\.|(?!\1)[^\\])*\1", re.DOTALL)
_BRACKETS = (b"{}", b"()", b"[]")


class Expression(NamedTuple):
    """``${code | filters}``: where both are; the filters may be empty."""

    start: int
    end: int
    filters_start: int
    filters_end: int


class Block(NamedTuple):
    """``<% code %>``, or ``<%! code %>``, which is ``of_module``."""

    start: int
    end: int
    of_module: bool


class ControlLine(NamedTuple):
    """``% code``: ``if x:``, ``endif`` and the like."""

    start: int
    end: int


class Tag(NamedTuple):
    """``<%name attribute="...">``; ``closed`` if it ends with ``/>``.

    ``attributes`` are the ranges of the values.
    """

    name: str
    attributes: dict[str, tuple[int, int]]
    closed: bool
    start: int
    end: int


class EndTag(NamedTuple):
    """``</%name>``."""

    name: str


class Unreadable(NamedTuple):
    """Where Mako would give up, and why."""

    start: int
    reason: str


Part = Expression | Block | ControlLine | Tag | EndTag | Unreadable


class _Stop(NamedTuple):
    start: int
    end: int


def parts_of(text: bytes) -> Iterator[Part]:
    """Yield the parts of a template that are not text or comments, in order.

    The last one is an :class:`Unreadable` where the template is no template of Mako's.
    """
    start = _START.match(text)
    reading = _Reading(text, start.end() if start else 0)
    yield from reading.parts()


class _Reading:
    def __init__(self, text: bytes, position: int) -> None:
        self._text = text
        self._position = position
        self._open: list[str] = []
        self._compound: list[bytes] = []

    def parts(self) -> Iterator[Part]:
        while found := _NEXT.search(self._text, self._position):
            self._position = found.start()
            part = self._part(found[0])
            if part is not None:
                yield part
            if isinstance(part, Unreadable):
                return
        if self._open:
            yield Unreadable(len(self._text), f"<%{self._open[-1]}> is not closed")
        elif self._compound:
            reason = f"% {self._compound[-1].decode('ascii')} has no end"
            yield Unreadable(len(self._text), reason)

    def _part(self, mark: bytes) -> Part | None:
        if mark == b"${":
            return self._expression()
        if mark == b"</%":
            return self._end_tag()
        if mark != b"<%":
            return self._line()
        comment = _DOC.match(self._text, self._position)
        if comment:
            self._position = comment.end()
            return None
        tag = _TAG.match(self._text, self._position)
        return self._tag(tag) if tag else self._block()

    def _expression(self) -> Part:
        opening = self._position
        code = opening + 2
        stop = self._stop(code, re.compile(rb"[|}]"), _BRACKETS)
        if stop is None:
            return Unreadable(opening, "${ is not closed")
        last = stop
        filters = _Stop(stop.start, stop.start)
        if self._text[stop.start : stop.end] == b"|":
            closing = self._stop(stop.end, re.compile(rb"}"), _BRACKETS)
            if closing is None:
                return Unreadable(opening, "${ is not closed")
            last = closing
            filters = _Stop(stop.end, closing.start)
        self._position = last.end
        return Expression(code, stop.start, *filters)

    def _block(self) -> Part:
        opening = self._position
        of_module = self._text.startswith(b"!", opening + 2)
        code = opening + 2 + of_module
        stop = self._stop(code, re.compile(rb"%>"))
        if stop is None:
            return Unreadable(opening, "<% is not closed")
        self._position = stop.end
        return Block(code, stop.start, of_module)

    def _line(self) -> Part | None:
        line = _LINE.match(self._text, self._position)
        if line is None:
            self._position += 1
            return None
        self._position = line.end()
        if line[1] == b"##":
            return None
        statement = _STATEMENT.match(line[2])
        if statement is None:
            return Unreadable(line.start(), "it is no control line")
        if statement[1] and self._compound[-1:] != [statement[2]]:
            name = statement[0].decode("utf-8", "replace")
            return Unreadable(line.start(), f"% {name} ends what has not begun")
        if statement[1]:
            self._compound.pop()
        elif statement[2] in _COMPOUND:
            self._compound.append(statement[2])
        return ControlLine(*line.span(2))

    def _tag(self, tag: re.Match[bytes]) -> Part:
        name = tag[1].decode("utf-8", "replace")
        self._position = tag.end()
        if ":" not in name and name not in _TAGS:
            return Unreadable(tag.start(), f"there is no tag <%{name}>")
        closed = tag[3] is not None
        if not closed:
            self._open.append(name)
        if name == "text" and not closed:
            end = self._text.find(b"</%text>", tag.end())
            if end < 0:
                return Unreadable(tag.start(), "<%text> is not closed")
            self._position = end
        attributes = {
            one[1].decode("utf-8", "replace"): one.span(2 if one[2] is not None else 3)
            for one in _ATTRIBUTE.finditer(self._text, *tag.span(2))
        }
        return Tag(name, attributes, closed, tag.start(), tag.end())

    def _end_tag(self) -> Part | None:
        tag = _END_TAG.match(self._text, self._position)
        if tag is None:
            self._position += 1
            return None
        name = tag[1].decode("utf-8", "replace")
        if not self._open or self._open[-1] != name:
            return Unreadable(tag.start(), f"</%{name}> closes what is not open")
        self._open.pop()
        self._position = tag.end()
        return EndTag(name)

    def _stop(
        self, position: int, stop: re.Pattern[bytes], brackets: tuple[bytes, ...] = ()
    ) -> _Stop | None:
        """Return where ``stop`` is, from ``position`` on; ``None`` if nowhere.

        That is outside of strings, comments and ``brackets``.
        """
        text = self._text
        until = re.compile(rb"[\"'#]|" + stop.pattern)
        depths = dict.fromkeys(brackets, 0)
        while True:
            skipped = _NO_CODE.match(text, position)
            if skipped:
                position = skipped.end()
                continue
            found = stop.match(text, position)
            if found and all(depth <= 0 for depth in depths.values()):
                return _Stop(*found.span())
            following = found or until.search(text, position)
            if following is None:
                return None
            end = following.end() if found else following.start()
            for pair in brackets:
                depths[pair] += text.count(pair[:1], position, end)
                depths[pair] -= text.count(pair[1:], position, end)
            # A quote or a number sign that opens nothing is passed over.
            position = max(end, position + 1)
