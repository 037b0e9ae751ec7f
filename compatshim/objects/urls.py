"""``url_for``: the keywords of both routers, and how each of them builds a URL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from routes import Mapper
from routes.util import GenerationException
from werkzeug.routing import BuildError
from werkzeug.urls import iri_to_uri

from compatshim.objects.errors import UrlBuildError
from compatshim.routing.matching import host_info, url_generator

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from _typeshed.wsgi import WSGIEnvironment
    from flask import Flask
    from routes import URLGenerator

    from compatshim.objects.state import ShimState

__all__ = [
    "build_flask_url",
    "build_legacy_url",
    "build_url",
    "environ_of_config",
    "legacy_url_generator",
    "no_current_route",
    "no_server_name",
]

_GENERATOR_KEY = "compatshim.url_generator"

_FLASK_KEYWORDS = {"qualified": "_external", "protocol": "_scheme", "anchor": "_anchor"}
_LEGACY_KEYWORDS = {flask: legacy for legacy, flask in _FLASK_KEYWORDS.items()}


def build_url(
    state: ShimState,
    flask_url_for: Callable[..., str],
    find_generator: Callable[[], URLGenerator],
    arguments: tuple[Any, ...],
    values: dict[str, Any],
) -> str:
    """Build with the router that knows the name: Flask's first, then Routes'.

    A name that another one has replaced (``shim.alias``) means its successor.
    """
    endpoint = _flask_endpoint(state, arguments[0]) if arguments else None
    if endpoint is not None:
        return build_flask_url(state.app, flask_url_for, endpoint, values)
    if state.mapper is None and not (arguments and _is_url(arguments[0])):
        raise UrlBuildError(
            arguments[0] if arguments else None,
            values,
            "Flask has no endpoint of this name, and there are no legacy routes.",
        )
    return build_legacy_url(find_generator(), arguments, values)


def _flask_endpoint(state: ShimState, name: Any) -> str | None:
    if not isinstance(name, str) or _is_url(name):
        return None
    name = state.aliases.get(name, name)
    return name if name[:1] == "." or name in state.app.view_functions else None


def _is_url(name: str) -> bool:
    return name[:1] in {"/", "#", "?"} or "://" in name


def build_flask_url(
    app: Flask, url_for: Callable[..., str], endpoint: str, values: dict[str, Any]
) -> str:
    """Build with ``flask.url_for``, taking Routes' keywords for Flask's as well.

    A keyword that is an argument of the endpoint's own rules is left as it is.
    """
    host = values.get("host")
    if host is not None or not _FLASK_KEYWORDS.keys().isdisjoint(values):
        arguments = _arguments_of(app, endpoint)
        host = None if "host" in arguments else values.pop("host", None)
        values = {
            key if key in arguments else _FLASK_KEYWORDS.get(key, key): value
            for key, value in values.items()
        }
    if host or values.get("_scheme"):
        values["_external"] = True
    try:
        url = url_for(endpoint, **values)
    except BuildError as error:
        raise UrlBuildError(endpoint, values, str(error)) from error
    if host:
        url = urlsplit(url)._replace(netloc=host).geturl()
    # Werkzeug leaves SCRIPT_NAME as it is; Routes' URLs are always ASCII.
    return url if url.isascii() else iri_to_uri(url)


def _arguments_of(app: Flask, endpoint: str) -> set[str]:
    if endpoint not in app.view_functions:  # a relative one
        return set()
    return {
        argument
        for rule in app.url_map.iter_rules()
        if rule.endpoint == endpoint
        for argument in rule.arguments
    }


def build_legacy_url(
    generator: Callable[..., str], arguments: tuple[Any, ...], values: dict[str, Any]
) -> str:
    """Build with Routes, taking Flask's keywords for Routes' as well.

    A name that Routes does not know is an error, unless it is a path or an absolute
    URL: Routes itself would take it for a URL.
    """
    values = {_LEGACY_KEYWORDS.get(key, key): value for key, value in values.items()}
    name = arguments[0] if arguments else None
    if name is not None and not _is_url(name) and not _is_route(generator, name):
        raise UrlBuildError(
            name, values, "neither Flask nor Routes has a route of this name."
        )
    try:
        return generator(*arguments, **values)
    except GenerationException as error:
        raise UrlBuildError(name, values, str(error)) from error


def _is_route(generator: Any, name: str) -> bool:
    return name in generator.mapper._routenames  # noqa: SLF001 (where Routes looks)


def legacy_url_generator(mapper: Any, environ: WSGIEnvironment) -> URLGenerator:
    """Return Routes' generator for the request of ``environ``, made when first asked."""
    generator = environ.get("routes.url") or environ.get(_GENERATOR_KEY)
    if generator is None:
        environ["routes.cached_hostinfo"] = host_info(environ)
        if mapper is None:
            mapper = Mapper()  # it still completes paths
        generator = environ[_GENERATOR_KEY] = url_generator(mapper, environ)
    return generator


def environ_of_config(config: Mapping[str, Any]) -> WSGIEnvironment:
    """Return an ``environ`` for building absolute URLs outside of a request."""
    return {
        "HTTP_HOST": config["SERVER_NAME"],
        "SCRIPT_NAME": config["APPLICATION_ROOT"].rstrip("/"),
        "wsgi.url_scheme": config["PREFERRED_URL_SCHEME"],
    }


def no_server_name(arguments: tuple[Any, ...], values: dict[str, Any]) -> UrlBuildError:
    """Return the error for a URL that is wanted outside of a request."""
    return UrlBuildError(
        arguments[0] if arguments else None,
        values,
        "outside of a request the configuration key SERVER_NAME must be set.",
    )


def no_current_route(values: dict[str, Any]) -> UrlBuildError:
    """Return the error for ``url.current`` where no route is current."""
    return UrlBuildError(None, values, "no route of this request is known.")
