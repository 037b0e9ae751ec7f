"""What Flask lends to a legacy request: its contexts, its session, its error handling."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from compatshim._flask_context import (
    LentRequestContext,
    after_this_request_functions,
    copy_session,
    ignored,
    replace_request,
)
from compatshim.answering import Answering, answer_of_handler
from compatshim.hooks import Hooks, RequestHooks
from compatshim.lifetime import run_legacy
from compatshim.objects.session import Session, open_session
from compatshim.parsing.bodies import close_files
from compatshim.routing.flask_match import skip_matching
from compatshim.routing.site import begin
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
    from werkzeug.wrappers import Response

    from compatshim.objects.state import ShimState

__all__ = ["FlaskSide"]

_Result = TypeVar("_Result")


class FlaskSide:
    """The Flask side of one legacy request.

    Every legacy request gets a fresh application context: it is cheap, and
    ``current_app``, ``g`` and the teardown functions work. A request context costs
    thirty times as much, so it is lent only when something needs it.
    """

    _answering: Answering | None = None
    _copied_session: Any = None
    _session: Session | None = None
    hooks: RequestHooks | None = None
    lent: LentRequestContext | None = None
    is_session_stored = False

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
        if state.hooks is not None and state.hooks.exist:
            self.hooks = RequestHooks(state.hooks, self.app)
        if names is None:  # a copy has been configured, where it began
            begin(environ, state.site_url, state.locale_prefixes)
        self.request = LegacyRequest(environ, vars(self.app_context.g), self)
        self.request.open_session = self.open_session

    def serve(
        self, legacy_app: WSGIApplication, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Serve the request with ``legacy_app``, and end what was lent to it."""
        answering = self._answering = Answering(self, legacy_app, start_response)
        self.request.start_response = start_response = answering.start
        return run_legacy(
            self.request,
            self._call,
            start_response,
            finish=self._finish,
            recover=answering.recover,
        )

    def _call(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        answering: Any = self._answering
        self.push()
        try:
            return answering.call(environ, start_response)  # type: ignore[no-any-return]
        finally:
            keep = environ.get("werkzeug.debug.preserve_context")
            if keep is not None:  # a test client's ``with`` block, or the debugger
                keep(self.preserved())

    def push(self) -> None:
        """Push the application context; :meth:`pop` ends what this began."""
        self.app_context.push()

    def pop(self, error: BaseException | None = None) -> None:
        """End the lent contexts: the teardown functions run, with ``error`` if any."""
        if error is not None:
            error = self._left_unhandled(error)
        try:
            if self.hooks is not None and self.lent is None:
                self.hooks.call_teardown(error)  # otherwise it is among Flask's own
        finally:
            try:
                if self.lent is not None:
                    self._pop_lent(error)
            finally:
                self.app_context.pop(error)

    def _left_unhandled(self, error: BaseException) -> BaseException | None:
        """Return what teardown functions are told of ``error``, as Flask's are."""
        answering = self._answering
        unhandled: BaseException | None = error
        if answering is not None and error is answering.error:
            unhandled = answering.unhandled
        return None if ignored(self.app, unhandled) else unhandled

    def _finish(self, error: BaseException | None) -> None:
        try:
            close_files(self.request.environ)
        finally:
            self.pop(error)

    def _pop_lent(self, error: BaseException | None) -> None:
        if self.lent is None:
            return
        try:
            self.lent.pop(error)  # teardown functions may still use it
        finally:
            self.lent = None

    def lend(self) -> LentRequestContext:
        """Return the Flask request context of this request, made when first asked."""
        if self.lent is None:
            share_sessions(self.app)
            self.lent = LentRequestContext(self._context(), self.app_context)
            if self._copied_session is not None:
                self.lent.session = self._copied_session  # and none is opened
            self.lent.push()
        self._context()
        return self.lent

    def lend_for(self, error: Exception) -> LentRequestContext:
        """Lend a request context to the handlers of ``error``, if need be a broken one.

        The session store may be what has failed.
        """
        try:
            return self.lend()
        except Exception:  # noqa: BLE001 (the first error is the one that is shown)
            if self.lent is None:
                raise error from None
            return self.lent

    @contextmanager
    def request_context(self) -> Iterator[None]:
        """Make the lent request context Flask's current one for a ``with`` block."""
        with self.lend().current():
            yield

    @property
    def takes_errors(self) -> bool:
        """Whether errors are Flask's affair, and not the legacy application's."""
        return not self.app.config.get("COMPATSHIM_KEEP_LEGACY_ERROR_PAGES")

    def answer_http_exception(self, error: Exception) -> Response | None:
        """Return what a registered error handler answers to ``error``, of an action."""
        return answer_of_handler(self, error)

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

    @property
    def waiting_functions(self) -> list[Any]:
        """What ``flask.after_this_request`` was given in the lent request context."""
        if self.lent is None:
            return []
        return after_this_request_functions(self.lent.request_context)

    def call_after(
        self, response: Response, answer_to_error: Callable[[Exception], Response]
    ) -> Response:
        """Return what the waiting functions, and then the hooks, make of ``response``."""
        hooks = self.hooks or RequestHooks(Hooks(), self.app)
        waiting = self.waiting_functions
        if waiting:
            run, as_sync = self.lend().run, self.app.ensure_sync
            hooks.call_first([partial(run, as_sync(one)) for one in waiting])
            waiting.clear()
        return hooks.call_after(response, answer_to_error)

    def save_session(self, response: Response) -> None:
        """Save the session if it was changed; add its headers to ``response``.

        They are the session interface's own: ``Set-Cookie`` and ``Vary``.
        """
        if self.lent is None and not self.refreshes_session():
            return
        lent, interface = self.lend(), self.app.session_interface
        if not interface.is_null_session(lent.session):
            lent.run(interface.save_session, self.app, lent.session, response)

    def refreshes_session(self) -> bool:
        """Return whether a session that nobody touched may have to be stored again.

        Flask does so for a permanent session, which would otherwise end while its
        visitor looks at pages.
        """
        app, cookies = self.app, self.request.environ.get("HTTP_COOKIE")
        if not (cookies and app.config.get("SESSION_REFRESH_EACH_REQUEST")):
            return False
        return f"{app.session_interface.get_cookie_name(app)}=" in cookies

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
        session = self._copied_session if self.lent is None else self.lent.session
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
