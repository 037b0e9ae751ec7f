"""What Flask lends to a legacy request: its contexts, its session, its error handling."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from werkzeug.datastructures import Headers

from compatshim._flask_context import LentRequestContext, ignored
from compatshim.bodies import close_files
from compatshim.legacy.util import close_iterable
from compatshim.lifetime import run_legacy
from compatshim.objects.response import PendingResponse
from compatshim.objects.session import Session
from compatshim.routing.flask_match import skip_matching
from compatshim.serving import LegacyRequest, run_in_copy, serving_legacy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from flask.ctx import AppContext, RequestContext

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
        self._response_started = False
        self._handled_error: Exception | None = None
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
            context, self._request_context = self._request_context, None
            if context is None:
                context = self.state.make_request_context(self.request.environ)
                skip_matching(context)
            self._lent = LentRequestContext(context, self.app_context.g)
            self._lent.push()
        return self._lent

    def open_session(self) -> Session:
        """Return the session of the application's session interface."""
        if self._session is None:
            self._session = Session(self.lend().request_context.session)
        return self._session

    def save_session(
        self, status: str, headers: list[tuple[str, str]]
    ) -> list[tuple[str, str]]:
        """Save the session if it was changed; return ``headers`` and those it adds.

        They are the session interface's own: ``Set-Cookie`` and ``Vary``.
        """
        interface = self.app.session_interface
        if self._lent is None or interface.is_null_session(self._lent.session):
            return headers
        response = self.app.response_class(status=status)
        response.headers = Headers(headers)
        self._lent.run(interface.save_session, self.app, self._lent.session, response)
        return response.headers.to_wsgi_list()

    def copying(self, function: Callable[..., _Result]) -> Callable[..., _Result]:
        """Return ``function``, to run in another thread with a snapshot of this request.

        It has an application context and teardown of its own.
        """
        names = dict(self.request.namespace)

        def enter() -> AbstractContextManager[None]:
            side = FlaskSide(self.state, dict(self.request.environ), names=names)
            side.request.take_over(self.request)
            side._session = self._session
            return side.pushed()

        return run_in_copy(function, enter)

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
        pending = self._pending_response()
        response, is_handled = lent.handle_exception(error)
        if is_handled:
            self._handled_error = error
        start_response = self._start_response
        if self._response_started:
            # With exc_info, the server drops the response that was started before.
            start_response = partial(_start_again, start_response, sys.exc_info())
        pending.add_to(response)
        # A list, so that the request ends before the return, as with Flask.
        response.make_sequence()
        body = response(self.request.environ, start_response)
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

    def _pending_response(self) -> PendingResponse:
        """Return what handlers set on ``response``; cookies set before stay on it."""
        environ, objects = self.request.environ, self.request.objects
        pending = PendingResponse.of(environ) or PendingResponse.begin(environ)
        if objects is not None:
            for cookie in objects.response.headers.getall("Set-Cookie"):
                pending.headers.add("Set-Cookie", cookie)
            objects.response = pending
        return pending


def _start_again(
    start_response: Any, exc_info: Any, status: str, headers: list[tuple[str, str]]
) -> Any:
    return start_response(status, headers, exc_info)
