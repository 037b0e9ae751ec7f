"""What cannot be written, or not be shown, at the end of a run."""

from __future__ import annotations

import json

import pytest


@pytest.mark.parametrize("is_held", [True, False])
def test_a_report_that_cannot_be_written(held, is_held):
    """That comes before exit code 9: what is not written cannot be looked at."""
    held.write("file", "")
    if not is_held:
        held.write_baseline()
    result = held.run(
        "--compatshim",
        "--compatshim-report=json:file/found.json",
        "--compatshim-report=sarif:file/found.sarif",
        "--compatshim-report=html:found.html",
    )
    result.assert_outcomes(passed=2)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stdout.fnmatch_lines(
        [
            f"ERROR: --compatshim-report={name} could not be written: *file*"
            for name in ("json:file/found.json", "sarif:file/found.sarif")
        ]
    )
    assert (held.path / "found.html").exists()


def test_a_history_that_cannot_be_written(held):
    held.write("test_folder.py", "import os\ndef test(): os.mkdir('trend.jsonl')")
    result = held.run(
        "--compatshim",
        "--compatshim-history=trend.jsonl",
        "--compatshim-report=json:found.json",
    )
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stdout.fnmatch_lines(["ERROR: *trend.jsonl*"])
    assert (held.path / "found.json").exists()


def test_a_baseline_that_can_no_longer_be_written(project):
    """The reports, which say what is in none, are written all the same."""
    name = "compatshim-baseline.json"
    project.write("test_folder.py", f"import os\ndef test(): os.mkdir({name!r})")
    result = project.run("--compatshim-update", "--compatshim-report=json:found.json")
    result.assert_outcomes(passed=3)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stdout.fnmatch_lines([f"ERROR: *{name}*it cannot be written*"])
    result.stdout.no_fnmatch_line("*was written:*")
    found = json.loads((project.path / "found.json").read_text())
    assert {one["status"] for one in found["findings"]} == {"new"}


def test_what_cannot_be_written_leaves_the_tests_their_result(project):
    project.write("file", "")
    project.write("test_shop.py", "def test(): assert False")
    result = project.run("--compatshim", "--compatshim-report=json:file/found.json")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["ERROR: *file*"])


@pytest.mark.parametrize("arguments", [["-p", "no:terminal"], ["--no-summary"]])
def test_without_a_summary_the_verdict_is_said_all_the_same(project, arguments):
    result = project.run_process("--compatshim", *arguments)
    assert result.ret == 9
    said = f"{result.stdout}{result.stderr}"
    assert said.count("3 deprecated uses more than compatshim-baseline.json") == 1
    assert project.run_process("--compatshim-update", *arguments).ret == 0
    result = project.run_process("--compatshim", *arguments)
    assert result.ret == 0
    assert "deprecated" not in str(result.stderr)
    project.write("test_shop.py", "def test(): pass")
    result = project.run_process("--compatshim", "--compatshim-strict", *arguments)
    assert result.ret == 9
    assert f"{result.stdout}{result.stderr}".count("The baseline can shrink") == 1
    options = ["--compatshim", "--compatshim-report=json:test_shop.py/found.json"]
    result = project.run_process(*options, *arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert f"{result.stdout}{result.stderr}".count("ERROR: ") == 1
