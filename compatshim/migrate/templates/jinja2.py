"""The code of a Jinja2 template: what stands in ``{{ }}`` and ``{% %}``.

Its expressions are not Python, and nothing in them imports a module. See
https://jinja.palletsprojects.com/en/stable/templates/.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Code", "parts_of", "reads_of"]

_BEGIN = re.compile(
    # What is never closed ends with the template: it is not looked for again and again.
    rb"\{#.*?(?:#\}|\Z)"
    rb"|\{%[-+]?\s*raw\s*[-+]?%\}.*?(?:\{%[-+]?\s*endraw\s*[-+]?%\}|\Z)"
    rb"|\{\{|\{%",
    re.DOTALL,
)
_OPENING, _CLOSING = b"{([", b"})]"
_STRING = re.compile(rb"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'", re.DOTALL)
_BINDS = re.compile(
    rb"[-+]?\s*(?:set|for|macro|call|with|import|from|block|filter)\b", re.DOTALL
)


class Code(NamedTuple):
    """What stands in ``{{ }}``, or in ``{% %}``: then it ``is_statement``."""

    start: int
    end: int
    is_statement: bool


def parts_of(text: bytes) -> Iterator[Code]:
    """Yield the code of a template, in order."""
    position = 0
    while found := _BEGIN.search(text, position):
        position = found.end()
        if found[0] not in (b"{{", b"{%"):
            continue
        is_statement = found[0] == b"{%"
        end = _end(text, position, is_statement=is_statement)
        if end is None:
            return
        yield Code(position, end, is_statement)
        position = end + 2


def reads_of(text: bytes, name: bytes) -> Iterator[tuple[int, int]]:
    """Yield where an attribute of ``name`` is read, as ``name.x``: the range of that.

    Nothing is yielded where the template may bind the name itself.
    """
    word = re.compile(rb"(?<![\w.])%s(?!\w)" % re.escape(name))
    read = re.compile(rb"%s(?:\s*\.\s*[^\W\d]\w*)+" % re.escape(name))
    found = []
    for code in parts_of(text):
        content = _STRING.sub(
            lambda one: b" " * len(one[0]), text[code.start : code.end]
        )
        for one in word.finditer(content):
            attribute = read.match(content, one.start())
            if attribute is not None:
                found.append((code.start + one.start(), code.start + attribute.end()))
            elif code.is_statement and _BINDS.match(content):
                return
    yield from found


def _end(text: bytes, position: int, *, is_statement: bool) -> int | None:
    """Return where the mark is that ends what begins at ``position``."""
    mark = b"%}" if is_statement else b"}}"
    level = 0
    while position < len(text):
        if not level and text.startswith(mark, position):
            return position
        string = _STRING.match(text, position)
        if string:
            position = string.end()
            continue
        level += text[position] in _OPENING
        level -= bool(level) and text[position] in _CLOSING
        position += 1
    return None
