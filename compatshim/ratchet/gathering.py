"""Joining what several processes of one test run have counted."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from compatshim.deprecation import Use
from compatshim.deprecation.uses import with_callers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from compatshim.deprecation import CallSite

__all__ = ["Counted", "joined"]


@dataclass
class Counted:
    """What one process has counted, and which of it until all tests were collected."""

    uses: list[Use] = field(default_factory=list)
    collecting: list[Use] = field(default_factory=list)

    def to_dict(self) -> dict[str, list[dict[str, Any]]]:
        """Return what can be sent; :meth:`from_dict` takes it back."""
        return {
            "uses": [use.to_dict() for use in self.uses],
            "collecting": [use.to_dict() for use in self.collecting],
        }

    @classmethod
    def from_dict(cls, lists: dict[str, list[dict[str, Any]]]) -> Counted:
        """Return what :meth:`to_dict` has made."""
        return cls(
            [Use.from_dict(use) for use in lists["uses"]],
            [Use.from_dict(use) for use in lists["collecting"]],
        )


def joined(processes: Iterable[Counted]) -> list[Use]:
    """Return what one process would have counted that ran all the tests.

    Each process collects all tests, and imports what they import, but runs some of them
    only: so the counts of tests are added, and those until then are not.
    """
    uses: dict[CallSite, Use] = {}
    collecting: dict[CallSite, int] = defaultdict(int)
    for process in processes:
        early = {use.site: use.count for use in process.collecting}
        for site, count in early.items():
            collecting[site] = max(collecting[site], count)
        for use in process.uses:
            known = uses.setdefault(use.site, use.but(count=0, callers=[]))
            known.count += use.count - early.get(use.site, 0)
            known.callers = with_callers(known.callers, use.callers)
    for site, use in uses.items():
        use.count += collecting[site]
    return list(uses.values())
