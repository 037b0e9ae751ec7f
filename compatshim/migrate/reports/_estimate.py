"""How much work is left when a tool has done its part: a guess, to plan with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.migrate.findings import ASSISTED, AUTOMATIC, MANUAL
from compatshim.ratchet.wording import many

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compatshim.migrate.findings import Finding

__all__ = ["estimate"]

_MINUTES = {AUTOMATIC: 0, ASSISTED: 3, MANUAL: 15}
"""What a name takes somebody: to look, or to think and write."""

_AN_HOUR_OR_TWO = 120


def estimate(findings: Sequence[Finding]) -> str:
    """Return a sentence about what remains after ``compatshim rewrite``."""
    left = [one for one in findings if one.fix != AUTOMATIC]
    if not left:
        return "'compatshim rewrite' can replace them all."
    minutes = sum(_MINUTES[one.fix] for one in left)
    files = len({(one.root, one.path) for one in left})
    time = f"{minutes} minutes"
    if minutes >= _AN_HOUR_OR_TWO:
        time = f"{round(minutes / 60):,} hours"
    verb = "remains" if len(left) == 1 else "remain"
    return (
        f"After 'compatshim rewrite' {many(len(left), 'name')} in"
        f" {many(files, 'file')} {verb}: about {time} of work."
    )
