"""Hold an audit to the baseline of its project, the one of ``pytest --compatshim``.

An entry has a number for what runs have reached, and one for what is in the source.
The audit compares and writes the second one, and of that only what it has looked at.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from compatshim.migrate.counting import counted, places_in
from compatshim.migrate.rules import all_rules
from compatshim.ratchet import baseline
from compatshim.ratchet.reports import Report as Held
from compatshim.ratchet.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from compatshim.migrate.audit import Audit
    from compatshim.migrate.findings import Finding
    from compatshim.ratchet.baseline import Comparison, Key, Numbers
    from compatshim.ratchet.findings import Finding as Counted
    from compatshim.ratchet.places import Place

__all__ = ["Allowed", "Standing"]

_OPTION = "--update"


@dataclass(frozen=True)
class Allowed:
    """What was read from the baseline at ``path``, which its reader calls so."""

    path: Path
    numbers: Numbers

    @classmethod
    def load(cls, path: Path) -> Allowed:
        """Read it; one that is not there allows nothing. Raises ``BaselineError``."""
        return cls(path, baseline.read(path))


@dataclass(frozen=True)
class Standing:
    """How an audit of ``paths`` stands to what is ``allowed`` in ``project``.

    That is ``None`` where it is compared with no baseline. ``flow`` is as for ``audit``.
    """

    audit: Audit
    paths: Sequence[str]
    project: Path
    allowed: Allowed | None = None
    flow: bool = False

    @cached_property
    def comparison(self) -> Comparison | None:
        """What is different, in the files that were looked at, or have gone there."""
        if self.allowed is None:
            return None
        found = Counter(one.key for one in self._counted)
        own = {
            # Of what is not known as a whole there may be as many as before.
            key: count if self._is_looked_at(key.path) else min(count, found[key])
            for key, count in self.allowed.numbers[baseline.SOURCE].items()
            if key.code in self._codes
        }
        runs = self.allowed.numbers[baseline.RUNS]
        return baseline.compare(own, self._counted, others=runs)

    @property
    def verdict(self) -> Verdict | None:
        """The words for the comparison."""
        if self.allowed is None or self.comparison is None:
            return None
        return Verdict(self.comparison, str(self.allowed.path), "legacy name", _OPTION)

    @cached_property
    def held(self) -> Held:
        """The audit as the reports of the ratchet take it."""
        return Held(
            root=self.project,
            findings=tuple(self._counted),
            comparison=self.comparison,
            baseline_path=str(self.allowed.path) if self.allowed else "",
            unread=tuple(self._unread()),
        )

    def _unread(self) -> Iterator[tuple[str, str]]:
        for one in self.audit.unreadable:
            yield self._place_of(one.root, one.path).path, one.reason

    def is_worse(self, finding: Finding) -> bool:
        """Tell whether the baseline does not allow a finding; without one it never does."""
        if self.comparison is None:
            return True
        return counted([finding], self._place_of)[0].key in self._worse

    def update(self) -> None:
        """Let the baseline have what was found; raises ``BaselineError``."""
        if self.allowed is not None and self.comparison is not None:
            source = self.allowed.numbers[baseline.SOURCE]
            counts = baseline.updated(source, self.comparison)
            baseline.save(self.allowed.path, counts, baseline.SOURCE)

    @cached_property
    def _codes(self) -> frozenset[str]:
        """What it has looked for: of what reaches a file through others, only if asked."""
        return frozenset(
            rule.code for rule in all_rules() if self.flow or not rule.follow
        )

    @cached_property
    def _worse(self) -> frozenset[Key]:
        changes = self.comparison.worse if self.comparison else ()
        return frozenset(change.key for change in changes)

    @cached_property
    def _counted(self) -> list[Counted]:
        return counted(self.audit.findings, self._place_of)

    @cached_property
    def _place_of(self) -> Callable[[str, str], Place]:
        return places_in(self.project)

    @cached_property
    def _looked_at(self) -> frozenset[str]:
        unsure = {(one.root, one.path) for one in self.audit.unreadable}
        return frozenset(
            self._place_of(one.root, one.path).path
            for one in self.audit.read
            if (one.root, one.path) not in unsure
        )

    @cached_property
    def _folders(self) -> tuple[str, ...]:
        return tuple(os.path.join(os.path.realpath(path), "") for path in self.paths)

    def _is_looked_at(self, path: str) -> bool:
        """Tell whether the audit knows all that a file has: it has read it, or it is gone."""
        if path in self._looked_at:
            return True
        location = os.path.realpath(self.project / path)
        return not os.path.lexists(location) and location.startswith(self._folders)
