"""What was counted since it was last written down, for those who write it down."""

from __future__ import annotations

import os
from threading import RLock
from typing import TYPE_CHECKING
from weakref import WeakSet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from compatshim.deprecation.recorder import Recorder
    from compatshim.deprecation.uses import CallSite, Use

__all__ = ["Increments"]

_all: WeakSet[Increments] = WeakSet()


class Increments:
    """What a recorder has counted since it was last written down.

    A forked process inherits the counts of its parent, which writes them down itself:
    there the increments are those of the forked process only.
    """

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._written: dict[CallSite, int] = {}
        self._lock = RLock()
        _all.add(self)

    def write(
        self, write: Callable[[list[Use]], object], only: Use | None = None
    ) -> None:
        """Call ``write`` with the uses that have grown, if any have; or look at ``only``.

        Their ``count`` is what they have grown by. What it raises is raised, and they
        are still to be written then. One thread at a time.
        """
        with self._lock:
            uses = self._recorder.uses() if only is None else [only]
            grown = list(self._grown(uses))
            if not grown:
                return
            write(grown)
            for use in grown:
                self._written[use.site] = self._written.get(use.site, 0) + use.count

    def _grown(self, uses: Iterable[Use]) -> Iterator[Use]:
        for use in uses:
            count, written = use.count, self._written.get(use.site, 0)
            if count < written:  # the recorder was cleared
                written = self._written[use.site] = 0
            if count > written:
                yield use.but(count=count - written)

    def skip(self) -> None:
        """Take all that was counted until now as written down."""
        with self._lock:
            self._written = {use.site: use.count for use in self._recorder.uses()}

    def leave_to_parent(self) -> None:
        """Take all as written down in a process that was forked off just now."""
        self._lock = RLock()  # a thread may hold the other one that is not in here
        self.skip()


def _leave_to_parent() -> None:
    for increments in list(_all):
        increments.leave_to_parent()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_leave_to_parent)
