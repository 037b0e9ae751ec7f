"""Tables of plain text."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["table"]

_GAP = "  "


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table with left-aligned columns; a cell may have several lines.

    Nothing is folded or cut: half of a path is of no use. What can be long belongs in the
    last column, which makes no other row wider.
    """
    cells = [headings, *rows]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    rule = ["-" * width for width in widths]
    lines = (
        line for row in (headings, rule, *cells[1:]) for line in _lines(row, widths)
    )
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _width(cell: str) -> int:
    return max(map(len, cell.splitlines()), default=0)


def _lines(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    for parts in zip_longest(*(cell.splitlines() for cell in row), fillvalue=""):
        padded = (part.ljust(width) for part, width in zip(parts, widths, strict=True))
        yield _GAP.join(padded)
