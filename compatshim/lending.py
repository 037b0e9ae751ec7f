"""What Flask lends to a legacy request: its contexts, its session, its error handling."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from werkzeug.datastructures import Headers

from compatshim._flask_context import (
    LentRequestContext,
    copy_session,
    ignored,
    replace_request,
)
from compatshim.legacy.util import close_iterable
from compatshim.lifetime import run_legacy
from compatshim.objects.response import PendingResponse
from compatshim.objects.session import Session, open_session
from compatshim.parsing.bodies import close_files
from compatshim.routing.flask_match import skip_matching
from compatshim.routing.site import begin, configure
from compatshim.serving import LegacyRequest, serving_legacy
from compatshim.sessions.interface import share_sessions
from compatshim.sessions.snapshots import snapshot_of
from compatshim.snapshots.copying import run_in_copy, take_objects
from compatshim.snapshots.environ import copy_environ, copy_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from flask import Request
    from flask.ctx import AppContext, RequestContext
    from werkzeug.routing import MapAdapter

    from compatshim.objects.state import ShimState

__all__ = ["FlaskSide"]

_Result = TypeVar("_Result")


class FlaskSide:
    """The Flask side of one legacy request.

    Every legacy request gets a fresh application context: it is cheap, and
    ``current_app``, ``g`` and the teardown functions work. A request context costs
    thirty times as much, so it is lent only when something needs it.
    """

    def __init__(
        self,
        state: ShimState,
        environ: WSGIEnvironment,
        request_context: RequestContext | None = None,
        app_context: AppContext | None = None,
        names: dict[str, Any] | None = None,
    ) -> None:
        """Make the record of the request, and the application context that it runs in.

        ``request_context`` is the one in which Flask refused the request, if it was
        asked, and ``app_context`` the one that belongs to it; ``names`` are set in
        ``g``.
        """
        self.state = state
        self.app = state.app
        self.app_context = app_context or self.app.app_context()
        if names is not None:
            vars(self.app_context.g).update(names)
        self._request_context = request_context
        self._lent: LentRequestContext | None = None
        self._session: Session | None = None
        self._copied_session: Any = None
        self._response_started = False
        self.is_session_stored = False
        self._handled_error: Exception | None = None
        if names is None:  # a copy has been configured, where it began
            configure(environ, state.site_url, state.locale_prefixes)
            begin(environ)
        self.request = LegacyRequest(environ, vars(self.app_context.g), self)
        self.request.open_session = self.open_session

    def serve(
        self, legacy_app: WSGIApplication, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Serve the request with ``legacy_app``, and end what was lent to it."""
        self._legacy_app = legacy_app
        self._start_response = start_response
        return run_legacy(
            self.request,
            self._call,
            self._start_legacy_response,
            finish=self._finish,
            recover=self._recover,
        )

    def _call(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        self.push()
        try:
            return self._legacy_app(environ, start_response)
        finally:
            keep = environ.get("werkzeug.debug.preserve_context")
            if keep is not None:  # a test client's ``with`` block, or the debugger
                keep(self.preserved())

    def push(self) -> None:
        """Push the application context; :meth:`pop` ends what this began."""
        self.app_context.push()

    def pop(self, error: BaseException | None = None) -> None:
        """End the lent contexts: the teardown functions run, with ``error`` if any."""
        if error is self._handled_error or ignored(self.app, error):
            error = None  # as Flask, which tells teardown functions of others only
        try:
            self._pop_lent(error)
        finally:
            self.app_context.pop(error)

    def _finish(self, error: BaseException | None) -> None:
        try:
            close_files(self.request.environ)
        finally:
            self.pop(error)

    def _pop_lent(self, error: BaseException | None) -> None:
        lent, self._lent = self._lent, None
        if lent is not None:
            lent.pop(error)

    def lend(self) -> LentRequestContext:
        """Return the Flask request context of this request, made when first asked."""
        if self._lent is None:
            share_sessions(self.app)
            self._lent = LentRequestContext(self._context(), self.app_context)
            if self._copied_session is not None:
                self._lent.session = self._copied_session  # and none is opened
            self._lent.push()
        self._context()
        return self._lent

    def _context(self) -> RequestContext:
        """Return the request context, lent or to be lent, around the present environ."""
        environ = self.request.environ
        context = self._request_context
        if context is None:
            context = self._request_context = self.state.make_request_context(environ)
            skip_matching(context)
        elif context.request.environ is not environ:  # middleware has made another
            request = self.app.request_class(environ, populate_request=False)
            replace_request(context, request)
        return context

    def url_adapter(self) -> MapAdapter | None:
        """Return the URL adapter of the request; no context is pushed for it."""
        return self._context().url_adapter

    def werkzeug_request(self, environ: WSGIEnvironment) -> Request:
        """Return the Flask request over ``environ``: the one that will be lent.

        A copy of the ``environ``, such as an error document's, gets one of its own.
        """
        if environ is not self.request.environ:
            return self.app.request_class(environ, populate_request=False)
        request = self._context().request
        request.routing_exception = None  # Flask refused the path, but it has an owner
        return request

    def open_session(self) -> Session:
        """Return the session of the application's session interface."""
        if self._session is None:
            self._session = open_session(self.lend().request_context)
        return self._session

    def save_session(
        self, status: str, headers: list[tuple[str, str]]
    ) -> list[tuple[str, str]]:
        """Save the session if it was changed; return ``headers`` and those it adds.

        They are the session interface's own: ``Set-Cookie`` and ``Vary``.
        """
        if self._lent is None and self._refreshes_session():
            self.lend()
        interface = self.app.session_interface
        if self._lent is None or interface.is_null_session(self._lent.session):
            return headers
        response = self.app.response_class(status=status)
        response.headers = Headers(headers)
        self._lent.run(interface.save_session, self.app, self._lent.session, response)
        return response.headers.to_wsgi_list()

    def _refreshes_session(self) -> bool:
        """Return whether a session that nobody touched may have to be stored again.

        Flask does so for a permanent session, which would otherwise end while its
        visitor looks at pages.
        """
        cookies = self.request.environ.get("HTTP_COOKIE")
        if not (cookies and self.app.config.get("SESSION_REFRESH_EACH_REQUEST")):
            return False
        name = self.app.session_interface.get_cookie_name(self.app)
        return f"{name}=" in cookies

    def copying(
        self, function: Callable[..., _Result], record: LegacyRequest
    ) -> Callable[..., _Result]:
        """Return ``function``, to run in another thread with a snapshot of ``record``.

        That is a record of this request. The function has an application context and
        teardown of its own.
        """
        taken = self.copy(record)
        function = self.app.ensure_sync(function)
        return run_in_copy(function, lambda: taken.copy(taken.request).pushed())

    def copy(self, record: LegacyRequest) -> FlaskSide:
        """Return the Flask side of a snapshot of ``record``, with its own everything."""
        names = copy_names(record.namespace)
        side = FlaskSide(self.state, copy_environ(record.environ), names=names)
        session = self._copied_session if self._lent is None else self._lent.session
        side._copied_session = copy_session(self.app, session, snapshot_of)
        take_objects(side.request, record)
        return side

    @contextmanager
    def pushed(self) -> Iterator[None]:
        """Make this request current for a ``with`` block, from push to pop."""
        error: BaseException | None = None
        self.push()
        try:
            with serving_legacy(self.request):
                yield
        except BaseException as caught:
            error = caught
            raise
        finally:
            self.pop(error)

    @contextmanager
    def preserved(self) -> Iterator[None]:
        """Make this request current again for a ``with`` block, after its end.

        With an application context of its own, around the same ``g``: the response may
        still be streaming in the first one.
        """
        app_context = self.app.app_context()
        app_context.g = self.app_context.g
        with app_context, serving_legacy(self.request):
            try:
                yield
            finally:
                self._pop_lent(None)

    def _start_legacy_response(
        self, status: str, headers: list[tuple[str, str]], *exc_info: Any
    ) -> Any:
        for name, value in headers:
            if "\n" in value or "\r" in value:  # which WebOb does not look for
                raise ValueError(f"The value of the header {name!r} has a line break.")
        pending = PendingResponse.of(self.request.environ)
        if pending is not None:
            status, headers = pending.add_to_wsgi(status, headers)
        headers = self.save_session(status, headers)
        self.is_session_stored = True  # also for code that opens it from now on
        self.request.sent = status, headers
        self._response_started = True
        return self._start_response(status, headers, *exc_info)

    def _recover(self, error: Exception, body_started: bool) -> Iterable[bytes]:
        """Answer ``error`` with Flask's error handlers; raise it where Flask would.

        Where a part of the body is on its way, the error is logged and raised again:
        no other answer can be given.
        """
        lent = self._lend_for(error)
        if body_started:
            lent.log_exception(error)
            raise error
        self._keep_pending_response(lent)
        # Another response takes its place.
        self.request.sent, self.is_session_stored = None, False
        response, is_handled = lent.handle_exception(error)
        if is_handled:
            self._handled_error = error
        start_response = self._start_response
        if self._response_started:
            # With exc_info, the server drops the response that was started before.
            start_response = partial(_start_again, start_response, sys.exc_info())
        # A list, so that the request ends before the return, as with Flask.
        response.make_sequence()
        body = response(self.request.environ, self.request.starting(start_response))
        try:
            return list(body)
        finally:
            close_iterable(body)

    def _lend_for(self, error: Exception) -> LentRequestContext:
        """Lend a request context to the handlers of ``error``, if need be a broken one.

        The session store may be what has failed.
        """
        try:
            return self.lend()
        except Exception:  # noqa: BLE001 (the first error is the one that is shown)
            if self._lent is None:
                raise error from None
            return self._lent

    def _keep_pending_response(self, lent: LentRequestContext) -> None:
        """Let Flask put what was set on ``response`` into the answer to an exception."""
        environ, objects = self.request.environ, self.request.objects
        pending = PendingResponse.of(environ)
        if pending is None:
            config = self.state.legacy_config
            pending = PendingResponse.begin(environ, config)
            if objects is not None:
                pending.take(objects.response)
                objects.response = pending
        pending.keep_in(lent.request_context.request.environ)


def _start_again(
    start_response: Any, exc_info: Any, status: str, headers: list[tuple[str, str]]
) -> Any:
    return start_response(status, headers, exc_info)
