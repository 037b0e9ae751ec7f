"""The only place that touches Flask's own context variables.

Flask up to 3.1 keeps a request context and an application context; its development
branch merges them into one. Nothing outside this module may assume either.
"""

from __future__ import annotations

import functools
from contextlib import contextmanager
from contextvars import copy_context
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

import flask.globals

from compatshim import serving
from compatshim.snapshots.copying import run_in_copy
from compatshim.snapshots.environ import copy_names, copy_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask
    from flask.ctx import AppContext, RequestContext
    from werkzeug.wrappers import Response

__all__ = [
    "LentRequestContext",
    "after_this_request_functions",
    "bring_own_app_context",
    "call_with_app",
    "call_within",
    "copy_request_context",
    "copy_session",
    "current_app_context",
    "current_request_context",
    "ignored",
    "leading_arguments",
    "replace_request",
    "replace_session",
    "staying_in_context",
]

_Result = TypeVar("_Result")

_MERGED = not hasattr(flask.globals, "_cv_request")

if _MERGED:  # Flask 3.2
    _context_variable: Any = flask.globals._cv_app  # noqa: SLF001

    def current_request_context() -> object | None:
        """Return Flask's current request context, or ``None``."""
        context = _context_variable.get(None)
        # What ``has_request`` says, in half the time: it is asked at every read.
        return None if context is None or context._request is None else context  # noqa: SLF001

else:
    _context_variable = flask.globals._cv_request  # noqa: SLF001
    current_request_context = functools.partial(_context_variable.get, None)

serving.use_flask_request_context(current_request_context)

current_app_context = functools.partial(flask.globals._cv_app.get, None)  # noqa: SLF001


def leading_arguments() -> tuple[Any, ...]:
    """Return what Flask's methods about a request take first: since 3.2 its context."""
    return (current_request_context(),) if _MERGED else ()


after_this_request_functions: Callable[[Any], list[Any]] = attrgetter(
    "_after_request_functions"
)
"""Return what waits for the response of the request of a context."""


def bring_own_app_context(
    context: RequestContext, app_context: AppContext | None = None
) -> RequestContext:
    """Make ``context`` push an application context of its own, as Flask 3.2 does.

    Flask up to 3.1 shares the current one, and with it ``g``: for a Flask request
    inside a legacy one that is the legacy request's.
    """
    if app_context is None:
        app_context = context.app.app_context()
    if _MERGED:
        context.g = app_context.g  # type: ignore[attr-defined]  # both are one context
        return context
    push, pop = context.push, context.pop

    def push_both() -> None:
        app_context.push()
        push()

    def pop_both(*error: Any) -> None:
        try:
            pop(*error)
        finally:
            app_context.pop(*error)

    context.push = push_both  # type: ignore[method-assign]
    context.pop = pop_both  # type: ignore[assignment]
    return context


def call_within(
    context: RequestContext,
    app_context: AppContext,
    function: Callable[[RequestContext], _Result],
) -> _Result:
    """Return ``function(context)``, called as if both contexts were pushed.

    They are current, but no session is opened and nothing is torn down afterwards: what
    ``function`` leaves in ``g`` is there when the application context is pushed.
    """

    def call() -> _Result:
        if not _MERGED:
            flask.globals._cv_app.set(app_context)  # noqa: SLF001
        _context_variable.set(context)
        return function(context)

    return copy_context().run(call)


def staying_in_context(function: Callable[[], _Result]) -> Callable[[], _Result]:
    """Return ``function``, to be called as if the present contexts were still pushed."""
    context: Any = current_request_context()
    app_context: Any = current_app_context()

    def call() -> _Result:
        return call_within(context, app_context, lambda _: function())

    return call


def call_with_app(app: Flask, function: Callable[[], _Result]) -> _Result:
    """Return ``function()``, called as if an application context were pushed.

    So it finds the configuration; nothing is torn down afterwards.
    """

    def call() -> _Result:
        flask.globals._cv_app.set(app.app_context())  # noqa: SLF001
        return function()

    return copy_context().run(call)


def copy_request_context(
    function: Callable[..., _Result], snapshot_of: Callable[[Any], Any]
) -> Callable[..., _Result]:
    """Return ``function``, to run with a copy of Flask's current request context.

    As ``flask.copy_current_request_context``, but ``g``, the request and the session
    are snapshots; ``snapshot_of`` makes that of the latter.
    """
    taken = _copy_context(_context_variable.get(), snapshot_of)
    names = copy_names(vars(flask.g._get_current_object()))
    function = taken.app.ensure_sync(function)

    @contextmanager
    def enter() -> Iterator[None]:
        with bring_own_app_context(_copy_context(taken, snapshot_of)):
            vars(flask.g._get_current_object()).update(copy_names(names))
            yield

    return run_in_copy(function, enter)


def _copy_context(context: Any, snapshot_of: Callable[[Any], Any]) -> Any:
    """Return a request context like ``context``, with a request and session of its own."""
    copied = context.copy()
    replace_request(copied, copy_request(context.request))
    session = copy_session(context.app, _session_of(context), snapshot_of)
    replace_session(copied, session)
    copied.match_request = _already_matched
    return copied


def _already_matched() -> None:
    """Stand in for ``match_request``: the copied request knows its rule."""


def copy_session(app: Flask, session: Any, snapshot_of: Callable[[Any], Any]) -> Any:
    """Return a snapshot of a session of ``app``; of none, and of a null one, the same."""
    if session is None or app.session_interface.is_null_session(session):
        return session
    return snapshot_of(session)


