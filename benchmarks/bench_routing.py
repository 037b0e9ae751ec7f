"""Whole requests over growing route tables: compatshim, both frameworks alone, and peers.

``python benchmarks/bench_routing.py`` prints how long each way to serve both applications
takes, as a ratio to the framework alone, then the bars; it exits with 1 if one is missed.
``--plot FILE.png`` draws a picture, too. ``_routing_peers.py`` has the applications.
"""

from __future__ import annotations

import argparse
import gc
import math
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from _pairs import compare, report
from _plot import check_matplotlib, draw
from _requester import requester, same_answer
from _routing_peers import ALONE, JOINED, PEERS, paths

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from _pairs import Comparison
    from _typeshed.wsgi import WSGIApplication

    Asks = Sequence[Callable[[], bytes]]
    Requesters = dict["Case", dict[str, Asks]]

SIZES = (10, 100, 1_000, 10_000)
PAIRS = 21
INSTANCES = 5

# What a request through compatshim may take at most: against the framework alone, for
# legacy routes by the size of their table; against "ask both"; in the largest table
# against the smallest.
FLASK_BAR = 1.03
LEGACY_BARS = {10: 1.25, 10_000: 0.6}
ASK_BOTH_BAR = 1 / 3
FLAT_BAR = 1.15
NO_BAR = math.inf


class Case(NamedTuple):
    """What is asked for: a page of a framework, and where it is in the route table."""

    side: str
    size: int
    place: str

    @property
    def is_legacy_route(self) -> bool:
        """Whether it is a legacy page, in a section that Flask has nothing of."""
        return self.side == "legacy" and self.place not in {"half moved", "missing"}

    @property
    def bar(self) -> float:
        """What compatshim may take at most, against the framework alone."""
        if self.is_legacy_route:
            return LEGACY_BARS.get(self.size, NO_BAR)
        is_view = self.side == "flask" and self.place != "missing"
        return FLASK_BAR if is_view else NO_BAR

    @property
    def where(self) -> str:
        """Where it is in the route table."""
        return f"{self.size:,} routes, {self.place}"


class Row(NamedTuple):
    """How the three ways to serve both compared with the framework alone."""

    case: Case
    against_alone: dict[str, Comparison]

    @property
    def microseconds(self) -> dict[str, float]:
        """What a request took on the median, in each of the three ways and alone."""
        ours = self.against_alone["compatshim"]
        times = {peer: one.microseconds for peer, one in self.against_alone.items()}
        return {ALONE[self.case.side]: ours.microseconds / ours.ratio, **times}

    def __str__(self) -> str:
        ratios = (
            f"{one.ratio:6.2f} [{one.low:.2f}, {one.high:.2f}]"
            for one in self.against_alone.values()
        )
        alone = self.microseconds[ALONE[self.case.side]]
        where = f"{self.case.side}, {self.case.where}"
        return _line(where, f"{alone:.1f} us", ratios)


def heading() -> str:
    """Return what stands above the rows."""
    peers = (f"  {peer}" for peer in JOINED)
    return _line("against the framework alone", "alone", peers)


def _line(where: str, alone: str, cells: Iterable[str]) -> str:
    columns = "".join(f"{cell:<24}" for cell in cells)
    return f"{where:<34}{alone:>12}   {columns}".rstrip()


def make_requesters(size: int) -> Requesters:
    """Return what is timed: for each page, some functions for each way to serve it.

    They are alike, and ask applications that are alike. Makes sure that all ways give the
    same answer. Where there is no page, each framework says so in its own words.
    """
    applications: dict[str, list[WSGIApplication]] = {peer: [] for peer in PEERS}
    for _ in range(INSTANCES):
        for peer, make in PEERS.items():
            applications[peer].append(make(size))
    requesters: Requesters = {}
    for side, alone in ALONE.items():
        for place, path in paths(side, size).items():
            status = 404 if place == "missing" else 200
            by_peer = {
                peer: [
                    requester(application, path, status=status)
                    for application in applications[peer]
                ]
                for peer in (alone, *JOINED)
            }
            if place != "missing":
                for ask in chain(*by_peer.values()):
                    same_answer(ask, by_peer[alone][0])
            requesters[Case(side, size, place)] = by_peer
    return requesters


