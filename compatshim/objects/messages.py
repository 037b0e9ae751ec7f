"""``_`` and its family: gettext's functions over the translations of who serves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from compatshim.legacy.i18n.translation import LazyString

if TYPE_CHECKING:
    from collections.abc import Callable
    from gettext import NullTranslations

__all__ = ["Messages"]


class Messages:
    """gettext's functions, over whatever translations are the current ones.

    Keyword arguments fill ``%(name)s`` in the translated text, as Flask-Babel's
    functions do; without any, the text is returned as it is, as Pylons' do. A message
    that is ``Markup`` is that in every language, so that it escapes what it is filled
    with.
    """

    def __init__(self, find_translations: Callable[[], NullTranslations]) -> None:
        self._find_translations = find_translations

    def gettext(self, message: str, **variables: Any) -> str:
        """Return the translation of ``message``."""
        text = self._find_translations().gettext(message)
        return _fill(text, message, variables)

    def ungettext(self, singular: str, plural: str, n: int, **variables: Any) -> str:
        """Return the translation for ``n`` things; beside others, ``num`` is ``n``."""
        text = self._find_translations().ngettext(singular, plural, n)
        return _fill(text, singular, {"num": n, **variables} if variables else {})

    def ngettext(self, singular: str, plural: str, n: int, **variables: Any) -> str:
        """Return the translation for ``n`` things; ``%(num)s`` in it is ``n``.

        As Flask-Babel's, and Pylons' code that fills in the text itself can do so, too,
        unless it is for ``%(num)s``: then that is :meth:`ungettext`.
        """
        text = self._find_translations().ngettext(singular, plural, n)
        return _fill_number(text, singular, variables, n)

    def pgettext(self, context: str, message: str, **variables: Any) -> str:
        """Return the translation of ``message`` where it stands in ``context``."""
        text = self._find_translations().pgettext(context, message)
        return _fill(text, message, variables)

    def npgettext(
        self, context: str, singular: str, plural: str, n: int, **variables: Any
    ) -> str:
        """Return the translation for ``n`` things in ``context``."""
        text = self._find_translations().npgettext(context, singular, plural, n)
        return _fill_number(text, singular, variables, n)

    def lazy_gettext(self, message: str, **variables: Any) -> LazyString:
        """Return a string that is translated whenever it is used: for import time."""
        return LazyString(self.gettext, message, **variables)

    def lazy_ngettext(
        self, singular: str, plural: str, n: int, **variables: Any
    ) -> LazyString:
        """Return a string that is translated whenever it is used, for ``n`` things."""
        return LazyString(self.ngettext, singular, plural, n, **variables)

    def lazy_ungettext(
        self, singular: str, plural: str, n: int, **variables: Any
    ) -> LazyString:
        """Return a lazy string as :meth:`ungettext` makes its text."""
        return LazyString(self.ungettext, singular, plural, n, **variables)

    def lazy_pgettext(self, context: str, message: str, **variables: Any) -> LazyString:
        """Return a string that is translated whenever it is used, in ``context``."""
        return LazyString(self.pgettext, context, message, **variables)

    def lazy_npgettext(
        self, context: str, singular: str, plural: str, n: int, **variables: Any
    ) -> LazyString:
        """Return such a string for ``n`` things in ``context``."""
        return LazyString(self.npgettext, context, singular, plural, n, **variables)

    @staticmethod
    def mark(message: str) -> str:
        """Mark ``message`` for extraction, and return it as it is."""
        return message


def _fill(text: str, message: str, variables: dict[str, Any]) -> str:
    if isinstance(message, Markup):
        text = Markup(text)  # noqa: S704 (translators write what programmers wrote)
    return text % variables if variables else text


def _fill_number(text: str, message: str, variables: dict[str, Any], n: int) -> str:
    # Where other placeholders stand, it is the caller who fills them all.
    if variables or text.count("%") == text.count("%(num)") > 0:
        variables = {"num": n, **variables}
    return _fill(text, message, variables)
