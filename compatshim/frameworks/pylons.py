"""The legacy framework serves: what each common object is then.

``flask_side`` of the request is what Flask lends to it, or ``None`` where a legacy
application runs alone. ``objects`` is what ``PylonsApp`` made for it, or ``None`` under
another legacy application.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import flask
from webob import Response
from werkzeug.wsgi import ClosingIterator

from compatshim import locales
from compatshim.errors import NoRequestError, NotInitialisedError
from compatshim.legacy import _engines
from compatshim.legacy.controllers.util import Response as PylonsResponse
from compatshim.legacy.i18n.translation import (
    add_fallback as add_pylons_fallback,
    set_lang as set_pylons_lang,
)
from compatshim.objects import flashes, urls
from compatshim.objects.helpers import HelperRegistry, Helpers
from compatshim.objects.i18n import current as i18n
from compatshim.objects.request import Request
from compatshim.objects.response import (
    BodilessPendingResponse,
    PendingResponse,
    ReadOnlyResponse,
    noting_bodies,
)
from compatshim.objects.session import refuse_where_stored
from compatshim.objects.templates import common_names, render_flask_template
from compatshim.objects.url_function import UrlFunction
from compatshim.serving import LegacyRequest, legacy_request
from compatshim.snapshots.copying import copy_legacy_request

if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        Iterable,
        Iterator,
        Mapping,
        MutableMapping,
    )
    from contextlib import AbstractContextManager
    from gettext import NullTranslations

    from markupsafe import Markup

    from compatshim.objects.state import ShimState

_Result = TypeVar("_Result")

_VIEW_KEY = "compatshim.request"

name = "legacy"


def _current(wanted: str) -> LegacyRequest:
    current = legacy_request()
    if current is None:
        raise NoRequestError(wanted)
    return current


def _state(wanted: str) -> ShimState:
    """Return the state of the CompatShim that dispatched the request."""
    side = _current(wanted).flask_side
    if side is None:
        raise NotInitialisedError(None, wanted)
    return side.state  # type: ignore[no-any-return]


def _pylons_object(wanted: str) -> Any:
    """Return an object that ``PylonsApp`` made, where no CompatShim has one."""
    objects = _current(wanted).objects
    if objects is None:
        raise NotInitialisedError(None, wanted)
    return getattr(objects, wanted)


def request() -> Request:
    """Return the common view of the request, made once for each request."""
    current = _current("request")
    view = current.environ.get(_VIEW_KEY)
    if view is None or view.environ is not current.environ:
        view = Request(current.environ, sys.modules[__name__])
        current.environ[_VIEW_KEY] = view
    return view


def response() -> Any:
    """Return the WebOb response of the request; once it is sent, to be read only."""
    current = _current("response")
    if current.sent is not None:
        return _sent_response(current, *current.sent)
    if current.objects is not None:
        return noting_bodies(current.objects.response)
    environ, config = current.environ, _state("response").legacy_config
    pending = PendingResponse.of(environ)
    return pending or BodilessPendingResponse.begin(environ, config)


def _sent_response(
    current: LegacyRequest, status: str, headers: list[tuple[str, str]]
) -> ReadOnlyResponse:
    own = getattr(current.objects, "response", None)
    items = getattr(own, "app_iter", None)  # an application may have made any object
    body = b"".join(items) if isinstance(items, list | tuple) else b""
    sent = PylonsResponse(status=status, headerlist=headers, app_iter=[body])
    return ReadOnlyResponse(sent, "legacy")


def session() -> MutableMapping[str, Any]:
    """Return the session that both sides use, or the legacy application's own."""
    open_session = _current("session").open_session
    if open_session is not None:
        return open_session()  # type: ignore[no-any-return]
    return _pylons_object("session")  # type: ignore[no-any-return]


def namespace(wanted: str) -> dict[str, Any]:
    """Return the dictionary that the request's ``tmpl_context`` and ``flask.g`` share."""
    return _current(wanted).namespace


def strict_tmpl_context() -> bool:
    """Return whether the legacy application's ``tmpl_context`` is strict."""
    side = _current("c").flask_side
    if side is None:
        return bool(config().get("pylons.strict_tmpl_context", True))
    return side.state.strict_tmpl_context  # type: ignore[no-any-return]


def app_globals() -> Any:
    """Return the legacy application's ``app_globals``, or one for the site."""
    side = _current("app_globals").flask_side
    return _pylons_object("app_globals") if side is None else side.state.app_globals


def config() -> MutableMapping[str, Any]:
    """Return the configuration of both sides, or the legacy application's if alone."""
    side = _current("config").flask_side
    return _pylons_object("config") if side is None else side.state.config  # type: ignore[no-any-return]


def helpers() -> Any:
    """Return the helpers of both sides, or the legacy application's if alone."""
    side = _current("h").flask_side
    if side is not None:
        return side.state.h
    legacy_helpers = _pylons_object("h")
    return Helpers(HelperRegistry({}, lambda: legacy_helpers))


def cache() -> Any:
    """Return the cache manager of the site."""
    side = _current("cache").flask_side
    return _pylons_object("cache") if side is None else side.state.cache