def _session_of(context: Any) -> Any:
    """Return the session, not marked as accessed, as Flask itself finds it for saving."""
    if hasattr(context, "_session"):
        return context._session  # noqa: SLF001
    return context.session  # up to Flask 3.1.2


def replace_request(context: RequestContext, request: object) -> None:
    """Put ``request`` in the place of the one that ``context`` is about."""
    setattr(context, "_request" if _MERGED else "request", request)


def replace_session(context: RequestContext, session: object) -> None:
    """Put ``session`` in the place of the one that ``context`` has opened."""
    name = "_session" if hasattr(context, "_session") else "session"
    setattr(context, name, session)


class LentRequestContext:
    """A Flask request context for use inside one legacy request.

    Session interfaces and error handlers need one. It is made on demand, shares
    ``environ`` and ``g`` with the legacy request, and never makes Flask the one that is
    serving. It is pushed once, in a ``contextvars.Context`` apart, and current only
    inside :meth:`run`.
    """

    def __init__(self, context: RequestContext, app_context: AppContext) -> None:
        self.request_context = context
        self._pushed_in = copy_context()
        if _MERGED:
            context.g = app_context.g  # type: ignore[attr-defined]  # both are one context
        else:  # which may be another one's in the middle of the request
            self._pushed_in.run(flask.globals._cv_app.set, app_context)  # noqa: SLF001

    def push(self) -> None:
        """Push the context, which opens the session; :meth:`pop` ends it in any case."""
        self._pushed_in.run(self._push)

    def _push(self) -> None:
        self._record()
        try:
            self.request_context.push()
        except Exception:
            # The session could not be opened. Error handlers work without one.
            app = self.request_context.app
            self.session = app.session_interface.make_null_session(app)
            raise
        # Pushing has asked Flask's router, which does not own this path.
        self.request_context.request.routing_exception = None

    def _record(self) -> None:
        request = serving.legacy_request()
        if request and self.request_context not in request.flask_contexts:
            request.flask_contexts += (self.request_context,)

    @property
    def session(self) -> Any:
        """The session, not marked as accessed, as Flask itself finds it for saving."""
        return _session_of(self.request_context)

    @session.setter
    def session(self, session: Any) -> None:
        replace_session(self.request_context, session)

    def run(
        self, function: Callable[..., _Result], *args: Any, **kwargs: Any
    ) -> _Result:
        """Call ``function`` with this context current, and return what it returns."""

        def with_context() -> _Result:
            self._record()
            _context_variable.set(self.request_context)
            return function(*args, **kwargs)

        return copy_context().run(with_context)

    @contextmanager
    def current(self) -> Iterator[RequestContext]:
        """Make this context current for a ``with`` block."""
        self._record()
        token = _context_variable.set(self.request_context)
        try:
            yield self.request_context
        finally:
            _context_variable.reset(token)

    def finalize(self, result: Any) -> Response:
        """Return the response that the application makes of a view's ``result``."""
        return self._ask("finalize_request", result)  # type: ignore[no-any-return]

    def handle_user_exception(self, error: Exception) -> Response:
        """Return the answer of the application to ``error``, as to one in a view.

        Of the handler that is registered for it, or of ``error`` itself, where it is an
        HTTP exception; any other is raised. Must be called while ``error`` is being
        handled.
        """
        return self.finalize(self._ask("handle_user_exception", error))

    def handle_exception(self, error: Exception) -> Response:
        """Return the answer of the application to an exception that nobody handles.

        The ``got_request_exception`` signal, the log and the handler for an internal
        server error have their turn, or it is raised (``TESTING``, ``DEBUG``,
        ``PROPAGATE_EXCEPTIONS``). Must be called while ``error`` is being handled.
        """
        return self._ask("handle_exception", error)  # type: ignore[no-any-return]

    def preprocess_request(self) -> Any:
        """Call the application's ``before_request`` functions; return an answer, if any."""
        return self._ask("preprocess_request")

    def process_response(self, response: Response) -> Response:
        """Call its ``after_request`` functions with ``response``, and save the session."""
        return self._ask("process_response", response)  # type: ignore[no-any-return]

    def _ask(self, method: str, *args: Any) -> Any:
        """Call a method of the application that is about the current request."""

        def call() -> Any:
            ask = getattr(self.request_context.app, method)
            return ask(*leading_arguments(), *args)

        return self.run(call)

    def log_exception(self, error: Exception) -> None:
        """Send ``got_request_exception`` and log ``error``, when it is too late to answer."""
        self.run(self._log_exception, error)

    def _log_exception(self, error: Exception) -> None:
        app: Any = self.request_context.app
        flask.got_request_exception.send(
            app, _async_wrapper=app.ensure_sync, exception=error
        )
        app.log_exception(
            *leading_arguments(), (type(error), error, error.__traceback__)
        )

    def pop(self, error: BaseException | None) -> None:
        """Run the application's ``teardown_request`` functions; the context is done."""
        self._pushed_in.run(self._pop, error)

    def _pop(self, error: BaseException | None) -> None:
        if not _MERGED:
            self.request_context.pop(error)
            return
        # Popping would also end the application context, which the request still uses.
        app: Any = self.request_context.app
        app.do_teardown_request(self.request_context, error)
        self.request_context.request.close()


def ignored(app: Flask, error: BaseException | None) -> bool:
    """Return whether ``app`` wants ``error`` kept from its teardown functions."""
    should_ignore = getattr(app, "should_ignore_error", None)
    return error is not None and should_ignore is not None and should_ignore(error)
