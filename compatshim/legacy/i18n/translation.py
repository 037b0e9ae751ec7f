"""Translations by the current request's translator.

Outside of a request each function returns its text untranslated. All text is ``str``:
``gettext`` and ``ugettext``, which differed on Python 2, are one. ``pgettext`` and
``npgettext`` are additions to Pylons' functions.
"""

from __future__ import annotations

import os.path
from gettext import translation
from typing import Any

from compatshim.catalogues import Catalogue, Untranslated
from compatshim.errors import NoRequestError
from compatshim.legacy._proxy import translator
from compatshim.legacy.configuration import config
from compatshim.legacy.i18n._lazy import LazyString, lazify
from compatshim.serving import legacy_request

__all__ = [
    "N_",
    "LanguageError",
    "LazyString",
    "_",
    "add_fallback",
    "get_lang",
    "gettext",
    "gettext_noop",
    "lazify",
    "lazy_gettext",
    "lazy_ngettext",
    "lazy_ugettext",
    "lazy_ungettext",
    "ngettext",
    "npgettext",
    "pgettext",
    "set_lang",
    "ugettext",
    "ungettext",
]


class LanguageError(Exception):
    """There are no translations into a language that was asked for."""


def _translator() -> Any:
    try:
        return translator._current_obj()
    except NoRequestError:
        return Untranslated()


def gettext_noop(value: str) -> str:
    """Mark a text for translation and return it as it is."""
    return value


N_ = gettext_noop


def gettext(value: str) -> str:
    """Return the translation of ``value``."""
    text: str = _translator().gettext(value)
    return text


def ngettext(singular: str, plural: str, n: int) -> str:
    """Return the translation in the plural form for ``n``."""
    text: str = _translator().ngettext(singular, plural, n)
    return text


def pgettext(context: str, value: str) -> str:
    """Return the translation of ``value`` as it is meant in ``context``."""
    text: str = _translator().pgettext(context, value)
    return text


def npgettext(context: str, singular: str, plural: str, n: int) -> str:
    """Return the translation in the plural form for ``n``, as meant in ``context``."""
    text: str = _translator().npgettext(context, singular, plural, n)
    return text


_ = ugettext = gettext
ungettext = ngettext

lazy_gettext = lazy_ugettext = lazify(gettext)
lazy_ngettext = lazy_ungettext = lazify(ngettext)


def _get_translator(
    lang: str | list[str] | None, *, pylons_config: Any = None, **kwargs: Any
) -> Any:
    """Return a translator into ``lang``, which belongs to the caller alone.

    ``kwargs`` are those of :func:`gettext.translation`. That reads each catalogue once
    but returns copies, so that fallbacks and ``pylons_lang`` stay with one request.
    """
    if not lang:
        return Untranslated()
    conf = config.current_conf() if pylons_config is None else pylons_config
    languages = lang if isinstance(lang, list) else [lang]
    for name in languages:  # which may come from a visitor, and is a folder's
        if name != os.path.basename(name) or name in {".", ".."}:
            raise LanguageError(f"{name!r} is not the name of a language")
    kwargs.setdefault("class_", Catalogue)
    folder = os.path.join(conf["pylons.paths"]["root"], "i18n")
    try:
        found: Any = translation(
            conf["pylons.package"], folder, languages=languages, **kwargs
        )
    except OSError as error:
        raise LanguageError(f"no translations into {lang!r}: {error}") from error
    found.pylons_lang = languages
    return found


def set_lang(
    lang: str | list[str] | None, set_environ: bool = True, **kwargs: Any
) -> Any:
    """Translate the rest of the request into ``lang``, as Pylons 1.0's ``set_lang``.

    The further languages of a list are fallbacks for the first. With ``set_environ``
    false the translator is returned instead. Raises ``LanguageError`` where there are
    no translations, and ``NoRequestError`` outside of a request.

    Beside a Flask application it is ``compatshim.common.set_lang``, unless ``kwargs``
    ask for a translator of its own.
    """
    if not set_environ:
        return _get_translator(lang, **kwargs)
    request = legacy_request()
    if request is None or request.objects is None:
        raise NoRequestError("translator")
    objects = request.objects
    shared = request.shared_by(objects.config)
    if shared is not None and lang and not kwargs:
        shared.translator.set_lang(lang)
    else:
        objects.translator = _get_translator(lang, **kwargs)
    return None


def get_lang() -> list[str] | None:
    """Return the languages translated into, or ``None`` if none was set."""
    languages: list[str] | None = getattr(_translator(), "pylons_lang", None)
    return languages


def add_fallback(lang: str | list[str], **kwargs: Any) -> None:
    """Look up in ``lang`` what the languages so far do not translate.

    Until :func:`set_lang` is called again or the request ends. Raises as that does.
    """
    current = translator._current_obj()
    request = legacy_request()
    shared = None if request is None else request.shared_by(config.current_conf())
    if shared is not None and current is shared.translator and not kwargs:
        current.add_fallback_language(lang)
    else:
        current.add_fallback(_get_translator(lang, **kwargs))
