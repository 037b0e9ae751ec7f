"""Deprecated uses in other processes: those that a run starts, and those below them.

The process that wants to know of them, such as pytest with ``--compatshim`` or
``python -m compatshim.deprecation run``, calls ::

    children = Children()
    children.start()             # sets the environment variable
    ...                          # what starts processes
    recorder.merge(children.stop())

While that lasts, each process below it in which ``compatshim.deprecation`` is imported
appends to a file of its own in the directory that the environment variable names: the
first use of each call site at once, so that it is known however the process ends, and
what has been counted since then at its end. Forked processes write their own
increments, those of multiprocessing included.

A process that hands its counts over in another way, such as a worker of pytest-xdist,
calls :func:`report_otherwise`, or they would be counted twice. Processes that it starts
report as before.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compatshim.deprecation.increments import Increments
from compatshim.deprecation.process_end import call_at_end
from compatshim.deprecation.recorder import recorder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from compatshim.deprecation.uses import Use

__all__ = ["VARIABLE", "Children", "report_if_asked", "report_otherwise"]

VARIABLE = "COMPATSHIM_DEPRECATION_DIRECTORY"
"""The environment variable that names the directory; where it is not set, none of this
is imported."""


class Children:
    """Collects what the processes count that this process starts from now on."""

    def __init__(self) -> None:
        self._directory: Path | None = None
        self._outer: str | None = None
        self._process = 0

    def start(self) -> None:
        """Let the processes that are started from now on report to this one.

        Raises ``OSError`` where no temporary directory can be made.
        """
        self._directory = Path(tempfile.mkdtemp(prefix="compatshim-"))
        self._process = os.getpid()
        self._outer = os.environ.get(VARIABLE)
        os.environ[VARIABLE] = os.fspath(self._directory)
        _report.follow_forks()

    def uses(self) -> list[dict[str, Any]]:
        """Return all that was reported until now, for ``Recorder.merge()``."""
        if self._directory is None:
            return []
        return [
            use
            for path in sorted(self._directory.glob("*.jsonl"))
            for use in _read(path)
        ]

    def stop(self) -> list[dict[str, Any]]:
        """Return all that was reported, and let the processes to come report no more.

        One that still runs is not waited for. In a process that was forked off the one
        that has started this, nothing is returned or changed.
        """
        if os.getpid() != self._process:
            return []
        uses = self.uses()
        if self._directory is not None:
            if self._outer is None:
                os.environ.pop(VARIABLE, None)
            else:
                os.environ[VARIABLE] = self._outer
            shutil.rmtree(self._directory, ignore_errors=True)
            self._directory = None
        return uses


def report_if_asked() -> None:
    """Report what this process counts, if the environment variable says where to."""
    if VARIABLE in os.environ:
        _report.start(os.environ[VARIABLE])


def report_otherwise() -> None:
    """Report nothing of this process, which hands its counts over in another way.

    What it has reported already is withdrawn.
    """
    _report.stop()


class _Report:
    """What this process tells the one that wants to know."""

    def __init__(self) -> None:
        self._increments = Increments(recorder)
        self._directory: str | None = None
        self._follows_forks = False

    def start(self, directory: str) -> None:
        self._directory = directory
        recorder.add_listener(self._write_first)
        call_at_end(self.write)
        self.follow_forks()

    def follow_forks(self) -> None:
        """Let a process that is forked off this one report as the variable then says."""
        if not self._follows_forks and hasattr(os, "register_at_fork"):
            self._follows_forks = True
            os.register_at_fork(after_in_child=self._start_in_fork)

    def _start_in_fork(self) -> None:
        directory = os.environ.get(VARIABLE)
        if self._directory is None and directory is not None:
            self.start(directory)
        else:
            self._directory = directory

    def stop(self) -> None:
        if self._directory is not None:
            with contextlib.suppress(OSError):  # there is no file, as a rule
                os.unlink(self._path)
            self._directory = None
        recorder.remove_listener(self._write_first)

    @property
    def _path(self) -> str:
        return os.path.join(self._directory or "", f"{os.getpid()}.jsonl")

    def _write_first(self, use: Use) -> None:
        self._increments.write(self._append, only=use)

    def write(self) -> None:
        if self._directory is not None:
            self._increments.write(self._append)

    def _append(self, uses: Iterable[Use]) -> None:
        line = f"\n{json.dumps([use.to_dict() for use in uses])}"
        # Whoever started this process may be gone, and its directory with it.
        with contextlib.suppress(OSError):
            _append(self._path, line.encode())


_report = _Report()


def _append(path: str, line: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, line)
    finally:
        os.close(handle)


def _read(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_bytes().splitlines():
        # The last line of a process that was killed may lack its end.
        with contextlib.suppress(ValueError):
            yield from json.loads(line or b"[]")
