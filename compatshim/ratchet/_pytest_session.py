"""The ratchet as a pytest plugin: registered where ``--compatshim`` asks for it.

Under pytest-xdist each worker hands its counts over at its end, and the controller alone
compares them with the baseline.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from compatshim.errors import CompatShimError
from compatshim.ratchet import baseline, history, reports
from compatshim.ratchet._counting import Counting
from compatshim.ratchet._suite import Suite
from compatshim.ratchet._summary import Summary
from compatshim.ratchet.findings import findings_of
from compatshim.ratchet.gathering import Counted, joined
from compatshim.ratchet.git import current_commit
from compatshim.ratchet.settings import settings_of
from compatshim.ratchet.writing import write_reports

if TYPE_CHECKING:
    from compatshim.ratchet.baseline import Comparison
    from compatshim.ratchet.findings import Finding

__all__ = ["register"]

_NAME = "compatshim ratchet"
_SENT = "compatshim"
_NOTHING_FOUND = (pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR)


def register(config: pytest.Config) -> None:
    """Count from now on, and hold the run to its baseline; a second call does nothing."""
    if not config.pluginmanager.has_plugin(_NAME):
        config.pluginmanager.register(_Ratchet(config), _NAME)


class _Ratchet(Counting):
    """Counts, and finds out when pytest is configured what is to become of it."""

    def pytest_configure(self, config: pytest.Config) -> None:
        # Only now is it known whether this is a worker.
        is_worker = hasattr(config, "workerinput")
        plugin = _Worker(self) if is_worker else _Controller(self, config)
        config.pluginmanager.register(plugin)


class _Worker:
    """A worker of pytest-xdist: what it counts and leaves out is sent at its end."""

    def __init__(self, counting: Counting) -> None:
        self._counting = counting
        self._deselected = 0

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        self._deselected += len(items)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        config: Any = session.config  # xdist's, in a worker
        output: dict[str, Any] = config.workeroutput
        # As JSON, since execnet cannot send the name of a file that is not UTF-8.
        output[_SENT] = json.dumps(
            {
                "counted": self._counting.counted().to_dict(),
                "deselected": self._deselected,
            }
        )


class _Controller:
    """Compares what all processes have counted with the baseline."""

    def __init__(self, counting: Counting, config: pytest.Config) -> None:
        self._counting = counting
        self._suite = Suite(config)
        self._workers: list[Counted] = []
        self._summary: Summary | None = None
        try:
            self._settings = settings_of(config)
            self._numbers = baseline.read(self._settings.baseline)
            if self._settings.history:
                history.load(self._settings.history)
        except (CompatShimError, OSError) as error:
            raise pytest.UsageError(str(error)) from None

    def pytest_report_header(self) -> str:
        count = sum(baseline.allowed_by(self._numbers).values())
        return f"compatshim: {self._settings.baseline_name} allows {count} uses"

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        self._suite.deselected += len(items)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._suite.note_collected(report)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._suite.note(report)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        text = getattr(node, "workeroutput", {}).get(_SENT)
        if text is None:
            self._suite.lost_workers += 1
            return
        sent = json.loads(text)
        self._workers.append(Counted.from_dict(sent["counted"]))
        self._suite.deselected = max(self._suite.deselected, sent["deselected"])

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        exit_status = session.exitstatus
        if exit_status in _NOTHING_FOUND:
            return
        findings = self._findings()
        left_out = list(self._suite.left_out(session, exit_status))
        skipped = [] if self._settings.despite_skips else list(self._suite.skipped())
        comparison = baseline.compare(
            self._numbers[baseline.RUNS],
            findings,
            [*left_out, *skipped],
            self._numbers[baseline.SOURCE],
        )
        summary = Summary(self._settings, findings, comparison)
        summary.only_skipped = bool(skipped and not left_out)
        if self._settings.update:
            comparison = self._update(summary)
        runs = self._history(summary, is_whole=not left_out)
        report = reports.Report(
            root=self._settings.root,
            findings=tuple(findings),
            comparison=comparison,
            baseline_path=self._settings.baseline_name,
            changed=self._settings.changed,
            history=tuple(runs),
        )
        summary.problems += write_reports(
            self._settings.reports, report, summary.shown.append, "--compatshim-report"
        )
        if exit_status == pytest.ExitCode.OK:
            session.exitstatus = summary.exit_status
        self._summary = summary

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if self._summary is not None:
            self._summary.show(terminalreporter)
            self._summary = None

    def pytest_unconfigure(self) -> None:
        # There was no summary: pytest may have none, or has been told to show none.
        if self._summary is not None:
            sys.stderr.writelines(f"{line}\n" for line in self._summary.verdict())

    def _findings(self) -> list[Finding]:
        counted = self._counting.counted()
        if self._workers:  # they run the tests: here was but the start of a collection
            counted.collecting = counted.uses
        uses = joined([counted, *self._workers])
        return findings_of(uses, self._settings.root, self._settings.ignore)

    def _update(self, summary: Summary) -> Comparison:
        """Write the baseline, and return how the run then stands to it."""
        comparison = summary.comparison
        allowed = baseline.updated(self._numbers[baseline.RUNS], comparison)
        try:
            baseline.save(self._settings.baseline, allowed)
        except CompatShimError as error:
            summary.problems.append(str(error))
            return comparison
        summary.is_written = True
        return baseline.compare(allowed, summary.findings, comparison.partial)

    def _history(self, summary: Summary, *, is_whole: bool) -> list[history.Run]:
        """Return the runs of the trend, with this one if the suite was whole."""
        path = self._settings.history
        if path is None:
            return []
        try:
            if not is_whole:
                return history.load(path)
            held = [one for one in summary.findings if one.is_held]
            commit = current_commit(self._settings.root)
            return history.append(path, history.Run.of(held, commit=commit))
        except (CompatShimError, OSError) as error:
            problem = f"--compatshim-history={path} could not be written: {error}"
            summary.problems.append(problem)
            return []
