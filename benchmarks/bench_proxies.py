"""Reading through the common objects, against the framework's own proxies.

Everything is read inside one request that stays current: only the way from the proxy
to the value is measured. ``python benchmarks/bench_proxies.py`` exits with 1 if a bar
is missed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import flask
import routes
from _pairs import compare, report

from compatshim import CompatShim, common, legacy
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.wsgiapp import PylonsApp
from compatshim.testing import legacy_request_context

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from _pairs import Comparison

BAR = 1.15
PAIRS = 21
READS = 10

# What shared code reads, and what code of the framework reads in its place.
EXPRESSIONS = {
    "flask": {
        "request.method": "flask.request.method",
        'request.args["a"]': 'flask.request.args["a"]',
        'session["k"]': 'flask.session["k"]',
        "c.user": "flask.g.user",
        'config["x"]': 'flask.current_app.config["x"]',
    },
    "legacy": {
        "request.method": "legacy.request.method",
        'request.args["a"]': 'legacy.request.GET["a"]',
        'session["k"]': 'legacy.session["k"]',
        "c.user": "legacy.tmpl_context.user",
        'config["x"]': 'legacy.config["x"]',
    },
}


def make_app() -> flask.Flask:
    """Return a Flask application with a legacy one beside it, both with a value ``x``."""
    config = PylonsConfig()
    config.init_app({}, {"x": "value"}, package="bench")
    config["routes.map"] = mapper = routes.Mapper()
    mapper.connect("/legacy", controller=WSGIController, action="index")
    app = flask.Flask("bench")
    app.secret_key = "bench"  # noqa: S105 (signs nothing: no session is stored)
    app.config["x"] = "value"
    CompatShim(app, legacy=PylonsApp(config))
    return app


def contexts(app: flask.Flask) -> dict[str, AbstractContextManager[Any]]:
    """Return a request of each framework, to be made current."""
    return {
        "flask": app.test_request_context("/flask?a=value"),
        "legacy": legacy_request_context(app, "/legacy?a=value"),
    }


def reader(expression: str) -> Callable[[], tuple[str, ...]]:
    """Return a function that reads ``expression`` some times in a row.

    So its own call, which both halves of a pair have in common, hardly counts.
    """
    reads = f"{expression}, " * READS
    names = {**vars(common), "flask": flask, "legacy": legacy}
    return eval(f"lambda: ({reads})", names)  # noqa: S307 (it is ours)


def comparisons() -> Iterator[Comparison]:
    """Compare each expression with the framework's own, under each framework."""
    for side, context in contexts(make_app()).items():
        with context:
            common.session["k"] = common.c.user = "value"
            for expression, counterpart in EXPRESSIONS[side].items():
                ours, theirs = reader(expression), reader(counterpart)
                assert ours() == theirs(), f"{ours()!r} is not {theirs()!r}"
                yield compare(f"{expression} / {counterpart}", ours, theirs, BAR, PAIRS)


if __name__ == "__main__":
    raise SystemExit(report(comparisons()))
