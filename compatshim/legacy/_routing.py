"""Which route of its map a legacy application serves a request by."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from routes import URLGenerator

from compatshim.errors import NotConfiguredError
from compatshim.routing.handing_over import HANDED_KEY
from compatshim.routing.matching import (
    MATCH_KEY,
    LegacyMatch,
    answered,
    match_routes,
    put_generator,
    routing_args,
)
from compatshim.routing.site import SITE_URL_KEY

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

__all__ = ["redirection", "route_request"]

_USED_KEY = "compatshim.legacy_routing_args"
"""Where the ``wsgiorg.routing_args`` that an application has used are remembered.

Another pass of the request (an error document, a forward) has them in its ``environ``
too, where they answer a question that was not asked.
"""


def route_request(
    mapper: Any, environ: WSGIEnvironment, site_url: str | None = None
) -> LegacyMatch | None:
    """Find the match of a request, put Routes' keys into ``environ`` and return it.

    ``site_url`` is that of a legacy application alone.

    The dispatcher's match comes first, which a ``RoutesMiddleware`` in front has been
    handed; then what that found by itself, then ``mapper`` is asked. Raises
    ``UnicodeError`` where the path is not UTF-8, and ``NotConfiguredError`` where there
    is nothing to ask.
    """
    environ.setdefault(SITE_URL_KEY, site_url)
    given = environ.get("wsgiorg.routing_args")
    if given is not None and mapper and given is environ.get(_USED_KEY):
        given = None
    match: LegacyMatch | None = environ.get(MATCH_KEY)
    if (
        match is None
        or not match.holds_for(mapper, environ)
        or (given is not None and given[1] is environ.get(HANDED_KEY))
    ):
        if given is not None:
            return _use_given(given, environ)
        if mapper is None:
            raise NotConfiguredError(
                "routes.map", "Set config['routes.map'] to a routes.Mapper."
            )
        match = match_routes(mapper, environ)
    if match is not None and not match.route.redirect:
        _shift_path_info(environ, match.arguments)
    routing_args(environ, match, mapper)
    environ[_USED_KEY] = environ["wsgiorg.routing_args"]
    return match


def _use_given(given: Any, environ: WSGIEnvironment) -> LegacyMatch | None:
    """Take over what Routes' own middleware found, with its arguments as text."""
    url, found = given
    route = environ.get("routes.route")
    defaults = route.defaults if route is not None else {}
    was_handed_over = found is environ.get(HANDED_KEY)
    arguments = {
        key: value
        if defaults.get(key) == value or (was_handed_over and key != "path_info")
        else _as_text(value)
        for key, value in found.items()
    }
    mapper = getattr(url, "mapper", None)
    if type(url) is URLGenerator:
        url = put_generator(mapper, environ)  # of the site
        url.environ["wsgiorg.routing_args"] = (url, arguments)
    environ["wsgiorg.routing_args"] = environ[_USED_KEY] = (url, arguments)
    environ.setdefault("routes.url", url)
    if route is None:
        return None
    return answered((arguments, route), mapper, environ)


def _as_text(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        octets = value.encode("latin-1")
    except UnicodeEncodeError:
        # No part of a WSGI path: a route's condition function has put it there.
        return value
    return octets.decode()


def _shift_path_info(environ: WSGIEnvironment, arguments: dict[str, Any]) -> None:
    """Move what a ``path_info`` route matched from ``PATH_INFO`` to ``SCRIPT_NAME``."""
    if "path_info" not in arguments:
        return
    rest = (arguments["path_info"] or "").encode().decode("latin-1")
    path = environ["PATH_INFO"]
    environ["PATH_INFO"] = rest if rest.startswith("/") else f"/{rest}"
    environ["SCRIPT_NAME"] += re.sub(rf"^(.*?)/{re.escape(rest)}$", r"\1", path)


def redirection(match: LegacyMatch | None, environ: WSGIEnvironment) -> str | None:
    """Return where a redirect route leads, or ``None`` for any other."""
    if match is None or not match.route.redirect:
        return None
    location: str = environ["routes.url"](
        f"_redirect_{id(match.route)}", **match.arguments
    )
    return location
