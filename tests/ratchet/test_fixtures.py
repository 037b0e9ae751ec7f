"""The fixture compatshim_deprecations and the marker no_legacy."""

from __future__ import annotations

import pytest


def test_what_one_test_causes(project):
    project.write(
        "test_shop.py",
        "import shop, threading\n"
        "def test_before(): shop.show()\n"
        "def test_uses(compatshim_deprecations):\n"
        "    assert not compatshim_deprecations\n"
        "    assert str(compatshim_deprecations) == ''\n"
        "    shop.show(); shop.show()\n"
        "    [use] = compatshim_deprecations\n"
        "    assert (use.site.code, use.site.name) == ('CS501', 'old')\n"
        "    assert (use.site.line, use.count, use.instead) == (5, 2, 'new()')\n"
        "    assert compatshim_deprecations[0].site == use.site\n"
        "    thread = threading.Thread(target=shop.list_all)\n"
        "    thread.start(); thread.join()\n"
        "    assert len(compatshim_deprecations) == 3\n"
        "    assert set(compatshim_deprecations.names) == {'old', 'older'}\n"
        "    assert set(compatshim_deprecations.codes) == {'CS501'}\n"
        "    assert 'shop.py:5: CS501 old: write `new()`' in str(compatshim_deprecations)\n"
        "    compatshim_deprecations.clear()\n"
        "    assert list(compatshim_deprecations) == []\n"
        "    shop.show()\n"
        "    assert compatshim_deprecations.names == ['old']\n"
        "    assert compatshim_deprecations[0].count == 1\n"
        "def test_none(compatshim_deprecations):\n"
        "    assert compatshim_deprecations.names == []\n",
    )
    project.run("-p", "no:randomly").assert_outcomes(passed=3)
    project.run("-W", "ignore", "--compatshim").assert_outcomes(passed=3)


MARKED = """
import pytest, shop, unittest

@pytest.mark.no_legacy
def test_clean():
    pass

@pytest.mark.no_legacy
def test_legacy():
    shop.show()

@pytest.mark.no_legacy
def test_fails_anyway():
    shop.show()
    assert False, "by itself"

@pytest.fixture(scope="module")
def shared():
    shop.list_all()

@pytest.mark.no_legacy
def test_fixture_of_others(shared):
    pass

def test_unmarked():
    shop.show()

@pytest.mark.no_legacy
class MarkedTest(unittest.TestCase):
    def test_clean_method(self):
        pass

    def test_legacy_method(self):
        shop.list_all()
"""


@pytest.mark.parametrize(
    "arguments", [[], ["--compatshim"], ["-W", "ignore"]], ids=" ".join
)
def test_no_legacy(project, arguments):
    project.write("test_shop.py", MARKED)
    result = project.run("--strict-markers", *arguments)
    result.assert_outcomes(passed=4, failed=3)
    result.stdout.fnmatch_lines_random(
        [
            "this test must use nothing deprecated, and it used:",
            "*shop.py:5: CS501 old: write `new()` (since 1.0, goes in 2.0)",
            "*shop.py:9: CS501 older: *",
            "FAILED test_shop.py::test_legacy *",
            "FAILED test_shop.py::test_fails_anyway *by itself*",
            "FAILED test_shop.py::MarkedTest::test_legacy_method *",
        ]
    )


def test_no_legacy_for_a_whole_file(project):
    source = (project.path / "test_shop.py").read_text()
    mark = "import pytest\npytestmark = pytest.mark.no_legacy\n"
    project.write("test_shop.py", mark + source)
    result = project.run_process("-W", "error::pytest.PytestWarning")
    result.assert_outcomes(failed=2)


def test_marker_is_documented(project):
    result = project.run("--markers")
    result.stdout.fnmatch_lines(["@pytest.mark.no_legacy: the test must use nothing*"])


def test_options_are_documented(project):
    result = project.run("--help")
    result.stdout.fnmatch_lines(
        [
            "*deprecations, held by a baseline*",
            "*--compatshim *",
            "*--compatshim-baseline=FILE*",
            "*--compatshim-update*",
            "*--compatshim-strict*",
            "*--compatshim-report=FORMAT[[]:PATH]*",
            "*--compatshim-changed=REF*",
            "*--compatshim-history=FILE*",
        ]
    )
    result.stdout.fnmatch_lines(["*compatshim_ignore (args):*"])
