"""What an audit finds: one entry for each legacy name, with what to write instead."""

from __future__ import annotations

from typing import NamedTuple

__all__ = [
    "ASSISTED",
    "ATTRIBUTE",
    "AUTOMATIC",
    "CONFIG",
    "FIXES",
    "FROM_IMPORT",
    "IMPORT",
    "KINDS",
    "MANUAL",
    "STRING",
    "TEMPLATE",
    "Finding",
]

IMPORT = "import"
FROM_IMPORT = "from-import"
ATTRIBUTE = "attribute"
STRING = "string"
TEMPLATE = "template"
CONFIG = "config"
KINDS = (IMPORT, FROM_IMPORT, ATTRIBUTE, STRING, TEMPLATE, CONFIG)

AUTOMATIC = "automatic"
ASSISTED = "assisted"
MANUAL = "manual"
FIXES = (AUTOMATIC, ASSISTED, MANUAL)
"""``compatshim rewrite`` does it; it is known what to write, but somebody has to look, or
to ask for it; nobody has an answer but the team."""


class Finding(NamedTuple):
    """One use of one legacy name.

    ``path`` is relative to ``root``, the PATH that was audited, with slashes; where PATH
    is a file, it is that, and ``root`` is ``""``. ``line`` is the first
    one of the statement, ``end_line`` its last; ``column`` is that of the name, from 1, in
    characters. ``module`` and ``name`` are the legacy ones, ``name`` is ``"*"`` for a star
    and ``""`` where the module itself is meant; ``asname`` is its name here, if it has
    another one. ``replacement`` is a dotted name, or ``""``. ``function`` is the qualified
    name of the function or class around it, or ``""``. ``also`` are codes that hold for
    the same name, such as that it is never used.

    ``start`` and ``end`` are its range in the parsed text, for the rewriter; they are not
    part of any report.
    """

    path: str
    line: int
    column: int
    end_line: int
    code: str
    kind: str
    module: str
    name: str
    asname: str | None = None
    replacement: str = ""
    fix: str = MANUAL
    function: str = ""
    also: tuple[str, ...] = ()
    start: int = 0
    end: int = 0
    root: str = ""

    @property
    def full_name(self) -> str:
        """The legacy name as a baseline counts it: ``pylons.request``."""
        return f"{self.module}.{self.name}" if self.name else self.module

    @property
    def place(self) -> tuple[str, str, int, int, str]:
        """What findings are sorted by."""
        return self.root, self.path, self.line, self.column, self.code
