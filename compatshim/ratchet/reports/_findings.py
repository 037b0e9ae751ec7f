"""Tables of findings, and of what is fewer: for a terminal, at the end of a run or alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.ratchet.reports._table import table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from compatshim.ratchet.baseline import Change
    from compatshim.ratchet.findings import Finding

__all__ = ["better_table", "findings_table", "in_function"]


def findings_table(findings: Iterable[Finding]) -> str:
    """Return what, where, who calls it if anybody is known, and what to write instead."""
    rows = [
        (
            f"{finding.code} {finding.name}",
            in_function(f"{finding.path}:{finding.line}", finding.function),
            "\n".join(finding.callers),
            finding.instead,
        )
        for finding in findings
    ]
    headings = ("what", "where", "called by", "write instead")
    if any(callers for _, _, callers, _ in rows):
        return table(headings, rows)
    return table((*headings[:2], headings[3]), [(*row[:2], row[3]) for row in rows])


def better_table(changes: Iterable[Change]) -> str:
    """Return what a baseline allows, and is there no more or not so often."""
    rows = (
        (
            f"{change.key.code} {change.key.name}",
            in_function(change.key.path, change.key.function),
            str(change.was),
            str(change.now),
        )
        for change in changes
    )
    return table(("what", "where", "was", "is"), rows)


def in_function(place: str, function: str) -> str:
    """Return ``place`` with the name of a function, if there is one."""
    return f"{place} in {function}" if function else place
