"""A report for what reads JUnit's XML: one test case for each entry of a baseline.

The names have no lines, so that a reader that follows a case over time still knows it
when lines move. What the baseline allows is a skipped case, all else a failed one.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from compatshim.ratchet.reports._report import KNOWN, heading_of, message_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from compatshim.ratchet.findings import Finding
    from compatshim.ratchet.reports._report import Report

__all__ = ["render"]

_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report) -> str:
    """Return the report as XML, a suite for each code."""
    by_code = sorted(report.own, key=lambda finding: (finding.code, finding.key))
    suites = [
        _suite(report, code, list(findings))
        for code, findings in groupby(by_code, key=lambda finding: finding.code)
    ]
    root = ElementTree.Element("testsuites", name="compatshim")
    root.extend(suites or [_nothing_found()])
    for count in ("tests", "failures", "errors", "skipped"):
        root.set(count, str(sum(int(suite.attrib[count]) for suite in root)))
    root.set("time", "0")
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _suite(
    report: Report, code: str, findings: Sequence[Finding]
) -> ElementTree.Element:
    grouped = groupby(findings, key=lambda finding: finding.key)
    cases = [_case(report, list(same)) for _, same in grouped]
    return _suite_of(heading_of(code), cases)


def _suite_of(name: str, cases: Sequence[ElementTree.Element]) -> ElementTree.Element:
    suite = ElementTree.Element(
        "testsuite",
        name=_text(name),
        tests=str(len(cases)),
        failures=str(sum(case.find("failure") is not None for case in cases)),
        errors="0",
        skipped=str(sum(case.find("skipped") is not None for case in cases)),
        time="0",
    )
    suite.extend(cases)
    return suite


def _case(report: Report, findings: Sequence[Finding]) -> ElementTree.Element:
    first = findings[0]
    inside = f" in {first.function}" if first.function else ""
    path = report.in_repository(first.path)
    case = ElementTree.Element(
        "testcase",
        classname=_text(path),
        name=_text(f"{first.code} {first.name}{inside}"),
        file=_text(path),
        line=str(first.line),
        time="0",
    )
    if report.status_of(first) == KNOWN:
        reason = f"{report.baseline_path} allows it"
        ElementTree.SubElement(case, "skipped", message=_text(reason))
    else:
        failure = ElementTree.SubElement(
            case, "failure", type=_text(first.code), message=_text(message_of(first))
        )
        failure.text = _text("\n".join(_places(report, findings)))
    return case


def _places(report: Report, findings: Iterable[Finding]) -> Iterable[str]:
    for finding in findings:
        place = f"{report.in_repository(finding.path)}:{finding.line}"
        yield f"{place}: {message_of(finding)}"
        yield from (f"    called by {caller}" for caller in finding.callers)


def _nothing_found() -> ElementTree.Element:
    # Jenkins takes a file without any test case for a failure of whoever wrote it.
    case = ElementTree.Element(
        "testcase", classname="compatshim", name="nothing is legacy any more", time="0"
    )
    return _suite_of("compatshim", [case])


def _text(text: str) -> str:
    """Replace the characters that no XML file may have, not even escaped."""
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)
