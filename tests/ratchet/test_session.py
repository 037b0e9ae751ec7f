"""pytest --compatshim: new or more fails, fewer may shrink, and is told how."""

from __future__ import annotations

import json

import pytest

from compatshim.ratchet.baseline import DEFAULT_PATH

NEW_USE = """

def added():
    return old()
"""

TEST_OF_NEW_USE = """
def test_added():
    shop.added()
"""


def _add_a_use(project):
    project.write("shop.py", (project.path / "shop.py").read_text() + NEW_USE)
    tests = (project.path / "test_shop.py").read_text()
    project.write("test_shop.py", tests + TEST_OF_NEW_USE)


def _take_a_use_away(project):
    source = (project.path / "shop.py").read_text()
    project.write("shop.py", source.replace("    older()\n", "    pass\n", 1))


def test_without_the_option_nothing_is_said(project):
    result = project.run()
    result.assert_outcomes(passed=2)
    assert result.ret == 0
    result.stdout.no_fnmatch_line("*deprecations*")


def test_uses_that_no_baseline_allows(project):
    result = project.run("--compatshim")
    result.assert_outcomes(passed=2)
    assert result.ret == 9
    result.stdout.fnmatch_lines(
        [
            "*deprecations (compatshim)*",
            "what * where * called by * write instead",
            "CS501 old * shop.py:5 in show * test_shop.py::test_show * new()",
            "CS501 older * shop.py:9 in list_all"
            " * test_shop.py::test_list_all * newer()",
            "CS501 older * shop.py:10 in list_all *",
            "3 deprecated uses more than compatshim-baseline.json allows.*",
        ]
    )
    assert not (project.path / "compatshim-baseline.json").exists()


def test_uses_that_the_baseline_allows(held):
    result = held.run("--compatshim", "--compatshim-strict")
    result.assert_outcomes(passed=2)
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        [
            "compatshim: compatshim-baseline.json allows 3 uses",
            "3 deprecated uses, none more than compatshim-baseline.json allows.",
        ]
    )


def test_a_new_use(held):
    _add_a_use(held)
    result = held.run("--compatshim")
    result.assert_outcomes(passed=3)
    assert result.ret == 9
    result.stdout.fnmatch_lines(
        [
            "CS501 old * shop.py:14 in added * test_shop.py::test_added*",
            "1 deprecated use more than *",
        ]
    )
    result.stdout.no_fnmatch_line("*in list_all*")


def test_one_more_use_in_a_known_function(held):
    source = (held.path / "shop.py").read_text()
    held.write("shop.py", source.replace("return old()", "old()\n    return old()"))
    result = held.run("--compatshim")
    assert result.ret == 9
    result.stdout.fnmatch_lines(
        ["CS501 * shop.py:5 in show *", "CS501 * shop.py:6 in show *", "1 deprecated*"]
    )


def test_lines_that_move(held):
    source = (held.path / "shop.py").read_text()
    held.write("shop.py", "# one\n# more\n\n" + source.replace("\n\n\n", "\n\n\n\n\n"))
    result = held.run("--compatshim", "--compatshim-strict")
    assert result.ret == 0


def test_a_statement_that_is_wrapped(held):
    source = (held.path / "shop.py").read_text()
    one_line = "[old(), old()]"
    held.write("shop.py", source.replace("old()", one_line, 1))
    held.run("--compatshim-update")
    wrapped = "[\n        old(),\n        old(),\n    ]"
    held.write("shop.py", source.replace("old()", wrapped, 1))
    held.write("test_shop.py", "import shop\ndef test(): shop.show(); shop.list_all()")
    assert held.run("--compatshim", "--compatshim-strict").ret == 0


def test_tests_that_run_the_same_lines_again(held):
    held.write("test_again.py", "import shop\ndef test_again(): shop.show()")
    result = held.run("--compatshim", "--compatshim-strict")
    result.assert_outcomes(passed=3)
    assert result.ret == 0


def test_tests_keep_their_own_results(held):
    _add_a_use(held)
    held.write("test_failing.py", "def test_failing(): assert False")
    result = held.run("--compatshim")
    result.assert_outcomes(passed=3, failed=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["1 deprecated use more than *"])


def test_fewer_uses_pass(held):
    _take_a_use_away(held)
    before = (held.path / "compatshim-baseline.json").read_bytes()
    result = held.run("--compatshim")
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        [
            "CS501 older * shop.py in list_all * 2 * 1",
            "The baseline can shrink: 1 deprecated use fewer than"
            " compatshim-baseline.json allows. *--compatshim-update*",
        ]
    )
    assert (held.path / "compatshim-baseline.json").read_bytes() == before


def test_fewer_uses_fail_where_strict(held):
    _take_a_use_away(held)
    result = held.run("--compatshim", "--compatshim-strict")
    result.assert_outcomes(passed=2)
    assert result.ret == 9
    result.stdout.fnmatch_lines(["The baseline can shrink*"])


