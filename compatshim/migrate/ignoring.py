"""``# compatshim: ignore[CS101]``: what a comment takes out of an audit."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from compatshim.migrate.kinds import PYTHON, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from compatshim.migrate.findings import Finding
    from compatshim.migrate.sources import Source

__all__ = ["says_to_ignore", "without_ignored"]

_COMMENT = re.compile(rb"#[ \t]*compatshim:[ \t]*ignore(?:\[([\w\s,]*)\])?")


_MARKS = (b"", b"#", b"{", b"{#-", b"<!--", b"<!--!", b"<%doc>")


def says_to_ignore(source: Source) -> bool:
    """Tell whether a comment in the file of ``source`` says to ignore anything."""
    return bool(_ignored(source.whole))


def without_ignored(source: Source, findings: Iterable[Finding]) -> list[Finding]:
    """Return the ``findings`` in ``source`` that no comment in its file says to ignore.

    A comment holds for the names on its line, and for all of a statement on its first and
    its last line. One that names no codes holds for all. In templates and settings, which
    may have no comments at the end of a line, one on a line of its own holds for the next.
    """
    whole = source.whole
    ignored = _ignored(whole)
    if not ignored:
        return list(findings)
    kept = []
    for finding in findings:
        own = whole.position(finding.start)[0]
        lines = {finding.line, own, finding.end_line}
        left = _left(finding, [ignored[line] for line in lines if line in ignored])
        if left is not None:
            kept.append(left)
    return kept


@lru_cache(maxsize=1)
def _ignored(source: Source) -> dict[int, frozenset[str]]:
    """Return the codes by the line whose comment names them."""
    if b"compatshim:" not in source.text:
        return {}
    ignored = {}
    for found in _COMMENT.finditer(source.text):
        line = source.position(found.start())[0]
        if kind_of(source.path) != PYTHON and _is_alone(source.text, found.start()):
            line += 1
        ignored[line] = _codes(found[1])
    return ignored


def _is_alone(text: bytes, offset: int) -> bool:
    """Tell whether there is nothing before a comment but the mark that it begins with."""
    before = text[text.rfind(b"\n", 0, offset) + 1 : offset]
    return before.strip() in _MARKS


def _left(finding: Finding, ignored: list[frozenset[str]]) -> Finding | None:
    if any(not codes or finding.code in codes for codes in ignored):
        return None
    also = tuple(
        code for code in finding.also if not any(code in codes for codes in ignored)
    )
    return finding._replace(also=also)


def _codes(listed: bytes | None) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", (listed or b"").decode()))
