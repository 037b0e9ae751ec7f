"""The functions: what an application context answers, in a request and outside of one."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from compatshim import locales
from compatshim.objects.i18n.babel import (
    KEPT_BY_BABEL,
    ask_again,
    babel_languages,
    babel_translations,
    uses_babel,
)
from compatshim.objects.i18n.languages import (
    KEY,
    Languages,
    choose,
    names_of,
    recognise,
    replaced_translator,
    serving_record,
)
from compatshim.objects.state import current_state

if TYPE_CHECKING:
    from collections.abc import Iterator
    from gettext import NullTranslations

__all__ = [
    "add_fallback",
    "force_locale",
    "get_lang",
    "set_lang",
    "text_direction",
    "translations",
]

_MISSING: Any = object()


def translations() -> NullTranslations:
    """Return the translations into the current languages."""
    own: NullTranslations | None = replaced_translator()
    if own is not None:
        return own
    if uses_babel():
        return babel_translations()
    return current_state("gettext").translations.find(_languages().searched)


def _languages() -> Languages:
    if uses_babel():
        return babel_languages()
    names = names_of()
    languages: Languages | None = names.get(KEY)
    if languages is None:
        languages = names[KEY] = choose(current_state("get_lang"))
    return languages


def get_lang() -> list[str] | None:
    """Return the current languages as Pylons' ``get_lang`` does."""
    own = replaced_translator()
    if own is not None:
        return getattr(own, "pylons_lang", None)
    return list(_languages().names) or None


def text_direction() -> str:
    """Return ``"rtl"`` or ``"ltr"`` for the current language."""
    searched = _languages().searched
    return locales.text_direction(searched[0]) if searched else "ltr"


def set_lang(lang: str | list[str] | None) -> None:
    """Use ``lang`` from now on; ``None`` goes back to the usual choice.

    Raises ``LanguageError``, and changes nothing.
    """
    state, has_babel = current_state("set_lang"), uses_babel()
    languages = recognise(state, lang)._replace(is_set=True) if lang else None
    _put(names_of(), KEY, _MISSING if languages is None else languages)
    if has_babel:
        ask_again()
    _put_translator(state.translator)


@contextmanager
def force_locale(locale: str) -> Iterator[None]:
    """Use ``locale`` for a ``with`` block. Raises ``LanguageError``."""
    names, translator = names_of(), _translator()
    former = {key: names.get(key, _MISSING) for key in (KEY, KEPT_BY_BABEL)}
    set_lang(locale)
    try:
        yield
    finally:
        for key, value in former.items():
            _put(names, key, value)
        _put_translator(translator)


def add_fallback(lang: str | list[str]) -> None:
    """Search the catalogues for ``lang``, too. Raises ``LanguageError``."""
    own = replaced_translator()
    state = current_state("add_fallback")
    languages = _languages()
    further = recognise(state, lang).searched
    if own is not None:
        own.add_fallback(state.translations.find(further))
    names_of()[KEY] = languages.with_fallbacks(further)


def _put(names: dict[str, Any], key: str, value: Any) -> None:
    if value is _MISSING:
        names.pop(key, None)
    else:
        names[key] = value


def _translator() -> Any:
    """Return what is ``pylons.translator`` now, or ``None`` where nothing is."""
    record = serving_record()
    return None if record is None else getattr(record.objects, "translator", None)


def _put_translator(translator: Any) -> None:
    record = serving_record()
    if record is not None and record.objects is not None and translator is not None:
        record.objects.translator = translator
