"""A run of part of the suite neither shrinks the baseline nor complains of the rest."""

from __future__ import annotations

import pytest

# How a run comes to reach test_show only, and which reason it then gives.
PARTS = {
    "a path": (["test_shop.py"], "paths or tests were named"),
    "a test": (["test_shop.py::test_show"], "paths or tests were named"),
    "-k": (["-k", "show"], "tests were deselected (2)"),
    "-m": (["-m", "quick"], "tests were deselected (1)"),
    "--deselect": (
        ["--deselect", "test_shop.py::test_list_all"],
        "tests were deselected (1)",
    ),
    "--ignore": (["--ignore=test_shop.py"], "--ignore"),
    "--ignore-glob": (["--ignore-glob", "*shop*"], "--ignore-glob"),
    "--collect-only": (["--collect-only"], "--collect-only"),
    "--setup-only": (["--setup-only"], "--setup-only"),
    "-o": (["-o", "python_files=other_*"], "-o"),
    "-o of what is not collected": (["-onorecursedirs=.", "-k", ""], "-onorecursedirs"),
    "-o behind other options": (["-qo", "python_functions=nothing"], "-qo"),
    "--override-ini": (["--override-ini=python_functions=none"], "--override-ini"),
    "-c": (["-c", "other.ini"], "-c"),
    "-p no:python": (["-p", "no:python"], "no:python"),
    "-p no:unittest": (["-pno:unittest"], "-pno:unittest"),
    "--doctest-glob": (["--doctest-glob=none*"], "--doctest-glob"),
}


@pytest.fixture
def wide(held):
    """Return a project with a baseline that no part of its tests reaches."""
    held.write(
        "test_shop.py",
        "import pytest, shop\n"
        "@pytest.mark.quick\ndef test_show(): shop.show()\n"
        "def test_list_all(): shop.list_all()\n",
    )
    held.write("test_other.py", "import pytest\n@pytest.mark.quick\ndef test(): pass")
    held.write("pytest.ini", "[pytest]\nmarkers = quick")
    held.write("other.ini", "[pytest]\nmarkers = quick\npython_files = other_*")
    return held


def _assert_untouched_by(project, reason, *arguments):
    result = project.run("--compatshim", "--compatshim-strict", *arguments)
    assert result.ret != 9
    result.stdout.fnmatch_lines([f"Not compared for what is gone, as part*{reason}*"])
    result.stdout.no_fnmatch_line("*can shrink*")
    again = project.run("--compatshim", "--compatshim-update", *arguments)
    assert again.ret == result.ret
    assert project.baseline() == {("old", "show"): 1, ("older", "list_all"): 2}


@pytest.mark.parametrize("part", PARTS)
def test_part(wide, part):
    arguments, reason = PARTS[part]
    _assert_untouched_by(wide, reason, *arguments)


def test_environment_variable(wide, monkeypatch):
    monkeypatch.setenv("PYTEST_ADDOPTS", "--ignore=test_shop.py")
    _assert_untouched_by(wide, "--ignore")


@pytest.mark.skipif(
    pytest.version_tuple < (8, 2), reason="pytest reads no arguments from files"
)
def test_arguments_in_a_file(wide):
    wide.write("arguments.txt", "--ignore=test_shop.py")
    _assert_untouched_by(wide, "@arguments.txt", "@arguments.txt")


def test_last_failed(wide):
    wide.write("test_other.py", "def test_other(): assert False")
    wide.run()
    wide.write("test_other.py", "def test_other(): pass")
    _assert_untouched_by(wide, "--last-failed", "--lf")


def test_failure_that_stops_the_run(wide):
    wide.write("test_a.py", "def test_a(): assert False")
    _assert_untouched_by(wide, "tests failed", "-x")


def test_failed_test(wide):
    wide.write("test_shop.py", "import shop\ndef test_show(): assert False")
    _assert_untouched_by(wide, "tests failed")


def test_file_that_cannot_be_collected(wide):
    wide.write("test_shop.py", "import no_such_module")
    _assert_untouched_by(wide, "it did not come to its end")


def test_file_that_cannot_be_collected_and_does_not_stop_the_run(wide):
    wide.write("test_shop.py", "import no_such_module")
    _assert_untouched_by(wide, "tests failed", "--continue-on-collection-errors")


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        ("raise KeyboardInterrupt", "it did not come to its end"),
        ("pytest.exit('enough')", "it did not come to its end"),
        ("pytest.exit('enough', returncode=0)", "collected tests did not run (4)"),
    ],
)
def test_interrupted_run(wide, end, reason):
    wide.write("test_a.py", f"import pytest\ndef test_a(): {end}")
    result = wide.run_process("--compatshim", "--compatshim-strict")
    assert result.ret != 9
    result.stdout.fnmatch_lines([f"Not compared for what is gone*{reason}*"])
    wide.run_process("--compatshim-update")
    assert wide.baseline() == {("old", "show"): 1, ("older", "list_all"): 2}


def test_no_tests(held):
    held.write("test_shop.py", "")
    _assert_untouched_by(held, "it did not come to its end")


