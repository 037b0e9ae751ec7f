"""``_`` and its family: gettext's functions over the translations of who serves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compatshim.legacy.i18n.translation import LazyString

if TYPE_CHECKING:
    from collections.abc import Callable
    from gettext import NullTranslations

__all__ = ["Messages"]


class Messages:
    """gettext's functions, over whatever translations are the current ones.

    Keyword arguments fill ``%(name)s`` in the translated text, as Flask-Babel's
    functions do; without any, the text is returned as it is, as Pylons' do.
    """

    def __init__(self, find_translations: Callable[[], NullTranslations]) -> None:
        self._find_translations = find_translations

    def gettext(self, message: str, **variables: Any) -> str:
        """Return the translation of ``message``."""
        return _fill(self._find_translations().gettext(message), variables)

    def ngettext(self, singular: str, plural: str, n: int, **variables: Any) -> str:
        """Return the translation for ``n`` things; beside others, ``num`` is ``n``."""
        text = self._find_translations().ngettext(singular, plural, n)
        return _fill(text, variables, n)

    def pgettext(self, context: str, message: str, **variables: Any) -> str:
        """Return the translation of ``message`` where it stands in ``context``."""
        return _fill(self._find_translations().pgettext(context, message), variables)

    def npgettext(
        self, context: str, singular: str, plural: str, n: int, **variables: Any
    ) -> str:
        """Return the translation for ``n`` things in ``context``."""
        text = self._find_translations().npgettext(context, singular, plural, n)
        return _fill(text, variables, n)

    def lazy_gettext(self, message: str, **variables: Any) -> LazyString:
        """Return a string that is translated whenever it is used: for import time."""
        return LazyString(self.gettext, message, **variables)

    def lazy_ngettext(
        self, singular: str, plural: str, n: int, **variables: Any
    ) -> LazyString:
        """Return a string that is translated whenever it is used, for ``n`` things."""
        return LazyString(self.ngettext, singular, plural, n, **variables)

    @staticmethod
    def mark(message: str) -> str:
        """Mark ``message`` for extraction, and return it as it is."""
        return message


def _fill(text: str, variables: dict[str, Any], n: int | None = None) -> str:
    if not variables:
        return text
    return text % (variables if n is None else {"num": n, **variables})
