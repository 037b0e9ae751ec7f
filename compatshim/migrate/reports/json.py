"""A report for other programs: one JSON object, whose ``version`` says its shape."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from compatshim.migrate.findings import Finding
    from compatshim.migrate.reports._report import Report

__all__ = ["render"]


def render(report: Report) -> str:
    """Return the report as JSON; docs/audit.md describes it."""
    values = {
        "version": 1,
        "findings": [_finding(finding) for finding in report.audit.findings],
        "files": report.audit.files,
        "unreadable": [
            {"path": one.path, "reason": one.reason} for one in report.audit.unreadable
        ],
    }
    return json.dumps(values, indent=2) + "\n"


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "end_line": finding.end_line,
        "code": finding.code,
        "kind": finding.kind,
        "module": finding.module,
        "name": finding.name,
        "asname": finding.asname,
        "replacement": finding.replacement or None,
        "fix": finding.fix,
        "function": finding.function,
        "also": list(finding.also),
    }
