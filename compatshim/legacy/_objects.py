"""The objects that a legacy application makes for each of its requests."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from compatshim.errors import NotConfiguredError
from compatshim.legacy._proxy import session
from compatshim.legacy.controllers.util import Request, Response
from compatshim.legacy.i18n.translation import _get_translator
from compatshim.legacy.util import AttribSafeContextObj, ContextObj, PylonsContext
from compatshim.serving import legacy_request

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from compatshim.legacy.wsgiapp import PylonsApp
    from compatshim.serving import LegacyRequest

__all__ = ["make_objects"]


def make_objects(app: PylonsApp, environ: WSGIEnvironment) -> PylonsContext:
    """Return the objects of a request to ``app`` whose route is known."""
    record = legacy_request()
    session_key = app.environ_config.get("session", "beaker.session")
    cache_key = app.environ_config.get("cache", "beaker.cache")
    shared = None if record is None else record.shared_by(app.config)
    objects = PylonsContext(
        session=partial(_open_session, record, session_key),
        cache=partial(_open_cache, app.globals, shared, cache_key),
    )
    objects.config = app.config
    objects.app_globals = app.globals
    objects.h = app.helpers if shared is None else shared.h
    objects.request = _make_request(app, environ)
    # Where WebOb keeps what is set on a request: one look-up for all of it.
    attributes = environ.setdefault("webob.adhoc_attrs", {})
    attributes["config"] = app.config
    attributes["link"], attributes["route_dict"] = environ["wsgiorg.routing_args"]
    objects.response = _make_response(app)
    objects.url = environ["routes.url"]
    objects.translator = (
        _get_translator(app.config["lang"], pylons_config=app.config)
        if shared is None
        else shared.translator
    )
    is_strict = app.config["pylons.strict_tmpl_context"]
    context_class = ContextObj if is_strict else AttribSafeContextObj
    objects.tmpl_context = attributes["tmpl_context"] = context_class(
        None if record is None else record.namespace
    )
    if session_key in environ:
        objects.session = attributes["session"] = environ[session_key]
    elif record is not None and record.open_session is not None:
        # The proxy, so that the session is not opened before it is used.
        attributes["session"] = session
    if cache_key in environ:
        objects.cache = environ[cache_key]
    return objects


def _make_request(app: PylonsApp, environ: WSGIEnvironment) -> Request:
    request = Request(environ)
    request.language = app.request_options["language"]
    return request


def _make_response(app: PylonsApp) -> Response:
    options = app.response_options
    headers = tuple((name, str(value)) for name, value in options["headers"].items())
    headerlist = _default_headers(options["content_type"], options["charset"], headers)
    return Response(headerlist=list(headerlist), app_iter=[b""])


@lru_cache
def _default_headers(
    content_type: str, charset: str | None, headers: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...]:
    response = Response(content_type=content_type, charset=charset)
    response.headers.update(headers)
    return tuple(response.headerlist)


def _open_session(record: LegacyRequest | None, key: str) -> Any:
    if record is not None and record.open_session is not None:
        return record.open_session()
    raise NotConfiguredError(
        "session",
        "Wrap the application in beaker.middleware.SessionMiddleware (pip install"
        f" 'compatshim[beaker]') or other middleware that sets environ[{key!r}].",
    )


def _open_cache(app_globals: Any, shared: Any, key: str) -> Any:
    if shared is not None:
        return shared.cache
    try:
        return app_globals.cache
    except AttributeError:
        raise NotConfiguredError(
            "cache",
            "Set app_globals.cache to a beaker.cache.CacheManager (pip install"
            " 'compatshim[beaker]'), or wrap the application in middleware that sets"
            f" environ[{key!r}].",
        ) from None
