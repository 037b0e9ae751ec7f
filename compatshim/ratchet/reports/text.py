"""A report for a terminal: what, where, who calls it, and what to write instead."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from compatshim.ratchet.reports._report import title_of
from compatshim.ratchet.reports._table import table
from compatshim.ratchet.wording import many

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from compatshim.ratchet.baseline import Change
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
        yield _findings(report.own)
    else:
        yield _section("Not in the baseline", report.worse)
        yield _better(report.comparison.better)
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
    return f"{heading}\n\n{_findings(findings)}" if findings else ""


def _findings(findings: Sequence[Finding]) -> str:
    if not findings:
        return ""
    headings = ("where", "what, what to write instead, who calls it")
    return table(headings, ((_where(one), _what(one)) for one in findings))


def _where(finding: Finding) -> str:
    inside = f"\n  in {finding.function}" if finding.function else ""
    return f"{finding.path}:{finding.line}{inside}"


def _what(finding: Finding) -> str:
    instead = f"\n  write {finding.instead}" if finding.instead else ""
    callers = (f"\n  called by {caller}" for caller in finding.callers)
    return f"{finding.code} {finding.name}{instead}{''.join(callers)}"


def _better(changes: Sequence[Change]) -> str:
    if not changes:
        return ""
    rows = (
        (
            f"{change.key.code} {change.key.name}",
            str(change.was),
            str(change.now),
            " in ".join(filter(None, (change.key.function, change.key.path))),
        )
        for change in changes
    )
    return "The baseline can shrink\n\n" + table(("what", "was", "is", "where"), rows)


def _codes(findings: Sequence[Finding]) -> str:
    if not findings:
        return ""
    counts = Counter(finding.code for finding in findings)
    rows = ((code, str(counts[code]), title_of(code)) for code in sorted(counts))
    return "What remains\n\n" + table(("code", "places", "rule"), rows)
