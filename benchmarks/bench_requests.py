"""Requests through the shim, against bare Flask and against the legacy side alone.

The WSGI application is called directly, so that no server and no test client is
measured. ``python benchmarks/bench_requests.py`` exits with 1 if a bar is missed.
"""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

import flask
import routes
from _pairs import compare, report
from _requester import requester, same_answer

from compatshim import CompatShim
from compatshim.legacy import request, response
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.wsgiapp import PylonsApp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _pairs import Comparison

FLASK_BAR = 1.05
LEGACY_BAR = 1.4

# What each view does, and what a client asks of it.
QUERIES = {"text": "", "json": "", "arguments": "q=flask&page=2"}


def make_flask_app() -> flask.Flask:
    """Return a Flask application whose views do what the legacy actions do."""
    app = flask.Flask("bench")
    app.secret_key = "bench"  # noqa: S105 (signs a made-up session)

    @app.get("/flask/text/<name>")
    def text(name: str) -> str:
        return f"Hello, {name}"

    @app.get("/flask/json/<name>")
    def json(name: str) -> flask.Response:
        return flask.jsonify(name=name, tags=["a", "b"])

    @app.get("/flask/arguments/<name>")
    def arguments(name: str) -> str:
        args = flask.request.args
        return f"{name}: {args['q']}, {args.get('page', 1, type=int)}"

    return app


class BenchController(WSGIController):
    """The legacy actions."""

    def text(self, name: str) -> str:
        return f"Hello, {name}"

    def json(self, name: str) -> str:
        response.content_type = "application/json"
        return flask.json.dumps({"name": name, "tags": ["a", "b"]})

    def arguments(self, name: str) -> str:
        return f"{name}: {request.params['q']}, {int(request.params.get('page', 1))}"


def make_legacy_app() -> PylonsApp:
    """Return a legacy application, with one route for each action."""
    config = PylonsConfig()
    config.init_app(
        {},
        {},
        package="bench",
        paths={
            "root": tempfile.gettempdir(),
            "controllers": None,
            "templates": [],
            "static_files": None,
        },
    )
    mapper = routes.Mapper()
    for action in QUERIES:
        mapper.connect(
            action,
            f"/legacy/{action}/{{name}}",
            controller=BenchController,
            action=action,
        )
    config["routes.map"] = mapper
    return PylonsApp(config)


def comparisons() -> Iterator[Comparison]:
    """Compare each view with its counterpart that runs without the shim."""
    shimmed = make_flask_app()
    CompatShim(shimmed, legacy=make_legacy_app())
    alone = {
        "flask": ("bare Flask", make_flask_app(), FLASK_BAR),
        "legacy": ("PylonsApp alone", make_legacy_app(), LEGACY_BAR),
    }
    for side, (counterpart, application, bar) in alone.items():
        for view, query in QUERIES.items():
            path = f"/{side}/{view}/world"
            ours = requester(shimmed.wsgi_app, path, query)
            theirs = requester(application, path, query)
            same_answer(ours, theirs)
            yield compare(f"{side} {view}, shim / {counterpart}", ours, theirs, bar)
    yield with_session(shimmed)


def with_session(shimmed: flask.Flask) -> Comparison:
    """Compare the plain view where the visitor has a session, which it does not touch."""
    alone = make_flask_app()
    signer = alone.session_interface.get_signing_serializer(alone)  # type: ignore[attr-defined]  # Flask's own has it
    cookie = f"session={signer.dumps({'user': 'anna', 'lang': 'de'})}"
    ours, theirs = (
        requester(one.wsgi_app, "/flask/text/world", cookie=cookie)
        for one in (shimmed, alone)
    )
    same_answer(ours, theirs)
    return compare(
        "flask text with a session, shim / bare Flask", ours, theirs, FLASK_BAR
    )


if __name__ == "__main__":
    raise SystemExit(report(comparisons()))
