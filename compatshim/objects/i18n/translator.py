"""``pylons.translator`` of a legacy application beside a Flask application."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compatshim.objects.i18n import current
from compatshim.objects.i18n.languages import serving_record
from compatshim.snapshots.response import copy_translator

if TYPE_CHECKING:
    from gettext import NullTranslations

__all__ = ["SiteTranslator"]


class SiteTranslator:
    """The translations into whatever languages are the current ones.

    So Pylons' own functions give what the common ones give. What it adds to a
    translator is what Pylons' functions need: ``pylons_lang``, ``set_lang`` and
    ``add_fallback_language``.
    """

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # it is not a copy of the translations
            raise AttributeError(name)
        return getattr(current.translations(), name)

    def __copy__(self) -> SiteTranslator:
        return self

    @property
    def pylons_lang(self) -> list[str] | None:
        """The current languages."""
        return current.get_lang()

    set_lang = staticmethod(current.set_lang)
    add_fallback_language = staticmethod(current.add_fallback)

    def add_fallback(self, fallback: NullTranslations) -> None:
        """Look up in ``fallback``, for the rest of the request, what is not found."""
        own = copy_translator(current.translations())
        own.add_fallback(fallback)
        own.pylons_lang = self.pylons_lang  # type: ignore[attr-defined]  # Pylons' own
        record = serving_record()
        if record is not None:
            record.objects.translator = own
