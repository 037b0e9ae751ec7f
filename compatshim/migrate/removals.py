"""Take a statement away, and with it the line that it has for itself."""

from __future__ import annotations

import re
from typing import Protocol

from compatshim.migrate.edits import Edit

__all__ = [
    "Statement",
    "indent_before",
    "is_alone",
    "joined",
    "removal",
    "with_the_same_end",
]

_LAST_LINE_END = re.compile(rb"(?:\r\n|\n|\r)\Z")
_CONTINUED = (b"\\\n", b"\\\r\n")
_BLANK = re.compile(rb"[ \t\f]*")
_AFTER = re.compile(rb"[ \t\f]*;?[ \t\f]*(#[^\r\n]*)?(\r\n|\n|\r|$)")
_NEXT = re.compile(rb"[ \t\f]*;[ \t\f]*")
_PREVIOUS = re.compile(rb"[ \t\f]*;(?:[ \t\f]|\\\r?\n)*\Z")


class Statement(Protocol):
    """A statement, by its range in the parsed text."""

    @property
    def start(self) -> int:
        """Where it begins."""

    @property
    def end(self) -> int:
        """Where it ends."""


def indent_before(text: bytes, offset: int) -> str:
    """Return the blanks that the line of ``offset`` begins with."""
    start = _line_start(text, offset)
    found = _BLANK.match(text, start, offset)
    return found[0].decode() if found else ""


def is_alone(text: bytes, statement: Statement) -> bool:
    """Tell whether there is nothing else on the lines of ``statement`` than comments."""
    start = _line_start(text, statement.start)
    if text[start : statement.start].strip() or text[:start].endswith(_CONTINUED):
        return False
    return _AFTER.match(text, statement.end) is not None


def removal(text: bytes, statement: Statement, *, keep_comment: bool) -> Edit:
    """Return the edit that takes ``statement`` away.

    The comment that ends its line goes with it, unless that is to be kept; so does its
    line, unless something is left on it.
    """
    after = _AFTER.match(text, statement.end)
    if is_alone(text, statement) and after:
        if after[1] and keep_comment:
            return Edit(statement.start, after.start(1), "")
        return Edit(_line_start(text, statement.start), after.end(), "")
    following = _NEXT.match(text, statement.end)
    if following and not after:
        return Edit(statement.start, following.end(), "")
    return Edit(_after_previous(text, statement.start), statement.end, "")


def joined(text: bytes, first: Edit, second: Edit) -> Edit:
    """Return one edit for two removals on a line, which share a semicolon.

    The line goes, too, if nothing is left on it.
    """
    start = _after_previous(text, first.start)
    line = _line_start(text, start)
    after = _AFTER.match(text, second.end)
    is_empty = not text[line:start].strip() and not text[:line].endswith(_CONTINUED)
    if is_empty and after and not after[1]:
        return Edit(line, after.end(), "")
    return Edit(start, second.end, "")


def with_the_same_end(text: bytes, edits: list[Edit]) -> list[Edit]:
    """Return ``edits`` so that a file whose last line has no line ending keeps that.

    Where they take the last lines away, the ending of the line before goes, too.
    """
    first = len(edits)
    end = len(text)
    while first and edits[first - 1].end == end and not edits[first - 1].text:
        first -= 1
        end = edits[first].start
    if end in (0, len(text)) or text.endswith((b"\n", b"\r")):
        return edits
    found = _LAST_LINE_END.search(text[:end])
    start = found.start() if found else end
    return [*edits[:first], edits[first]._replace(start=start), *edits[first + 1 :]]


def _after_previous(text: bytes, offset: int) -> int:
    """Return where the statement before ``offset`` ends, if it is on the same line."""
    start = _line_start(text, offset)
    while text[:start].endswith(_CONTINUED):
        start = _line_start(text, start - 1)
    previous = _PREVIOUS.search(text[start:offset])
    return start + previous.start() if previous else offset


def _line_start(text: bytes, offset: int) -> int:
    return text.rfind(b"\n", 0, offset) + 1
