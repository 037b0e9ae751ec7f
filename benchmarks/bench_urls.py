"""Building URLs with ``url_for``, against the routers' own functions.

Tables of 10 to 10,000 routes a side. ``python benchmarks/bench_urls.py`` exits with 1 if
a bar is missed.
"""

from __future__ import annotations

import gc
import warnings
from contextlib import ExitStack
from contextvars import copy_context
from functools import partial
from itertools import cycle
from typing import TYPE_CHECKING, Any, NamedTuple

import flask
import routes
from _pairs import compare, report

from compatshim import CompatShim, common
from compatshim.deprecation import LegacyUrlWarning
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.wsgiapp import PylonsApp
from compatshim.testing import legacy_request_context

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from _pairs import Comparison

SIZES = (10, 100, 1_000, 10_000)
PAIRS = 21
FLASK_BAR = 1.2
LEGACY_BAR = 1.1
LEGACY_SYNTAX_BAR = 1.6
FLAT_BAR = 1.15

# More than Routes' cache of built URLs holds.
CHANGING = [str(number) for number in range(4_000)]


class Site(NamedTuple):
    """Both applications with as many routes; the one in the middle is asked for."""

    app: flask.Flask
    mapper: routes.Mapper
    middle: int


def make_site(size: int) -> Site:
    """Return a site of ``size`` routes a side; views replace the routes ``old_*``."""
    config = PylonsConfig()
    config.init_app({}, {}, package="bench")
    config["routes.map"] = mapper = routes.Mapper()
    app = flask.Flask("bench")
    shim = CompatShim(app, legacy=PylonsApp(config))
    for number in range(size):
        mapper.connect(
            f"legacy_{number}",
            f"/legacy/{number}/{{id}}",
            controller=WSGIController,
            action=f"show_{number}",
        )
        add_view(app, shim, number)
    return Site(app, mapper, size // 2)


def add_view(app: flask.Flask, shim: CompatShim, number: int) -> None:
    """Add a view of its own, in the place of a legacy route."""

    @app.get(f"/flask/{number}/<id>", endpoint=f"flask.view_{number}")
    @shim.replaces(f"old_{number}", controller="old", action=f"show_{number}")
    def view(id: str) -> str:  # noqa: A002 (the name in the rule)
        return id


def calls(site: Site, side: str) -> dict[str, tuple[Callable[[], str], ...]]:
    """Return what is compared in a request of one framework: ours, and theirs.

    To be called within the request. The second of each is called in it, too.
    """
    number = site.middle
    endpoint, name = f"flask.view_{number}", f"legacy_{number}"
    action = {"controller": "old", "action": f"show_{number}"}
    environ = common.request.environ
    theirs = routes.URLGenerator(site.mapper, dict(environ))
    ours, next_id = common.url_for, cycle(CHANGING).__next__
    other_id = cycle(CHANGING).__next__
    compared = {
        "legacy name": (partial(ours, name, id="x"), partial(theirs, name, id="x")),
        "legacy name, changing": (
            lambda: ours(name, id=next_id()),
            lambda: theirs(name, id=other_id()),
        ),
    }
    if side == "flask":
        flask_url_for = partial(flask.url_for, endpoint, id="x")
        compared |= {
            "Flask endpoint": (partial(ours, endpoint, id="x"), flask_url_for),
            "old name": (partial(ours, f"old_{number}", id="x"), flask_url_for),
            "old action": (partial(ours, **action, id="x"), flask_url_for),
        }
    return compared


BARS = {
    "legacy name": LEGACY_BAR,
    "legacy name, changing": LEGACY_BAR,
    "Flask endpoint": FLASK_BAR,
    "old name": LEGACY_SYNTAX_BAR,
    "old action": LEGACY_SYNTAX_BAR,
}


def request_of(site: Site, side: str) -> Any:
    """Return a request of the framework, to be made current."""
    path = f"/{side}/{site.middle}/x"
    if side == "flask":
        return site.app.test_request_context(path)
    return legacy_request_context(site.app, path)


def against_the_routers(site: Site, size: int) -> Iterator[Comparison]:
    """Compare ``url_for`` with the routers' own functions, under each framework."""
    for side in ("flask", "legacy"):
        with request_of(site, side):
            for name, (ours, theirs) in calls(site, side).items():
                if "changing" not in name:
                    assert ours().split("/")[-2:] == theirs().split("/")[-2:]
                title = f"{name}, {side} serves, {size:,} routes"
                yield compare(title, ours, theirs, BARS[name], PAIRS)


def flat(small: Site, large: Site) -> Iterator[Comparison]:
    """Compare the largest table with the smallest one, each in a context of its own."""
    for side in ("flask", "legacy"):
        with ExitStack() as stack:
            halves = []
            for site in (large, small):
                stack.enter_context(request_of(site, side))
                halves.append((copy_context(), calls(site, side)))
            (large_context, large_calls), (small_context, small_calls) = halves
            for name in large_calls:
                ours = partial(large_context.run, large_calls[name][0])
                theirs = partial(small_context.run, small_calls[name][0])
                title = f"{name}, {side} serves, largest / smallest"
                yield compare(title, ours, theirs, FLAT_BAR, PAIRS)


def comparisons() -> Iterator[Comparison]:
    """Compare at every size, and the sizes with each other."""
    sites = {size: make_site(size) for size in SIZES}
    gc.freeze()  # or each collection between the pairs would go through all routes
    for size, site in sites.items():
        yield from against_the_routers(site, size)
    yield from flat(sites[SIZES[0]], sites[SIZES[-1]])


if __name__ == "__main__":
    warnings.simplefilter("ignore", LegacyUrlWarning)
    raise SystemExit(report(comparisons()))
