"""The end of a process, also of one that was forked or that multiprocessing runs."""

from __future__ import annotations

import atexit
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["call_at_end"]

_LAST = -100  # after multiprocessing has waited for the processes that it started

_functions: list[Callable[[], object]] = []


def call_at_end(function: Callable[[], object]) -> None:
    """Call ``function`` when this process ends, or one that is forked off it.

    Not where a process is killed, or leaves by ``os._exit`` (as those of
    multiprocessing do, which are seen to). It may be called twice.
    """
    _functions.append(function)
    atexit.register(function)
    _ask_multiprocessing()


def _ask_multiprocessing() -> None:
    """Let multiprocessing call the functions: its forked processes skip ``atexit``.

    Such a process first forgets what it is to call at its end, and then calls what was
    registered for after the fork: that is the time to say so again.
    """
    util = sys.modules.get("multiprocessing.util")
    if util is not None and _functions:
        _finalize(None)
        util.register_after_fork(_finalize, _finalize)


def _finalize(_: object) -> None:
    util = sys.modules["multiprocessing.util"]
    for function in _functions:
        util.Finalize(None, function, exitpriority=_LAST)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_ask_multiprocessing)
