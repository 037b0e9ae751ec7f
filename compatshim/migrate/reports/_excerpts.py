"""The lines that findings are in, as a page shows them."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from compatshim.migrate.sources import read_source

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["excerpt", "lines_of"]

_LINE_END = re.compile("\r\n|\r|\n")
_MOST_LINES = 6
_MOST_LETTERS = 160


def lines_of(location: str) -> list[str]:
    """Return the lines of a file; none, where it cannot be read any more."""
    try:
        text = read_source(location).text
    except OSError:
        return []
    return _LINE_END.split(text.decode("utf-8", "replace"))


def excerpt(lines: Sequence[str], first: int, last: int) -> str:
    """Return the lines from ``first`` to ``last``, or the first few of them."""
    shown = lines[first - 1 : min(last, first - 1 + _MOST_LINES)]
    cut = [_cut(line.expandtabs(4)) for line in shown]
    if last - first >= _MOST_LINES:
        cut.append("\N{HORIZONTAL ELLIPSIS}")
    return textwrap.dedent("\n".join(cut))


def _cut(line: str) -> str:
    if len(line) <= _MOST_LETTERS:
        return line
    return f"{line[:_MOST_LETTERS]}\N{HORIZONTAL ELLIPSIS}"
