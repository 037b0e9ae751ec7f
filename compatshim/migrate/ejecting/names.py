"""What Flask and Flask-Babel have for the names of ``compatshim.common``."""

from __future__ import annotations

import re
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from compatshim.migrate.catalogue import Catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from compatshim.migrate.sources import Source

__all__ = [
    "ADVICE",
    "COMMON",
    "OWN_NAMES",
    "TARGETS",
    "CommonNames",
    "HandedOn",
    "advice_on",
]

COMMON = "compatshim.common"

_ALIAS = re.compile(rb"\bas[ \t]+(\w+)")


def _of(module: str, *names: str, **others: str) -> dict[str, str]:
    same = {name: f"{module}.{name}" for name in names}
    return {**same, **{name: f"{module}.{other}" for name, other in others.items()}}


TARGETS: Mapping[str, str] = MappingProxyType(
    {
        **_of("flask", "abort", "flash", "g", "get_flashed_messages", "redirect"),
        **_of("flask", "request", "session", "url_for"),
        **_of("flask", c="g", tmpl_context="g", config="current_app", url="url_for"),
        **_of("flask", copy_current_context="copy_current_request_context"),
        **_of("flask", render="render_template"),
        **_of("flask", streaming_response="stream_with_context"),
        **_of("flask_babel", "gettext", "ngettext", "pgettext", "npgettext"),
        **_of("flask_babel", "lazy_gettext", "lazy_ngettext", "lazy_pgettext"),
        **_of("flask_babel", "lazy_npgettext", "force_locale", "get_locale"),
        **_of("flask_babel", _="gettext", ugettext="gettext", ungettext="ngettext"),
        **_of("flask_babel", lazy_ugettext="lazy_gettext"),
        **_of("flask_babel", lazy_ungettext="lazy_ngettext"),
        **_of("flask_babel", "format_currency", "format_date", "format_datetime"),
        **_of("flask_babel", "format_decimal", "format_number", "format_percent"),
        **_of("flask_babel", "format_scientific", "format_time", "format_timedelta"),
    }
)
"""By the name in ``compatshim.common``: what is imported in its place."""

OWN_NAMES = frozenset(TARGETS) - {"_"}
"""The names that go with what they stand for; an alias, and ``_``, stays what it is."""

ADVICE: Mapping[str, str] = MappingProxyType(
    {
        "N_": "define it: a function that returns its argument",
        "add_fallback": "Flask-Babel has the catalogues of one language only",
        "app_globals": "keep the object on the application: app.extensions",
        "cache": "use the cache of the application: Flask-Caching, or Beaker's own",
        "get_lang": "write str(flask_babel.get_locale())",
        "h": "call the helper's own function; give templates what they call with"
        " app.context_processor",
        "is_flask_request": "it is always true now: take the other branch out",
        "render_mako": "make it a template of Jinja2, or call Mako yourself",
        "render_mako_def": "make it a macro of Jinja2, or call Mako yourself",
        "response": "return flask.make_response(...), or set it in a function that is"
        " given to flask.after_this_request",
        "set_lang": "let Babel's locale_selector answer, and call flask_babel.refresh()",
        "text_direction": "write flask_babel.get_locale().text_direction",
    }
)
"""What to do about the names that have no counterpart."""

_MODULES = {
    "compatshim.testing": "use app.test_client() and app.test_request_context()",
    "compatshim.errors": "catch werkzeug.exceptions.HTTPException, or BuildError of"
    " werkzeug.routing",
    "compatshim.deprecation": "use the module warnings",
    "compatshim.legacy": "it is the legacy side: see what compatshim audit says",
    "compatshim.sessions": "set app.session_interface to one of another library",
    "compatshim.plugins": "register its blueprints and functions with the application",
    COMMON: "import the names themselves from compatshim.common, and eject again",
}
_OTHERWISE = "it goes with compatshim"


def advice_on(module: str) -> str:
    """Return what to do about an import from ``module``, one of compatshim's."""
    while module not in _MODULES and "." in module:
        module = module.rpartition(".")[0]
    return _MODULES.get(module, _OTHERWISE)


class CommonNames(Catalogue):
    """compatshim in the place of the legacy packages: what :data:`TARGETS` says."""

    def __init__(self) -> None:
        super().__init__()
        self._names = {COMMON: TARGETS}
        self._modules = {*self.packages, *_MODULES}

    @cached_property
    def packages(self) -> tuple[str, ...]:
        """The package that goes."""
        return ("compatshim",)

    @cached_property
    def words(self) -> tuple[bytes, ...]:
        """The first word of it, and of those whose imports may be there already."""
        return (b"compatshim", b"flask", b"flask_babel")


class HandedOn(CommonNames):
    """The same names, where modules of the application import them from each other.

    ``sources`` are those that have them of compatshim, perhaps by another name.
    """

    def __init__(self, sources: Iterable[Source]) -> None:
        super().__init__()
        self._aliases = {
            alias for source in sources for alias in _ALIAS.findall(source.text)
        }

    @cached_property
    def words(self) -> tuple[bytes, ...]:
        """The names themselves, and what may be aliases of them."""
        return tuple({name.encode() for name in TARGETS} | self._aliases)
