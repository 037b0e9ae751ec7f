"""The statistics of benchmarks/_pairs.py; no test here measures time."""

from __future__ import annotations

import gc
import importlib.util
import random
import statistics
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

_FILE = Path(__file__).parents[2] / "benchmarks" / "_pairs.py"
_SPEC = importlib.util.spec_from_file_location("benchmarks_pairs", _FILE)
assert _SPEC is not None
assert _SPEC.loader is not None
pairs = importlib.util.module_from_spec(_SPEC)
sys.modules[_SPEC.name] = pairs
_SPEC.loader.exec_module(pairs)


def comparison(low: float, bar: float) -> Any:
    return pairs.Comparison("name", low + 0.1, low, low + 0.2, bar, 10.0)


@pytest.mark.parametrize(
    ("count", "k"),
    # Tabulated for the sign test at 95 %, two-sided.
    [(6, 1), (9, 2), (12, 3), (21, 6), (25, 8), (31, 10), (50, 18)],
)
def test_interval_is_the_tabulated_order_statistics(count: int, k: int) -> None:
    values = list(range(1, count + 1))
    random.shuffle(values)
    assert pairs.median_interval(values) == (k, count - k + 1)


@pytest.mark.parametrize("count", [0, 1, 5])
def test_too_few_values_for_an_interval(count: int) -> None:
    with pytest.raises(ValueError, match=f"{count} values are too few for 95%"):
        pairs.median_interval([1.0] * count)


def test_interval_holds_the_true_median_as_often_as_it_promises() -> None:
    source = random.Random(1)  # noqa: S311 (no secret)
    held = 0
    for _ in range(1000):
        low, high = pairs.median_interval(
            [source.lognormvariate(0.0, 1.0) for _ in range(21)]
        )
        held += low <= 1.0 <= high
    assert held >= 950


def test_interval_encloses_the_median_of_the_values() -> None:
    values = random.sample(range(1000), 31)
    low, high = pairs.median_interval(values)
    assert low <= statistics.median(values) <= high


@pytest.mark.parametrize(
    ("low", "bar", "missed"),
    [(1.04, 1.05, False), (1.05, 1.05, False), (1.06, 1.05, True)],
)
def test_bar_is_missed_only_if_the_whole_interval_is_above(
    low: float, bar: float, missed: bool
) -> None:
    assert comparison(low, bar).missed is missed


def test_line_shows_ratio_both_ends_and_bar() -> None:
    line = str(comparison(1.2, 1.05))
    assert "1.300  [1.200, 1.400]  bar 1.05  MISSED" in line


@pytest.mark.parametrize(
    ("lows", "code", "last"),
    [([1.0, 1.0], 0, "met"), ([1.0, 1.2], 1, "1 of the bars missed")],
)
def test_report_fails_if_any_bar_is_missed(
    lows: list[float], code: int, last: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pairs.report(comparison(low, 1.05) for low in lows) == code
    assert last in capsys.readouterr().out.splitlines()[-1]


@pytest.mark.parametrize("cost", [1, 70, 49_999_999, 10**9])
def test_batch_is_sized_to_the_wanted_time_on_a_made_up_clock(cost: int) -> None:
    def clock(_: Callable[[], object], calls: int) -> int:
        return calls * cost

    calls = pairs.calls_for(lambda: None, 50_000_000, clock)
    assert calls * cost >= 50_000_000
    assert (calls - 1) * cost < 100_000_000


@pytest.mark.parametrize("enabled", [True, False])
def test_pairs_are_interleaved_without_garbage_collection(
    monkeypatch: pytest.MonkeyPatch, enabled: bool
) -> None:
    timed: list[str] = []

    def batch_time(function: Callable[[], object], calls: int) -> int:
        assert not gc.isenabled()
        assert calls == 5
        function()
        return 30 if timed[-1] == "ours" else 10

    monkeypatch.setattr(pairs, "calls_for", lambda function: 5)
    monkeypatch.setattr(pairs, "batch_time", batch_time)
    was_enabled = gc.isenabled()
    (gc.enable if enabled else gc.disable)()
    try:
        result = pairs.compare(
            "name",
            lambda: timed.append("ours"),
            lambda: timed.append("theirs"),
            bar=2.0,
            pairs=21,
        )
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if was_enabled else gc.disable)()
    assert (result.ratio, result.low, result.high) == (3.0, 3.0, 3.0)
    assert result.missed
    halves = [set(timed[start : start + 2]) for start in range(0, 42, 2)]
    assert halves == [{"ours", "theirs"}] * 21


def test_each_pair_takes_one_of_several_that_are_alike(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    timed: list[str] = []
    asks = [partial(timed.append, name) for name in ("first", "second", "third")]

    def batch_time(function: Callable[[], object], calls: int) -> int:
        function()
        return calls

    monkeypatch.setattr(pairs, "calls_for", lambda function: 1)
    monkeypatch.setattr(pairs, "batch_time", batch_time)
    pairs.compare("name", asks, asks, bar=2.0, pairs=30)
    assert set(timed) == {"first", "second", "third"}
    assert len(timed) == 60


def test_times_that_others_have_measured_are_compared_as_they_are() -> None:
    result = pairs.compare_times(
        "name", lambda calls: 24_000 * calls, lambda calls: 20_000 * calls, bar=1.2
    )
    assert (result.ratio, result.low, result.high) == (1.2, 1.2, 1.2)
    assert result.microseconds == 24.0
    assert not result.missed


def test_garbage_collection_is_on_again_after_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pairs, "calls_for", lambda function: 1)
    with pytest.raises(ZeroDivisionError):
        pairs.compare("name", lambda: 1 // 0, lambda: 1 // 0, bar=1.0)
    assert gc.isenabled()
