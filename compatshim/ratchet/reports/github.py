"""Annotations of GitHub Actions: workflow commands, one for each finding.

With ``report.changed`` only the files of the change are annotated. GitHub shows ten
errors and ten warnings of a step, so what the baseline does not allow comes first.
https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.ratchet.reports._report import heading_of, message_of

if TYPE_CHECKING:
    from compatshim.ratchet.findings import Finding
    from compatshim.ratchet.reports._report import Report

__all__ = ["render"]

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def render(report: Report) -> str:
    """Return a line for each finding in the change; none, for none."""
    findings = [
        finding
        for finding in report.own
        if report.changed is None or finding.path in report.changed
    ]
    findings.sort(key=lambda finding: list(_COMMANDS).index(report.level_of(finding)))
    unread = (
        _command(
            "warning",
            f"Not read, or not all of it: {reason}",
            file=report.in_repository(path),
        )
        for path, reason in report.unread
    )
    return "".join((*(_annotation(report, one) for one in findings), *unread))


def _annotation(report: Report, finding: Finding) -> str:
    message = message_of(finding)
    if finding.callers:
        message += f"\nCalled by {', '.join(finding.callers)}"
    end = {"endLine": str(finding.end_line)} if finding.end_line > finding.line else {}
    return _command(
        _COMMANDS[report.level_of(finding)],
        message,
        file=report.in_repository(finding.path),
        line=str(finding.line),
        **end,
        title=heading_of(finding.code),
    )


def _command(name: str, message: str, **properties: str) -> str:
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {listed}::{_data(message)}\n"


def _data(text: str) -> str:
    # The order matters: what is escaped must not be escaped again.
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
