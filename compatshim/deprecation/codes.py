"""The one table of what is deprecated: warnings, reports, audit and docs read it.

A code is never renumbered and never used again.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from compatshim.deprecation.categories import (
    CompatShimDeprecationWarning,
    DeprecatedNameWarning,
    LegacyAttributeWarning,
    LegacyControllerWarning,
    LegacyImportWarning,
    LegacyUrlWarning,
    LimitReachedWarning,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CODES", "Code"]


class Code(NamedTuple):
    """A kind of deprecation.

    ``since`` and ``removed_in`` are versions of compatshim; ``None`` where they are
    said at the deprecated name. What is ``pending`` is counted, not warned about.
    """

    code: str
    title: str
    category: type[CompatShimDeprecationWarning]
    explanation: str
    since: str | None = "0.1"
    removed_in: str | None = "1.0"
    pending: bool = False


_TABLE = (
    Code(
        "CS001",
        "Limit of announcements",
        LimitReachedWarning,
        "As many call sites were announced in this process as `recorder.limit` says. The"
        " others are counted only.",
        removed_in=None,
    ),
    Code(
        "CS101",
        "Import from the legacy framework",
        LegacyImportWarning,
        "A name is imported from a legacy module (`from pylons import request`), which"
        " works under the legacy framework only, or such a module by a name for it"
        " (`import pylons.i18n as i18n`). Import from `compatshim.common`.",
    ),
    Code(
        "CS102",
        "Attribute of a legacy module",
        LegacyImportWarning,
        "A name is read from a legacy module (`import pylons`, `pylons.request`). Import"
        " it from `compatshim.common`.",
    ),
    Code(
        "CS201",
        "Legacy name of a route",
        LegacyUrlWarning,
        "A URL is built with the name of a legacy route that a Flask view has replaced."
        " Write the view's endpoint.",
    ),
    Code(
        "CS202",
        "Controller and action of a Flask view",
        LegacyUrlWarning,
        "A URL is built with `controller=` and `action=` of a route that a Flask view"
        " has replaced. Write the view's endpoint.",
    ),
    Code(
        "CS301",
        "WebOb's attribute in code that only Flask runs",
        LegacyAttributeWarning,
        "An attribute of the common `request` is read that WebOb has and Flask's request"
        " has not (`request.params`), in code that needs no common request any more."
        " Write what Flask has, and mind where it differs: `request.values` gives the"
        " first value of a repeated key, `request.params` the last one.",
    ),
    Code(
        "CS302",
        "Undeclared attribute of c",
        LegacyAttributeWarning,
        "An attribute of `c` is read that nothing has set. The legacy application lets"
        " it be an empty string; Flask's `g` raises AttributeError. Set it first, or"
        " read it with a default.",
    ),
    Code(
        "CS303",
        "Helper that compatshim.common replaces",
        LegacyAttributeWarning,
        "A function of the framework is reached through the helpers (`h.url`). Call the"
        " one of `compatshim.common`, which templates have by its own name.",
    ),
    Code(
        "CS401",
        "Controller class",
        LegacyControllerWarning,
        "A controller class is still on the legacy side. It is counted, to show how much"
        " is left; there is nothing wrong with it as long as it is served.",
        removed_in=None,
        pending=True,
    ),
    Code(
        "CS501",
        "Deprecated function, method or class",
        DeprecatedNameWarning,
        "Something is called that `compatshim.deprecation.deprecated` marks.",
        since=None,
        removed_in=None,
    ),
    Code(
        "CS502",
        "Former name",
        DeprecatedNameWarning,
        "Something is used by a name that `compatshim.deprecation.deprecated_alias` has"
        " kept for it.",
        since=None,
        removed_in=None,
    ),
)

CODES: Mapping[str, Code] = MappingProxyType({code.code: code for code in _TABLE})
"""Every code, in order."""
