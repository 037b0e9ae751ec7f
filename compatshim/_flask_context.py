"""The only place that touches Flask's own context variables.

Flask up to 3.1 keeps a request context and an application context; its development
branch merges them into one. Nothing outside this module may assume either.
"""

from __future__ import annotations

import functools
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, TypeVar

import flask.globals

from compatshim import serving

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.ctx import AppContext, RequestContext
    from werkzeug.wrappers import Response

__all__ = [
    "LentRequestContext",
    "bring_own_app_context",
    "call_within",
    "copy_request_context",
    "current_request_context",
    "ignored",
]

_Result = TypeVar("_Result")

_MERGED = not hasattr(flask.globals, "_cv_request")

if _MERGED:  # Flask 3.2
    _context_variable: Any = flask.globals._cv_app  # noqa: SLF001

    def current_request_context() -> object | None:
        """Return Flask's current request context, or ``None``."""
        context = _context_variable.get(None)
        return context if context is not None and context.has_request else None

else:
    _context_variable = flask.globals._cv_request  # noqa: SLF001
    current_request_context = functools.partial(_context_variable.get, None)

serving.use_flask_request_context(current_request_context)


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
        context.g = app_context.g  # type: ignore[attr-defined]
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


def copy_request_context(function: Callable[..., _Result]) -> Callable[..., _Result]:
    """Return ``function``, to run with a copy of Flask's current request context.

    As ``flask.copy_current_request_context``, but ``g`` is a snapshot of the request's.
    """
    context: Any = _context_variable.get()
    names = dict(vars(flask.g._get_current_object()))

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> _Result:
        with bring_own_app_context(context.copy()):
            vars(flask.g._get_current_object()).update(names)
            return function(*args, **kwargs)

    return run


class LentRequestContext:
    """A Flask request context for use inside one legacy request.

    Session interfaces and error handlers need one. It is made on demand, shares
    ``environ`` and ``g`` with the legacy request, and never makes Flask the one that is
    serving. It is pushed once, in a ``contextvars.Context`` apart, and current only
    inside :meth:`run`.
    """

    def __init__(self, context: RequestContext, g: object) -> None:
        self.request_context = context
        if _MERGED:
            context.g = g  # type: ignore[attr-defined]
        self._pushed_in = copy_context()

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
        context: Any = self.request_context
        if hasattr(context, "_session"):
            return context._session  # noqa: SLF001
        return context.session  # up to Flask 3.1.2

    @session.setter
    def session(self, session: Any) -> None:
        context: Any = self.request_context
        setattr(
            context, "_session" if hasattr(context, "_session") else "session", session
        )

    def run(
        self, function: Callable[..., _Result], *args: Any, **kwargs: Any
    ) -> _Result:
        """Call ``function`` with this context current, and return what it returns."""

        def with_context() -> _Result:
            self._record()
            _context_variable.set(self.request_context)
            return function(*args, **kwargs)

        return copy_context().run(with_context)

    def handle_exception(self, error: Exception) -> tuple[Response, bool]:
        """Return the answer of the application to ``error``, and whether it is handled.

        As ``Flask.wsgi_app`` does for an exception in a view: it is handled where a
        handler is registered for it; otherwise the ``got_request_exception`` signal, the
        log and the handler for an internal server error have their turn, or it is
        raised (``TESTING``, ``DEBUG``, ``PROPAGATE_EXCEPTIONS``). Must be called while
        ``error`` is being handled.
        """
        return self.run(self._handle_exception, error)

    def _handle_exception(self, error: Exception) -> tuple[Response, bool]:
        app: Any = self.request_context.app
        context = (self.request_context,) if _MERGED else ()
        try:
            answer = app.handle_user_exception(*context, error)
            return app.finalize_request(*context, answer), True
        except Exception as unhandled:  # noqa: BLE001 (as Flask.wsgi_app does)
            return app.handle_exception(*context, unhandled), False

    def log_exception(self, error: Exception) -> None:
        """Send ``got_request_exception`` and log ``error``, when it is too late to answer."""
        self.run(self._log_exception, error)

    def _log_exception(self, error: Exception) -> None:
        app: Any = self.request_context.app
        flask.got_request_exception.send(
            app, _async_wrapper=app.ensure_sync, exception=error
        )
        context = (self.request_context,) if _MERGED else ()
        app.log_exception(*context, (type(error), error, error.__traceback__))

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
