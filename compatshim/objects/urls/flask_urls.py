"""Build a URL with Flask's router, in answer to the keywords of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from werkzeug.routing import BuildError
from werkzeug.urls import iri_to_uri

from compatshim.objects.errors import UrlBuildError
from compatshim.objects.urls.keywords import (
    KEYWORDS,
    NO_KEYWORDS,
    Keywords,
    root_of,
    take_keywords,
)
from compatshim.routing.site import sub_domain_host

if TYPE_CHECKING:
    from collections.abc import Iterable

    from werkzeug.routing import Map, MapAdapter, Rule

    from compatshim.routing.site import Site

__all__ = ["arguments_of", "build_flask_url"]


def build_flask_url(around: Any, endpoint: str, values: dict[str, Any]) -> str:
    """Build with ``app.url_for``, taking Routes' keywords for Flask's as well.

    A keyword that is an argument of the endpoint's own rules is left as it is.
    """
    site: Site = around.site()
    if not KEYWORDS.isdisjoint(values):
        return _build_with_keywords(around, site, endpoint, values)
    try:
        url: str = around.flask_url_for(endpoint, values)
    except BuildError as error:
        raise _not_built(around, endpoint, values, NO_KEYWORDS) from error
    if site.is_plain and url[:1] == "/" and url.isascii():
        return url
    return _of_site(url, around.adapter(), site, site.root, NO_KEYWORDS)


def _build_with_keywords(
    around: Any, site: Site, endpoint: str, values: dict[str, Any]
) -> str:
    rules = _rules_of(around.app.url_map, endpoint)
    given = dict(values)
    keywords = take_keywords(values, _arguments(rules), site.prefixes)
    try:
        root = root_of(site, keywords)
    except LookupError as error:
        raise UrlBuildError(endpoint, given, f"{error.args[0]}.") from None
    if keywords.sub_domain is not None:
        keywords = _with_sub_domain(around, rules, values, keywords)
    try:
        url = around.flask_url_for(endpoint, {**values, **_flask_keywords(keywords)})
    except BuildError as error:
        raise _not_built(around, endpoint, values, keywords) from error
    return _of_site(url, around.adapter(), site, root, keywords)


def _flask_keywords(keywords: Keywords) -> dict[str, Any]:
    spelled: dict[str, Any] = {
        "_anchor": keywords.anchor,
        "_method": keywords.method,
        "_scheme": keywords.scheme,
    }
    if keywords.is_absolute or keywords.external is not None:
        spelled["_external"] = keywords.is_absolute
    return {name: value for name, value in spelled.items() if value is not None}


def _with_sub_domain(
    around: Any, rules: list[Rule], values: dict[str, Any], keywords: Keywords
) -> Keywords:
    """Let the rule have the sub-domain if it asks for one, else put it into the host."""
    for rule in rules:
        argument = (rule.subdomain or "").strip("<>").rpartition(":")[2]
        if argument in rule.arguments and argument not in values:
            values[argument] = keywords.sub_domain
            return keywords._replace(sub_domain=None)
    if keywords.host is not None:
        return keywords
    host = sub_domain_host(around.environ, around.state.mapper, keywords.sub_domain)
    if host == around.environ.get("HTTP_HOST"):  # as Routes, which then needs no host
        return keywords._replace(host=host if keywords.is_absolute else None)
    return keywords._replace(host=host)


def _of_site(
    url: str, adapter: MapAdapter, site: Site, root: str, keywords: Keywords
) -> str:
    """Return ``url`` with the site's scheme, host and root in place of the request's."""
    origin, path = _split(url, is_absolute=keywords.is_absolute)
    own_origin = _of_host(origin, adapter, site, keywords) if origin else ""
    if own_origin is not None:
        own_root = adapter.script_name.rstrip("/")
        if path.startswith(f"{own_root}/"):
            path = root + path[len(own_root) :]
        url = own_origin + path
    # Werkzeug leaves some as they are; Routes' URLs are always ASCII.
    return url if url.isascii() else iri_to_uri(url)


def _split(url: str, *, is_absolute: bool) -> tuple[str, str]:
    """Return what stands before the path of ``url``, and the rest."""
    if url[:1] == "/" and not (is_absolute and url.startswith("//")):
        return "", url
    start = url.find("//")
    slash = url.find("/", start + 2)
    if start < 0 or slash < 0:
        return url, ""
    return url[:slash], url[slash:]


def _of_host(
    origin: str, adapter: MapAdapter, site: Site, keywords: Keywords
) -> str | None:
    """Return ``origin`` with the site's scheme and host, ``None`` if it is another's.

    Flask's error handlers may have answered with any address.
    """
    scheme, _, host = origin.partition("//")
    own_host = _own_host(host, adapter, site.host)
    if own_host is None:
        return None
    if site.scheme and keywords.scheme is None:
        scheme = f"{site.scheme}:"
    return f"{scheme}//{keywords.host or own_host}"


def _own_host(host: str, adapter: MapAdapter, site_host: str) -> str | None:
    """Return ``host`` with the site's in place of the one that the request came for."""
    if adapter.map.host_matching:
        return host or site_host  # that of the rule
    if host != adapter.server_name and not host.endswith(f".{adapter.server_name}"):
        return None
    return host[: -len(adapter.server_name)] + (site_host or adapter.server_name)


def _rules_of(url_map: Map, endpoint: str) -> list[Rule]:
    try:
        return list(url_map.iter_rules(endpoint))
    except KeyError:
        return []


def _arguments(rules: Iterable[Rule]) -> set[str]:
    return {argument for rule in rules for argument in rule.arguments}


def arguments_of(url_map: Map, endpoint: str) -> set[str]:
    """Return the names of all arguments in the rules of an endpoint."""
    return _arguments(_rules_of(url_map, endpoint))


def _not_built(
    around: Any, endpoint: str, values: dict[str, Any], keywords: Keywords
) -> UrlBuildError:
    rules = _rules_of(around.app.url_map, endpoint)
    given = {name for name, value in values.items() if value is not None}
    missing = min(
        (rule.arguments - given - set(rule.defaults or ()) for rule in rules),
        key=len,
        default=set(),
    )
    if not rules:
        reason = "no rule of Flask leads to this endpoint."
    elif missing:
        reason = "the endpoint's rules need more than was given."
    elif keywords.method is not None:
        reason = f"no rule of the endpoint takes these values with {keywords.method}."
    else:
        reason = "no rule of the endpoint takes these values."
    return UrlBuildError(
        endpoint, values, reason, missing=missing, find_names=around.find_names
    )
