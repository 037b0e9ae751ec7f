"""Translations of a legacy application, as ``pylons.i18n``."""

from __future__ import annotations

from compatshim.legacy.i18n.translation import (
    N_,
    LanguageError,
    LazyString,
    _,
    add_fallback,
    get_lang,
    gettext,
    gettext_noop,
    lazify,
    lazy_gettext,
    lazy_ngettext,
    lazy_ugettext,
    lazy_ungettext,
    ngettext,
    npgettext,
    pgettext,
    set_lang,
    ugettext,
    ungettext,
)

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
