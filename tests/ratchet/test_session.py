"""pytest --compatshim: new or more fails, fewer may shrink, and is told how."""

from __future__ import annotations

import json

import pytest

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
    held.take_a_use_away()
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
    held.take_a_use_away()
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
