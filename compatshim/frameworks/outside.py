"""No request is current: a command, a job, a shell, import time.

What an application context, or nothing at all, can answer is answered.
"""

from __future__ import annotations

from gettext import NullTranslations
from typing import TYPE_CHECKING, Any, TypeVar

import flask

from compatshim.errors import NoRequestError
from compatshim.objects import site, urls
from compatshim.objects.i18n import current as i18n
from compatshim.objects.state import current_state, outside_state, state_of
from compatshim.objects.templates import render_flask_template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from contextlib import AbstractContextManager

    from markupsafe import Markup

    from compatshim.objects.session import Session

_Result = TypeVar("_Result")

name = "outside"


def request() -> Any:
    """Raise ``NoRequestError``."""
    raise NoRequestError("request")


def response() -> Any:
    """Raise ``NoRequestError``."""
    raise NoRequestError("response")


def session() -> Session:
    """Raise ``NoRequestError``."""
    raise NoRequestError("session")


def namespace(wanted: str) -> dict[str, Any]:
    """Return the dictionary of the application context's ``flask.g``."""
    if not flask.has_app_context():
        raise NoRequestError(wanted)
    names: dict[str, Any] = vars(flask.g._get_current_object())
    return names


strict_tmpl_context = site.strict_tmpl_context
app_globals = site.app_globals
config = site.config_outside
helpers = site.helpers
cache = site.cache


def translations() -> NullTranslations:
    """Return the translations of an application context, else none."""
    return i18n.translations() if _is_translated() else NullTranslations()


def get_lang() -> list[str] | None:
    """Return the languages of an application context, else ``None``."""
    return i18n.get_lang() if _is_translated() else None


def text_direction() -> str:
    """Return how text in the language of an application context runs."""
    return i18n.text_direction() if _is_translated() else "ltr"


def _is_translated() -> bool:
    return flask.has_app_context() and (
        state_of(flask.current_app) is not None
        or "babel" in flask.current_app.extensions
    )


def set_lang(lang: str | list[str] | None) -> None:
    """Set the language for the rest of the application context."""
    _need_app_context("set_lang")
    i18n.set_lang(lang)


def add_fallback(lang: str | list[str]) -> None:
    """Search further catalogues for the rest of the application context."""
    _need_app_context("add_fallback")
    i18n.add_fallback(lang)


def force_locale(locale: str) -> AbstractContextManager[None]:
    """Set the language for a ``with`` block."""
    _need_app_context("force_locale")
    return i18n.force_locale(locale)


def _need_app_context(wanted: str) -> None:
    if not flask.has_app_context():
        raise NoRequestError(wanted)


def url_for(*args: Any, **values: Any) -> str:
    """Build an absolute URL from ``site_url``, or from Flask's ``SERVER_NAME``."""
    around = urls.OutsideSurroundings(outside_state("url_for"), args, values)
    if values.get("_external") is None and values.get("qualified") is None:
        values["_external"] = True
    return urls.build_url(around, args, values)


def current_url(**values: Any) -> str:
    """Raise ``UrlBuildError``: there is no current route."""
    raise urls.no_current_route(values)


template_globals = site.template_globals
mako_lookup = site.mako_lookup


def render(template_name: str, variables: dict[str, Any]) -> Markup:
    """Render with the Flask application's Jinja2 environment."""
    return render_flask_template(current_state("render"), template_name, variables)


def flash(message: Any, category: str) -> None:
    """Raise ``NoRequestError``."""
    raise NoRequestError("flash")


def get_flashed_messages(**options: Any) -> list[Any]:
    """Raise ``NoRequestError``."""
    raise NoRequestError("get_flashed_messages")


def streaming_response(
    data: Iterable[Any],
    mimetype: str,
    headers: Mapping[str, str],
) -> Any:
    """Raise ``NoRequestError``."""
    raise NoRequestError("streaming_response")


def copy_current_context(function: Callable[..., _Result]) -> Callable[..., _Result]:
    """Raise ``NoRequestError``."""
    raise NoRequestError("copy_current_context")
