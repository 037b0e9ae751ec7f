"""Reading names of a module that ``compatshim.deprecation.watch`` watches.

Against the same module unwatched, and against a microsecond, which is what a read may
take once its line has been seen. ``python benchmarks/bench_deprecation.py`` exits with 1
if a bar is missed.
"""

from __future__ import annotations

import sys
import warnings
from functools import partial
from types import ModuleType
from typing import TYPE_CHECKING

from _pairs import batch_time, calls_for, compare, compare_times, report

from compatshim.deprecation import watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from _pairs import Comparison

IMPORTED_BAR = 1.05
OTHER_BAR = 4  # Python has a short cut for modules of the usual class
MICROSECOND = 1000.0  # in nanoseconds
READS = 10
PAIRS = 21


def make_module(name: str) -> ModuleType:
    """Return a legacy module that has a watched name and another one."""
    module = sys.modules[name] = ModuleType(name)
    vars(module).update(request="value", other="value")
    return module


def reader(setup: str, expression: str) -> Callable[[], tuple[str, ...]]:
    """Return a function that reads ``expression`` some times in a row."""
    names: dict[str, object] = {"__name__": "bench"}
    exec(setup, names)  # noqa: S102 (it is given below)
    read = eval(f"lambda: ({f'{expression}, ' * READS})", names)  # noqa: S307 (likewise)
    read()  # so that its lines have been seen
    return read


def time_of_reads(read: Callable[[], object], batch: int, reads: int) -> float:
    """Return the nanoseconds that ``reads`` reads take, one by one."""
    return batch_time(read, batch) * reads / (batch * READS)


def against_microsecond(name: str, read: Callable[[], object]) -> Comparison:
    """Compare one read with a microsecond."""
    ours = partial(time_of_reads, read, calls_for(read))
    return compare_times(name, ours, lambda reads: MICROSECOND * reads, 1, PAIRS)


def comparisons() -> Iterator[Comparison]:
    """Compare what a line of a legacy application does, watched and not."""
    make_module("watched")
    make_module("unwatched")
    with watch("watched", {"request": "compatshim.common.request"}):
        yield from against_unwatched()
        for setup, expression in (
            ("import watched", "watched.request"),
            ("import compatshim.legacy as pylons", "pylons.request"),
            ("import compatshim.legacy.i18n as i18n", "i18n._"),
        ):
            read = reader(setup, expression)
            yield against_microsecond(f"{expression} / a microsecond", read)


def against_unwatched() -> Iterator[Comparison]:
    """Compare what is to cost nothing with the same in a module that is not watched."""
    for subject, setup, expression, bar in (
        ("a name imported from", "from {} import request as r", "r", IMPORTED_BAR),
        ("another name of", "import {} as module", "module.other", OTHER_BAR),
    ):
        ours, theirs = (
            reader(setup.format(module), expression)
            for module in ("watched", "unwatched")
        )
        assert ours() == theirs()
        yield compare(f"{subject} a watched module / another", ours, theirs, bar, PAIRS)


if __name__ == "__main__":
    warnings.simplefilter("ignore", DeprecationWarning)
    raise SystemExit(report(comparisons()))
