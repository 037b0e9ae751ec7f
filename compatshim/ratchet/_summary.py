"""What a test run says of the baseline at its end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from compatshim.ratchet.baseline import NOT_ALLOWED
from compatshim.ratchet.findings import NO_FILE, OUTSIDE, THIRD_PARTY
from compatshim.ratchet.git import repository_of
from compatshim.ratchet.verdicts import Verdict
from compatshim.ratchet.wording import many, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compatshim.ratchet.baseline import Comparison
    from compatshim.ratchet.findings import Finding
    from compatshim.ratchet.settings import Settings

__all__ = ["Summary"]

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
                yield self._verdict.is_more()
            if self.settings.strict and self.comparison.better:
                yield self._verdict.can_shrink()
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
        yield from self._verdict.worse()
        if self.comparison.better:
            yield ""
            yield from self._verdict.better()
        elif not self.comparison.worse:
            held = sum(finding.is_held for finding in self.findings)
            name = self.settings.baseline_name
            yield f"{many(held, 'deprecated use')}, none more than {name} allows."
        yield from self._partial("Not compared for what is gone")

    def _updated(self) -> Iterator[str]:
        yield self._verdict.was_written()
        yield from self._partial("It was not made to shrink")

    def _partial(self, consequence: str) -> Iterator[str]:
        if self.comparison.partial:
            reasons = ", ".join(self.comparison.partial)
            yield f"{consequence}, as part of the suite ran: {reasons}."
        if self.only_skipped:
            yield "If they are in every run, --compatshim-despite-skips does it."

    @property
    def _verdict(self) -> Verdict:
        return Verdict(
            self.comparison,
            self.settings.baseline_name,
            "deprecated use",
            "--compatshim-update",
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
