"""The middleware that answers an exception in production with a plain page."""

from __future__ import annotations

import logging
from logging.handlers import SMTPHandler
from typing import TYPE_CHECKING, Any, cast

from markupsafe import escape

from compatshim.legacy._errors import lets_errors_pass
from compatshim.legacy.util import close_iterable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["ErrorPage"]

_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Server Error</title></head>
<body><h1>Server Error</h1><p>{message}</p></body>
</html>
"""


class ErrorPage:
    """Logs an exception, mails it where that is configured, and answers 500.

    ``error_message`` is what the page says. ``error_email`` (an address, a list of them,
    or several in one string) gets mail from ``from_address`` through ``smtp_server``
    (``host`` or ``host:port``), with ``smtp_username`` and ``smtp_password`` where it
    wants them; ``error_log`` is a file to log to as well. Other options of WebError's
    ``ErrorMiddleware`` are accepted and have no effect.

    Where headers were sent already, the exception is raised again, as WSGI asks.
    """

    def __init__(self, app: WSGIApplication, **errorware: Any) -> None:
        self.app = app
        message = errorware.get("error_message") or "An internal server error occurred"
        self._page = _PAGE.format(message=escape(message)).encode()
        self.log = logging.Logger(__name__)  # noqa: LOG001  # its handlers are its own
        self.log.parent = logging.getLogger(__name__)
        for handler in _handlers(errorware):
            self.log.addHandler(handler)

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Serve a request by the application, an exception by the page."""
        if lets_errors_pass(environ):
            return self.app(environ, start_response)
        try:
            iterable = self.app(environ, start_response)
        except Exception as error:
            self.log.exception("Exception on %s", _described(environ))
            return self.answer(error, environ, start_response)
        if isinstance(iterable, list | tuple):
            return iterable
        return _Guarded(self, iterable, environ, start_response)

    def answer(
        self,
        error: Exception,
        environ: WSGIEnvironment,
        start_response: StartResponse,
    ) -> list[bytes]:
        """Start the response over and return the page."""
        headers = [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(self._page))),
        ]
        traceback = cast("TracebackType", error.__traceback__)
        exc_info = (type(error), error, traceback)
        start_response("500 Internal Server Error", headers, exc_info)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [self._page]


def _described(environ: WSGIEnvironment) -> str:
    script_name, path_info = (
        environ.get(key, "").encode("latin-1", "replace").decode(errors="replace")
        for key in ("SCRIPT_NAME", "PATH_INFO")
    )
    return f"{environ['REQUEST_METHOD']} {script_name}{path_info}"


class _Guarded:
    """A response iterable whose exceptions are answered by the page.

    A class and not a generator, because a server may ``close()`` what it never iterated.
    """

    def __init__(
        self,
        page: ErrorPage,
        iterable: Iterable[bytes],
        environ: WSGIEnvironment,
        start_response: StartResponse,
    ) -> None:
        self._page = page
        self._iterable: Iterable[bytes] | None = iterable
        self._iterator: Iterator[bytes] = iter(iterable)
        self._environ = environ
        self._start_response = start_response

    def __iter__(self) -> _Guarded:
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._iterator)
        except StopIteration:
            raise
        except Exception as error:
            self._page.log.exception("Exception on %s", _described(self._environ))
            self._iterator = iter(())
            answer = self._page.answer(error, self._environ, self._start_response)
            self._iterator = iter(answer)
        return next(self._iterator)

    def close(self) -> None:
        iterable, self._iterable = self._iterable, None
        close_iterable(iterable)


class _ErrorMail(SMTPHandler):
    """Mails with the exception's class in the subject, as WebError's were."""

    def getSubject(self, record: logging.LogRecord) -> str:
        exc_type = record.exc_info[0] if record.exc_info else None
        return self.subject + (exc_type.__name__ if exc_type else "")


def _handlers(errorware: dict[str, Any]) -> Iterator[logging.Handler]:
    formatter = logging.Formatter("%(asctime)s %(levelname)s %(message)s")
    if errorware.get("error_log"):
        path = errorware["error_log"]
        to_file = logging.FileHandler(path, encoding="utf-8", delay=True)
        to_file.setFormatter(formatter)
        yield to_file
    addresses = errorware.get("error_email") or []
    if isinstance(addresses, str):
        addresses = addresses.replace(",", " ").split()
    if addresses:
        to_mail = _error_mail(addresses, errorware)
        to_mail.setFormatter(formatter)
        yield to_mail


def _error_mail(addresses: list[str], errorware: dict[str, Any]) -> _ErrorMail:
    host, _, port = (errorware.get("smtp_server") or "localhost").partition(":")
    username = errorware.get("smtp_username")
    return _ErrorMail(
        (host, int(port)) if port else host,
        errorware.get("from_address") or "pylons@yourapp.com",
        addresses,
        errorware.get("error_subject_prefix") or "",
        (username, errorware.get("smtp_password") or "") if username else None,
    )
