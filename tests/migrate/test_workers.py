"""Audits in several processes: the same result, and no waiting for what never comes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from compatshim.migrate import workers
from compatshim.migrate.audit import audit

if TYPE_CHECKING:
    from collections.abc import Iterator

needs_proc = pytest.mark.skipif(
    not Path("/proc/self/task").is_dir(), reason="needs Linux's list of processes"
)


@pytest.mark.parametrize("jobs", [2, 3, 8])
def test_the_result_is_the_same_in_the_same_order(tmp_path: Path, jobs: int) -> None:
    for number in range(150):
        folder = tmp_path / "ba"[number % 2] / f"p{number % 7}"
        folder.mkdir(parents=True, exist_ok=True)
        source = (
            f"from pylons import url, {'request, c' if number % 3 else 'session'}\n"
        )
        encoding = "utf-8" if number % 5 else "utf-16"
        if number % 11 == 0:
            source += "print 'caf\xe9'\n"
            encoding = "latin-1"  # which it does not say
        (folder / f"m{number}.py").write_text(source, encoding=encoding)
    (tmp_path / "gone.py").symlink_to("nowhere")
    paths = [str(tmp_path / name) for name in ("b", "gone.py", "a")]

    alone = audit(paths, jobs=1)
    assert len(alone.unreadable) == 15  # 14, and the one that is gone
    assert len(alone.findings) == 150 + 50 + 2 * 100
    assert audit(paths, jobs=jobs) == alone


def test_own_legacy_packages_are_known_in_each_process(tmp_path: Path) -> None:
    for number in range(100):
        (tmp_path / f"m{number}.py").write_text("from shop.web import request\n")
    own = {"shop.web": {"request": "compatshim.common.request"}}
    found = audit([str(tmp_path)], own=own, jobs=2).findings
    assert [one.replacement for one in found] == ["compatshim.common.request"] * 100


@pytest.mark.parametrize(
    ("files", "processors", "expected"),
    [
        (1, 8, 1),
        (799, 8, 1),
        (800, 8, 2),
        (1_600, 2, 2),
        (20_000, 64, 4),
        (5_000, 1, 1),
    ],
)
def test_processes_that_suit_the_number_of_files(
    monkeypatch: pytest.MonkeyPatch, files: int, processors: int, expected: int
) -> None:
    mine = set(range(processors))
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: mine, raising=False)
    assert workers.suitable_processes(files) == expected


def test_processes_where_the_system_does_not_tell_which_are_ours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    assert workers.suitable_processes(20_000) == 3
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert workers.suitable_processes(20_000) == 1


_PROGRAM = """\
import signal, sys
from compatshim.errors import WorkerLostError
from compatshim.migrate.workers import in_processes

def read(path):
    with open(path, "rb") as file:
        return file.read()

if __name__ == "__main__":
    # It is ignored in what a shell runs in the background.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        list(in_processes(read, sys.argv[1:], 2))
    except (KeyboardInterrupt, WorkerLostError) as error:
        sys.exit(f"{type(error).__name__}: {error}")
"""


@pytest.fixture
def stuck(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A program with two processes: one waits for the rest of a file, one for work."""
    program = tmp_path / "program.py"
    program.write_text(_PROGRAM)
    first, last = pipes = tmp_path / "first", tmp_path / "last"
    for pipe in pipes:
        os.mkfifo(pipe)
    process = subprocess.Popen(
        [sys.executable, program, *pipes],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    # They are opened as soon as somebody reads.
    with first.open("wb"), process:
        last.open("wb").close()
        yield process
        process.kill()


@needs_proc
def test_a_process_that_is_killed(stuck: subprocess.Popen[str]) -> None:
    children = Path(f"/proc/{stuck.pid}/task/{stuck.pid}/children").read_text().split()
    os.kill(int(children[-1]), signal.SIGKILL)
    _, err = stuck.communicate()
    assert stuck.returncode == 1
    assert err == (
        "WorkerLostError: One of the processes was ended from outside, as a system does"
        " that lacks memory. Run it with '--jobs 1'.\n"
    )


@needs_proc
def test_ctrl_c_ends_all_processes_without_a_traceback(
    stuck: subprocess.Popen[str],
) -> None:
    os.killpg(stuck.pid, signal.SIGINT)
    _, err = stuck.communicate()
    assert (stuck.returncode, err) == (1, "KeyboardInterrupt: \n")


@pytest.mark.parametrize(
    ("before", "in_workers"),
    [("default_int_handler", "SIG_DFL"), ("SIG_IGN", "SIG_IGN")],
)
def test_ctrl_c_is_nothing_to_a_job_in_the_background(
    before: str, in_workers: str
) -> None:
    code = (
        "import signal\n"
        "from compatshim.migrate.workers import in_processes\n"
        f"signal.signal(signal.SIGINT, signal.{before})\n"
        "print(list(in_processes(signal.getsignal, [signal.SIGINT], 1)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"{[getattr(signal, in_workers)]}\n"
