"""Translations and locale of an application, whoever serves.

Flask-Babel does the work where the Flask application has it. Otherwise the catalogues
are the legacy application's, as Pylons finds them.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import flask

from compatshim.legacy.i18n.translation import LanguageError, _get_translator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from gettext import NullTranslations

    from _typeshed.wsgi import WSGIEnvironment

    from compatshim.objects.state import ShimState

__all__ = [
    "babel_lang",
    "babel_translations",
    "force_babel_locale",
    "has_babel",
    "keep_translator",
    "kept_translator",
    "legacy_translator",
    "restoring_lang",
    "set_babel_lang",
]

_TRANSLATOR_KEY = "compatshim.translator"
_FORCED = "_compatshim_locale"


def has_babel() -> bool:
    """Return whether the application in context uses Flask-Babel."""
    return flask.has_app_context() and "babel" in flask.current_app.extensions


def babel_translations() -> NullTranslations:
    """Return Flask-Babel's translations for the current locale."""
    import flask_babel

    translations: NullTranslations = flask_babel.get_translations()
    return translations


def babel_lang() -> list[str] | None:
    """Return the current locale as Pylons' ``get_lang`` does."""
    import flask_babel

    locale = flask_babel.get_locale()
    return None if locale is None else [str(locale)]


def set_babel_lang(lang: str | list[str] | None) -> None:
    """Use ``lang`` for the rest of the request; ``None`` goes back to the usual choice.

    Raises ``LanguageError`` for what is not a locale.
    """
    import flask_babel

    forced = flask.g.pop(_FORCED, None)
    if forced is not None:
        forced.__exit__(None, None, None)
    flask_babel.refresh()
    if lang:
        forced = force_babel_locale(lang if isinstance(lang, str) else lang[0])
        forced.__enter__()
        # Kept, because it would go back to the former locale when it is collected.
        setattr(flask.g, _FORCED, forced)


@contextmanager
def force_babel_locale(locale: str) -> Iterator[None]:
    """Use ``locale`` for a ``with`` block. Raises ``LanguageError`` as above."""
    import flask_babel
    from babel import UnknownLocaleError

    forced: Any = flask_babel.force_locale(locale.replace("-", "_"))
    try:
        forced.__enter__()
    except (UnknownLocaleError, ValueError) as error:
        raise LanguageError(str(error)) from None
    try:
        yield
    finally:
        forced.__exit__(None, None, None)


def legacy_translator(
    state: ShimState, lang: str | list[str] | None
) -> NullTranslations:
    """Return the translations of the legacy catalogues for ``lang``, or the default."""
    translator: NullTranslations = _get_translator(
        lang or state.legacy_config.get("lang"), pylons_config=state.legacy_config
    )
    return translator


def kept_translator(state: ShimState, environ: WSGIEnvironment) -> NullTranslations:
    """Return the translator of a request that has no Pylons objects."""
    if _TRANSLATOR_KEY not in environ:
        keep_translator(state, environ, None)
    translator: NullTranslations = environ[_TRANSLATOR_KEY]
    return translator


def keep_translator(
    state: ShimState, environ: WSGIEnvironment, lang: str | list[str] | None
) -> None:
    """Set the language of a request that has no Pylons objects."""
    environ[_TRANSLATOR_KEY] = legacy_translator(state, lang)


@contextmanager
def restoring_lang(
    get_lang: Callable[[], list[str] | None],
    set_lang: Callable[[str | list[str] | None], None],
    lang: str,
) -> Iterator[None]:
    """Set ``lang`` for a ``with`` block, and the former languages after it."""
    former = get_lang()
    set_lang(lang)
    try:
        yield
    finally:
        set_lang(former)
