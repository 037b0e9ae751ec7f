"""Flask-Babel, following the site's choice of a locale and searching its catalogues.

So whatever asks Flask-Babel (a template, an extension, code that imports it) gets the
answer that the common functions give.
"""

from __future__ import annotations

from copy import copy
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

import flask
from flask import appcontext_pushed

from compatshim.objects.i18n.languages import (
    KEY,
    Languages,
    choose,
    lent,
    names_of,
    replaced_translator,
)
from compatshim.objects.state import current_state, state_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from gettext import NullTranslations

    from flask import Flask

    from compatshim.objects.state import ShimState

__all__ = [
    "KEPT_BY_BABEL",
    "adopt_soon",
    "ask_again",
    "babel_languages",
    "babel_translations",
    "uses_babel",
]

KEPT_BY_BABEL = "_flask_babel"
"""The name in ``flask.g`` under which Flask-Babel keeps the locale of the request."""


_adopting = Lock()


class AdoptedBabel(NamedTuple):
    """Flask-Babel's configuration of an application, and the selector that it had."""

    configuration: Any
    locale_selector: Callable[[], Any] | None


def adopt_soon(app: Flask) -> None:
    """Adopt Flask-Babel at the first application context, or when it is used."""

    def adopt(sender: Flask, **_: Any) -> None:
        appcontext_pushed.disconnect(adopt)
        _adopt(sender)

    # weak=False: nobody else keeps the function.
    appcontext_pushed.connect(adopt, app, weak=False)


def uses_babel() -> bool:
    """Return whether the application in context uses Flask-Babel, and adopt it."""
    return flask.has_app_context() and _adopt(
        flask.current_app._get_current_object()  # type: ignore[attr-defined]  # it is a proxy
    )


def _adopt(app: Flask) -> bool:
    configuration = app.extensions.get("babel")
    if configuration is None:
        return False
    state = state_of(app)
    if state is None or _is_adopted(state, configuration):
        return True
    with _adopting:  # twice, it would take our selector for the application's own
        if not _is_adopted(state, configuration):
            _replace_selectors(state, configuration)
    return True


def _is_adopted(state: ShimState, configuration: Any) -> bool:
    adopted = state.babel
    return adopted is not None and adopted.configuration is configuration


def _replace_selectors(state: ShimState, configuration: Any) -> None:
    adopted = AdoptedBabel(configuration, configuration.locale_selector)
    if configuration.timezone_selector is not None:
        configuration.timezone_selector = lent(configuration.timezone_selector)
    configuration.instance.domain_instance = _site_domain()
    configuration.locale_selector = _select_locale
    state.translations.forget_own()
    state.babel = adopted  # from now on nobody waits


def _select_locale() -> Any:
    """Return the locale, or ``None`` for Flask-Babel's default: its selector for us."""
    names, state = names_of(), current_state("get_locale")
    kept: Languages | None = names.get(KEY)
    if kept is None:
        kept = choose(state)
    elif not kept.is_set:  # Flask-Babel has been told to look again
        kept = choose(state).with_fallbacks(kept.fallbacks)
    names[KEY] = kept
    return kept.locale


def babel_languages() -> Languages:
    """Return the languages of Flask-Babel's current locale."""
    import flask_babel

    locale = flask_babel.get_locale()
    kept: Languages | None = names_of().get(KEY)
    if kept is not None and kept.locale == locale:
        return kept
    # Flask-Babel's own force_locale() has set another.
    return Languages((str(locale),), (str(locale),), locale)


def babel_translations() -> NullTranslations:
    """Return Flask-Babel's current translations: the site's, or a domain's of its own."""
    import flask_babel

    translations: NullTranslations = flask_babel.get_translations()
    return translations


def ask_again() -> None:
    """Let Flask-Babel ask for the locale again, also where it is to keep one."""
    import flask_babel

    names = names_of()
    if KEPT_BY_BABEL in names:
        names[KEPT_BY_BABEL] = kept = copy(names[KEPT_BY_BABEL])
        vars(kept).pop("forced_babel_locale", None)
    flask_babel.refresh()


@cache
def _site_domain() -> Any:
    """Return a Flask-Babel domain with the catalogues of the site that is in context."""
    from flask_babel import Domain

    class SiteDomain(Domain):
        def get_translations(self) -> Any:
            state = state_of(flask.current_app)
            if state is None:
                return super().get_translations()
            own = replaced_translator()
            return own or state.translations.find(babel_languages().searched)

    return SiteDomain()
