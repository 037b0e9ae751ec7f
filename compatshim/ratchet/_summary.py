"""What a test run says of the baseline at its end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from compatshim.ratchet.baseline import NOT_ALLOWED
from compatshim.ratchet.findings import NO_FILE, OUTSIDE, OWN, TESTS, THIRD_PARTY
from compatshim.ratchet.git import repository_of
from compatshim.ratchet.reports._table import table
from compatshim.ratchet.wording import many, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from compatshim.ratchet.baseline import Change, Comparison
    from compatshim.ratchet.findings import Finding
    from compatshim.ratchet.settings import Settings

__all__ = ["Summary"]

_HELD = {OWN: "", TESTS: "In tests"}
_NOT_HELD = {
    THIRD_PARTY: "installed, or part of Python",
    OUTSIDE: "outside of the rootdir",
    NO_FILE: "in no file",
}


@dataclass
class Summary:
    """The verdict on a run, and its words.

    ``only_skipped`` says that nothing but skipped tests was left out, ``is_written`` that
    the baseline was updated; ``shown`` are the reports that have no file, and
    ``problems`` what could not be written.
    """

    settings: Settings
    findings: Sequence[Finding]
    comparison: Comparison
    only_skipped: bool = False
    is_written: bool = False
    shown: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def exit_status(self) -> int:
        """What pytest is to end with where the tests have passed."""
        if self.problems:
            return pytest.ExitCode.USAGE_ERROR
        if any(True for _ in self.verdict()):
            return NOT_ALLOWED
        return pytest.ExitCode.OK

    def verdict(self) -> Iterator[str]:
        """Say why the run fails though its tests have passed, if it does."""
        if not self.settings.update:
            if self.comparison.worse:
                yield self._is_more()
            if self.settings.strict and self.comparison.better:
                yield self._can_shrink()
        for problem in self.problems:
            yield f"ERROR: {printable(problem)}"

    def show(self, terminal: Any) -> None:
        """Write it to pytest's terminal reporter."""
        is_failure = self.exit_status != pytest.ExitCode.OK
        terminal.section("deprecations (compatshim)", red=is_failure)
        for text in self.shown:
            terminal.write_line(text.rstrip("\n"))
        for line in self._lines():
            terminal.write_line(printable(line))
        for problem in self.problems:
            terminal.write_line(f"ERROR: {printable(problem)}", red=True)

    def _lines(self) -> Iterator[str]:
        yield from self._not_held()
        if not self.settings.update:
            yield from self._compared()
        elif self.is_written:
            yield from self._updated()

    def _compared(self) -> Iterator[str]:
        worse, better = self.comparison.worse, self.comparison.better
        if worse:
            yield from _worse_tables(worse)
            yield self._is_more()
        if better:
            yield ""
            yield _better_table(better)
            yield self._can_shrink()
        if not worse and not better:
            held = sum(finding.is_held for finding in self.findings)
            name = self.settings.baseline_name
            yield f"{many(held, 'deprecated use')}, none more than {name} allows."
        yield from self._partial("Not compared for what is gone")

    def _updated(self) -> Iterator[str]:
        more = _difference(self.comparison.worse)
        gone = -_difference(self.comparison.better)
        yield f"{self.settings.baseline_name} was written: {more} more, {gone} fewer."
        yield from self._partial("It was not made to shrink")

    def _partial(self, consequence: str) -> Iterator[str]:
        if self.comparison.partial:
            reasons = ", ".join(self.comparison.partial)
            yield f"{consequence}, as part of the suite ran: {reasons}."
        if self.only_skipped:
            yield "If they are in every run, --compatshim-despite-skips does it."

    def _is_more(self) -> str:
        count = many(_difference(self.comparison.worse), "deprecated use")
        return (
            f"{count} more than {self.settings.baseline_name} allows. Replace them, or"
            " allow them with --compatshim-update."
        )

    def _can_shrink(self) -> str:
        count = many(-_difference(self.comparison.better), "deprecated use")
        return (
            f"The baseline can shrink: {count} fewer than"
            f" {self.settings.baseline_name} allows. Write it with --compatshim-update."
        )

    def _not_held(self) -> Iterator[str]:
        for origin, reason in _NOT_HELD.items():
            counts = Counter(
                _package_of(finding.path) if origin == THIRD_PARTY else finding.path
                for finding in self.findings
                if finding.origin == origin
            )
            if counts:
                listed = ", ".join(
                    f"{name} ({counts[name]})" for name in sorted(counts)
                )
                yield f"Not held ({reason}): {listed}."
        if not self.settings.has_ini and self._misses_the_repository():
            yield (
                f"WARNING: Files of this repository are not held, as pytest's rootdir is"
                f" {self.settings.root}, for want of an ini file. Put a pytest.ini at the"
                " top of the project, or give pytest --rootdir."
            )

    def _misses_the_repository(self) -> bool:
        return repository_of(self.settings.root) is not None and any(
            finding.origin == OUTSIDE and not finding.path.startswith("/")
            for finding in self.findings
        )


def _package_of(path: str) -> str:
    return path.partition("/")[0] or path


def _difference(changes: Iterable[Change]) -> int:
    return sum(change.now - change.was for change in changes)


def _worse_tables(changes: Sequence[Change]) -> Iterator[str]:
    for origin, heading in _HELD.items():
        rows = [
            (
                f"{finding.code} {finding.name}",
                _in(f"{finding.path}:{finding.line}", finding.function),
                "\n".join(finding.callers),
                finding.instead,
            )
            for change in changes
            for finding in change.findings
            if finding.origin == origin
        ]
        if rows:
            if heading:
                yield f"{heading}:"
            yield table(("what", "where", "called by", "write instead"), rows)
    for change in changes:
        if change.was:
            key = change.key
            yield (
                f"{key.code} {key.name}, {_in(key.path, key.function)}:"
                f" {change.was} allowed, {change.now} found: any of these."
            )


def _better_table(changes: Sequence[Change]) -> str:
    rows = (
        (
            f"{change.key.code} {change.key.name}",
            _in(change.key.path, change.key.function),
            str(change.was),
            str(change.now),
        )
        for change in changes
    )
    return table(("what", "where", "was", "is"), rows)


def _in(place: str, function: str) -> str:
    return f"{place} in {function}" if function else place
