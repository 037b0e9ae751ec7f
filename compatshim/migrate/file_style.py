"""How the imports of a file are written, going by those that it has."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from compatshim.migrate.imports_block import Layout, Style, layout_of
from compatshim.migrate.removals import indent_before

if TYPE_CHECKING:
    from compatshim.migrate.examined import Examined
    from compatshim.migrate.syntax import ImportStatement

__all__ = ["FileStyle"]

_WIDTH = 79  # of PEP 8


class FileStyle:
    """The style of one file, found out when it is asked for."""

    def __init__(self, examined: Examined) -> None:
        self._examined = examined

    def layout_of(self, statement: ImportStatement) -> Layout | None:
        """Return how a statement is broken into lines, if it is."""
        text = self._examined.source.text
        return layout_of(
            text[statement.start : statement.end].decode("utf-8", "replace"),
            indent_before(text, statement.start),
        )

    def style(self, layout: Layout | None) -> Style:
        """Return the style with a ``layout``, or with that of the file's imports."""
        newline = self._examined.source.newline
        return Style(layout or self._layout, self._width, newline)

    @cached_property
    def _layout(self) -> Layout:
        layouts = [
            layout for text in self._imports.values() if (layout := layout_of(text))
        ]
        if layouts:
            return layouts[0]
        text = self._examined.source.text
        return Layout(step="\t" if text.count(b"\n\t") > text.count(b"\n ") else "    ")

    @cached_property
    def _width(self) -> int:
        """How long lines may be: as long as the other imports are, where these are long."""
        legacy = {statement.start for statement in self._examined.statements}
        lines = (
            text
            for start, text in self._imports.items()
            if start not in legacy and "\n" not in text
        )
        return max([_WIDTH, *map(len, lines)])

    @cached_property
    def _imports(self) -> dict[int, str]:
        tree = self._examined.tree
        return {
            node.start_byte: tree.content(node)
            for node in tree.root.children
            if node.type == "import_from_statement"
        }
