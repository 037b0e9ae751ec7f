"""The body of a request: kept where both libraries may read it, and its end.

One Werkzeug request stands behind everything that is read of a legacy request, so that
the limits of the Flask application hold for WebOb's names, too.
"""

from __future__ import annotations

from contextlib import contextmanager
from io import SEEK_END, BytesIO
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Request

from compatshim.errors import NotForwardedError
from compatshim.serving import LEGACY_REQUEST_KEY, is_flask_request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _typeshed.wsgi import WSGIEnvironment

__all__ = [
    "FORM_KEY",
    "FORM_TYPES",
    "POST_VARS_KEY",
    "CopiedBody",
    "body_from_its_start",
    "close_files",
    "close_uploads",
    "is_parsed",
    "keep_body",
    "werkzeug_request",
]

FORM_KEY = "compatshim.form"
"""The ``environ`` key of the form that was read out of the body."""

POST_VARS_KEY = "webob._parsed_post_vars"
"""The ``environ`` key under which WebOb keeps its own."""

FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
"""The media types of forms."""

_REQUEST_KEY = "compatshim.werkzeug_request"
_SEEKABLE_KEY = "webob.is_body_seekable"
_IN_MEMORY = 500 * 1024  # bytes, as Werkzeug keeps an upload
_AT_ONCE = 64 * 1024  # bytes


class CopiedBody(SpooledTemporaryFile[bytes]):
    """A copy of a request body: in memory or, if it is long, in a file that goes with it."""

    def __init__(self) -> None:
        super().__init__(max_size=_IN_MEMORY)

    def __del__(self) -> None:
        self.close()


def werkzeug_request(environ: WSGIEnvironment) -> Request:
    """Return the Werkzeug request over the ``environ`` of a legacy request.

    It is the one that Flask lends, where a CompatShim serves the request.
    """
    request: Request | None = environ.get(_REQUEST_KEY)
    if request is None or request.environ is not environ:
        record = environ.get(LEGACY_REQUEST_KEY)
        if record is None or record.flask_side is None:
            request = Request(environ, populate_request=False)
        else:
            request = record.flask_side.werkzeug_request(environ)
        environ[_REQUEST_KEY] = request
    return request


def is_parsed(request: Request) -> bool:
    """Return whether Werkzeug has read a form out of the body."""
    return "form" in vars(request) and request.mimetype in FORM_TYPES


def keep_body(request: Request) -> None:
    """Keep the body where both libraries find it, to be read from its start.

    It is read through Werkzeug's stream, which keeps to the limits of the application:
    raises Werkzeug's ``RequestEntityTooLarge`` and ``ClientDisconnected``. Raises
    ``NotForwardedError`` where Werkzeug has read a form out of it before.
    """
    environ = request.environ
    if not environ.get(_SEEKABLE_KEY):
        if is_parsed(request):
            raise NotForwardedError(
                "request.body",
                "flask" if is_flask_request() else "legacy",
                "flask.request.form has read it: use compatshim.common.request first.",
            )
        environ["wsgi.input"] = _copy(request)
        environ[_SEEKABLE_KEY] = True
    vars(request).pop("stream", None)  # it counts from where it began
    limit = request.max_content_length
    # It may have been read for routing, or the limit was set since.
    if limit is not None and environ["wsgi.input"].seek(0, SEEK_END) > limit:
        raise RequestEntityTooLarge
    environ["wsgi.input"].seek(0)


@contextmanager
def body_from_its_start(request: Request) -> Iterator[Any]:
    """Keep the body and read it in a ``with`` block; whoever reads it then goes on.

    Raises as :func:`keep_body` does.
    """
    environ, stream, position = request.environ, None, 0
    if environ.get(_SEEKABLE_KEY):
        stream, position = vars(request).get("stream"), environ["wsgi.input"].tell()
    keep_body(request)
    body = environ["wsgi.input"]
    yield body
    body.seek(position)
    vars(request).pop("stream", None)
    if stream is not None:
        request.stream = stream


def _copy(request: Request) -> Any:
    if "stream" in vars(request):
        # Somebody has read in it; Werkzeug has kept what get_data() has read.
        return BytesIO(request.get_data())
    body = CopiedBody()
    _close_with(request, body)
    while chunk := request.stream.read(_AT_ONCE):
        body.write(chunk)
    return body


def _close_with(request: Any, body: CopiedBody) -> None:
    """Close ``body`` where Flask closes ``request``: at the end of its context."""
    close = request.close

    def close_both() -> None:
        close()
        _close_body(request.environ, body)

    request.close = close_both


def _close_body(environ: WSGIEnvironment, body: CopiedBody) -> None:
    # A test client's ``with`` block, and the debugger, may still read it.
    if "werkzeug.debug.preserve_context" not in environ:
        body.close()


def close_uploads(environ: WSGIEnvironment) -> None:
    """Forget the form that was read out of the body, and close its uploads."""
    fields, _ = environ.pop(POST_VARS_KEY, (None, None))
    values = list(fields.values()) if fields else []
    form = environ.pop(FORM_KEY, None)
    if form is not None:
        values += form.files.values()
    for value in values:
        file: Any = getattr(value, "file", None)
        if file is not None:
            file.close()


def close_files(environ: WSGIEnvironment) -> None:
    """Close what was opened to read the body of a request, at its end."""
    if POST_VARS_KEY in environ or FORM_KEY in environ:
        close_uploads(environ)
    body = environ.get("wsgi.input")
    if isinstance(body, CopiedBody):
        _close_body(environ, body)
