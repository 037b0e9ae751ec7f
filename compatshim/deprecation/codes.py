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
        "CS103",
        "Legacy name without a counterpart",
        LegacyImportWarning,
        "A name of the legacy framework is used that `compatshim.common` has not"
        " (`from pylons.controllers import WSGIController`). It stays as long as there"
        " are controllers, or the team writes something else. Only the audit finds it.",
        removed_in=None,
    ),
    Code(
        "CS104",
        "Import of a legacy module",
        LegacyImportWarning,
        "A legacy module is imported as a whole (`import pylons`). Import the names that"
        " are read from it from `compatshim.common`. Only the audit finds it.",
        removed_in=None,
    ),
    Code(
        "CS105",
        "Star import from the legacy framework",
        LegacyImportWarning,
        "All names of a legacy module are imported (`from pylons.i18n import *`). Import"
        " those that are used from `compatshim.common`. Only the audit finds it.",
        removed_in=None,
    ),
    Code(
        "CS106",
        "Library of the legacy framework",
        LegacyImportWarning,
        "A library is used that the legacy framework was made of: Routes, WebOb, Paste,"
        " Beaker or WebHelpers (`from webob.exc import HTTPNotFound`). Use what Flask has"
        " for it. Only the audit finds it.",
        removed_in=None,
    ),
    Code(
        "CS107",
        "Import by the name of a module",
        LegacyImportWarning,
        'A legacy module is imported by a string (`__import__("pylons")`). Import the'
        " names that are read from it from `compatshim.common`. Only the audit finds it.",
        removed_in=None,
    ),
    Code(
        "CS108",
        "Legacy name in a string",
        LegacyImportWarning,
        'A string spells out a legacy name (`mock.patch("pylons.request")`). Name what'
        " takes its place, in the module that uses it. Only the audit finds it.",
        removed_in=None,
    ),
    Code(
        "CS109",
        "Legacy name in a doctest",
        LegacyImportWarning,
        "An example in a docstring uses a legacy name. Write it as the code does. Only"
        " the audit finds it.",
        removed_in=None,
    ),
    Code(
        "CS110",
        "Never used",
        LegacyImportWarning,
        "A legacy name is imported, and nothing in the file uses it. Take it out, if no"
        " other module gets it from there. Only the audit finds it.",
        removed_in=None,
    ),
    Code(
        "CS111",
        "Handed on to other modules",
        LegacyImportWarning,
        "A legacy name is imported to be imported from there. Let the other modules"
        " import it from `compatshim.common`. Only the audit finds it.",
        removed_in=None,
    ),
    Code(
        "CS112",
        "Unsure",
        LegacyImportWarning,
        "It looks like a legacy import, in or next to code that cannot be parsed, or in"
        " a file whose encoding is not what it says. It is never rewritten. Only the"
        " audit finds it.",
        removed_in=None,
    ),
    Code(
        "CS113",
        "Legacy name in a template",
        LegacyImportWarning,
        "The Python of a Mako or Genshi template uses a legacy name. Write it as other code"
        " does; `compatshim rewrite --templates` can. Only the audit finds it.",
        removed_in=None,
    ),
    Code(
        "CS114",
        "Legacy module as a namespace",
        LegacyImportWarning,
        'A Mako template has a namespace of a legacy module (`<%namespace module="pylons'
        '.i18n">`). List what it imports, and take it from `compatshim.common`. Only the'
        " audit finds it.",
        removed_in=None,
    ),
    Code(
        "CS115",
        "Legacy module handed to a template",
        LegacyImportWarning,
        "A template reads a name from a legacy module that it has not imported itself"
        ' (`{{ pylons.config["x"] }}`). Every template has the name itself. Only the audit'
        " finds it.",
        removed_in=None,
    ),
    Code(
        "CS116",
        "Legacy option of an ini file",
        LegacyImportWarning,
        "An ini file uses a distribution of the legacy framework, or sets what only that"
        " reads (`use = egg:Paste#http`, `beaker.session.type`). Only the audit finds it.",
        removed_in=None,
    ),
    Code(
        "CS117",
        "Legacy entry point",
        LegacyImportWarning,
        "A project has entry points that only the legacy framework's tools ask for, or that"
        " name its modules (`paste.app_install`). It goes with the legacy application. Only"
        " the audit finds it.",
        removed_in=None,
    ),
    Code(
        "CS118",
        "Legacy requirement",
        LegacyImportWarning,
        "A project requires a distribution of the legacy framework (`Pylons>=1.0`). Require"
        " what its code imports now. Only the audit finds it.",
        removed_in=None,
    ),
    Code(
        "CS120",
        "Legacy name by way of another module",
        LegacyImportWarning,
        "A name of the framework is imported from a module of the application, which has"
        " imported it itself (`from myapp.lib.base import request`). Import it from"
        " `compatshim.common`. Only the audit finds it.",
        removed_in=None,
    ),
    Code(
        "CS121",
        "Controller and action in the source",
        LegacyUrlWarning,
        "A URL is built with `controller=` and `action=` of a route that exactly one"
        " endpoint of Flask replaces, as the table of routes says. Write the endpoint."
        " Only the rewriter looks for it.",
        removed_in=None,
    ),
    Code(
        "CS122",
        "Parameters of one kind",
        LegacyAttributeWarning,
        "`request.params` is read in a view or an action whose routes take one kind of"
        " method. Read `request.args` for GET, and `request.form` for POST. They give the"
        " first value of a repeated key, `request.params` the last one; `request.form` has"
        " neither uploads nor what stands in the URL. Only the rewriter looks for it.",
        removed_in=None,
    ),
    Code(
        "CS123",
        "URL built through the helpers",
        LegacyAttributeWarning,
        "The framework's function is reached through the helpers (`h.url`). Import"
        " `url_for` from `compatshim.common`. Only the rewriter looks for it.",
        removed_in=None,
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
    Code(
        "CS601",
        "Common name without a counterpart",
        CompatShimDeprecationWarning,
        "Neither Flask nor Flask-Babel has what takes the place of this name of"
        " compatshim's. Only `compatshim eject` finds it.",
        removed_in=None,
    ),
    Code(
        "CS602",
        "Common object used as Flask's cannot be",
        CompatShimDeprecationWarning,
        "Flask has the object or the function, and not this attribute, or it answers"
        " otherwise (`request.path`). As long as one use in a file is such, the name is"
        " imported from `compatshim.common` there. Only `compatshim eject` finds it.",
        removed_in=None,
    ),
    Code(
        "CS603",
        "Not quite the same in Flask",
        CompatShimDeprecationWarning,
        "It was replaced by what Flask has, which differs in a case that the source does"
        " not tell. Look at the line. Only `compatshim eject` says it.",
        removed_in=None,
    ),
    Code(
        "CS604",
        "Common name in a template",
        CompatShimDeprecationWarning,
        "A template uses a name, or an attribute, that it has of compatshim only. No"
        " template is changed. Only `compatshim eject` finds it.",
        removed_in=None,
    ),
    Code(
        "CS605",
        "Cannot be replaced where it stands",
        CompatShimDeprecationWarning,
        "Another name of the file, or another module, is in the way. Only `compatshim"
        " eject` finds it.",
        removed_in=None,
    ),
    Code(
        "CS606",
        "The extension",
        CompatShimDeprecationWarning,
        "`CompatShim(app)` goes when nothing else needs it; with more arguments it is"
        " taken out by hand. Only `compatshim eject` finds it.",
        removed_in=None,
    ),
)

CODES: Mapping[str, Code] = MappingProxyType({code.code: code for code in _TABLE})
"""Every code, in order."""
