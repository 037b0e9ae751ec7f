"""Annotations of GitHub Actions: those of the ratchet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.ratchet import reports

if TYPE_CHECKING:
    from compatshim.migrate.reports._report import Report

__all__ = ["render"]


def render(report: Report) -> str:
    """Return a line for each name in a statement; none, for none."""
    return reports.render("github", report.standing.held)
