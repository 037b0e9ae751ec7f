"""Was it the whole suite that ran? Only then is what was not found really gone."""

from __future__ import annotations

import glob
import os
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Suite"]

_OPTIONS = {
    "lf": "--last-failed",
    "collectonly": "--collect-only",
    "setuponly": "--setup-only",
    "setupplan": "--setup-plan",
}
_NARROWING = re.compile(
    r"-[hlqsvx]*[co]"  # also behind options that take no value: -qc other.ini
    r"|--(config-file|override-ini|ignore|ignore-glob|noconftest|doctest-glob)(=|$)"
    r"|(-p)?no:(python|unittest|doctest)$"
    r"|@"
)


class Suite:
    """Takes note of what is left out of a test run."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._ran: set[str] = set()
        self._skipped: set[str] = set()
        self.deselected = 0
        self.lost_workers = 0

    def note(self, report: pytest.TestReport) -> None:
        """Take note that a test was run, or skipped."""
        if report.when == "call" or (report.when == "setup" and not report.passed):
            self._ran.add(report.nodeid)
        # One that is expected to fail is run, unless it is marked with run=False.
        if report.skipped and (
            report.when == "setup" or not hasattr(report, "wasxfail")
        ):
            self._skipped.add(report.nodeid)

    def note_collected(self, report: pytest.CollectReport) -> None:
        """Take note that a file was collected, or skipped as a whole."""
        if report.skipped:
            self._skipped.add(report.nodeid)

    def skipped(self) -> Iterator[str]:
        """Say what was skipped, if anything was."""
        if self._skipped:
            yield f"tests or files were skipped ({len(self._skipped)})"

    def left_out(self, session: pytest.Session, exit_status: int) -> Iterator[str]:
        """Say why else this was a run of part of the suite: of the whole, say nothing."""
        if exit_status == pytest.ExitCode.TESTS_FAILED:
            yield "tests failed"
        elif exit_status != pytest.ExitCode.OK:
            yield "it did not come to its end"
        if not self._covers_all_paths():
            yield "paths or tests were named"
        for option, name in _OPTIONS.items():
            if self._config.getoption(option, False):
                yield name
        yield from filter(_NARROWING.match, self._command_line())
        if self.deselected:
            yield f"tests were deselected ({self.deselected})"
        if self.lost_workers:
            yield f"workers were lost ({self.lost_workers})"
        if len(self._ran) < session.testscollected:
            missing = session.testscollected - len(self._ran)
            yield f"collected tests did not run ({missing})"

    def _covers_all_paths(self) -> bool:
        config = self._config
        folder = config.invocation_params.dir
        given = [Path(os.path.normpath(folder / name)) for name in config.args]
        return all(
            any(path == other or path.is_relative_to(other) for other in given)
            for path in self._paths_of_suite()
        )

    def _paths_of_suite(self) -> list[Path]:
        root = self._config.rootpath
        folder = glob.escape(str(root))
        found = [
            path
            for pattern in self._config.getini("testpaths")
            for path in glob.iglob(f"{folder}/{pattern}", recursive=True)
        ]
        return [Path(os.path.normpath(path)) for path in found] or [root]

    def _command_line(self) -> list[str]:
        # Not what stands in the project's own addopts: that is so in every run.
        return [
            *map(str, self._config.invocation_params.args),
            *shlex.split(os.environ.get("PYTEST_ADDOPTS", "")),
        ]
