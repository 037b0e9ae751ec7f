"""The parts of a Genshi XML template that have Python in them.

See https://genshi.edgewall.org/wiki/Documentation/xml-templates.html.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, NamedTuple

from compatshim.migrate.templates.program import Piece

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Block", "Code", "Directive", "Expression", "Part", "parts_of"]

_MARKUP = re.compile(
    # What is never closed ends with the template: it is not looked for again and again.
    rb"<!--.*?(?:-->|\Z)"
    rb"|<!\[CDATA\[(?P<data>.*?)(?:\]\]>|\Z)"
    rb"|<\?python(?=\s)(?P<python>.*?)(?:\?>|\Z)"
    rb"|<\?.*?(?:\?>|\Z)"
    rb"|<![^\[>]*(?:\[.*?\])?[^>]*>"
    rb"|</[^>]*>"
    rb"|<(?P<name>[^\s<>/!?]+)(?P<attributes>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(rb"([^\s=\"'/]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_PREFIX = re.compile(rb"xmlns:([\w.-]+)\s*=\s*[\"']http://genshi\.edgewall\.org/[\"']")
_IN_TEXT = re.compile(rb"&(?:\w+|#\d+|#[xX][\da-fA-F]+);")
_IN_VALUE = re.compile(_IN_TEXT.pattern + rb"|\s")
_DOLLAR = re.compile(rb"\$(?:\$|\{|([A-Za-z_][\w.]*))")
_TOKEN = re.compile(
    rb"(\"\"\"|''')(?:\\.|(?!\1).)*\1"
    rb"|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'"
    rb"|\#[^\r\n]*|.",
    re.DOTALL,
)
# The attribute of an element such as <py:if test="...">, by its name.
_ELEMENTS = {
    "if": "test",
    "when": "test",
    "choose": "test",
    "for": "each",
    "def": "function",
    "with": "vars",
    "replace": "value",
}


Code = tuple[Piece, ...]


class Block(NamedTuple):
    """``<?python code ?>``."""

    start: int
    end: int


class Expression(NamedTuple):
    """``${code}`` or ``$name``."""

    code: Code


class Directive(NamedTuple):
    """``py:name="code"``, or the element for it."""

    name: str
    code: Code


Part = Block | Expression | Directive


def parts_of(text: bytes) -> Iterator[Part]:
    """Yield the parts of a template that have Python in them, in order."""
    declared = _PREFIX.search(text)
    prefix = f"{declared[1].decode() if declared else 'py'}:"
    position = 0
    for markup in _MARKUP.finditer(text):
        yield from _Meant(text, position, markup.start(), _IN_TEXT).expressions()
        position = markup.end()
        if markup["python"] is not None:
            yield Block(*markup.span("python"))
        elif markup["data"] is not None:
            yield from _Meant(text, *markup.span("data"), None).expressions()
        elif markup["name"] is not None:
            yield from _of_tag(text, markup, prefix)
    yield from _Meant(text, position, len(text), _IN_TEXT).expressions()


def _of_tag(text: bytes, tag: re.Match[bytes], prefix: str) -> Iterator[Part]:
    name = tag["name"].decode("utf-8", "replace")
    directive = name.removeprefix(prefix) if name.startswith(prefix) else ""
    for found in _ATTRIBUTE.finditer(text, *tag.span("attributes")):
        attribute = found[1].decode("utf-8", "replace")
        start, end = found.span(2 if found[2] is not None else 3)
        value = _Meant(text, start, end, _IN_VALUE)
        if attribute.startswith(prefix):
            yield Directive(attribute.removeprefix(prefix), value.pieces())
        elif directive and attribute == _ELEMENTS.get(directive):
            yield Directive(directive, value.pieces())
        else:
            yield from value.expressions()


class _Meant:
    """What is meant by a range: ``&lt;`` is a ``<``, a line break in a value a blank."""

    def __init__(
        self, text: bytes, start: int, end: int, replaced: re.Pattern[bytes] | None
    ) -> None:
        self._pieces: list[Piece] = []
        self._starts: list[int] = []
        self._code = b""
        for found in replaced.finditer(text, start, end) if replaced else ():
            self._add(text, Piece(start, found.start()))
            self._add(text, Piece(*found.span(), _character(found[0])))
            start = found.end()
        self._add(text, Piece(start, end))

    def pieces(self, start: int = 0, end: int | None = None) -> Code:
        """Return the pieces that a range of what is meant is of."""
        end = len(self._code) if end is None else end
        found = []
        for at, piece in zip(self._starts, self._pieces, strict=True):
            if piece.meant is not None:
                if start <= at < end:
                    found.append(piece)
                continue
            first = max(start - at, 0)
            last = min(end - at, piece.end - piece.start)
            if first < last:
                found.append(Piece(piece.start + first, piece.start + last))
        return tuple(found)

    def expressions(self) -> Iterator[Expression]:
        """Yield what is read by dollar signs."""
        position = 0
        while found := _DOLLAR.search(self._code, position):
            position = found.end()
            if found[1] is not None:
                name = found[1].rstrip(b".")
                yield Expression(
                    self.pieces(found.start(1), found.start(1) + len(name))
                )
            elif found[0] == b"${":
                end = self._closing(position)
                if end is None:
                    return
                yield Expression(self.pieces(position, end))
                position = end + 1

    def _add(self, text: bytes, piece: Piece) -> None:
        meant = text[piece.start : piece.end] if piece.meant is None else piece.meant
        if meant:
            self._starts.append(len(self._code))
            self._pieces.append(piece)
            self._code += meant

    def _closing(self, position: int) -> int | None:
        """Return where the brace is that closes the one before ``position``."""
        level = 1
        for token in _TOKEN.finditer(self._code, position):
            level += {b"{": 1, b"}": -1}.get(token[0], 0)
            if not level:
                return token.start()
        return None


def _character(entity: bytes) -> bytes:
    return html.unescape(entity.decode()).encode() if entity.strip() else b" "
