"""A report in SARIF 2.1.0, the format of code scanning.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from compatshim import __version__
from compatshim.deprecation import CODES
from compatshim.ratchet.reports._report import KNOWN, MORE, NEW, message_of, title_of

if TYPE_CHECKING:
    from compatshim.ratchet.findings import Finding, Key
    from compatshim.ratchet.reports._report import Report

__all__ = ["render"]

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas"
    "/sarif-schema-2.1.0.json"
)
_STATES = {NEW: "new", MORE: "updated", KNOWN: "unchanged"}


def render(report: Report) -> str:
    """Return the report as SARIF, a result for each of the project's own findings."""
    codes = sorted({finding.code for finding in report.own} | set(CODES))
    driver = {
        "name": "compatshim",
        "semanticVersion": __version__,
        "rules": [_rule(code) for code in codes],
    }
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": _results(report, codes),
    }
    if report.unread:
        run["invocations"] = [_invocation(report)]
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2) + "\n"


def _rule(code: str) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": code,
        "shortDescription": {"text": title_of(code) or code},
    }
    if code in CODES:
        text = CODES[code].explanation
        rule["fullDescription"] = {"text": text.replace("`", "")}
        rule["help"] = {"text": text.replace("`", ""), "markdown": text}
    level = "note" if code in CODES and CODES[code].pending else "warning"
    rule["defaultConfiguration"] = {"level": level}
    return rule


def _results(report: Report, codes: list[str]) -> list[dict[str, Any]]:
    seen: Counter[Key] = Counter()
    results = []
    for finding in report.own:
        seen[finding.key] += 1
        result = _result(report, finding, seen[finding.key])
        results.append({"ruleIndex": codes.index(finding.code), **result})
    return results


def _result(report: Report, finding: Finding, ordinal: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "level": report.level_of(finding),
        "message": {"text": message_of(finding)},
        "locations": [_location(report, finding)],
        "partialFingerprints": {"compatshimKey/v1": _fingerprint(finding.key, ordinal)},
        "occurrenceCount": max(1, finding.count),
        "properties": {"instead": finding.instead, "callers": list(finding.callers)},
    }
    status = report.status_of(finding)
    return {**result, "baselineState": _STATES[status]} if status else result


def _location(report: Report, finding: Finding) -> dict[str, Any]:
    path = report.in_repository(finding.path)
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {
                "uri": quote(path, errors="surrogateescape"),
                "uriBaseId": "%SRCROOT%",
            },
            "region": _region(finding),
        }
    }
    if finding.function:
        name = {"fullyQualifiedName": finding.function, "kind": "function"}
        location["logicalLocations"] = [name]
    return location


def _invocation(report: Report) -> dict[str, Any]:
    notes = [
        {
            "level": "warning",
            "message": {"text": f"{path} was not read, or not all of it: {reason}"},
        }
        for path, reason in report.unread
    ]
    return {"executionSuccessful": True, "toolExecutionNotifications": notes}


def _region(finding: Finding) -> dict[str, int]:
    start = max(1, finding.line)
    end = {"endLine": finding.end_line} if finding.end_line > start else {}
    return {"startLine": start, **end}


def _fingerprint(key: Key, ordinal: int) -> str:
    """Return what stays the same when lines move."""
    text = json.dumps([*key, ordinal])
    return sha256(text.encode()).hexdigest()[:32]
