"""The dispatcher's match, for a ``RoutesMiddleware`` inside the legacy application.

That is in the middleware of nearly every Pylons application, and asks the mapper which
route a request is for, in Routes' own order and with undecoded text. The dispatcher has
asked already, and what it found decides who serves: so that is the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from routes import Mapper

from compatshim.routing.index import matches_as_routes, routematch
from compatshim.routing.matching import MATCH_KEY
from compatshim.routing.site import host_info

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from compatshim.routing.matching import LegacyMatch

__all__ = ["HANDED_KEY", "ask", "hand_over_matches"]

HANDED_KEY = "compatshim.handed_arguments"
"""The ``environ`` key of the arguments that were handed over, which are text."""


def hand_over_matches(mapper: Any) -> None:
    """Let ``mapper.routematch(environ=environ)`` answer with the dispatcher's match.

    A mapper that matches in a way of its own is left as it is.
    """
    if matches_as_routes(mapper) and type(mapper.routematch) is not _HandingOver:
        mapper.routematch = _HandingOver(mapper)


def ask(mapper: Any, environ: WSGIEnvironment) -> Any:
    """Return what ``mapper.routematch(environ=environ)`` does, through the index."""
    if type(mapper.routematch) is _HandingOver:
        return mapper.routematch(environ=environ)
    return routematch(mapper, environ["PATH_INFO"], environ)


class _HandingOver:
    """A mapper's ``routematch``, to be set on the mapper itself."""

    __slots__ = ("_mapper",)

    # What it stands for, as a bound method says it.
    __func__ = staticmethod(Mapper.routematch)

    def __init__(self, mapper: Any) -> None:
        self._mapper = mapper

    def __call__(self, url: Any = None, environ: WSGIEnvironment | None = None) -> Any:
        mapper = self._mapper
        if url is None and environ:
            match = _valid_match(mapper, environ)
            if match is not None:
                return _handed(match, environ)
            if mapper.routematch is self:
                return routematch(mapper, environ["PATH_INFO"], environ)
        return Mapper.routematch(mapper, url, environ)


def _valid_match(mapper: Any, environ: WSGIEnvironment) -> LegacyMatch | None:
    """Return the dispatcher's match, if this is the question that it answers.

    If it is not, the legacy application has changed the request, or overrides methods
    in a way of its own: its answer counts from then on.
    """
    match: LegacyMatch | None = environ.get(MATCH_KEY)
    if match is None or match.mapper is not mapper:
        return None
    # What the dispatcher has put there is of the request as it was then.
    environ["routes.cached_hostinfo"] = host_info(environ)
    if mapper.debug:  # then Routes returns a log as well
        return None
    if match.answers(environ):
        return match
    del environ[MATCH_KEY]
    return None


def _handed(match: LegacyMatch, environ: WSGIEnvironment) -> tuple[dict[str, Any], Any]:
    """Return arguments and route; the arguments are the application's own to change."""
    arguments = dict(match.arguments)
    path_info = arguments.get("path_info")
    if isinstance(path_info, str):  # it becomes PATH_INFO, and so is no text there
        arguments["path_info"] = path_info.encode().decode("latin-1")
    environ[HANDED_KEY] = arguments
    return arguments, match.route
