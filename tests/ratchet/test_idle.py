"""Until it is asked, the plugin loads nothing; and it never loads a framework."""

from __future__ import annotations

import pytest

FRAMEWORKS = ("flask", "pylons", "routes", "webob", "werkzeug", "jinja2")

CONFTEST = """
import sys

def pytest_unconfigure():
    ours = sorted(name for name in sys.modules if name.startswith("compatshim"))
    print()
    print("ours:", *ours)
    print("frameworks:", *sorted(set(sys.modules) & set({frameworks})))
"""


@pytest.fixture
def idle(bare):
    bare.write("conftest.py", CONFTEST.format(frameworks=FRAMEWORKS))
    bare.write("test_it.py", "def test_it(): pass")
    return bare


def test_nothing_is_loaded_until_asked(idle):
    result = idle.run_process("-s")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(
        ["ours: compatshim compatshim.pytest_plugin", "frameworks:"]
    )


def test_settings_do_not_ask(idle):
    idle.write(
        "pytest.ini",
        "[pytest]\n"
        "addopts = --compatshim-baseline=known.json --compatshim-strict"
        " --compatshim-report=text\n"
        "compatshim_ignore = docs\n",
    )
    result = idle.run_process("-s")
    result.stdout.fnmatch_lines(["ours: compatshim compatshim.pytest_plugin"])


@pytest.mark.parametrize("workers", ["", "-n1"])
def test_no_framework_is_loaded_when_asked(idle, workers):
    if workers:
        pytest.importorskip("xdist")
    idle.write(
        "test_it.py",
        "import pytest, sys\n"
        "@pytest.mark.no_legacy\n"
        "def test_it(compatshim_deprecations):\n"
        f"    assert not set(sys.modules) & set({FRAMEWORKS})\n",
    )
    arguments = ["--compatshim", "-s", "--compatshim-report=json:found.json"]
    result = idle.run_process(
        *arguments,
        *filter(None, [workers]),
        plugins=["xdist"] if workers else [],
    )
    assert result.ret == 0
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["ours: * compatshim.ratchet *", "frameworks:"])
