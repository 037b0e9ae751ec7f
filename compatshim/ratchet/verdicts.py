"""What is said of a comparison with a baseline, whoever has compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from compatshim.ratchet.findings import OWN, TESTS
from compatshim.ratchet.reports._findings import (
    better_table,
    findings_table,
    in_function,
)
from compatshim.ratchet.wording import many

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from compatshim.ratchet.baseline import Change, Comparison

__all__ = ["Verdict"]

_HELD = {OWN: "", TESTS: "In tests:"}


@dataclass(frozen=True)
class Verdict:
    """The words for a comparison with the baseline that its readers call ``name``.

    ``noun`` is what was counted, and ``option`` what writes the baseline.
    """

    comparison: Comparison
    name: str
    noun: str
    option: str

    def worse(self) -> Iterator[str]:
        """Say what is more than allowed, and where; nothing, if nothing is."""
        changes = self.comparison.worse
        for origin, heading in _HELD.items():
            findings = [
                finding
                for change in changes
                for finding in change.findings
                if finding.origin == origin
            ]
            if findings:
                if heading:
                    yield heading
                yield findings_table(findings)
        yield from self.more()
        if changes:
            yield self.is_more()

    def more(self) -> Iterator[str]:
        """Say of what there is more, where it cannot be told which are the new ones."""
        for change in self.comparison.more:
            key = change.key
            yield (
                f"{key.code} {key.name}, {in_function(key.path, key.function)}:"
                f" {change.was} allowed, {change.now} found: any of these."
            )

    def better(self) -> Iterator[str]:
        """Say what is less than allowed; nothing, if nothing is."""
        if self.comparison.better:
            yield better_table(self.comparison.better)
            yield self.can_shrink()

    def is_more(self) -> str:
        """Say how many are more than allowed."""
        count = many(_difference(self.comparison.worse), self.noun)
        return (
            f"{count} more than {self.name} allows. Replace them, or allow them with"
            f" {self.option}."
        )

    def can_shrink(self) -> str:
        """Say how many are fewer than allowed."""
        count = many(-_difference(self.comparison.better), self.noun)
        return (
            f"The baseline can shrink: {count} fewer than {self.name} allows. Write it"
            f" with {self.option}."
        )

    def was_written(self) -> str:
        """Say how the baseline was changed."""
        more = _difference(self.comparison.worse)
        fewer = -_difference(self.comparison.better)
        return f"{self.name} was written: {more} more, {fewer} fewer."


def _difference(changes: Iterable[Change]) -> int:
    return sum(change.now - change.was for change in changes)
