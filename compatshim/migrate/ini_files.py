"""The options of an ini file, and where each of them is; nothing is interpolated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Option", "options_of"]

_SECTION = re.compile(rb"\[([^\]\r\n]*)\]")
_OPTION = re.compile(rb"([^\s=:#;\[][^=:\r\n]*?)[ \t]*(?:[=:][ \t]*([^\r\n]*)|$)")
_BLANK = re.compile(rb"[ \t]*(?:[#;]|$)")


class Option(NamedTuple):
    """``name = value`` in a section, at ``start`` to ``end``.

    ``lines`` are those of the value that are not empty: each with where it starts.
    """

    section: str
    name: str
    start: int
    end: int
    lines: tuple[tuple[str, int], ...]

    @property
    def value(self) -> str:
        """The value, whose lines are joined by line breaks."""
        return "\n".join(text for text, _ in self.lines)


def options_of(text: bytes, start: int = 0, end: int | None = None) -> Iterator[Option]:
    """Yield the options in a text, or in a range of it, in order.

    A line continues a value if it is indented further than the heading of its section.
    """
    section, option = "", None
    lines: list[tuple[str, int]] = []
    margin: int | None = None
    position = start
    for line in text[start:end].splitlines(keepends=True):
        content = line.strip()
        at = position + line.find(content)
        position += len(line)
        if _BLANK.match(line.rstrip(b"\r\n")):
            continue
        indent = len(line) - len(line.lstrip(b" \t"))
        margin = indent if margin is None else margin
        if option is not None and indent > margin:
            lines.append((_text(content), at))
            option = option._replace(end=at + len(content))
            continue
        if option is not None:
            yield option._replace(lines=tuple(lines))
            option = None
        heading = _SECTION.match(content)
        if heading:
            section, margin = _text(heading[1]).strip(), indent
            continue
        found = _OPTION.match(content)
        if found:
            value = found[2] or b""
            lines = [(_text(value), at + found.start(2))] if value else []
            option = Option(section, _text(found[1]), at, at + len(content), ())
    if option is not None:
        yield option._replace(lines=tuple(lines))


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
