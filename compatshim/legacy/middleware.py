"""The WSGI middleware of a legacy application: error pages and error documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from markupsafe import Markup

from compatshim.legacy._error_page import ErrorPage
from compatshim.legacy.configuration import asbool
from compatshim.legacy.controllers.util import Request, Response
from compatshim.legacy.util import call_wsgi_application, close_iterable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = [
    "ErrorHandler",
    "StatusCodeRedirect",
    "error_document_template",
    "error_mapper",
]


def ErrorHandler(
    app: WSGIApplication, global_conf: Mapping[str, Any], **errorware: Any
) -> WSGIApplication:
    """Wrap ``app`` so that an exception becomes an error page, as Pylons 1.0's.

    With ``debug`` in ``global_conf`` it is Werkzeug's interactive debugger, otherwise an
    :class:`compatshim.legacy._error_page.ErrorPage`, which takes ``errorware``. Beside a
    Flask application either lets exceptions pass, for that one's error handlers, unless
    its configuration has ``COMPATSHIM_KEEP_LEGACY_ERROR_PAGES``.
    """
    if asbool(global_conf.get("debug")):
        # Its development tools are not loaded where the application is in production.
        from compatshim.legacy._debugger import Debugger

        return Debugger(app, evalex=True)
    return ErrorPage(app, **errorware)


class StatusCodeRedirect:
    """Replaces error responses by a page of the application's own, as Pylons 1.0's.

    Where the status of ``app``'s response is one of ``errors``, the request is run again
    for ``path``. The status stays, headers and body are the second response's. The
    first is ``environ["pylons.original_response"]`` meanwhile, its request
    ``environ["pylons.original_request"]``. An application that wants its response left
    alone sets ``environ["pylons.status_code_redirect"]``.
    """

    def __init__(
        self,
        app: WSGIApplication,
        errors: Iterable[int] = (400, 401, 403, 404),
        path: str = "/error/document",
    ) -> None:
        self.app = app
        self.error_path = path
        self.errors = tuple(str(code) for code in errors)

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Serve a request, and if need be once more."""
        status, headers, app_iter, exc_info = call_wsgi_application(
            self.app, environ, catch_exc_info=True
        )
        if self._is_replaced(status, environ):
            original = _ClosedOnce(app_iter)
            try:
                environ["pylons.original_response"] = Response(
                    status=status, headerlist=headers, app_iter=original
                )
                environ["pylons.original_request"] = Request(environ)
                second = {**environ, "PATH_INFO": self.error_path}
                _status, headers, app_iter, exc_info = call_wsgi_application(
                    self.app, second, catch_exc_info=True
                )
            except BaseException:
                original.close()
                raise
            app_iter = _ClosedOnce(app_iter, original)
        start_response(status, headers, exc_info)
        iterable: Iterable[bytes] = app_iter
        return iterable

    def _is_replaced(self, status: str, environ: WSGIEnvironment) -> bool:
        return (
            status[:3] in self.errors
            and "pylons.status_code_redirect" not in environ
            and bool(self.error_path)
        )


class _ClosedOnce:
    """A response iterable that is closed once, whoever closes it, and others with it."""

    def __init__(self, iterable: Iterable[bytes], *others: _ClosedOnce) -> None:
        self._iterable = iterable
        self._others = others
        self._closed = False

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._iterable)

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        try:
            close_iterable(self._iterable)
        finally:
            for other in self._others:
                other.close()


def error_mapper(
    code: int,
    message: str,
    environ: WSGIEnvironment,
    global_conf: Mapping[str, Any] | None = None,
    **kw: Any,
) -> str | None:
    """Return the path of the error document for a status, or ``None``.

    As Pylons' up to 0.9: for 401, 403, 404 and, without ``debug``, 500. Once for each
    request, so that an error document has none of its own.
    """
    del kw
    if environ.get("pylons.error_call"):
        return None
    environ["pylons.error_call"] = True
    codes = {401, 403, 404}
    if not asbool((global_conf or {}).get("debug")):
        codes.add(500)
    if code not in codes:
        return None
    return f"/error/document/?{urlencode({'message': message, 'code': code})}"


error_document_template = Markup("""\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Server Error %(code)s</title>
<link rel="stylesheet" href="%(prefix)s/error/style/black.css">
<link rel="icon" href="%(prefix)s/error/img/favicon.ico">
</head>
<body>
<div id="container">
%(message)s
</div>
</body>
</html>
""")
"""A page to fill with ``code``, ``prefix`` and ``message``, which ``%`` escapes."""
