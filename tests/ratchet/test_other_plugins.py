"""The ratchet beside pytest-xdist, pytest-randomly, pytest-cov and unittest."""

from __future__ import annotations

import json
import os

import pytest

UNITTEST = """
import unittest
import shop


class ShopTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        shop.list_all()

    def test_show(self):
        with self.subTest("one"):
            self.assertEqual(shop.show(), "old")

    @unittest.expectedFailure
    def test_fails(self):
        self.fail()

    @unittest.skip("not now")
    def test_skipped(self):
        pass
"""


def _counts(project, path="found.json"):
    found = json.loads((project.path / path).read_text())["findings"]
    return {(one["name"], one["line"]): one["count"] for one in found}


@pytest.fixture
def own_coverage(monkeypatch):
    """Keep a project's coverage apart from that of our own tests, if it is measured."""
    for name in [name for name in os.environ if name.startswith("COVERAGE_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def several(project):
    """Return a project with deprecated uses at each time of several test files."""
    project.write("conftest.py", "import framework\nframework.old()")
    project.write("early.py", "import framework\nframework.old()")
    for number in range(4):
        project.write(
            f"test_{number}.py",
            "import early, shop\n"
            "import pytest\n"
            "@pytest.mark.parametrize('number', range(5))\n"
            "def test(number): shop.show()\n",
        )
    return project


@pytest.mark.parametrize("workers", ["-n0", "-n1", "-n3"])
@pytest.mark.parametrize("distribution", ["load", "loadfile", "worksteal"])
def test_xdist_merges_and_does_not_multiply(several, workers, distribution):
    pytest.importorskip("xdist")
    alone = several.run_process("--compatshim", "--compatshim-report=json:alone.json")
    assert alone.ret == 9
    result = several.run_process(
        "--compatshim",
        "--compatshim-report=json:found.json",
        workers,
        f"--dist={distribution}",
        plugins=["xdist"],
    )
    assert result.ret == 9
    result.assert_outcomes(passed=22)
    result.stdout.fnmatch_lines(["5 deprecated uses more*"])
    assert _counts(several) == _counts(several, "alone.json")
    assert _counts(several)["old", 5] == 21


def test_xdist_knows_the_whole_suite_from_a_part(several):
    pytest.importorskip("xdist")
    run = several.run_process
    run("--compatshim-update", "-n2", plugins=["xdist"])
    before = several.baseline()
    result = run("--compatshim", "--compatshim-strict", "-n2", plugins=["xdist"])
    assert result.ret == 0
    result.stdout.no_fnmatch_line("*part of the suite*")
    part = ["-n2", "-k", "test_list_all"]
    result = run("--compatshim", "--compatshim-strict", *part, plugins=["xdist"])
    assert result.ret == 0
    result.stdout.fnmatch_lines(["Not compared*tests were deselected (21)*"])
    run("--compatshim-update", *part, plugins=["xdist"])
    assert several.baseline() == before
    (several.path / "early.py").write_text("")
    result = run("--compatshim", "--compatshim-strict", "-n2", plugins=["xdist"])
    assert result.ret == 9
    result.stdout.fnmatch_lines(["CS501 old * early.py * 1 * 0", "The baseline can*"])


def test_xdist_worker_that_crashes(several):
    pytest.importorskip("xdist")
    several.run_process("--compatshim-update")
    before = several.baseline()
    several.write("test_0.py", "import os\ndef test_crash(): os._exit(1)")
    result = several.run_process("--compatshim-update", "-n2", plugins=["xdist"])
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["It was not made to shrink*"])
    assert several.baseline() == before


@pytest.mark.parametrize("skip", ["importorskip('no_such_module')", "skip()"])
def test_xdist_sends_what_is_skipped(several, skip):
    pytest.importorskip("xdist")
    several.run_process("--compatshim-update")
    before = several.baseline()
    several.write(
        "test_shop.py",
        f"import pytest\npytest.{skip}"
        if "import" in skip
        else f"import pytest\ndef test_skipped(): pytest.{skip}",
    )
    result = several.run_process("--compatshim-update", "-n2", plugins=["xdist"])
    assert result.ret == 0
    result.stdout.fnmatch_lines(["It was not made to*tests or files were skipped (1)*"])
    assert several.baseline() == before


def test_xdist_sends_names_that_are_not_utf8(several):
    pytest.importorskip("xdist")
    several.write(
        "test_0.py",
        "import framework\n"
        "exec(compile('framework.old()', __file__ + '/caf\\udce9.py', 'exec'))\n"
        "def test(): pass",
    )
    result = several.run_process("--compatshim", "-n2", plugins=["xdist"])
    assert result.ret == 9
    result.stdout.fnmatch_lines(["CS501 old * test_0.py/caf\\udce9.py:1 *"])


def test_randomly_makes_no_difference(several):
    pytest.importorskip("pytest_randomly")
    files = set()
    for seed in range(3):
        several.write_baseline()
        result = several.run_process(
            "--compatshim-update",
            f"--randomly-seed={seed}",
            plugins=["pytest_randomly"],
        )
        assert result.ret == 0
        files.add((several.path / several.default_path).read_bytes())
    [written] = files
    assert len(json.loads(written)["entries"]) == 4


@pytest.mark.usefixtures("own_coverage")
def test_cov(several):
    pytest.importorskip("pytest_cov")
    result = several.run_process(
        "--compatshim", "--cov=shop", "--cov-report=term", plugins=["pytest_cov.plugin"]
    )
    result.assert_outcomes(passed=22)
    assert result.ret == 9
    result.stdout.fnmatch_lines_random(["5 deprecated uses more*", "*shop.py*100%*"])


@pytest.mark.usefixtures("own_coverage")
def test_cov_that_fails_keeps_its_exit_code(several):
    pytest.importorskip("pytest_cov")
    several.write("never.py", "def never():\n    return 1\n")
    several.write("test_never.py", "import never")
    result = several.run_process(
        "--compatshim",
        "--cov=never",
        "--cov-fail-under=100",
        plugins=["pytest_cov.plugin"],
    )
    assert result.ret == pytest.ExitCode.TESTS_FAILED


@pytest.mark.usefixtures("own_coverage")
def test_all_of_them(several):
    for name in ("xdist", "pytest_randomly", "pytest_cov"):
        pytest.importorskip(name)
    plugins = ["xdist", "pytest_randomly", "pytest_cov.plugin"]
    run = several.run_process
    run("--compatshim-update")
    result = run(
        "--compatshim", "--compatshim-strict", "-n2", "--cov=shop", plugins=plugins
    )
    result.assert_outcomes(passed=22)
    assert result.ret == 0


def test_unittest(project):
    project.write("test_shop.py", UNITTEST)
    assert project.run("--compatshim-update").ret == 0
    assert project.baseline() == {("old", "show"): 1, ("older", "list_all"): 2}
    strict = ["--compatshim", "--compatshim-strict", "--compatshim-despite-skips"]
    assert project.run(*strict).ret == 0
    project.write("test_shop.py", UNITTEST.replace("shop.list_all()", "pass"))
    result = project.run(*strict)
    result.assert_outcomes(passed=1, xfailed=1, skipped=1)
    assert result.ret == 9
    result.stdout.fnmatch_lines(["The baseline can shrink: 2 deprecated uses fewer*"])
