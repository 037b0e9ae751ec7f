"""Python that stands in something else: a doctest, a template.

The pieces of it are put together as one program, with what has to be made up around them,
and that program is a source as any other: its ranges are mapped back to where the pieces
are from.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from compatshim.migrate.sources import Inside, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["Extract", "Extraction", "indentation"]


class _Indent(NamedTuple):
    """What each line of a piece begins with in the program, and where it is from."""

    made: str
    original: str


class _Segment(NamedTuple):
    """A range of the program, and the range that it is from; as it is, or for it."""

    start: int
    end: int
    original_start: int
    original_end: int
    indent: _Indent | None = None

    def place_of(self, offset: int) -> int:
        """Return where ``offset``, in or at the end of the segment, is from."""
        if self.end - self.start != self.original_end - self.original_start:
            return self.original_end if offset > self.start else self.original_start
        return self.original_start + offset - self.start


@dataclass(frozen=True, kw_only=True)
class Extract(Source):
    """The program that was put together of pieces of ``outer``.

    ``told_as`` is the code and the kind of what is found in it; ``extract`` makes the
    program of other bytes of the file.
    """

    outer: Source
    segments: tuple[_Segment, ...]
    told_as: Inside
    extract: Callable[[bytes], Source] | None = field(default=None, compare=False)

    @property
    def inside(self) -> Inside:
        """What is found in it is told as."""
        return self.told_as

    @property
    def whole(self) -> Source:
        """The source of the file."""
        return self.outer.whole

    @cached_property
    def newline(self) -> str:
        """Which line ending most lines of the file have."""
        return self.outer.newline

    def within(self, start: int, end: int) -> tuple[int, int]:
        """Return a range without what is made up at its start and its end."""
        found = self._segments_in(start, end)
        if not found:
            return start, start
        return max(start, found[0].start), min(end, found[-1].end)

    def in_whole(self, start: int, end: int) -> tuple[int, int]:
        """Return where in the text of the file the range is."""
        return self.outer.in_whole(*self._in_outer(start, end))

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return where in ``data`` the range of ``text`` is."""
        return self.outer.original(*self._in_outer(start, end))

    def lines(self, start: int, end: int) -> tuple[int, int]:
        """Return the lines of the file that the range begins and ends in."""
        return self.outer.lines(*self._in_outer(start, end))

    def position(self, offset: int) -> tuple[int, int]:
        """Return the line and the column in the file of an ``offset`` of ``text``."""
        return self.outer.position(self._in_outer(offset, offset + 1)[0])

    def encode(self, text: str) -> bytes:
        """Return ``text`` as the file would have it, which may raise a UnicodeError."""
        return self.outer.encode(text)

    def as_original(self, start: int, end: int, text: str) -> str:
        """Return ``text``, which is to stand in the range, as it is written there."""
        indents = {found.indent for found in self._segments_in(start, end)}
        for indent in filter(None, indents):
            text = text.replace(f"\n{indent.made}", f"\n{indent.original}")
        return self.outer.as_original(*self._in_outer(start, end), text)

    def reread(self, data: bytes) -> Source:
        """Return the program that other bytes of the file have, as far as it is known."""
        return self.extract(data) if self.extract else self.outer.reread(data)

    def _in_outer(self, start: int, end: int) -> tuple[int, int]:
        found = self._segments_in(start, end)
        if not found:
            place = self._nearest(start)
            return place, place
        first, last = found[0], found[-1]
        return (
            first.place_of(max(start, first.start)),
            last.place_of(min(end, last.end)),
        )

    def _segments_in(self, start: int, end: int) -> tuple[_Segment, ...]:
        first = bisect_right(self._ends, start)
        return self.segments[first : bisect_left(self._starts, max(end, start + 1))]

    def _nearest(self, offset: int) -> int:
        """Return where what comes before ``offset`` ends, or what comes first begins."""
        before = bisect_right(self._ends, offset)
        if before:
            return self.segments[before - 1].original_end
        return self.segments[0].original_start if self.segments else 0

    @cached_property
    def _starts(self) -> list[int]:
        return [segment.start for segment in self.segments]

    @cached_property
    def _ends(self) -> list[int]:
        return [segment.end for segment in self.segments]


class Extraction:
    """A program in the making, of pieces of ``outer``."""

    def __init__(self, outer: Source) -> None:
        self._outer = outer
        self._code = bytearray()
        self._segments: list[_Segment] = []

    def make_up(self, code: bytes) -> None:
        """Add what is not from anywhere."""
        self._code += code

    def take(self, start: int, end: int, indent: tuple[str, str] | None = None) -> None:
        """Add the piece from ``start`` to ``end``.

        ``indent`` is what a new line in its place begins with in the program, and in what
        it is from.
        """
        self.stand_in(self._outer.text[start:end], start, end, indent)

    def stand_in(
        self, code: bytes, start: int, end: int, indent: tuple[str, str] | None = None
    ) -> None:
        """Add ``code`` in the place of the piece from ``start`` to ``end``."""
        if not code:
            return
        at = len(self._code)
        self._code += code
        lines = _Indent(*indent) if indent else None
        self._segments.append(_Segment(at, at + len(code), start, end, lines))

    def finish(
        self,
        told_as: Inside,
        extract: Callable[[bytes], Source] | None = None,
        problem: str | None = None,
    ) -> Extract:
        """Return the program; ``problem`` is why not all of it could be taken."""
        outer = self._outer
        return Extract(
            outer.path,
            outer.data,
            outer.encoding,
            outer.bom,
            bytes(self._code),
            outer.problem or problem,
            outer=outer,
            segments=tuple(self._segments),
            told_as=told_as,
            extract=extract,
        )


def indentation(lines: Iterable[bytes]) -> bytes:
    """Return what the first of ``lines`` that has code begins with."""
    for line in lines:
        code = line.lstrip(b" \t")
        if code.strip() and not code.startswith(b"#"):
            return line[: len(line) - len(code)]
    return b""
