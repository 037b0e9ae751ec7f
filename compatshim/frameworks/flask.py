"""Flask serves: what each common object is then."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TypeVar

import flask

from compatshim._flask_context import copy_request_context, current_request_context
from compatshim.objects import site, urls
from compatshim.objects.i18n import current as i18n
from compatshim.objects.legacy_attributes import request_class
from compatshim.objects.request import Request
from compatshim.objects.response import PendingResponse
from compatshim.objects.session import open_session, refuse_where_stored
from compatshim.objects.state import current_state, state_of
from compatshim.objects.templates import render_flask_template
from compatshim.objects.url_function import UrlFunction
from compatshim.sessions.snapshots import snapshot_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from markupsafe import Markup

    from compatshim.objects.session import Session

_Result = TypeVar("_Result")

_VIEW = "_compatshim_view"

name = "flask"


def request() -> Request:
    """Return the common view of ``flask.request``, made once for each request."""
    current = flask.request._get_current_object()  # type: ignore[attr-defined]  # it is a proxy
    view = vars(current).get(_VIEW)
    if view is None:
        view = vars(current)[_VIEW] = request_class(Request)(
            current.environ, sys.modules[__name__], current
        )
    return view  # type: ignore[no-any-return]


def response() -> PendingResponse:
    """Return what is put into the response that is made of the view's result."""
    environ = flask.request.environ
    pending = PendingResponse.of(environ)
    if pending is None:
        config = current_state("response").legacy_config
        made = getattr(flask.request, "compatshim_response", None)
        pending = PendingResponse.begin(environ, config, made)
    return pending


def session() -> Session:
    """Return the common view of ``flask.session``, made once for each request."""
    context: Any = current_request_context()
    return open_session(context)


def namespace(wanted: str) -> dict[str, Any]:
    """Return the dictionary of ``flask.g``."""
    names: dict[str, Any] = vars(flask.g._get_current_object())
    return names


strict_tmpl_context = site.strict_tmpl_context
app_globals = site.app_globals
config = site.config
helpers = site.helpers
cache = site.cache


translations = i18n.translations
get_lang = i18n.get_lang
text_direction = i18n.text_direction
set_lang = i18n.set_lang
add_fallback = i18n.add_fallback
force_locale = i18n.force_locale


def url_for(*args: Any, **values: Any) -> str:
    """Build a URL with Flask's router, or with Routes'."""
    return urls.build_url(_surroundings("url_for"), args, values)


def current_url(**values: Any) -> str:
    """Build the URL of the current endpoint, with other values."""
    endpoint = flask.request.endpoint
    if endpoint is None:
        raise urls.no_current_route(values)
    arguments = {**(flask.request.view_args or {}), **values}
    return urls.build_flask_url(_surroundings("url.current"), endpoint, arguments)


def _surroundings(wanted: str) -> urls.FlaskSurroundings:
    context: Any = current_request_context()
    state = state_of(context.app) or current_state(wanted)
    return urls.FlaskSurroundings(state, context)


link = UrlFunction(url_for, current_url)

template_globals = site.template_globals
mako_lookup = site.mako_lookup


def render(template_name: str, variables: dict[str, Any]) -> Markup:
    """Render with the Flask application's Jinja2 environment."""
    return render_flask_template(current_state("render"), template_name, variables)


def flash(message: Any, category: str) -> None:
    """Keep a message for the next page."""
    refuse_where_stored(session(), "['_flashes']")
    flask.flash(message, category)


def get_flashed_messages(**options: Any) -> list[Any]:
    """Take the messages that were kept."""
    if "_flashes" in session():  # which are taken out once in a request
        refuse_where_stored(session(), "['_flashes']")
    return list(flask.get_flashed_messages(**options))


def streaming_response(
    data: Iterable[Any], mimetype: str, headers: Mapping[str, str]
) -> flask.Response:
    """Return a response that streams ``data`` with the request context kept."""
    closing = _CloseOnce(data)
    answer = flask.current_app.response_class(
        flask.stream_with_context(closing.items()), mimetype=mimetype, headers=headers
    )
    answer.call_on_close(closing.close)  # also where nothing was ever read
    return answer


class _CloseOnce:
    """Closes what is streamed once, and within the request where it can.

    Flask itself would do it twice where the client goes away, or never.
    """

    def __init__(self, data: Iterable[Any]) -> None:
        self._data = data
        self._close = getattr(data, "close", None)

    def items(self) -> Iterator[Any]:
        try:
            for item in self._data:  # noqa: UP028 (yield from would close it, too)
                yield item
        finally:
            self.close()

    def close(self) -> None:
        close, self._close = self._close, None
        if close is not None:
            close()


def copy_current_context(function: Callable[..., _Result]) -> Callable[..., _Result]:
    """Return ``function``, to run with a copy of this request's context."""
    return copy_request_context(function, snapshot_of)
