"""Run ``compatshim audit`` as a user does: how long it takes, and what memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

__all__ = ["HAS_MEMORY", "peak_memory", "run_time"]

HAS_MEMORY = Path("/proc/self/status").exists()
"""Whether the system tells what memory a process has taken."""

_PATIENCE = 0.005  # seconds between two looks at the memory
_COULD_NOT_RUN = 2


def run_time(path: Path, *options: str) -> int:
    """Return the nanoseconds from the start of ``compatshim audit`` to its exit."""
    start = time.perf_counter_ns()
    process = _start(path, options)
    code = process.wait()
    taken = time.perf_counter_ns() - start
    _check(code)
    return taken


def peak_memory(path: Path, *options: str) -> int:
    """Return what the processes of ``compatshim audit`` take at most, in bytes.

    It is the sum of what each of them had in memory at its own peak. What they share is
    counted once for each, so this is more than the truth.
    """
    process = _start(path, options)
    peaks: dict[int, int] = {}
    while (code := process.poll()) is None:
        for pid in _with_children(process.pid):
            with suppress(OSError, StopIteration):  # it has ended
                peaks[pid] = _peak(pid)
        time.sleep(_PATIENCE)
    _check(code)
    return sum(peaks.values())


def _start(path: Path, options: tuple[str, ...]) -> subprocess.Popen[bytes]:
    environment = {**os.environ}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # a checkout in use has byte code
    command = [sys.executable, "-m", "compatshim", "audit", str(path), *options]
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603 (our own command)


def _check(code: int) -> None:
    if code not in range(_COULD_NOT_RUN):
        raise RuntimeError(f"compatshim audit could not run: it ended with {code}")


def _with_children(pid: int) -> list[int]:
    found = [pid]
    for parent in found:  # which grows
        with suppress(OSError):
            children = Path(f"/proc/{parent}/task/{parent}/children").read_text("ascii")
            found += map(int, children.split())
    return found


def _peak(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    kilobytes = next(line.split()[1] for line in lines if line.startswith("VmHWM:"))
    return int(kilobytes) * 1024
