"""A report for spreadsheets: one line for each finding."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from compatshim.migrate.reports._report import Report

__all__ = ["render"]

_COLUMNS = (
    "path",
    "line",
    "column",
    "end_line",
    "code",
    "kind",
    "module",
    "name",
    "asname",
    "replacement",
    "fix",
    "function",
    "also",
)


def render(report: Report) -> str:
    """Return the report as CSV, with a heading; the columns are the keys of the JSON."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for finding in report.audit.findings:
        values = {**finding._asdict(), "also": " ".join(finding.also)}
        writer.writerow(values[column] for column in _COLUMNS)
    return text.getvalue()
