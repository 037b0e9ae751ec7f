"""Where the URLs of a site begin: scheme, host, root path and locale.

The configuration key ``site_url`` rules them. Without it they are those of the request,
whose ``Host`` header the client has chosen.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from compatshim.errors import SiteUrlError
from compatshim.locale_prefix import LOCALE_KEY, PREFIXES_KEY, UNPREFIXED_KEY

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from compatshim.locale_prefix import LocalePrefixes

__all__ = [
    "SITE_KEY",
    "SITE_URL_KEY",
    "Site",
    "SiteUrl",
    "begin",
    "configure",
    "host_info",
    "moved_from",
    "outside_site",
    "own_host",
    "site_of",
    "sub_domain_host",
]

SITE_URL_KEY = "compatshim.site_url"
"""The ``environ`` key of the configured ``site_url``.

It may lack the scheme, ``//example.org``, and is then the request's.
"""

SITE_KEY = "compatshim.site"
"""The ``environ`` key of the :class:`Site` of a request, once it was asked for."""

_BEGUN_KEY = "compatshim.begun_with"
"""The ``environ`` key of ``SCRIPT_NAME`` and ``PATH_INFO`` as a legacy request began."""

_UNQUOTED = "/:@!$&'()*+,;=~"
_QUOTED = f"{_UNQUOTED}%"
_STANDARD_PORTS = {"http": "80", "https": "443"}


class SiteUrl:
    """The parts of ``site_url``: ``scheme``, ``host`` (with a port) and ``root_path``.

    Raises ``SiteUrlError`` where it is no absolute URL of ``http`` or ``https``.
    """

    __slots__ = ("host", "root_path", "scheme")

    def __init__(self, url: str) -> None:
        try:
            parts = urlsplit(url.strip())
            valid = parts.scheme in {"http", "https", ""} and bool(parts.hostname)
            self.host = parts.netloc.encode("idna").decode().lower()
            _ = parts.port  # raises where it is none
        except ValueError:
            raise SiteUrlError(url) from None
        if not valid or "@" in parts.netloc or parts.query or parts.fragment:
            raise SiteUrlError(url)
        self.scheme = parts.scheme
        self.root_path = quote(parts.path.rstrip("/"), safe=_QUOTED)


_site_url = lru_cache(maxsize=64)(SiteUrl)


class Site:
    """Where URLs begin in the requests that have the same ``SCRIPT_NAME``.

    ``scheme`` and ``host`` are empty where they are the request's. ``root`` is quoted,
    as it stands in URLs; ``locale`` the locale that it contains, or ``None``;
    ``prefixes`` those of the site, or ``None``. ``is_plain`` says that ``root`` is
    ``SCRIPT_NAME`` itself. Where the legacy application has ``moved`` a part of the path
    to ``SCRIPT_NAME``, this is where the URLs of what is mounted there begin, and
    ``outer`` where those of the whole site do; else both are one.
    """

    __slots__ = (
        "_after",
        "_before",
        "host",
        "is_plain",
        "locale",
        "outer",
        "prefixes",
        "root",
        "scheme",
        "script_name",
    )

    def __init__(
        self,
        site_url: str,
        script_name: str,
        prefixes: LocalePrefixes | None = None,
        locale: str | None = None,
        unprefixed: str = "",
        moved: str = "",
    ) -> None:
        url = _site_url(site_url) if site_url else None
        self.scheme = url.scheme if url else ""
        self.host = url.host if url else ""
        self.script_name = script_name + moved
        self.prefixes = prefixes
        self.locale = locale
        root_path = url.root_path if url else ""
        own_root = _quoted(script_name)
        if prefixes is None:
            self._before, self._after = "", ""
            root = own_root if _is_below(own_root, root_path) else root_path
            self.root = root + _quoted(moved)
        else:
            before = _quoted(unprefixed)
            after = own_root.removeprefix(before)
            self._after = after.removeprefix(prefixes.prefix(locale)) + _quoted(moved)
            self._before = _without_prefix(before, root_path, prefixes.prefix(None))
            self.root = self.root_for(locale)
        self.is_plain = self.root == self.script_name
        self.outer = self
        if moved:
            self.outer = Site(site_url, script_name, prefixes, locale, unprefixed)
            self.outer.is_plain = False  # it is not what SCRIPT_NAME is now

    def root_for(self, locale: str | None) -> str:
        """Return the root of URLs that lead to the site in another locale.

        Raises ``LookupError`` for one that the site does not have.
        """
        if self.prefixes is None:
            return self.root
        return self._before + self.prefixes.prefix(locale) + self._after


def _quoted(script_name: str) -> str:
    """Return a ``SCRIPT_NAME``, which is text that is not quoted, as a part of a URL."""
    script_name = script_name.rstrip("/")
    try:
        octets = script_name.encode("latin-1")
    except UnicodeEncodeError:  # the text itself, which is not WSGI's
        octets = script_name.encode()
    return quote(octets, safe=_UNQUOTED)


def _is_below(path: str, root_path: str) -> bool:
    return path == root_path or path.startswith(f"{root_path}/") or not root_path


def _without_prefix(before: str, root_path: str, prefix: str) -> str:
    """Return what stands before the prefix: each of the three has its place once."""
    if _is_below(before + prefix, root_path):
        return before
    if prefix and root_path.endswith(prefix):
        return root_path.removesuffix(prefix)
    return root_path


_cached_site = lru_cache(maxsize=256)(Site)


def site_of(environ: WSGIEnvironment) -> Site:
    """Return where the URLs of a request begin."""
    site: Site | None = environ.get(SITE_KEY)
    script_name = environ.get("SCRIPT_NAME", "")
    if site is None or site.script_name != script_name:
        own = moved_from(environ)
        if own is None:
            own = script_name
        site = _cached_site(
            environ.get(SITE_URL_KEY) or "",
            own,
            environ.get(PREFIXES_KEY),
            environ.get(LOCALE_KEY),
            environ.get(UNPREFIXED_KEY, ""),
            script_name[len(own) :],
        )
        environ[SITE_KEY] = site
    return site


def begin(
    environ: WSGIEnvironment, site_url: str, prefixes: LocalePrefixes | None
) -> None:
    """Note in ``environ`` what a legacy request begins with, as :func:`configure` too."""
    environ[_BEGUN_KEY] = environ.get("SCRIPT_NAME", ""), environ.get("PATH_INFO", "")
    environ[SITE_URL_KEY] = site_url
    if prefixes is not None:
        configure(environ, site_url, prefixes)


def moved_from(environ: WSGIEnvironment) -> str | None:
    """Return ``SCRIPT_NAME`` without what has been moved there from the path, if any.

    A ``path_info`` route moves it, and so may middleware of the legacy application.
    ``None`` where nothing was, also where middleware has put something else there.
    """
    script_name: str = environ.get("SCRIPT_NAME", "")
    begun: tuple[str, str] | None = environ.get(_BEGUN_KEY)
    if begun is None or begun[0] == script_name:
        return None
    own, path = begun
    is_moved = (
        script_name.startswith(own)
        and path.startswith(script_name[len(own) :])
        and path != environ.get("PATH_INFO", "")
    )
    return own if is_moved else None


def configure(
    environ: WSGIEnvironment, site_url: str, prefixes: LocalePrefixes | None
) -> None:
    """Say in ``environ`` what the configuration says of the site."""
    environ[SITE_URL_KEY] = site_url
    if prefixes is not None and PREFIXES_KEY not in environ:  # no middleware was passed
        environ[PREFIXES_KEY] = prefixes
        environ[LOCALE_KEY] = None
        environ[UNPREFIXED_KEY] = environ.get("SCRIPT_NAME", "")


def outside_site(site_url: str, prefixes: LocalePrefixes | None) -> Site:
    """Return where URLs begin that are built outside of a request."""
    prefix = prefixes.prefix(None) if prefixes else ""
    return _cached_site(site_url, prefix, prefixes)


def host_info(environ: WSGIEnvironment) -> dict[str, str]:
    """Return what Routes is to make absolute URLs from.

    Routes itself would believe ``X-Forwarded-Host`` and ``-Proto`` from any client.
    """
    site = site_of(environ)
    protocol = site.scheme or environ["wsgi.url_scheme"]
    return {"host": site.host or _request_host(environ), "protocol": protocol}


def _request_host(environ: WSGIEnvironment) -> str:
    host: str = environ.get("HTTP_HOST") or ""
    if not host:
        host = environ["SERVER_NAME"]
        port = environ["SERVER_PORT"]
        if port != _STANDARD_PORTS.get(environ["wsgi.url_scheme"]):
            host = f"{host}:{port}"
    return host


def own_host(environ: WSGIEnvironment) -> str:
    """Return the host of the request, if it is the site's or one of its sub-domains.

    Else the site's. Routes reads from it which sub-domain is the current one.
    """
    site, host = site_of(environ), _request_host(environ)
    if not site.host or host == site.host or host.endswith(f".{site.host}"):
        return host
    return site.host


def sub_domain_host(environ: WSGIEnvironment, mapper: Any, sub_domain: Any) -> str:
    """Return the host for a sub-domain of the site.

    Its domain is that of the site, else what Routes takes for the domain in the host of
    the request.
    """
    domain = site_of(environ).host
    if not domain:
        name, colon, port = _request_host(environ).partition(":")
        pattern = getattr(mapper, "domain_match", r"[^\.\/]+?\.[^\.\/]+")
        found = re.match(rf"^.+?\.({pattern})$", name)
        domain = (found[1] if found else name) + colon + port
    if sub_domain in getattr(mapper, "sub_domains_ignore", ()):
        return domain
    return f"{sub_domain}.{domain}"
