"""Translations and locale of a site, whoever serves.

What is said here holds wherever an application context is: in requests of either
framework, in commands, in jobs. ``choice`` is the rule that says which locale a visitor
gets, ``babel`` makes Flask-Babel follow it, ``current`` has the functions,
``formats`` Flask-Babel's for dates and numbers, and ``translator`` is what legacy code
has as ``pylons.translator``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.catalogues import Catalogues
from compatshim.objects.i18n.babel import adopt_soon
from compatshim.objects.i18n.current import (
    add_fallback,
    force_locale,
    get_lang,
    set_lang,
    text_direction,
    translations,
)
from compatshim.objects.i18n.sources import own_sources
from compatshim.objects.i18n.translator import SiteTranslator

if TYPE_CHECKING:
    from compatshim.objects.state import ShimState

__all__ = [
    "add_fallback",
    "force_locale",
    "get_lang",
    "install",
    "set_lang",
    "text_direction",
    "translations",
]


def install(state: ShimState) -> None:
    """Give a site its catalogues, and let Flask-Babel use them.

    Raises ``ValueError`` where the configuration of locale prefixes is none.
    """
    app = state.app
    _ = state.locale_prefixes
    state.translations = Catalogues(
        lambda: own_sources(state),
        lambda: app.config.get("COMPATSHIM_SOURCE_LOCALE", "en"),
        app.root_path,
    )
    state.translator = SiteTranslator()
    adopt_soon(app)
