"""A report in SARIF 2.1.0, for code scanning: the one of the ratchet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.ratchet import reports

if TYPE_CHECKING:
    from compatshim.migrate.reports._report import Report

__all__ = ["render"]


def render(report: Report) -> str:
    """Return the report as SARIF, a result for each name in a statement."""
    return reports.render("sarif", report.standing.held)
