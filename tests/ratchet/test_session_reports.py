"""The reports and the history of a run, and options that cannot be met."""

from __future__ import annotations

import json

import pytest


def test_reports_and_history(project):
    result = project.run(
        "--compatshim",
        "--compatshim-report=json:out/found.json",
        "--compatshim-report=text",
        "--compatshim-history=trend.jsonl",
    )
    assert result.ret == 9
    found = json.loads((project.path / "out/found.json").read_text())
    assert [one["path"] for one in found["findings"]] == ["shop.py"] * 3
    assert {one["status"] for one in found["findings"]} == {"new"}
    result.stdout.fnmatch_lines(["Still legacy: 3 places in 1 file*"])
    lines = (project.path / "trend.jsonl").read_text().splitlines()
    assert [json.loads(line)["codes"] for line in lines] == [{"CS501": 3}]


def test_a_part_of_the_suite_is_no_point_of_the_trend(held):
    held.run("--compatshim", "--compatshim-history=trend.jsonl", "-k", "show")
    assert not (held.path / "trend.jsonl").exists()


def test_reports_of_an_updated_baseline(project):
    project.run("--compatshim-update", "--compatshim-report=json:found.json")
    found = json.loads((project.path / "found.json").read_text())
    assert {one["status"] for one in found["findings"]} == {"known"}


@pytest.mark.parametrize(
    "option",
    [
        "--compatshim-report=pdf",
        "--compatshim-changed=no-such-branch",
        "--compatshim-history=test_shop.py",
    ],
)
def test_options_that_cannot_be_met_end_the_run_before_its_tests(project, option):
    result = project.run("--compatshim", option)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert len([line for line in result.errlines if line]) == 1
    result.stdout.no_fnmatch_line("*passed*")
