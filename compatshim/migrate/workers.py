"""Work in several processes, with the results in the order of the tasks."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeVar

from compatshim.errors import WorkerLostError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["in_processes", "suitable_processes"]

Task = TypeVar("Task")
Result = TypeVar("Result")

_WORTH_A_PROCESS = 400  # files: starting one takes as long as a hundred
_MOST = 4  # each takes some 25 MB


def suitable_processes(files: int) -> int:
    """Return how many processes are worth their start for so many files."""
    # Those processors that this process may use, where the system tells.
    ours = getattr(os, "sched_getaffinity", None)
    processors = len(ours(0)) if ours else os.cpu_count() or 1
    return max(1, min(processors, files // _WORTH_A_PROCESS, _MOST))


def in_processes(
    work: Callable[[Task], Result], tasks: Iterable[Task], processes: int
) -> Iterator[Result]:
    """Yield the result of ``work`` for each of ``tasks``, in their order.

    Raises ``WorkerLostError`` if one of the ``processes`` ends before its work is done.
    """
    # A pool of multiprocessing would wait for ever for a process that was killed.
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    try:
        with ProcessPoolExecutor(processes, initializer=_end_with_parent) as pool:
            yield from pool.map(work, tasks)
    except BrokenProcessPool as error:
        raise WorkerLostError from error


def _end_with_parent() -> None:
    """Let Ctrl+C end this process at once and silently: the parent tells of it.

    Where the parent goes on, as a shell's job in the background, so does this.
    """
    import signal

    if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
