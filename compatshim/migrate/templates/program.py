"""Put the Python of a template together, as one program."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from compatshim.migrate.extracts import Extraction, indentation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from compatshim.migrate.extracts import Extract
    from compatshim.migrate.sources import Inside, Source

__all__ = ["Piece", "Program"]

_TABS = re.compile(rb"^\t", re.MULTILINE)
_CODE = re.compile(rb"[^\s#]")


class Piece(NamedTuple):
    """A range of a template, and the bytes that are meant by it, where they are others."""

    start: int
    end: int
    meant: bytes | None = None


class Program:
    """A program in the making: statements, and what is asked of Python in between.

    ``depth`` is that of the function which all of it is in at the moment.
    """

    def __init__(self, source: Source) -> None:
        self._text = source.text
        self._extraction = Extraction(source)
        # A deeper line has to be deeper whatever a tab is: the made up ones have the kind
        # of indentation that the template has.
        self._step = b"\t" if _TABS.search(source.text) else b" "
        self.depth = 0

    def line(self, code: bytes) -> None:
        """Add a line that is made up."""
        self._extraction.make_up(self._step * self.depth + code + b"\n")

    def header(self, before: bytes, start: int, end: int, after: bytes = b"") -> None:
        """Add the head of a compound statement, part of which is in the template."""
        self._extraction.make_up(self._step * self.depth + before)
        self._extraction.take(start, end)
        self._extraction.make_up(after + b"\n")

    def expression(self, start: int, end: int) -> None:
        """Add an expression as a statement."""
        self.pieces([Piece(start, end)])

    def pieces(
        self,
        pieces: Iterable[Piece],
        before: bytes = b"(",
        after: bytes = b"\n)\n",
    ) -> None:
        """Add pieces in a row, between what is made up."""
        self._extraction.make_up(self._step * self.depth + before)
        for piece in pieces:
            if piece.meant is None:
                self._extraction.take(piece.start, piece.end)
            else:
                self._extraction.stand_in(piece.meant, piece.start, piece.end)
        self._extraction.make_up(after)

    def statements(self, start: int, end: int, *, hanging: bool = False) -> None:
        """Add a block of statements, as a suite of its own.

        The first one with code tells which indentation they share. With ``hanging`` what is
        on the first line is a suite of its own.
        """
        if hanging:
            first = self._text.find(b"\n", start, end) + 1 or end
            if _CODE.search(self._text, start, first):
                code = self._text[start:first]
                self._suite(start + len(code) - len(code.lstrip()), first)
                start = first
        self._suite(start, end)

    def finish(
        self,
        told_as: Inside,
        extract: Callable[[bytes], Source],
        problem: str | None = None,
    ) -> Extract:
        """Return the program."""
        return self._extraction.finish(told_as, extract, problem)

    def _suite(self, start: int, end: int) -> None:
        self.line(b"if 1:")
        lines = self._text[start:end].splitlines(keepends=True)
        shared = indentation(lines)
        needed = self._step * (self.depth + 1)
        is_enough = shared.startswith(needed) and not shared.strip(self._step)
        made = shared if is_enough else needed
        self._extraction.make_up(made + b"pass\n")
        indent = None if is_enough else (made.decode(), shared.decode())
        for line in lines:
            after = start + len(line)
            if is_enough or not line.strip():
                self._extraction.take(start, after)
            elif line.startswith(shared):
                self._extraction.stand_in(made, start, start + len(shared), indent)
                self._extraction.take(start + len(shared), after, indent)
            else:
                self._extraction.make_up(made)
                self._extraction.take(start, after, indent)
            start = after
        self._extraction.make_up(b"\n")
