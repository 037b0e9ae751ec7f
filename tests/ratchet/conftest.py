"""A small project whose deprecated uses are held by a baseline."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import compatshim
from compatshim.deprecation import recorder

CHECKOUT = Path(compatshim.__path__[0]).parent

OLD = """
from compatshim.deprecation import deprecated


@deprecated(since="1.0", removed_in="2.0", use="new()")
def old():
    return "old"


@deprecated(since="1.0", removed_in="2.0", use="newer()")
def older():
    return "older"
"""

SHOP = """\
from framework import old, older


def show():
    return old()


def list_all():
    older()
    return older()
"""

TESTS = """
import shop


def test_show():
    assert shop.show() == "old"


def test_list_all():
    assert shop.list_all() == "older"
"""

ENTRIES = [
    {
        "file": "shop.py",
        "code": "CS501",
        "name": "older",
        "function": "list_all",
        "count": 2,
    },
    {
        "file": "shop.py",
        "code": "CS501",
        "name": "old",
        "function": "show",
        "count": 1,
    },
]


class Project:
    """A project with its tests and its baseline."""

    default_path = "compatshim-baseline.json"

    def __init__(self, pytester):
        self.pytester = pytester
        self.path = pytester.path

    def write(self, name, text):
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def take_a_use_away(self):
        """Let ``list_all`` use one less."""
        source = (self.path / "shop.py").read_text()
        self.write("shop.py", source.replace("    older()\n", "    pass\n", 1))

    def run(self, *arguments, plugins=()):
        """Run pytest in this process, with none but the plugins that are named."""
        names = ["compatshim.pytest_plugin", *plugins]
        options = [word for name in names for word in ("-p", name)]
        recorder.clear()
        try:
            return self.pytester.runpytest_inprocess(*options, *arguments)
        finally:
            recorder.clear()

    def run_process(self, *arguments, plugins=()):
        """Run pytest as users do, in a process of its own."""
        names = ["compatshim.pytest_plugin", *plugins]
        options = [word for name in names for word in ("-p", name)]
        return self.pytester.runpytest_subprocess(*options, *arguments)

    def write_baseline(self, *entries, path=default_path):
        content = {"version": 1, "entries": list(entries)}
        return self.write(path, json.dumps(content))

    def baseline(self, path=default_path):
        """Return the counts by name and function."""
        entries = json.loads((self.path / path).read_text())["entries"]
        return {(one["name"], one["function"]): one["count"] for one in entries}


@pytest.fixture
def bare(pytester, monkeypatch):
    """Return an empty project."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    # Where compatshim is not installed, processes are to find it all the same.
    paths = [str(CHECKOUT), str(pytester.path), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, paths)))
    pytester.syspathinsert()
    pytester.makeini("[pytest]\n")
    return Project(pytester)


@pytest.fixture
def project(bare):
    """Return a project that has three deprecated uses in two functions."""
    bare.write("framework.py", OLD)
    bare.write("shop.py", SHOP)
    bare.write("test_shop.py", TESTS)
    return bare


@pytest.fixture
def held(project):
    """Return such a project, with a baseline that allows them."""
    project.write_baseline(*ENTRIES)
    return project
