"""The picture of the trend: where its areas and the ticks of its axes are.

Lengths are thousandths of the picture's width and height, from the top left, so that the
page can give it any size.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from compatshim.ratchet.history import Run

__all__ = ["SIZE", "Area", "Tick", "Trend", "trend_of"]

SIZE = 1000
_DIVISIONS = 4


class Tick(NamedTuple):
    """A label, and where on its axis it stands."""

    at: float
    label: str


class Area(NamedTuple):
    """What one name adds to the sum, from the first run to the last.

    ``path`` is that of an SVG path, ``first`` and ``last`` are its counts.
    """

    name: str
    path: str
    first: int
    last: int


@dataclass(frozen=True)
class Trend:
    """Areas that lie on one another, the lowest first, and the line of their sum."""

    areas: tuple[Area, ...]
    line: str
    end: tuple[float, float]
    dates: tuple[Tick, ...]
    counts: tuple[Tick, ...]


def trend_of(
    runs: Sequence[Run], names: Sequence[str], count: Callable[[Run, str], int]
) -> Trend | None:
    """Draw how many ``names`` there were; ``None`` where there is but one moment.

    ``runs`` are sorted by their dates. ``count`` says how many of a name a run had.
    """
    if not runs or runs[0].date == runs[-1].date:
        return None
    columns = [[count(run, name) for name in names] for run in runs]
    steps = _steps(max(map(sum, columns)))
    across = [_across(runs, run) for run in runs]
    # For each run, how high each area begins, and where the highest one ends.
    levels = [
        [_up(level, steps[-1]) for level in accumulate(column, initial=0)]
        for column in columns
    ]
    borders = [
        list(zip(across, level, strict=True)) for level in zip(*levels, strict=True)
    ]
    areas = [
        Area(name, _path([*upper, *lower[::-1]]) + "Z", first, last)
        for name, first, last, lower, upper in zip(
            names, columns[0], columns[-1], borders, borders[1:], strict=False
        )
    ]
    return Trend(
        areas=tuple(areas),
        line=_path(borders[-1]),
        end=borders[-1][-1],
        dates=_dates(runs),
        counts=tuple(Tick(_up(step, steps[-1]), f"{step:,}") for step in steps),
    )


def _steps(highest: int) -> list[int]:
    """Return round numbers from 0 to the first that is not below ``highest``."""
    step = 1
    while step * _DIVISIONS < highest:
        # 1, 2, 5, 10, 20, 50, ...
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    return list(range(0, max(highest, 1) + step, step))


def _across(runs: Sequence[Run], run: Run) -> float:
    whole = runs[-1].date - runs[0].date
    return round((run.date - runs[0].date) / whole * SIZE, 1)


def _up(level: int, highest: int) -> float:
    return round(SIZE - level / highest * SIZE, 1)


def _path(points: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)


def _dates(runs: Sequence[Run]) -> tuple[Tick, ...]:
    first, last = runs[0].date, runs[-1].date
    middle = first + (last - first) / 2
    places = {first.date(): 0.0}
    for at, date in ((SIZE, last), (SIZE / 2, middle)):
        places.setdefault(date.date(), at)
    return tuple(Tick(at, day.isoformat()) for day, at in sorted(places.items()))
