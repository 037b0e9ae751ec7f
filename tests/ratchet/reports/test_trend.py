"""Where the areas of the picture are: read back out of their paths."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, strategies

from compatshim.ratchet.history import Run
from compatshim.ratchet.reports._trend import SIZE, Trend, trend_of

START = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


def trend(*runs: tuple[float, int, int]) -> Trend | None:
    """Draw runs, each with its day and how many there are of ``a`` and ``b``."""
    made = [
        Run(START + timedelta(days=day), codes={"a": a, "b": b}) for day, a, b in runs
    ]
    return trend_of(made, ("a", "b"), lambda run, name: run.codes[name])


def points(path: str) -> list[tuple[float, float]]:
    assert re.fullmatch(r"M[\d.]+ [\d.]+(L[\d.]+ [\d.]+)+Z?", path)
    pairs = (pair.split() for pair in path.strip("MZ").split("L"))
    return [(float(x), float(y)) for x, y in pairs]


def test_areas_lie_on_one_another() -> None:
    drawn = trend((0, 6, 2), (1, 3, 1), (4, 0, 4))
    assert drawn is not None
    lower, upper = drawn.areas
    assert (lower.name, lower.first, lower.last) == ("a", 6, 0)
    assert (upper.name, upper.first, upper.last) == ("b", 2, 4)
    # Of eight: six, then three, then none; below it the ground, from right to left.
    assert points(lower.path) == [
        (0, 250), (250, 625), (1000, 1000), (1000, 1000), (250, 1000), (0, 1000),
    ]  # fmt: skip
    assert points(upper.path) == [
        (0, 0), (250, 500), (1000, 500), (1000, 1000), (250, 625), (0, 250),
    ]  # fmt: skip
    assert points(drawn.line) == [(0, 0), (250, 500), (1000, 500)]


@pytest.mark.parametrize("runs", [(), ((0, 1, 2),), ((0, 1, 2), (0, 3, 4))])
def test_one_moment_is_no_trend(runs: tuple[tuple[float, int, int], ...]) -> None:
    assert trend(*runs) is None


@pytest.mark.parametrize(
    ("highest", "labels"),
    [
        (0, ["0", "1"]),
        (1, ["0", "1"]),
        (3, ["0", "1", "2", "3"]),
        (5, ["0", "2", "4", "6"]),
        (9, ["0", "5", "10"]),
        (100, ["0", "50", "100"]),
        (101, ["0", "50", "100", "150"]),
        (8001, ["0", "5,000", "10,000"]),
    ],
)
def test_counts_are_round_numbers(highest: int, labels: list[str]) -> None:
    drawn = trend((0, highest, 0), (1, 0, 0))
    assert drawn is not None
    assert [tick.label for tick in drawn.counts] == labels
    assert [drawn.counts[0].at, drawn.counts[-1].at] == [SIZE, 0]


@pytest.mark.parametrize(
    ("days", "ticks"),
    [
        (10, [(0, "2026-03-01"), (500, "2026-03-06"), (1000, "2026-03-11")]),
        (1, [(0, "2026-03-01"), (1000, "2026-03-02")]),
        (0.1, [(0, "2026-03-01")]),
    ],
)
def test_a_day_is_named_once(days: float, ticks: list[tuple[float, str]]) -> None:
    drawn = trend((0, 1, 1), (days, 1, 1))
    assert drawn is not None
    assert list(drawn.dates) == ticks


counts = strategies.integers(min_value=0, max_value=10**7)


@given(
    rows=strategies.lists(
        strategies.tuples(strategies.integers(0, 3650), counts, counts),
        min_size=2,
        unique_by=lambda row: row[0],
    )
)
def test_everything_is_inside_the_picture(rows: list[tuple[int, int, int]]) -> None:
    drawn = trend(*sorted(rows))
    assert drawn is not None
    paths = [drawn.line, *(area.path for area in drawn.areas)]
    for x, y in (point for path in paths for point in points(path)):
        assert 0 <= x <= SIZE
        assert 0 <= y <= SIZE
    assert 2 <= len(drawn.counts) <= 5
