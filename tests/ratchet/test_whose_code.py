"""Whose code it is that a run has found, and where it is."""

from __future__ import annotations

import os

import pytest

DOCTEST = """Things.

>>> from framework import old, older
>>> _ = old()
"""


def test_doctests_are_in_their_file(project):
    project.write("pytest.ini", "[pytest]\naddopts = --doctest-modules")
    project.write("test_shop.py", "")
    in_function = f'    """{DOCTEST}"""'.replace("\n>", "\n    >")
    project.write("page.py", f"x = 1\n\ndef show():\n{in_function}\n")
    project.write(
        "test_guide.txt",
        f"{DOCTEST}\n>>> [\n...     older() for _ in 'a']\n['older']\n",
    )
    result = project.run("--compatshim")
    result.assert_outcomes(passed=2)
    assert result.ret == 9
    result.stdout.fnmatch_lines_random(
        [
            "CS501 old * page.py:4 in show * page.py::page.show *",
            "CS501 old * test_guide.txt:4 * test_guide.txt::test_guide.txt *",
            "CS501 older * test_guide.txt:7 *",
            "3 deprecated uses more *",
        ]
    )
    result.stdout.no_fnmatch_line("*Not held*")


def test_doctests_under_xdist(project):
    pytest.importorskip("xdist")
    project.write("test_shop.py", "")
    project.write("test_guide.txt", DOCTEST)
    result = project.run_process("--compatshim", "-n1", plugins=["xdist"])
    assert result.ret == 9
    result.stdout.fnmatch_lines(["CS501 old * test_guide.txt:4 *"])


def test_what_is_in_no_file_is_not_held(project):
    project.write(
        "test_shop.py",
        "import framework\ndef test(): exec('framework.old()', globals())",
    )
    result = project.run("--compatshim")
    assert result.ret == 0
    result.stdout.fnmatch_lines(["Not held (in no file): <string> (1)."])


@pytest.fixture
def folder(project):
    """Return a project whose tests are below its code, in a repository."""
    (project.path / ".git").mkdir()
    (project.path / "pytest.ini").unlink(missing_ok=True)
    (project.path / "tox.ini").unlink(missing_ok=True)
    (project.path / "test_shop.py").rename(project.path / "tests_of_shop.py")
    project.write("tests/test_shop.py", (project.path / "tests_of_shop.py").read_text())
    return project


WARNING = (
    "WARNING: Files of this repository are not held, as pytest's rootdir is */tests,*"
)


def test_a_root_below_the_code_that_pytest_has_guessed(folder, monkeypatch):
    monkeypatch.chdir(folder.path / "tests")
    result = folder.run("--compatshim")
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        ["Not held (outside of the rootdir): shop.py (3).", WARNING]
    )


def test_a_root_below_the_code_that_the_project_has_chosen(folder):
    folder.write("tests/pytest.ini", "[pytest]")
    result = folder.run("--compatshim", "tests")
    result.stdout.fnmatch_lines(["Not held (outside of the rootdir): shop.py (3)."])
    result.stdout.no_fnmatch_line("WARNING: *")


def test_the_right_root_needs_no_warning(folder):
    result = folder.run("--compatshim", "--rootdir=.", "tests")
    assert result.ret == 9
    result.stdout.no_fnmatch_line("*ot held*")


def test_a_file_name_that_is_not_utf8(project):
    name = os.fsdecode(b"caf\xe9.py")
    try:
        project.write(name, "from framework import old\nold()\n")
    except OSError:
        pytest.skip("this file system takes no such name")
    project.write(
        "test_shop.py", f"import runpy\nrunpy.run_path({name!a})\ndef test(): 0"
    )
    result = project.run("--compatshim")
    assert result.ret == 9
    result.stdout.fnmatch_lines(["CS501 old * caf\\udce9.py:2 *", "1 deprecated use *"])
    assert project.run("--compatshim-update").ret == 0
    assert project.run("--compatshim", "--compatshim-strict").ret == 0


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