def measure_row(case: Case, by_peer: dict[str, Asks], pairs: int) -> Row:
    """Compare the three ways to serve both with the framework alone."""
    alone = ALONE[case.side]
    against_alone = {}
    for peer in JOINED:
        bar = case.bar if peer == "compatshim" else NO_BAR
        name = f"{peer} / {alone}, {case.where}"
        against_alone[peer] = compare(name, by_peer[peer], by_peer[alone], bar, pairs)
    return Row(case, against_alone)


def against_ask_both(requesters: Requesters, pairs: int) -> Iterable[Comparison]:
    """Compare the legacy routes with the way that CKAN went."""
    for case, by_peer in requesters.items():
        if case.is_legacy_route:
            ours, theirs = by_peer["compatshim"], by_peer["ask-both"]
            name = f"compatshim / ask-both, {case.where}"
            yield compare(name, ours, theirs, ASK_BOTH_BAR, pairs)


def flatness(requesters: Requesters, pairs: int) -> Iterable[Comparison]:
    """Compare the largest table with the smallest, through compatshim."""
    sizes = sorted({case.size for case in requesters})
    small, large = sizes[0], sizes[-1]
    for case, by_peer in requesters.items():
        if case.size == large != small:
            ours = by_peer["compatshim"]
            theirs = requesters[case._replace(size=small)]["compatshim"]
            name = f"{case.side} {case.place}, {large:,} / {small:,} routes"
            yield compare(name, ours, theirs, FLAT_BAR, pairs)


def measure(sizes: Iterable[int], pairs: int) -> tuple[list[Row], int]:
    """Print the table and then the bars; return its rows, and 1 if a bar is missed."""
    requesters: Requesters = {}
    for size in sizes:
        requesters |= make_requesters(size)
    gc.collect()
    gc.freeze()  # or each collection between the pairs would go through all routes
    print(heading())
    rows = []
    for case, by_peer in requesters.items():
        rows.append(measure_row(case, by_peer, pairs))
        print(rows[-1], flush=True)
    print()
    return rows, report(bars(rows, requesters, pairs))


def bars(
    rows: Iterable[Row], requesters: Requesters, pairs: int
) -> Iterable[Comparison]:
    """Give what has a bar: it is in the rows, or compares with something else."""
    for row in rows:
        if row.case.bar != NO_BAR:
            yield row.against_alone["compatshim"]
    yield from against_ask_both(requesters, pairs)
    yield from flatness(requesters, pairs)


def lines(rows: Iterable[Row]) -> dict[str, dict[str, dict[int, float]]]:
    """Return what the picture shows: for each side and peer, the times by size.

    They are those of the route in the middle.
    """
    titles = {"flask": "Flask view", "legacy": "legacy action"}
    panels: dict[str, dict[str, dict[int, float]]] = {}
    for row in rows:
        if row.case.place == "middle":
            panel = panels.setdefault(titles[row.case.side], {})
            for peer, microseconds in row.microseconds.items():
                panel.setdefault(peer, {})[row.case.size] = microseconds
    return panels


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure as the command line says; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="ROUTES")
    parser.add_argument("--pairs", type=int, default=PAIRS, help="6 or more")
    parser.add_argument("--plot", type=Path, metavar="FILE.png")
    options = parser.parse_args(arguments)
    if options.plot is not None:
        check_matplotlib()
    rows, code = measure(options.sizes, options.pairs)
    if options.plot is not None:
        draw(lines(rows), options.plot)
    return code


if __name__ == "__main__":
    raise SystemExit(main())
