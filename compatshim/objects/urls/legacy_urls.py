"""Build a URL with Routes, in answer to the keywords of both routers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from routes import URLGenerator
from routes.util import GenerationException

from compatshim.objects.errors import UrlBuildError
from compatshim.objects.urls.keywords import KEYWORDS, Keywords, root_of, take_keywords
from compatshim.routing.site import sub_domain_host

if TYPE_CHECKING:
    from compatshim.routing.site import Site

__all__ = ["build_legacy_url", "is_url"]

# What Routes treats in a way of its own: its own words, and its escapes for them.
_NOT_PLAIN = KEYWORDS | {
    "_anchor",
    "_environ",
    "_host",
    "_protocol",
    "_use_current",
    "anchor_",
    "host_",
    "protocol_",
}


def is_url(name: str) -> bool:
    """Return whether ``name`` is a path or an absolute URL, and no name of a route."""
    return name[:1] in {"/", "#", "?"} or "://" in name


def build_legacy_url(
    around: Any,
    arguments: tuple[Any, ...],
    values: dict[str, Any],
    *,
    use_current: bool = False,
) -> str:
    """Build with Routes, taking Flask's keywords for Routes' as well.

    With ``use_current`` the values of the current route are those that are not given.
    Where Routes remembers them by itself, because its mapper is not ``explicit``, it
    does so for a URL that is asked for by its values, too.
    """
    generator = around.generator()
    name: Any = arguments[0] if arguments else None
    route = None
    if arguments:
        route = generator.mapper._routenames.get(name)  # noqa: SLF001 (where Routes looks)
        if route is not None:
            url = _generate_plain(generator, route, values)
            if url is not None:
                return url
        elif not is_url(name):
            raise UrlBuildError(
                name,
                values,
                "Routes has no route of this name.",
                find_names=around.find_names,
            )
    elif not use_current and not generator.mapper.explicit:
        use_current = bool(around.memory())
    given = dict(values)
    try:
        generator = _take_keywords(around, generator, name, route, values)
        if use_current:
            values["_use_current"] = True  # and None means to forget
        elif arguments or generator.mapper.explicit:
            _drop_none(values, route)
        return generator(*arguments, **values)  # type: ignore[no-any-return]
    except LookupError as error:
        raise UrlBuildError(name, given, f"{error.args[0]}.") from None
    except GenerationException as error:
        raise _not_built(around, name, route, given) from error


def _generate_plain(generator: Any, route: Any, values: dict[str, Any]) -> str | None:
    """Return what ``generator`` does for a named route, without its detours.

    ``None`` where it might not be the same.
    """
    mapper = generator.mapper
    all_values = {**route.defaults, **values}
    if (
        not _NOT_PLAIN.isdisjoint(all_values)
        or route.filter
        or mapper.sub_domains
        or None in values.values()
        or type(generator) is not URLGenerator
    ):
        return None
    all_values["_environ"] = generator.environ
    url: str | None
    if mapper.hardcode_names:
        url = mapper.generate(route, **all_values)
    else:
        url = mapper.generate(**all_values)
    return url if url is not None and url.isascii() else None


def _take_keywords(
    around: Any, generator: Any, name: Any, route: Any, values: dict[str, Any]
) -> Any:
    """Put Routes' words for the keywords into ``values``; return the generator to ask.

    Raises ``LookupError`` for an unknown locale.
    """
    site: Site = around.site()
    own = () if route is None else route.maxkeys
    keywords = take_keywords(values, own, site.prefixes)
    if keywords.has_locale:
        environ = {**generator.environ, "SCRIPT_NAME": root_of(site, keywords)}
        generator = type(generator)(generator.mapper, environ)
    if keywords.sub_domain is not None and generator.mapper.sub_domains:
        values["sub_domain"] = keywords.sub_domain
    elif keywords.sub_domain is not None and keywords.host is None:
        host = sub_domain_host(around.environ, generator.mapper, keywords.sub_domain)
        if keywords.is_absolute or host != around.environ.get("HTTP_HOST"):
            keywords = keywords._replace(host=host)
    _spell_for_routes(values, keywords, is_path=name is not None and route is None)
    if name is not None and "://" in name and route is None:
        values.pop("qualified", None)  # Routes would put the site before it
    return generator


def _drop_none(values: dict[str, Any], route: Any) -> None:
    """Do as Flask, which has no ``?q=None``."""
    own = () if route is None else route.maxkeys
    for key in [key for key, value in values.items() if value is None]:
        if key not in own:
            del values[key]


def _spell_for_routes(
    values: dict[str, Any], keywords: Keywords, *, is_path: bool
) -> None:
    if keywords.external is not None:
        values["qualified"] = keywords.external
    if keywords.scheme is not None:
        values["protocol"] = keywords.scheme
    if keywords.anchor is not None:
        values["anchor"] = keywords.anchor
    if keywords.host is not None:
        values["host"] = keywords.host
    if keywords.method is not None and not is_path:
        values["method"] = keywords.method


def _not_built(
    around: Any, name: Any, route: Any, values: dict[str, Any]
) -> UrlBuildError:
    missing = set()
    reason = "Routes has no route for these values."
    if route is not None:
        given = {key for key, value in values.items() if value is not None}
        missing = set(route.minkeys) - set(route.dotkeys) - given - set(route.defaults)
        reason = "the route does not take these values."
        if missing:
            reason = "the route needs more than was given."
    return UrlBuildError(
        name, values, reason, missing=missing, find_names=around.find_names
    )
