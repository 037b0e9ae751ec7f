"""Copies of a WSGI environment, of the request around it, and of its names."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import EnvironHeaders

from compatshim.parsing.bodies import FORM_KEY, POST_VARS_KEY, is_parsed
from compatshim.snapshots.body import copy_body
from compatshim.snapshots.response import copy_response
from compatshim.snapshots.session import SessionSnapshot

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

__all__ = ["copy_environ", "copy_names", "copy_request", "session_key"]

_ADHOC_KEY = "webob.adhoc_attrs"
_BODY_KEY = "wsgi.input"
_RESPONSE_KEY = "compatshim.response"
_ROUTING_ARGS_KEY = "wsgiorg.routing_args"

# Objects around the environ of the request, which are made again when asked for, and the
# hook of a test client, which is about the request itself.
_LEFT_OUT = frozenset(
    {
        "compatshim.request",
        "compatshim.url_generator",
        "compatshim.werkzeug_request",
        "pylons.pylons",
        "webob._body_file",
        "webob._cache_control",
        "webob._parsed_cookies",
        "webob._parsed_query_vars",
        "werkzeug.debug.preserve_context",
        "werkzeug.request",
    }
)

_BABEL_STATE = "_flask_babel"  # where Flask-Babel keeps the locale, in flask.g


def copy_names(names: dict[str, Any]) -> dict[str, Any]:
    """Return a shallow copy of a namespace, in which the locale can be set apart."""
    copied = dict(names)
    if _BABEL_STATE in copied:
        copied[_BABEL_STATE] = copy(copied[_BABEL_STATE])
    return copied


def session_key(environ: WSGIEnvironment) -> str:
    """Return the key under which middleware keeps the legacy application's session."""
    key: str = environ.get("pylons.environ_config", {}).get("session", "beaker.session")
    return key


def copy_environ(environ: WSGIEnvironment) -> WSGIEnvironment:
    """Return a copy in which a request can be changed apart from that of ``environ``.

    A body that was read is there to be read again, and one that was not raises
    ``BodyNotReadError``.
    """
    copied = {key: environ[key] for key in environ if key not in _LEFT_OUT}
    if _ADHOC_KEY in copied:
        copied[_ADHOC_KEY] = dict(copied[_ADHOC_KEY])
    if _ROUTING_ARGS_KEY in copied:
        args, values = copied[_ROUTING_ARGS_KEY]
        copied[_ROUTING_ARGS_KEY] = args, dict(values)
    if _RESPONSE_KEY in copied:
        copied[_RESPONSE_KEY] = copy_response(copied[_RESPONSE_KEY])
    key = session_key(environ)
    if key in copied:
        copied[key] = SessionSnapshot(copied[key])
    if _BODY_KEY in copied:
        _copy_body(copied)
    return copied


def _copy_body(environ: WSGIEnvironment) -> None:
    """Put a body of its own into a copied ``environ``, and the form that was read."""
    body = environ[_BODY_KEY]
    is_kept = bool(environ.get("webob.is_body_seekable"))
    own = environ[_BODY_KEY] = copy_body(body, is_kept=is_kept)
    form = environ.get(FORM_KEY)
    if form is not None and form.body is body:
        environ[FORM_KEY] = form._replace(fields=form.fields.copy(), body=own)
    fields, read_from = environ.get(POST_VARS_KEY, (None, None))
    if fields is not None and read_from is body:
        environ[POST_VARS_KEY] = fields.copy(), own


def copy_request(request: Any) -> Any:
    """Return a copy of a Werkzeug request, around an ``environ`` of its own."""
    copied = copy(request)
    attributes = vars(copied)
    for name in list(attributes):
        if name.startswith("_compatshim"):  # what was made around the request
            del attributes[name]
    if request.environ.get("webob.is_body_seekable") or not is_parsed(request):
        attributes.pop("stream", None)  # there is one of its own
    if attributes.get("view_args") is not None:
        copied.view_args = dict(request.view_args)
    copied.environ = environ = copy_environ(request.environ)
    copied.headers = EnvironHeaders(environ)
    copied.close = _leave_open
    if "werkzeug.request" in request.environ:
        environ["werkzeug.request"] = copied
    return copied


def _leave_open() -> None:
    """Stand in for ``Request.close``: the uploads are the request's own."""
