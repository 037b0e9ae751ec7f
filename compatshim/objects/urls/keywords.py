"""The keywords of ``url_for`` that are no arguments of a route, in both spellings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Container

    from compatshim.locale_prefix import LocalePrefixes
    from compatshim.routing.site import Site

__all__ = ["KEYWORDS", "NO_KEYWORDS", "Keywords", "root_of", "take_keywords"]

_SPELLINGS = {
    "external": ("_external", "qualified"),
    "scheme": ("_scheme", "protocol"),
    "anchor": ("_anchor", "anchor"),
    "host": ("host",),
    "method": ("_method",),
    "sub_domain": ("sub_domain",),
}

KEYWORDS = frozenset(
    ["locale", *(name for names in _SPELLINGS.values() for name in names)]
)
"""Every spelling of every keyword."""


class Keywords(NamedTuple):
    """What was asked for beside the arguments of the route; ``None`` where nothing was.

    ``has_locale`` tells ``locale=None``, which asks for a URL without a locale, from a
    call that leaves the locale as it is.
    """

    external: bool | None = None
    scheme: str | None = None
    anchor: str | None = None
    host: str | None = None
    method: str | None = None
    sub_domain: str | None = None
    has_locale: bool = False
    locale: str | None = None

    @property
    def is_absolute(self) -> bool:
        """Whether the URL is to have scheme and host."""
        return bool(self.external or self.host) or self.scheme is not None


NO_KEYWORDS = Keywords()


def take_keywords(
    values: dict[str, Any], own: Container[str], prefixes: LocalePrefixes | None
) -> Keywords:
    """Take the keywords out of ``values`` and return them.

    A keyword that is among the ``own`` arguments of the route is left there, and so is
    ``locale`` where no path of the site begins with one (``prefixes``). What is given in
    both spellings has Flask's.
    """
    if KEYWORDS.isdisjoint(values):
        return NO_KEYWORDS
    taken: dict[str, Any] = {}
    for keyword, spellings in _SPELLINGS.items():
        for name in reversed(spellings):
            if name in values and name not in own:
                value = values.pop(name)
                taken[keyword] = taken.get(keyword) if value is None else value
    if prefixes is not None and "locale" in values and "locale" not in own:
        locale = values.pop("locale")
        taken["has_locale"] = True
        taken["locale"] = None if locale is None else str(locale)
    if taken.get("method") is not None:
        taken["method"] = str(taken["method"]).upper()
    for keyword in ("anchor", "host", "sub_domain"):
        taken[keyword] = taken.get(keyword) or None
    return Keywords(**taken)


def root_of(site: Site, keywords: Keywords) -> str:
    """Return what the path begins with; raises ``LookupError`` for an unknown locale."""
    return site.root_for(keywords.locale) if keywords.has_locale else site.root
