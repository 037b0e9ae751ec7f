"""The XML, as a reader of it sees it that others have written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import junitparser

from compatshim.ratchet.reports import ReportOption, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from compatshim.ratchet.reports import Report


def read(report: Report, path: Path) -> junitparser.JUnitXml:
    write(ReportOption("junit", path), report, print)
    return junitparser.JUnitXml.fromfile(str(path))


def test_results(make_report: Callable[..., Report], tmp_path: Path) -> None:
    xml = read(make_report(), tmp_path / "junit.xml")
    results = {case.name: case.result for suite in xml for case in suite}
    assert {
        name: [type(one) for one in result] for name, result in results.items()
    } == {
        "CS101 pylons.request": [junitparser.Skipped],
        "CS201 url('old') in Cart.show": [junitparser.Failure],
        "CS302 c.title in show": [junitparser.Failure],
        "CS401 CartController": [junitparser.Skipped],
    }


def test_counts_are_those_of_the_cases(
    make_report: Callable[..., Report], tmp_path: Path
) -> None:
    xml = read(make_report(), tmp_path / "junit.xml")
    stated = (xml.tests, xml.failures, xml.errors, xml.skipped)
    xml.update_statistics()
    assert stated == (xml.tests, xml.failures, xml.errors, xml.skipped) == (4, 2, 0, 2)


def test_nothing_found(make_report: Callable[..., Report], tmp_path: Path) -> None:
    (suite,) = read(make_report(findings=()), tmp_path / "junit.xml")
    assert [case.is_passed for case in suite] == [True]
