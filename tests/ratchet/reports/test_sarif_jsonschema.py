"""SARIF, against the schema that OASIS publishes.

The copy beside this file is that of PyPI's sarif-pydantic 0.6.2.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
from hypothesis import given, strategies

from compatshim.deprecation import CODES
from compatshim.ratchet.baseline import Comparison
from compatshim.ratchet.findings import Finding
from compatshim.ratchet.reports import Report, render

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

SCHEMA = json.loads(
    Path(__file__).with_name("sarif-schema-2.1.0.json").read_text("utf-8")
)
VALIDATOR = jsonschema.Draft7Validator(
    SCHEMA, format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER
)


def read(report: Report) -> Any:
    log = json.loads(render("sarif", report))
    assert [error.message for error in VALIDATOR.iter_errors(log)] == []
    return log


def results(report: Report) -> Any:
    return read(report)["runs"][0]["results"]


def uris(report: Report) -> list[str]:
    return [
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for result in results(report)
    ]


def test_the_schema_refuses_what_it_should() -> None:
    assert not VALIDATOR.is_valid({"version": "2.1.0", "runs": [{"results": []}]})


def test_the_tool_and_its_rules(make_report: Callable[..., Report]) -> None:
    log = read(make_report())
    assert log["version"] == "2.1.0"
    driver = log["runs"][0]["tool"]["driver"]
    assert driver["name"] == "compatshim"
    assert {rule["id"] for rule in driver["rules"]} == set(CODES)
    (rule,) = (rule for rule in driver["rules"] if rule["id"] == "CS302")
    assert rule["shortDescription"]["text"] == "Undeclared attribute of c"
    assert "`" in rule["help"]["markdown"]
    assert "`" not in rule["help"]["text"]


def test_results_refer_to_their_rules(make_report: Callable[..., Report]) -> None:
    run = read(make_report())["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert [rules[result["ruleIndex"]] for result in run["results"]] == [
        result["ruleId"] for result in run["results"]
    ]


def test_a_result(make_report: Callable[..., Report]) -> None:
    (result,) = (one for one in results(make_report()) if one["ruleId"] == "CS302")
    assert result["level"] == "error"
    assert result["baselineState"] == "new"
    assert result["message"]["text"].startswith("CS302 c.title: write `getattr(")
    assert result["occurrenceCount"] == 4
    (location,) = result["locations"]
    physical = location["physicalLocation"]
    assert physical["artifactLocation"] == {
        "uri": "shop/new.py",
        "uriBaseId": "%SRCROOT%",
    }
    assert physical["region"] == {"startLine": 7}
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "show"


def test_levels_and_states(make_report: Callable[..., Report]) -> None:
    found = results(make_report())
    assert [(one["ruleId"], one["level"], one["baselineState"]) for one in found] == [
        ("CS401", "note", "unchanged"),
        ("CS101", "warning", "unchanged"),
        ("CS302", "error", "new"),
        ("CS201", "error", "updated"),
        ("CS201", "error", "updated"),
    ]


def test_without_a_baseline(make_report: Callable[..., Report]) -> None:
    found = results(make_report(comparison=None))
    assert all("baselineState" not in result for result in found)
    assert {result["level"] for result in found} == {"note", "warning"}


def test_nothing_found(make_report: Callable[..., Report]) -> None:
    assert results(make_report(findings=(), comparison=Comparison())) == []


def test_paths_are_uris_of_the_repository(
    make_report: Callable[..., Report], tmp_path: Path
) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "back end").mkdir()
    report = make_report(
        root=tmp_path / "back end",
        findings=(Finding("ä#:%.py", 1, "CS101", "pylons.c"),),
    )
    assert uris(report) == ["back%20end/%C3%A4%23%3A%25.py"]


def test_a_path_that_is_no_text(make_report: Callable[..., Report]) -> None:
    report = make_report(findings=(Finding("latin-\udce9.py", 1, "CS101", "c"),))
    assert uris(report) == ["latin-%E9.py"]


def test_fingerprints_stay_when_lines_move_and_differ(
    make_report: Callable[..., Report],
) -> None:
    def fingerprints(*lines: int) -> list[str]:
        findings = tuple(Finding("a.py", line, "CS101", "pylons.c") for line in lines)
        return [
            str(result["partialFingerprints"])
            for result in results(make_report(findings=findings))
        ]

    assert fingerprints(1, 2) == fingerprints(10, 20)
    assert len(set(fingerprints(1, 2, 3))) == 3


@given(
    text=strategies.text(min_size=1),
    line=strategies.integers(min_value=0),
    count=strategies.integers(min_value=0),
)
def test_whatever_is_found_is_valid(
    tmp_path_factory: pytest.TempPathFactory, text: str, line: int, count: int
) -> None:
    finding = Finding(text, line, text, text, text, text, (text,), count)
    read(Report(root=tmp_path_factory.getbasetemp(), findings=(finding,)))
