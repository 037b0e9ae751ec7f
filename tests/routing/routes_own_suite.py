"""Run Routes' own test-suite with ``IndexedMapper`` in the place of its ``Mapper``.

``python tests/routing/routes_own_suite.py FOLDER``, where FOLDER has the source archive
of Routes, which brings the suite: ``pip download --no-deps --no-binary :all: routes``.
tox does both: ``tox -e routes``.
"""

from __future__ import annotations

import re
import sys
import tarfile
import tempfile
import types
from pathlib import Path
from unittest import TestCase

import pytest
import routes
import routes.mapper

from compatshim.routing import IndexedMapper

FEWEST = 200
"""So many tests are in the suite at least: fewer would be another one."""


class Counting:
    """A plugin of pytest that counts the tests that passed."""

    passed = 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.passed += report.when == "call" and report.passed


def replace_mapper() -> None:
    """Let the suite import our mapper where it imports Routes'."""
    routes.Mapper = routes.mapper.Mapper = IndexedMapper


def provide_nose() -> None:
    """Provide the functions of nose, which is gone, that the suite imports."""
    tools = types.ModuleType("nose.tools")
    case = TestCase()
    for name in dir(case):
        if name.startswith("assert"):
            snake_case = re.sub("([A-Z])", r"_\1", name).lower()
            setattr(tools, snake_case, getattr(case, name))
    tools.eq_ = case.assertEqual
    tools.ok_ = case.assertTrue
    sys.modules["nose"] = types.ModuleType("nose")
    sys.modules["nose.tools"] = tools


def main(folder: str) -> int:
    """Run the suite in the archive in ``folder``; return pytest's exit code."""
    (archive,) = Path(folder).glob("[Rr]outes-*.tar.gz")
    replace_mapper()
    provide_nose()
    counting = Counting()
    with tempfile.TemporaryDirectory() as unpacked:
        with tarfile.open(archive) as files:
            files.extractall(unpacked)  # noqa: S202 (of the package that is installed)
        (tests,) = Path(unpacked).glob("*/tests")
        options = ["-q", "-W", "ignore", "--rootdir", str(tests), "-p", "no:randomly"]
        code = pytest.main([*options, str(tests)], plugins=[counting])
    if code == 0 and counting.passed < FEWEST:
        raise SystemExit(f"Only {counting.passed} of the tests were found.")
    return int(code)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
