"""Compare two callables by interleaved pairs, and judge the ratio against a bar.

Whatever slows the machine for a moment slows both halves of a pair, so the ratio of one
pair is steadier than either time. The median of the ratios comes with an interval, and
a bar counts as missed only if the whole interval lies above it.
"""

from __future__ import annotations

import gc
import math
import random
import statistics
import time
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Functions = Callable[[], object] | Sequence[Callable[[], object]]

__all__ = [
    "Comparison",
    "Line",
    "calls_for",
    "compare",
    "compare_times",
    "median_interval",
    "report",
]

PAIRS = 31
BATCH_NANOSECONDS = 50_000_000


class Comparison(NamedTuple):
    """How one callable compared with another: below 1 it was the faster one.

    ``ratio`` is the median of the pairs' ratios, ``low`` and ``high`` the ends of its
    95 % interval, ``bar`` what the ratio may be at most, ``microseconds`` the median
    time of one call of the first callable.
    """

    name: str
    ratio: float
    low: float
    high: float
    bar: float
    microseconds: float

    @property
    def missed(self) -> bool:
        """Whether the ratio is above the bar beyond the noise."""
        return self.low > self.bar

    def __str__(self) -> str:
        return (
            f"{self.name:<52} {self.ratio:6.3f}  [{self.low:.3f}, {self.high:.3f}]"
            f"  bar {self.bar:.2f}  {'MISSED' if self.missed else 'met':<6}"
            f"  {self.microseconds:8.1f} us per call"
        )


class Line(Protocol):
    """What a benchmark prints: a comparison, or something else that may have a bar."""

    @property
    def missed(self) -> bool:
        """Whether a bar is missed, beyond the noise."""


def median_interval(
    values: Sequence[float], confidence: float = 0.95
) -> tuple[float, float]:
    """Return an interval that holds the median with at least ``confidence``.

    By order statistics: the number of values below the true median is binomial, so the
    k-th smallest and the k-th largest value enclose it with a probability that depends
    on nothing but their number. Raises ``ValueError`` where there are too few values.
    """
    ordered = sorted(values)
    count = len(ordered)
    outside = 0.0
    k = 0
    while k < count // 2:
        outside += 2 * math.comb(count, k) / 2**count
        if outside > 1 - confidence:
            break
        k += 1
    if k == 0:
        raise ValueError(f"{count} values are too few for {confidence:.0%} confidence")
    return ordered[k - 1], ordered[count - k]


def batch_time(function: Callable[[], object], calls: int) -> int:
    """Return the nanoseconds that ``calls`` calls of ``function`` take."""
    repetitions = range(calls)
    start = time.perf_counter_ns()
    for _ in repetitions:
        function()
    return time.perf_counter_ns() - start


def calls_for(
    function: Callable[[], object],
    at_least: int = BATCH_NANOSECONDS,
    batch_time: Callable[[Callable[[], object], int], int] = batch_time,
) -> int:
    """Return how many calls of ``function`` make a batch of ``at_least`` nanoseconds."""
    calls = 1
    while (taken := batch_time(function, calls)) < at_least:
        # Aim a little over, and never more than tenfold: the first calls are slow.
        wanted = calls * at_least * 1.2 / max(taken, 1)
        calls = math.ceil(min(max(wanted, calls + 1), calls * 10))
    return calls


def compare(
    name: str,
    ours: Functions,
    theirs: Functions,
    bar: float,
    pairs: int = PAIRS,
) -> Comparison:
    """Time ``ours`` against ``theirs`` in ``pairs`` interleaved pairs of batches.

    Each makes as many calls as its batch needs: where one is much the slower, as often
    as the other would take minutes. Of several functions that do the same, each pair
    takes one by chance: where the objects of an application happen to lie in memory makes
    it some hundredths faster or slower than another that is just like it.
    """
    return compare_times(name, _call_timer(ours), _call_timer(theirs), bar, pairs)


def _call_timer(functions: Functions) -> Callable[[int], float]:
    """Return a function that times a batch, and returns what one call takes."""
    alike = [functions] if callable(functions) else functions
    batch = calls_for(alike[0])
    choose = partial(random.choice, alike)
    return lambda calls: batch_time(choose(), batch) * calls / batch


def compare_times(
    name: str,
    ours: Callable[[int], float],
    theirs: Callable[[int], float],
    bar: float,
    pairs: int = PAIRS,
    calls: int = 1,
) -> Comparison:
    """Compare what two functions return: the nanoseconds that so many calls took."""
    ratios = []
    our_times = []
    was_enabled = gc.isenabled()
    try:
        for _ in range(pairs):
            gc.collect()
            gc.disable()
            if random.getrandbits(1):
                our_time, their_time = ours(calls), theirs(calls)
            else:
                their_time, our_time = theirs(calls), ours(calls)
            if was_enabled:
                gc.enable()
            our_times.append(our_time)
            ratios.append(our_time / their_time)
    finally:
        if was_enabled:
            gc.enable()
    low, high = median_interval(ratios)
    microseconds = statistics.median(our_times) / calls / 1000
    return Comparison(name, statistics.median(ratios), low, high, bar, microseconds)


def report(lines: Iterable[Line]) -> int:
    """Print each line as it is made; return 1 if any bar is missed, else 0."""
    missed = 0
    for line in lines:
        print(line, flush=True)
        missed += line.missed
    if missed:
        print(f"{missed} of the bars missed")
    return 1 if missed else 0