def test_an_entry_whose_file_is_gone(held):
    held.write("test_shop.py", "def test_nothing(): pass")
    (held.path / "shop.py").unlink()
    assert held.run("--compatshim", "--compatshim-strict").ret == 9
    result = held.run("--compatshim", "--compatshim-update")
    assert result.ret == 0
    assert held.baseline() == {}


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
    _take_a_use_away(held)
    assert held.run("--compatshim-update").ret == 0
    assert held.baseline()["older", "list_all"] == 1


def test_update_keeps_a_failure(project):
    project.write("test_failing.py", "def test_failing(): assert False")
    assert project.run("--compatshim-update").ret == pytest.ExitCode.TESTS_FAILED
    assert len(project.baseline()) == 2


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


def test_own_code_and_tests_are_told_apart(project):
    project.write("test_old.py", "import framework\ndef test_old(): framework.old()")
    result = project.run("--compatshim")
    result.stdout.fnmatch_lines(
        [
            "CS501 old * shop.py:5 in show *",
            "In tests:",
            "CS501 old * test_old.py:2 in test_old *",
            "4 deprecated uses more *",
        ]
    )


def test_third_party_packages_are_not_held(project):
    package = "lib/python3/site-packages"
    project.write(
        f"{package}/plugin/__init__.py",
        "import framework\ndef go():\n    return framework.old()\n",
    )
    project.write("pytest.ini", "[pytest]\ntestpaths = .\nnorecursedirs = lib")
    project.write("test_shop.py", "import plugin\ndef test(): plugin.go()")
    project.pytester.syspathinsert(project.path / package)
    result = project.run("--compatshim")
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        ["Not held (installed, or part of Python): plugin (1).", "0 deprecated uses*"]
    )


@pytest.mark.parametrize("pattern", ["shop.py", "sh*", "*.py", '"shop.py" other/'])
def test_ignored_files(project, pattern):
    project.write("pytest.ini", f"[pytest]\ncompatshim_ignore = {pattern}")
    assert project.run("--compatshim").ret == 0


def test_ignored_folder(bare):
    bare.write("pytest.ini", "[pytest]\ncompatshim_ignore =\n    docs\n    vendored")
    bare.write("vendored/sub/thing.py", "")
    bare.write("test_it.py", "def test_it(): pass")
    bare.write(
        "conftest.py",
        "from compatshim.deprecation import recorder\n"
        "import vendored.sub.thing as thing\n"
        'source = \'recorder.record("CS102", "pylons.request")\'\n'
        "exec(compile(source, thing.__file__, 'exec'))\n",
    )
    assert bare.run("--compatshim").ret == 0
    bare.write("pytest.ini", "[pytest]\ncompatshim_ignore = vendor")
    assert bare.run("--compatshim").ret == 9


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


def test_several_that_may_be_the_new_one(held):
    source = (held.path / "shop.py").read_text()
    held.write("shop.py", source.replace("return old()", "old()\n    return old()"))
    result = held.run("--compatshim")
    result.stdout.fnmatch_lines(
        [
            "CS501 old, shop.py in show: 1 allowed, 2 found: any of these.",
            "1 deprecated use more *",
        ]
    )


def test_a_test_that_clears_the_recorder(held):
    held.write(
        "test_shop.py",
        "import shop\n"
        "from compatshim.deprecation import recorder\n"
        "def test_show(): shop.show()\n"
        "def test_clear():\n"
        "    shop.list_all()\n"
        "    recorder.clear()\n"
        "    assert recorder.uses() == []\n"
        "    shop.show()\n",
    )
    result = held.run(
        "--compatshim", "--compatshim-strict", "--compatshim-report=json:found.json"
    )
    assert result.ret == 0
    found = json.loads((held.path / "found.json").read_text())["findings"]
    assert {one["line"]: one["count"] for one in found} == {5: 2, 9: 1, 10: 1}


def test_two_runs_in_one_process(held):
    held.write("test_other.py", "def test_other(): pass")
    program = """
import json, pytest
def run(*arguments):
    options = ["-p", "compatshim.pytest_plugin", "--compatshim", "--compatshim-report=json:found.json"]
    assert pytest.main([*options, *arguments]) == 0
    with open("found.json") as file:
        return [one["line"] for one in json.load(file)["findings"]]
print("lines:", run("test_shop.py"), run("test_other.py"), run("-k", "show or other"))
"""
    path = held.write("program.py", program)
    result = held.pytester.runpython(path)
    result.stdout.fnmatch_lines(["lines: [[]5, 9, 10] [[]] [[]5]"])


def test_the_default_of_the_option_is_the_one_that_is_documented(bare):
    assert f"is {DEFAULT_PATH} by default" in " ".join(
        str(bare.run("--help").stdout).split()
    )
