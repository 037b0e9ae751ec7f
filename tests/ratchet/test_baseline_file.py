"""The baseline of a run: where it is, when it is written, and what is none."""

from __future__ import annotations

import json
import shutil

import pytest

from compatshim.ratchet.baseline import DEFAULT_PATH


def test_update_writes_what_was_found(project):
    result = project.run("--compatshim", "--compatshim-update")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["compatshim-baseline.json was written: 3 more, 0*"])
    assert (project.path / "compatshim-baseline.json").read_text() == (
        "{\n"
        '  "version": 1,\n'
        '  "entries": [\n'
        '    {"file": "shop.py", "code": "CS501", "name": "old",'
        ' "function": "show", "count": 1},\n'
        '    {"file": "shop.py", "code": "CS501", "name": "older",'
        ' "function": "list_all", "count": 2}\n'
        "  ]\n"
        "}\n"
    )
    assert project.run("--compatshim", "--compatshim-strict").ret == 0


def test_update_alone_is_enough(held):
    held.take_a_use_away()
    assert held.run("--compatshim-update").ret == 0
    assert held.baseline()["older", "list_all"] == 1


def test_update_keeps_a_failure(project):
    project.write("test_failing.py", "def test_failing(): assert False")
    assert project.run("--compatshim-update").ret == pytest.ExitCode.TESTS_FAILED
    assert len(project.baseline()) == 2


def test_the_checkout_of_another_machine(project, tmp_path_factory, monkeypatch):
    project.run_process("--compatshim-update")
    checkout = tmp_path_factory.mktemp("another machine") / "checkout"
    shutil.copytree(project.path, checkout)
    for path in project.path.glob("*.py"):
        path.unlink()
    monkeypatch.chdir(checkout)
    assert project.run_process("--compatshim", "--compatshim-strict").ret == 0
    baseline = checkout / project.default_path
    written = baseline.read_bytes()
    baseline.unlink()
    project.run_process("--compatshim-update")
    assert baseline.read_bytes() == written


def test_baseline_elsewhere(project):
    path = "ci/known.json"
    project.run("--compatshim-update", f"--compatshim-baseline={path}")
    assert len(project.baseline(path)) == 2
    project.write("pytest.ini", f"[pytest]\naddopts = --compatshim-baseline={path}")
    assert project.run("--compatshim").ret == 0
    # It belongs to the project, wherever in it pytest is started.
    tests = project.path / "sub"
    project.write("sub/test_sub.py", "import shop\ndef test_sub(): shop.show()")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tests)
        assert project.run("--compatshim").ret == 0


def test_baseline_outside_of_the_project(project, tmp_path_factory):
    path = tmp_path_factory.mktemp("elsewhere") / "known.json"
    project.run("--compatshim-update", f"--compatshim-baseline={path}")
    assert len(json.loads(path.read_text())["entries"]) == 2


@pytest.mark.parametrize("option", ["--compatshim", "--compatshim-update"])
@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "it is not JSON"),
        ("", "it is not JSON"),
        ("[]", "not a baseline of compatshim"),
        ('{"name": "something else"}', "not a baseline of compatshim"),
        ('{"version": 2, "entries": []}', "its version is 2"),
        ('{"version": 1, "entries": [{}]}', "has not all of file, code"),
        ('{"version": 1, "entries": [7]}', "has not all of file, code"),
        ("<<<<<<< ours\n=======\n>>>>>>> theirs\n", "compatshim baseline merge"),
    ],
)
def test_what_is_no_baseline(project, option, content, message):
    path = project.write("compatshim-baseline.json", content)
    result = project.run(option)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    errors = [line for line in result.errlines if line]
    assert len(errors) == 1
    assert errors[0].startswith("ERROR: The baseline ")
    assert "compatshim-baseline.json" in errors[0]
    assert message in errors[0]
    result.stdout.no_fnmatch_line("*passed*")
    assert path.read_text() == content


def test_a_baseline_that_is_no_text(project):
    path = project.path / "compatshim-baseline.json"
    path.write_bytes(b"\xff\xfe\x00")
    assert project.run("--compatshim-update").ret == pytest.ExitCode.USAGE_ERROR
    assert path.read_bytes() == b"\xff\xfe\x00"


def test_a_baseline_that_cannot_be_written(project):
    project.write("file", "")
    result = project.run("--compatshim-update", "--compatshim-baseline=file/known.json")
    assert result.ret == pytest.ExitCode.USAGE_ERROR


def test_a_merge_conflict_is_resolved_by_the_command_that_is_named(
    project, monkeypatch
):
    project.write("ci/legacy.json", "<<<<<<< ours\n=======\n>>>>>>> theirs\n")
    arguments = ["--compatshim", "--compatshim-baseline=ci/legacy.json"]
    assert "'compatshim baseline merge ci/legacy.json'" in str(
        project.run(*arguments).stderr
    )
    monkeypatch.chdir(project.path / "ci")
    project.write("pytest.ini", "[pytest]")
    assert "'compatshim baseline merge legacy.json'" in str(
        project.run(*arguments).stderr
    )


def test_the_default_of_the_option_is_the_one_that_is_documented(bare):
    assert f"is {DEFAULT_PATH} by default" in " ".join(
        str(bare.run("--help").stdout).split()
    )
