"""A report for a terminal: what, where, who calls it, and what to write instead."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from compatshim.ratchet.reports._findings import better_table, findings_table
from compatshim.ratchet.reports._report import title_of
from compatshim.ratchet.reports._table import table
from compatshim.ratchet.wording import many

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from compatshim.ratchet.findings import Finding
    from compatshim.ratchet.reports._report import Report

__all__ = ["render"]


def render(report: Report) -> str:
    """Return the report as text; a path and what to write are never cut in two."""
    return "\n".join(part for part in _parts(report) if part)


def _parts(report: Report) -> Iterable[str]:
    yield f"{_summary(report)}\n"
    if report.partial:
        yield f"There may be more: {report.partial}.\n"
    if report.comparison is None:
        yield findings_table(report.own) if report.own else ""
    else:
        yield _section("Not in the baseline", report.worse)
        if report.comparison.better:
            yield "The baseline can shrink\n"
            yield better_table(report.comparison.better)
    yield _section("Outside of the project", report.others)
    yield _codes(report.own)


def _summary(report: Report) -> str:
    files = len({finding.path for finding in report.own})
    least = "at least " if report.partial else ""
    places = many(len(report.own), "place")
    text = f"Still legacy: {least}{places} in {many(files, 'file')}"
    if report.comparison is None:
        return text
    return (
        f"{text}; {len(report.worse) or 'none'} not allowed by {report.baseline_path}"
    )


def _section(heading: str, findings: Sequence[Finding]) -> str:
    return f"{heading}\n\n{findings_table(findings)}" if findings else ""


def _codes(findings: Sequence[Finding]) -> str:
    if not findings:
        return ""
    counts = Counter(finding.code for finding in findings)
    rows = ((code, str(counts[code]), title_of(code)) for code in sorted(counts))
    return "What remains\n\n" + table(("code", "places", "rule"), rows)