def test_started_in_a_folder_of_the_suite(wide, monkeypatch):
    wide.write("sub/test_sub.py", "def test_sub(): pass")
    monkeypatch.chdir(wide.path / "sub")
    _assert_untouched_by(wide, "paths or tests were named")


def test_what_a_part_reaches_is_held(wide):
    wide.write_baseline()
    result = wide.run("--compatshim", "test_shop.py::test_show")
    assert result.ret == 9
    result.stdout.fnmatch_lines(["CS501 * shop.py:5 in show *", "1 deprecated use *"])


def test_a_part_adds_to_the_baseline(wide):
    wide.write_baseline()
    wide.run("--compatshim-update", "test_shop.py::test_show")
    wide.run("--compatshim-update", "test_shop.py::test_list_all")
    assert wide.baseline() == {("old", "show"): 1, ("older", "list_all"): 2}


WHOLE = {
    "nothing named": ("", []),
    "the root folder": ("", ["."]),
    "all test paths": ("testpaths = tests more", ["tests", "more/"]),
    "above all test paths": ("testpaths = tests more/su*", ["tests/", "./more/"]),
    "test paths unnamed": ("testpaths = tests more", []),
    "a choice that leaves nothing out": ("", ["-k", "test", "-m", "not slow"]),
    "the project's choice undone": (
        "addopts = -m 'not slow' -k nothing",
        ["-m", "", "-k", ""],
    ),
    "ignored by the project": ("addopts = --ignore=broken", []),
    "verbose": ("", ["-v", "--tb=short", "-p", "no:cacheprovider", "--color=no"]),
    "set by the project": ("addopts = -o python_files=test_*", []),
}


@pytest.mark.parametrize("name", WHOLE)
def test_whole(held, name):
    ini, arguments = WHOLE[name]
    held.write("pytest.ini", f"[pytest]\nmarkers = slow\n{ini}")
    held.write("tests/test_one.py", "def test_one(): pass")
    held.write("more/sub/test_two.py", "def test_two(): pass")
    held.write("broken/test_broken.py", "import no_such_module")
    if "broken" not in ini:
        (held.path / "broken/test_broken.py").unlink()
    (held.path / "test_shop.py").unlink()
    result = held.run("--compatshim", *arguments)
    assert result.ret == 0
    result.stdout.fnmatch_lines(["The baseline can shrink*"])
    held.run("--compatshim-update", *arguments)
    assert held.baseline() == {}


SKIPS = {
    "a whole file": "pytest.importorskip('no_such_module')",
    "a file of another platform": "pytest.skip('not here', allow_module_level=True)",
    "a mark": "@pytest.mark.skip\ndef test(): pass",
    "all of a file": "pytestmark = pytest.mark.skip\ndef test(): pass",
    "while it runs": "def test(): pytest.skip()",
    "in a fixture": "@pytest.fixture\ndef one(): pytest.skip()\ndef test(one): pass",
    "xfail that is not run": "@pytest.mark.xfail(run=False)\ndef test(): pass",
    "unittest": "import unittest\n"
    "class TestIt(unittest.TestCase):\n"
    "    def test(self): self.skipTest('no')",
}


@pytest.mark.parametrize("name", SKIPS)
def test_what_is_skipped_may_reach_what_is_not_found(held, name):
    held.write("test_shop.py", f"import pytest\n{SKIPS[name]}")
    held.write("test_other.py", "def test_other(): pass")
    _assert_untouched_by(held, "tests or files were skipped (1)")


def test_new_uses_count_though_tests_are_skipped(project):
    project.write_baseline()
    project.write(
        "test_other.py", "import pytest\npytest.skip(allow_module_level=True)"
    )
    result = project.run("--compatshim")
    assert result.ret == 9
    result.stdout.fnmatch_lines(["3 deprecated uses more*"])


def test_a_suite_that_always_skips_something(held):
    held.write("test_shop.py", "import pytest\n@pytest.mark.skip\ndef test(): pass")
    hint = "If they are in every run, --compatshim-despite-skips does it."
    result = held.run("--compatshim-update")
    result.stdout.fnmatch_lines(
        ["*was written: 0 more, 0 fewer.", "It was not made to shrink*(1).", hint]
    )
    held.write("pytest.ini", "[pytest]\naddopts = --compatshim-despite-skips")
    result = held.run("--compatshim", "--compatshim-strict")
    assert result.ret == 9
    result.stdout.fnmatch_lines(["The baseline can shrink: 3 *"])
    assert held.run("--compatshim-update").ret == 0
    assert held.baseline() == {}
    assert held.run("--compatshim", "--compatshim-strict").ret == 0


def test_despite_skips_is_not_despite_all(wide):
    _assert_untouched_by(wide, "deselected", "--compatshim-despite-skips", "-k", "show")


def test_expected_failures_are_run(held):
    held.write(
        "test_shop.py",
        "import pytest\n"
        "@pytest.mark.xfail\ndef test_a(): assert False\n"
        "def test_b(): pytest.xfail()\n",
    )
    result = held.run("--compatshim", "--compatshim-strict")
    assert result.ret == 9
    result.stdout.fnmatch_lines(["The baseline can shrink*"])
