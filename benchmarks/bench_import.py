"""Importing ``compatshim.common``, against the two frameworks that it is made for.

Each import is timed by a fresh interpreter, from within, so that its start does not
count. ``python benchmarks/bench_import.py`` exits with 1 if a bar is missed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from functools import partial
from typing import TYPE_CHECKING

from _pairs import compare_times, report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _pairs import Comparison

BAR = 1.2

_TIMED = """\
import time
start = time.perf_counter_ns()
import {modules}
print(time.perf_counter_ns() - start)
"""


def import_time(modules: str, compiled: str, interpreters: int) -> int:
    """Return the nanoseconds that ``interpreters`` fresh ones take to import ``modules``.

    ``compiled`` is the directory of the byte code: an installed package has its own,
    while a checkout may have none.
    """
    return sum(_import_time(modules, compiled) for _ in range(interpreters))


def _import_time(modules: str, compiled: str) -> int:
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    # WebOb imports cgi, which is deprecated.
    command = [sys.executable, "-W", "ignore", "-c", _TIMED.format(modules=modules)]
    output = subprocess.run(  # noqa: S603 (our own command)
        command, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return int(output.stdout)


def comparisons() -> Iterator[Comparison]:
    """Compare the import with that of the two libraries alone."""
    with tempfile.TemporaryDirectory() as compiled:
        ours = partial(import_time, "compatshim.common", compiled)
        theirs = partial(import_time, "flask, webob", compiled)
        ours(1), theirs(1)  # compiles them
        yield compare_times(
            "import compatshim.common / flask, webob", ours, theirs, BAR
        )


if __name__ == "__main__":
    raise SystemExit(report(comparisons()))
