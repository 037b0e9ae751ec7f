"""``compatshim demo --check``, as a user runs it."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

RUN = "from compatshim.cli import main; main(['demo', '--check'])"
BREAK_THE_EXPORT = """
from compatshim.demo import logic

def csv_lines(query):
    yield "name\\r\\n"

logic.csv_lines = csv_lines
"""
BREAK_A_CONTROLLER = """
from compatshim.demo import logic

def package_page(query, number):
    raise ZeroDivisionError

logic.package_page = package_page
"""


def check(code: str = "") -> tuple[int, list[str], str]:
    warnings = ["-X", "dev", "-W", "ignore::DeprecationWarning"]
    done = subprocess.run(
        [sys.executable, *warnings, "-c", code + RUN],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout.splitlines(), done.stderr


def test_every_step_names_the_framework_that_served_it() -> None:
    code, [*steps, last], errors = check()
    assert (code, errors) == (0, "")
    assert last == f"All {len(steps)} steps gave what they must."
    served_by = {}
    for step in steps:
        found = re.fullmatch(r"ok {4}(flask|legacy) +(GET|POST) +(\S+)  +.+", step)
        assert found is not None, step
        served_by[found[2], found[3]] = found[1]
    assert served_by["GET", "/"] == "flask"
    assert served_by["GET", "/package?q=flask"] == "legacy"
    assert served_by["POST", "/package/flask/edit"] == "legacy"
    assert served_by["GET", "/package/flask/attachment"] == "flask"
    assert served_by["POST", "/language"] == "legacy"
    assert served_by["GET", "/export.csv"] == "legacy"
    assert served_by["GET", "/api/3/action/package_list"] == "flask"


@pytest.mark.parametrize(
    ("broken", "path"),
    [(BREAK_THE_EXPORT, "/export.csv"), (BREAK_A_CONTROLLER, "/package?q=flask")],
)
def test_a_broken_step_is_named_and_ends_in_1(broken: str, path: str) -> None:
    code, lines, _ = check(broken)
    assert code == 1
    [failed] = [line for line in lines if f" {path} " in line]
    assert failed.startswith("FAIL  legacy")
    assert lines[-1].endswith("steps failed.")
