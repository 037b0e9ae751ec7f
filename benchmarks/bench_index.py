"""Matching with ``IndexedMapper``, against ``routes.Mapper``, from 10 to 10,000 routes.

``python benchmarks/bench_index.py`` exits with 1 if a bar is missed.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import routes
from _pairs import compare, report

from compatshim.routing import IndexedMapper
from compatshim.routing.index import routematch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from _pairs import Comparison

# The number of routes, and what the index may cost at most against Routes' own way.
BARS = {10: 1.2, 100: 0.7, 1_000: 0.15, 10_000: 0.02}
FLAT = 1.15
PAIRS = 21

ENVIRON = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "HTTP_HOST": "localhost"}


def make_mapper(cls: type[routes.Mapper], size: int) -> routes.Mapper:
    """Return a mapper of ``size`` routes: a few pages for each kind of thing."""
    mapper = cls(register=False)
    for number in range(size):
        thing = f"/section{number % 7}/thing{number // 2}"
        path = f"{thing}/{{id}}/edit" if number % 2 else f"{thing}/{{id}}"
        mapper.connect(f"route{number}", path, controller="thing", action=f"a{number}")
    mapper.match("/")
    return mapper


def paths(size: int) -> dict[str, str]:
    """Return a path for the first, the middle and the last route, and one for none."""
    places = {"first": 0, "middle": size // 2, "last": size - 1}
    found = {
        where: f"/section{number % 7}/thing{number // 2}/x" + "/edit" * (number % 2)
        for where, number in places.items()
    }
    return {**found, "missing": "/section1/nothing/x"}


def matcher(mapper: routes.Mapper, path: str) -> Callable[[], object]:
    """Return a function that asks ``mapper`` for ``path``."""
    return partial(mapper.routematch, path, ENVIRON)


def same_answer(ours: Callable[[], object], theirs: Callable[[], object]) -> None:
    """Make sure that a pair answers alike, but for the route, which is each one's own."""
    found, expected = ours(), theirs()
    assert (found is None) == (expected is None)
    if found is not None:
        assert found[0] == expected[0]


def against_routes() -> Iterator[Comparison]:
    """Compare the index with Routes' own way, in one table after the other."""
    for size, bar in BARS.items():
        indexed = make_mapper(IndexedMapper, size)
        plain = make_mapper(routes.Mapper, size)
        for where, path in paths(size).items():
            theirs = matcher(plain, path)
            beside = partial(routematch, plain, path, ENVIRON)
            for name, ours in (("index", matcher(indexed, path)), ("beside", beside)):
                same_answer(ours, theirs)
                label = f"{name} / Routes, {size:,} routes, {where}"
                yield compare(label, ours, theirs, bar, PAIRS)


def flatness() -> Iterator[Comparison]:
    """Compare the largest table with the smallest."""
    sizes = list(BARS)
    small, large = (make_mapper(IndexedMapper, size) for size in (sizes[0], sizes[-1]))
    for where in paths(sizes[0]):
        ours = matcher(large, paths(sizes[-1])[where])
        theirs = matcher(small, paths(sizes[0])[where])
        label = f"{sizes[-1]:,} / {sizes[0]} routes, {where}"
        yield compare(label, ours, theirs, FLAT, PAIRS)


def comparisons() -> Iterator[Comparison]:
    """Compare with Routes, then with a smaller table."""
    yield from against_routes()
    yield from flatness()


if __name__ == "__main__":
    raise SystemExit(report(comparisons()))
