"""How a legacy request is answered: with hooks around it, and with Flask's error pages."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import Headers
from werkzeug.routing import RoutingException
from werkzeug.wsgi import ClosingIterator

from compatshim.errors import NotForwardedError
from compatshim.hooks import closed_if_it_fails, in_place_of
from compatshim.legacy.util import close_iterable
from compatshim.legacy_response import LegacyResponse
from compatshim.objects.errors import as_common
from compatshim.objects.finalizing import answer_to
from compatshim.objects.response import KEY, PendingResponse
from compatshim.routing.matching import MATCH_KEY, routing_args
from compatshim.serving import legacy_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from flask import Flask
    from werkzeug.wrappers import Response

    from compatshim._flask_context import LentRequestContext
    from compatshim.lending import FlaskSide

__all__ = ["Answering", "answer_of_handler"]

_FLASK_HOOKS = "COMPATSHIM_FLASK_HOOKS_ON_LEGACY"
_ROUTING_KEYS = ("wsgiorg.routing_args", "routes.route", "routes.url")


class Answering:
    """The way of one legacy request from the call of the application to its answer.

    ``error`` is the exception that was answered by a page, if any, and ``unhandled`` the
    one that nobody handled.
    """

    _held: LegacyResponse | None = None
    _is_called = False
    _is_finished = False
    _is_started = False
    _pending: PendingResponse | None = None
    error: BaseException | None = None
    unhandled: BaseException | None = None

    def __init__(
        self,
        side: FlaskSide,
        legacy_app: WSGIApplication,
        start_response: StartResponse,
    ) -> None:
        self._side = side
        self._legacy_app = legacy_app
        self._start_response = start_response
        self._has_flask_hooks = bool(side.app.config.get(_FLASK_HOOKS))

    def call(self, environ: WSGIEnvironment, start_response: Any) -> Iterable[bytes]:
        """Serve the request: the hooks, and between them the legacy application.

        ``start_response`` is :meth:`start`.
        """
        if self._side.hooks is not None or self._has_flask_hooks:
            answer = self._call_before(environ)
            if answer is not None:
                lent = self._side.lend()
                response = self._made(lent, partial(lent.finalize, answer))
                return self._send_finished(response, start_response)
            if self._changes_responses():
                return self._send_held(
                    LegacyResponse(start_response), self._legacy_app, environ
                )
        body = self._legacy_app(environ, start_response)
        held, self._is_called = self._held, True
        if held is None:  # nothing waits for the response
            return body
        return self._send_held(held, lambda *_: body, environ)

    def _send_held(
        self,
        held: LegacyResponse,
        legacy_app: WSGIApplication,
        environ: WSGIEnvironment,
    ) -> Iterable[bytes]:
        """Send what is made of the answer of ``legacy_app``, which ``held`` waits for."""
        response = held.response(legacy_app, environ, self._side.app.response_class)
        return self._send_finished(response, held.release)

    def _send_finished(
        self, response: Response, start_response: Any
    ) -> Iterable[bytes]:
        with closed_if_it_fails(response):
            finished = self._finish(response)
        return _send(finished, self._side.request.environ, start_response)

    def _call_before(self, environ: WSGIEnvironment) -> Any:
        """Return the answer of a function before the request, or ``None``."""
        hooks, mapper = self._side.hooks, self._side.state.mapper
        match = environ.get(MATCH_KEY)
        is_to_route = (
            match is not None
            and match.holds_for(mapper, environ)
            and "wsgiorg.routing_args" not in environ
        )
        if is_to_route:
            routing_args(environ, match, mapper)
        answer = None if hooks is None else hooks.call_before()
        if answer is None and self._has_flask_hooks:
            answer = self._side.lend().preprocess_request()
        if answer is None and is_to_route:  # a PylonsApp does that itself
            for key in _ROUTING_KEYS:
                environ.pop(key, None)
        return answer

    def _changes_responses(self) -> bool:
        hooks = self._side.hooks
        return (
            self._has_flask_hooks
            or (hooks is not None and hooks.change_responses)
            or bool(self._side.waiting_functions)
        )

    def _finish(self, response: Response) -> Response:
        """Return ``response`` as it is sent: after the hooks, with the session saved."""
        if self._changes_responses():
            response = self._call_after(response)
        if self._pending is not None:
            response = _with_changes(self._pending, response, self._side)
        if not self._has_flask_hooks:
            self._side.save_session(response)
        self._is_finished = True
        return response

    def _call_after(self, response: Response) -> Response:
        side = self._side
        pending = self._pending
        if pending is None:
            early = PendingResponse.of(side.request.environ)
            if early is not None:
                headers = response.headers.to_wsgi_list()
                response.status, headers = early.add_to_wsgi(response.status, headers)
                response.headers = Headers(headers)
            pending = self._take_response()
            pending.show(response)
        if self._has_flask_hooks:  # ours among them
            changed = side.lend().process_response(response)
            return in_place_of(response, changed)
        return side.call_after(response, self._answer_to)

    def _answer_to(self, error: Exception) -> Response:
        """Return the answer to what a hook after the application raised."""
        return self._side.lend_for(error).run(answer_to, self._side.app, error)

    def recover(self, error: Exception, body_started: bool) -> Iterable[bytes]:
        """Answer ``error`` with Flask's error handlers; raise it where Flask would.

        Where a part of the body is on its way, the error is logged and raised again:
        no other answer can be given.
        """
        lent = self._side.lend_for(error)
        if body_started:
            lent.log_exception(error)
            raise error
        self.error = error
        self._side.is_session_stored = False  # another response is made
        if self._is_finished and self._side.hooks is not None:
            self._side.hooks.expect_another()  # what they changed is not sent
        try:
            page = self._made(lent, partial(lent.handle_user_exception, error))
            with closed_if_it_fails(page):
                response = self._finish(page)
        except Exception as unhandled:  # noqa: BLE001 (as Flask.wsgi_app does)
            self.unhandled = unhandled
            page = self._made(lent, partial(lent.handle_exception, unhandled))
            response = self._finish_page(page)
        start_response: Any = self.start
        if self._is_started:
            # With exc_info, the server drops the response that was started before.
            start_response = partial(_start_again, start_response, sys.exc_info())
        # A list, so that the request ends before the return, as with Flask.
        with closed_if_it_fails(response):
            response.make_sequence()
        return _send(response, self._side.request.environ, start_response)

    def _finish_page(self, page: Response) -> Response:
        """Finish the page of an internal error, whatever fails then, as Flask does."""
        try:
            return self._finish(page)
        except Exception:
            self._side.app.logger.exception(
                "Request finalizing failed with an error while handling an error"
            )
            self._is_finished = True
            return page

    def _made(self, lent: LentRequestContext, make: Callable[[], Response]) -> Response:
        """Return the response that Flask makes, with what was set on ``response``."""
        pending = self._pending or self._take_response()
        pending.keep_in(lent.request_context.request.environ)
        return make()

    def _take_response(self) -> PendingResponse:
        """Take what was set on ``response``, as Flask has it, for the rest of the request."""
        request = self._side.request
        request.sent = None  # what was sent has another response in its place
        environ, objects = request.environ, request.objects
        early = PendingResponse.of(environ)
        made: Any = early if objects is None else objects.response
        if objects is not None and early is not None:
            added = early.add_to_wsgi(made.status, made.headerlist)
            made.status, made.headerlist = added
        config = self._side.state.legacy_config
        pending = self._pending = PendingResponse.begin(environ, config)
        if made is not None:
            pending.take(made)
        if objects is not None:
            objects.response = pending
        return pending

    def start(self, status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
        """Start the response, with what is to be added to its headers."""
        _refuse_line_breaks(status, headers)
        side = self._side
        if not self._is_finished:
            lent = side.lent
            if lent is not None and side.waiting_functions:
                return self._hold(status, headers, *exc_info)
            pending = side.request.environ.get(KEY)
            if pending is not None:
                status, headers = pending.add_to_wsgi(status, headers)
            if lent is not None or side.refreshes_session():
                response = side.app.response_class(status=status)
                response.headers = Headers(headers)
                side.save_session(response)
                headers = response.headers.to_wsgi_list()
        self._is_started = True
        side.is_session_stored = True  # also for code that opens it from now on
        side.request.sent = status, headers
        return self._start_response(status, headers, *exc_info)

    def _hold(self, status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
        """Start the response for ``flask.after_this_request`` when its body is there."""
        if self._is_called:
            raise NotForwardedError(
                "flask.after_this_request",
                "legacy",
                "This application starts its response while that is read: register the"
                " function in a before_request function, or set"
                " COMPATSHIM_FLASK_HOOKS_ON_LEGACY = True in app.config.",
            )
        self._side.request.sent = status, headers  # as far as the application knows
        if self._held is None:
            self._held = LegacyResponse(self.start)
        return self._held(status, headers, *exc_info)


def answer_of_handler(side: FlaskSide, error: Exception) -> Response | None:
    """Return the answer of a registered error handler to an HTTP exception, or ``None``.

    For an exception that an action has raised. The legacy application's own answer is
    then not wanted, and a ``StatusCodeRedirect`` leaves this one alone.
    """
    error = as_common(error)
    if (
        isinstance(error, RoutingException)  # a redirect
        or not side.takes_errors
        or not _has_error_handler(side.app, error)
    ):
        return None
    record: Any = legacy_request()
    lent = side.lend_for(error)
    environ = lent.request_context.request.environ
    early = PendingResponse.of(environ)  # which is added at the end of the request
    pending = PendingResponse.begin(environ, side.state.legacy_config)
    pending.take(record.objects.response)
    record.objects.response = pending
    try:
        response = lent.handle_user_exception(error)
        response = _with_changes(pending, response, side)
    finally:
        environ.pop(KEY)
        if early is not None:
            early.keep_in(environ)
    record.environ["pylons.status_code_redirect"] = True
    return response


def _with_changes(
    pending: PendingResponse, response: Response, side: FlaskSide
) -> Response:
    """Return ``response`` with what was set on ``pending``, which shows it."""
    if pending.conditional_response:  # which needs flask.request
        return side.lend().run(pending.change, response)
    return pending.change(response)


def _refuse_line_breaks(status: str, headers: list[tuple[str, str]]) -> None:
    """Raise ``ValueError`` for what would write headers: WebOb does not look for it."""
    text = status
    for name, value in headers:
        text += name + value
    if "\n" in text or "\r" in text:
        for name, value in headers:
            if "\n" in name + value or "\r" in name + value:
                raise ValueError(f"The header {name!r} has a line break: {value!r}")
        raise ValueError(f"The status has a line break: {status!r}")


def _has_error_handler(app: Flask, error: Exception) -> bool:
    """Return whether ``app`` has a handler for ``error`` that is no blueprint's."""
    by_code = app.error_handler_spec.get(None, {})
    handled = {**by_code.get(None, {}), **by_code.get(getattr(error, "code", None), {})}
    return any(cls in handled for cls in type(error).__mro__)


def _send(
    response: Response, environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    """Start ``response`` and return its body, a list where it is one."""
    body = response(environ, start_response)
    if response.direct_passthrough:  # where Werkzeug leaves closing out
        return ClosingIterator((item for item in body), response.close)
    if not response.is_sequence:
        return body
    try:
        return list(body)
    finally:
        close_iterable(body)


def _start_again(
    start_response: Any, exc_info: Any, status: str, headers: list[tuple[str, str]]
) -> Any:
    return start_response(status, headers, exc_info)
