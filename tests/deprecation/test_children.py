"""compatshim.deprecation.children: what the processes below this one have counted."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from compatshim.deprecation import Recorder
from compatshim.deprecation.children import VARIABLE, Children

COUNT = """
import os
from compatshim.deprecation import deprecated, recorder
@deprecated(use="new")
def old():
    pass
def count(times):
    for _ in range(times):
        old()
"""


@pytest.fixture
def children(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    started = Children()
    started.start()
    yield started
    started.stop()


def run(code):
    subprocess.run(
        [sys.executable, "-W", "ignore", "-c", COUNT + code], check=True, timeout=60
    )


def counts(uses):
    recorder = Recorder()
    recorder.merge(uses)
    return {use.site.name: use.count for use in recorder.uses()}


def test_several_processes_one_after_another(children):
    run("count(3)")
    assert counts(children.uses()) == {"old": 3}
    run("count(4)")
    assert counts(children.uses()) == {"old": 7}
    assert counts(children.stop()) == {"old": 7}


def test_after_the_end_processes_report_no_more(children):
    directory = os.environ[VARIABLE]
    children.stop()
    run("count(3)")
    assert VARIABLE not in os.environ
    assert not os.path.exists(directory)
    assert children.stop() == children.uses() == []


def test_one_within_another(children):
    outer = os.environ[VARIABLE]
    inner = Children()
    inner.start()
    run("count(3)")
    assert counts(inner.stop()) == {"old": 3}
    assert os.environ[VARIABLE] == outer
    assert children.uses() == []  # whoever has asked for it hands it on


def test_a_process_that_hands_its_counts_over_in_another_way(children):
    """What it has reported already is withdrawn; those that it starts do report."""
    run("""
count(3)
from compatshim.deprecation.children import report_otherwise
report_otherwise()
count(4)
def other():
    old()
other()
if not os.fork():
    count(50)
    raise SystemExit
os.wait()
""")
    assert counts(children.uses()) == {"old": 50}


def test_a_process_whose_last_words_are_cut_off(children):
    run("count(3)")
    (file,) = os.scandir(os.environ[VARIABLE])
    with open(file, "ab") as report:
        report.write(b'\n[{"code": "CS501", "na')
    run("count(2)")
    assert counts(children.uses()) == {"old": 5}


def test_a_process_that_lives_longer_than_the_one_that_wants_to_know(children):
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", f"{COUNT}\ninput()\ncount(1)"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        children.stop()
        _, errors = process.communicate(b"\n", timeout=60)
    assert (process.returncode, errors) == (0, b"")


def test_a_fork_that_ends_it_by_mistake(children):
    """Such as one in a test, whose exception goes up through pytest."""
    child = os.fork()
    if not child:
        os._exit(len(children.stop()))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert os.path.isdir(os.environ[VARIABLE])


def test_without_the_variable_nothing_of_this_is_loaded():
    code = "import sys; assert 'compatshim.deprecation.children' not in sys.modules"
    env = {name: value for name, value in os.environ.items() if name != VARIABLE}
    subprocess.run(
        [sys.executable, "-c", COUNT + code], check=True, env=env, timeout=60
    )
