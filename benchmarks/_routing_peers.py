"""Five ways to serve a Flask and a legacy application, with route tables of any size.

Both applications have the same kinds of pages: a section holds topics, and each topic
three pages. Sections have moved to Flask as a whole, but for one that has pages on
either side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import flask
import routes
from werkzeug.exceptions import HTTPException

from compatshim import CompatShim
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.wsgiapp import PylonsApp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["ALONE", "JOINED", "PEERS", "paths", "sides"]

SECTIONS = {
    "flask": ("account", "api", "dashboard", "search", "tags"),
    "legacy": ("dataset", "group", "organization", "report", "user"),
}
PAGES = ("/<id>", "", "/<id>/edit")


def rules(side: str, size: int) -> list[str]:
    """Return the rules of one side, as Flask spells them.

    They are ``size``, and the one in the section that is half moved.
    """
    numbered = [rule(side, number) for number in range(size)]
    return [*numbered, f"/help/{side}/<id>"]


def rule(side: str, number: int) -> str:
    """Return one rule of a side."""
    topic, page = divmod(number, len(PAGES))
    section = SECTIONS[side][topic % len(SECTIONS[side])]
    return f"/{section}/topic{topic}{PAGES[page]}"


def paths(side: str, size: int) -> dict[str, str]:
    """Return a path for the first, the middle and the last topic, and one for none.

    The pages are of one kind, so that what they cost can be compared between sizes.
    """
    topics = range(0, size, len(PAGES))
    places = {"first": 0, "middle": len(topics) // 2, "last": len(topics) - 1}
    found = {place: rule(side, topics[topic]) for place, topic in places.items()}
    found |= {"half moved": f"/help/{side}/<id>"}
    found |= {"missing": f"/{SECTIONS[side][0]}/nothing/<id>"}
    return {place: path.replace("<id>", "x") for place, path in found.items()}


def make_flask_app(size: int) -> flask.Flask:
    """Return a Flask application with ``size`` rules."""
    app = flask.Flask("bench")
    app.secret_key = "bench"  # noqa: S105 (signs nothing: no session is touched)
    for number, its_rule in enumerate(rules("flask", size)):
        app.add_url_rule(its_rule, f"page_{number}", _view(its_rule))
    return app


def _view(its_rule: str) -> Callable[..., str]:
    def view(id: str = "") -> str:  # noqa: A002 (the name in the rule)
        return f"{its_rule} of flask: {id}"

    return view


class PageController(WSGIController):
    """The legacy side's pages."""

    def show(self, rule: str, id: str = "") -> str:  # noqa: A002 (the name in the route)
        return f"{rule} of legacy: {id}"


def make_legacy_app(size: int, mapper: routes.Mapper) -> PylonsApp:
    """Return a legacy application, with ``size`` routes connected to ``mapper``."""
    for number, its_rule in enumerate(rules("legacy", size)):
        mapper.connect(
            f"page_{number}",
            its_rule.replace("<", "{").replace(">", "}"),
            controller=PageController,
            action="show",
            rule=its_rule,
        )
    mapper.create_regs()
    config = PylonsConfig()
    config.init_app({}, {}, package="bench", paths={"root": ".", "templates": []})
    config["routes.map"] = mapper
    return PylonsApp(config)


class RoutesOwnMapper(routes.Mapper):
    """Routes' mapper, which is asked itself: no index stands beside it.

    ``PylonsApp`` then does what Routes' ``RoutesMiddleware`` in front of it would do,
    once. With that middleware in front it would do some of it again.
    """

    def routematch(self, *args: Any, **kwargs: Any) -> Any:
        """Match as Routes does; the index leaves alone who defines this method."""
        return super().routematch(*args, **kwargs)


def bare_flask(size: int) -> WSGIApplication:
    """Flask alone: half of the site."""
    return make_flask_app(size).wsgi_app


def bare_pylons(size: int) -> WSGIApplication:
    """The legacy application alone, as it was: the other half."""
    return make_legacy_app(size, RoutesOwnMapper())


def compatshim(size: int) -> WSGIApplication:
    """Both, joined by compatshim."""
    app = make_flask_app(size)
    CompatShim(app, legacy=make_legacy_app(size, routes.Mapper()))
    return app.wsgi_app


class AskBoth:
    """Both routers are asked; legacy requests run inside a Flask test request.

    What CKAN 2.8 did, which had to have Flask's application context for them.
    """

    def __init__(self, size: int) -> None:
        self._flask_app = make_flask_app(size)
        self._mapper = RoutesOwnMapper()
        self._legacy_app = make_legacy_app(size, self._mapper)

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Serve one request; Flask answers for what neither of them has."""
        flask_has_it = self._ask_flask(environ)
        legacy_has_it = self._mapper.routematch(environ=environ) is not None
        if flask_has_it or not legacy_has_it:
            return self._flask_app.wsgi_app(environ, start_response)
        with self._flask_app.test_request_context():
            return self._legacy_app(environ, start_response)

    def _ask_flask(self, environ: WSGIEnvironment) -> bool:
        try:
            self._flask_app.url_map.bind_to_environ(environ).match()
        except HTTPException:
            return False
        return True


class FlaskFirst:
    """Flask serves; where it answers 404, the legacy application is called instead.

    The idea of the LegacyView in Pyramid's cookbook.
    """

    def __init__(self, size: int) -> None:
        self._flask_app = make_flask_app(size)
        self._legacy_app = make_legacy_app(size, RoutesOwnMapper())

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Serve one request; the legacy application's 404 is the last word."""
        found = True

        def start(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
            nonlocal found
            found = not status.startswith("404")
            return start_response(status, headers, *exc_info) if found else _ignore

        answer: Any = self._flask_app.wsgi_app(environ.copy(), start)
        if found:
            return answer
        answer.close()
        return self._legacy_app(environ, start_response)


def _ignore(_: bytes) -> None:
    """Take the place of ``write()`` for an answer that nobody will see."""


PEERS: dict[str, Callable[[int], WSGIApplication]] = {
    "bare-flask": bare_flask,
    "bare-pylons": bare_pylons,
    "compatshim": compatshim,
    "ask-both": AskBoth,
    "flask-first": FlaskFirst,
}

ALONE = {"flask": "bare-flask", "legacy": "bare-pylons"}
"""The peers that have one side only, by side."""

JOINED = tuple(peer for peer in PEERS if peer not in ALONE.values())
"""The others."""


def sides(peer: str) -> list[str]:
    """Return the sides that a peer serves."""
    return [side for side, alone in ALONE.items() if peer in {alone, *JOINED}]
