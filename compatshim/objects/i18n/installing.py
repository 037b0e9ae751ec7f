"""What a site needs once, when it is put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.catalogues import Catalogues
from compatshim.objects.i18n.babel import adopt_soon
from compatshim.objects.i18n.sources import own_sources
from compatshim.objects.i18n.translator import SiteTranslator

if TYPE_CHECKING:
    from compatshim.objects.state import ShimState

__all__ = ["install"]


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
