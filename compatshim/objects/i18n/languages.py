"""The languages of a request, and the rule by which they are chosen."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import flask

from compatshim.legacy.i18n.translation import LanguageError
from compatshim.locale_prefix import LOCALE_KEY
from compatshim.locales import negotiate, parse_locale_name
from compatshim.serving import is_flask_request, legacy_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from _typeshed.wsgi import WSGIEnvironment

    from compatshim.objects.state import ShimState
    from compatshim.serving import LegacyRequest

__all__ = [
    "KEY",
    "Languages",
    "choose",
    "lent",
    "names_of",
    "recognise",
    "replaced_translator",
    "serving_record",
]

KEY = "_compatshim_languages"
"""The name in ``flask.g`` under which the :class:`Languages` are kept."""


class Languages(NamedTuple):
    """The languages in use: ``names`` as they were asked for, the first one first.

    ``searched`` are their catalogues' names, and after them those of ``fallbacks``;
    ``locale`` is Babel's for the first, where Flask-Babel is used; ``is_set`` says that
    code has set them, for the rest of the request.
    """

    names: tuple[str, ...] = ()
    searched: tuple[str, ...] = ()
    locale: Any = None
    is_set: bool = False
    fallbacks: tuple[str, ...] = ()

    def with_fallbacks(self, fallbacks: tuple[str, ...]) -> Languages:
        """Return these languages, with further ones to search at the end."""
        return self._replace(
            searched=(*self.searched, *fallbacks),
            fallbacks=(*self.fallbacks, *fallbacks),
        )


def names_of() -> dict[str, Any]:
    """Return the dictionary of ``flask.g``."""
    names: dict[str, Any] = vars(flask.g._get_current_object())
    return names


def recognise(state: ShimState, lang: Any) -> Languages:
    """Return the languages that a name stands for, or a list of names.

    With Flask-Babel, they are those that Babel knows; without, those that there are
    catalogues for. Others in a list are passed over. Raises ``LanguageError`` where
    none is left.
    """
    asked = lang if isinstance(lang, list | tuple) else [lang]
    found = []
    for name in map(str, asked):
        with suppress(ValueError, LookupError):
            found.append(_recognise_one(state, name))
    if not found:
        raise LanguageError(f"no translations into {lang!r}")
    names, searched, locales = zip(*found, strict=True)
    return Languages(names, searched, locales[0])


def _recognise_one(state: ShimState, name: str) -> tuple[str, str, Any]:
    parsed = parse_locale_name(name)
    if state.babel is not None:
        locale = _babel_locale(parsed.identifier)
        return str(parsed), str(locale), locale
    offered = {*state.offered_locales, _default(state)}
    if name not in offered and not state.translations.has(name):
        raise LookupError(name)
    return str(parsed), str(parsed), None


@lru_cache(maxsize=1024)
def _babel_locale(identifier: str) -> Any:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(identifier)
    except UnknownLocaleError as error:
        raise LookupError(identifier) from error


def choose(state: ShimState) -> Languages:
    """Return the languages that nobody has set: the first answer that is a language.

    The locale of the path, the site's and Flask-Babel's own selectors, what the browser
    likes best among the locales on offer, the default.
    """
    for candidate in _candidates(state):
        if candidate:
            with suppress(LanguageError):
                return recognise(state, candidate)
    return Languages()


def _candidates(state: ShimState) -> Iterator[Any]:
    environ = _environ()
    if environ is not None:
        yield environ.get(LOCALE_KEY)
    for select in state.locale_selectors:
        yield _asked(select, environ)
    if state.babel is not None and state.babel.locale_selector is not None:
        yield _asked(lent(state.babel.locale_selector), environ)
    default = _default(state)
    if environ is not None and state.offered_locales:
        offered = (*state.offered_locales, *([default] if default else []))
        yield negotiate(environ.get("HTTP_ACCEPT_LANGUAGE", ""), offered)
    yield default


def _environ() -> WSGIEnvironment | None:
    if is_flask_request():
        return flask.request.environ
    record = legacy_request()
    return None if record is None else record.environ


def serving_record() -> LegacyRequest | None:
    """Return the record of the legacy request that is served, or ``None``."""
    return None if is_flask_request() else legacy_request()


def _asked(select: Callable[[], Any], environ: WSGIEnvironment | None) -> Any:
    try:
        return select()
    except RuntimeError:  # it asks for the request
        if environ is not None:
            raise
        return None


def _default(state: ShimState) -> str | None:
    default: str | None = (
        state.app.config.get("BABEL_DEFAULT_LOCALE")
        or state.config.get("lang")
        or (state.babel and state.babel.configuration.default_locale)
    )
    return default


def lent(function: Callable[[], Any]) -> Callable[[], Any]:
    """Return ``function``, which Flask calls, to be called in a legacy request, too.

    ``flask.request`` is the request there.
    """

    def call() -> Any:
        record = serving_record()
        if record is None or record.flask_side is None:
            return function()
        return record.flask_side.lend().run(function)

    return call


def replaced_translator() -> Any:
    """Return the translator that a legacy request has in place of the site's, if any.

    Pylons' ``set_lang`` with options of its own makes one, for one.
    """
    record = serving_record()
    if record is None or record.objects is None:
        return None
    shared = record.shared_by(record.objects.config)
    own = record.objects.translator
    return None if shared is None or own is shared.translator else own
