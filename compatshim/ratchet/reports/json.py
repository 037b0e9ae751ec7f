"""A report for other programs: one JSON object, whose ``version`` says its shape."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from compatshim import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable

    from compatshim.ratchet.baseline import Change
    from compatshim.ratchet.findings import Finding
    from compatshim.ratchet.history import Run
    from compatshim.ratchet.reports._report import Report

__all__ = ["render"]


def render(report: Report) -> str:
    """Return the report as JSON.

    ``totals`` count the project's own findings by code; ``findings`` have the others, too,
    such as those in installed packages, with an ``origin`` of their own; ``status`` says
    how one of the project's own stands to the baseline. ``status``, ``baseline`` and ``changed`` are
    null where there is none.
    """
    values = {
        "version": 1,
        "compatshim": __version__,
        "totals": dict(sorted(Counter(one.code for one in report.own).items())),
        "findings": [_finding(report, finding) for finding in sorted(report.findings)],
        "baseline": _baseline(report),
        "changed": None if report.changed is None else sorted(report.changed),
        "history": [_run(run) for run in report.history],
    }
    return json.dumps(values, indent=2) + "\n"


def _finding(report: Report, finding: Finding) -> dict[str, Any]:
    return {
        "path": finding.path,
        "line": finding.line,
        "code": finding.code,
        "name": finding.name,
        "function": finding.function,
        "instead": finding.instead,
        "callers": list(finding.callers),
        "count": finding.count,
        "origin": finding.origin,
        "status": report.status_of(finding) or None,
    }


def _baseline(report: Report) -> dict[str, Any] | None:
    comparison = report.comparison
    if comparison is None:
        return None
    return {
        "path": report.baseline_path,
        "new": _changes(comparison.new),
        "more": _changes(comparison.more),
        "fewer": _changes(comparison.fewer),
        "gone": _changes(comparison.gone),
        "partial": list(comparison.partial),
    }


def _changes(changes: Iterable[Change]) -> list[dict[str, Any]]:
    return [
        {**change.key._asdict(), "was": change.was, "now": change.now}
        for change in changes
    ]


def _run(run: Run) -> dict[str, Any]:
    return {
        "date": run.date.isoformat(),
        "commit": run.commit,
        "files": run.files,
        "total": run.total,
        "codes": dict(run.codes),
    }