def translations() -> NullTranslations:
    """Return the translations of the site, or of the legacy application if alone."""
    if _is_shared("gettext"):
        return i18n.translations()
    return _pylons_object("translator")  # type: ignore[no-any-return]


def get_lang() -> list[str] | None:
    """Return the current languages."""
    if _is_shared("get_lang"):
        return i18n.get_lang()
    return getattr(translations(), "pylons_lang", None)


def text_direction() -> str:
    """Return how text in the current language runs."""
    if _is_shared("text_direction"):
        return i18n.text_direction()
    languages = get_lang()
    return locales.text_direction(languages[0]) if languages else "ltr"


def set_lang(lang: str | list[str] | None) -> None:
    """Set the language for the rest of the request, for Pylons' own functions too."""
    if _is_shared("set_lang"):
        i18n.set_lang(lang)
    else:
        set_pylons_lang(lang or config().get("lang"))


def add_fallback(lang: str | list[str]) -> None:
    """Search further catalogues for the rest of the request."""
    if _is_shared("add_fallback"):
        i18n.add_fallback(lang)
    else:
        add_pylons_fallback(lang)


def force_locale(locale: str) -> AbstractContextManager[None]:
    """Set the language for a ``with`` block."""
    if _is_shared("force_locale"):
        return i18n.force_locale(locale)
    return _force_pylons_locale(locale)


@contextmanager
def _force_pylons_locale(locale: str) -> Iterator[None]:
    objects = _current("force_locale").objects
    translator = objects.translator
    set_pylons_lang(locale)
    try:
        yield
    finally:
        objects.translator = translator


def _is_shared(wanted: str) -> bool:
    """Return whether the languages are the site's, and not a lone application's own."""
    current = _current(wanted)
    return current.flask_side is not None and (
        current.objects is None
        or current.shared_by(current.objects.config) is not None
        or "babel" in current.flask_side.app.extensions
    )


def url_for(*args: Any, **values: Any) -> str:
    """Build a URL with Flask's router, or with Routes'."""
    current = _current("url_for")
    side = current.flask_side
    if side is None:
        around = urls.PylonsSurroundings(current.environ)
        return urls.build_legacy_url(around, args, values)
    return urls.build_url(urls.LegacySurroundings(side, current.environ), args, values)


def current_url(**values: Any) -> str:
    """Build the URL of the current route, with other values."""
    current = _current("url.current")
    side = current.flask_side
    around: Any
    if side is None:
        around = urls.PylonsSurroundings(current.environ)
    else:
        around = urls.LegacySurroundings(side, current.environ)
    return urls.build_legacy_url(around, (), values, use_current=True)


link = UrlFunction(url_for, current_url)


def template_globals() -> dict[str, Any]:
    """Return the names that every template knows."""
    side = _current("render").flask_side
    return common_names if side is None else side.state.template_globals


def mako_lookup() -> Any:
    """Return what finds the Mako templates of the site, or of the legacy application."""
    side = _current("render_mako").flask_side
    if side is not None:
        return side.state.mako_lookup
    return _engines.mako_lookup(app_globals(), config().get("pylons.paths"))


def render(template_name: str, variables: dict[str, Any]) -> Markup:
    """Render with Flask's Jinja2 environment, or the legacy application's if alone."""
    side = _current("render").flask_side
    if side is None:
        names = {**common_names, **variables}
        return _engines.jinja2_page(app_globals(), template_name, names)
    # Context processors of the application and its extensions use flask.request.
    page: Markup = side.lend().run(
        render_flask_template, side.state, template_name, variables
    )
    return page


def flash(message: Any, category: str) -> None:
    """Keep a message for the next page."""
    side = _current("flash").flask_side
    if side is None:
        flashes.keep(session(), message, category)
    else:
        refuse_where_stored(side.open_session(), "['_flashes']")
        side.lend().run(flask.flash, message, category)


def get_flashed_messages(**options: Any) -> list[Any]:
    """Take the messages that were kept."""
    side = _current("get_flashed_messages").flask_side
    if side is None:
        return flashes.take(session(), **options)
    if "_flashes" in side.open_session():  # which are taken out once in a request
        refuse_where_stored(side.open_session(), "['_flashes']")
    return list(side.lend().run(flask.get_flashed_messages, **options))


def streaming_response(
    data: Iterable[Any], mimetype: str, headers: Mapping[str, str]
) -> Response:
    """Return a WebOb response that streams ``data``."""
    answer = Response(
        content_type=mimetype, charset="utf-8" if _is_text(mimetype) else None
    )
    close = getattr(data, "close", None)
    answer.app_iter = ClosingIterator(map(_as_bytes, data), close)
    answer.headers.update(headers)
    return answer


def _is_text(mimetype: str) -> bool:
    return mimetype.startswith("text/")


def _as_bytes(item: Any) -> bytes:
    return item.encode() if isinstance(item, str) else item


def copy_current_context(function: Callable[..., _Result]) -> Callable[..., _Result]:
    """Return ``function``, to run with a copy of this request's context."""
    current = _current("copy_current_context")
    if current.flask_side is None:
        return copy_legacy_request(current, function)
    return current.flask_side.copying(function, current)  # type: ignore[no-any-return]
