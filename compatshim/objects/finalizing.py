"""Where Flask makes, finishes and replaces a response: what was set goes into it.

Each hook takes the place of a method of the application that Flask documents, and calls
it. Where nothing was set on ``response``, it only notes what was sent besides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import flask
import webob.exc

from compatshim._flask_context import (
    after_this_request_functions,
    current_request_context,
    leading_arguments,
)
from compatshim.objects.errors import HTTPException, as_common
from compatshim.objects.response import KEY, PendingResponse
from compatshim.serving import is_flask_request
from compatshim.sessions.storing import store_again

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed.wsgi import WSGIEnvironment
    from flask import Flask
    from werkzeug.wrappers import Response

__all__ = ["answer_to", "install_hooks"]


def install_hooks(app: Flask) -> None:
    """Let what shared code sets and raises reach the responses of ``app``."""
    hooked: Any = app
    hooked.finalize_request = _finalize_request(app)
    hooked.handle_user_exception = _handle_user_exception(app.handle_user_exception)
    hooked.handle_exception = _handle_exception(app.handle_exception)


def _make_again() -> PendingResponse | None:
    """Return what was set for the response in whose place another one is made."""
    context: Any = current_request_context()
    if context is None:
        return None
    store_again(context.request)
    return PendingResponse.of(context.request.environ)


# Flask 3.2 gives the context to these as the first argument, before the view's result.
_RESULT = len(leading_arguments())


def _finalize_request(app: Flask) -> Callable[..., Response]:
    finalize: Callable[..., Response] = app.finalize_request
    after_request_funcs = app.after_request_funcs

    def finalize_request(first: Any, *others: Any, **options: Any) -> Response:
        context: Any = current_request_context()
        request = context.request
        environ: WSGIEnvironment = request.environ
        if (
            KEY in environ
            or after_request_funcs
            or after_this_request_functions(context)
        ):
            arguments = (first, *others)
            if not is_flask_request():  # whoever serves does the rest
                return _make(app, environ, arguments[_RESULT])
            response = _finalize(app, finalize, request, arguments, options)
        elif others or options:
            response = finalize(first, *others, **options)
        else:  # the usual call, without the cost of unpacking
            response = finalize(first)
        if KEY in environ:
            # Not left there: another pass of the request may get this environ.
            response = environ.pop(KEY).change(response)
        items: Any = response.response
        # A ``Sent`` for those who read it: as it stands, since each request pays for it.
        request.compatshim_response = (
            environ,
            response.status,
            response.headers,
            items if type(items) is list else (),
        )
        return response

    return finalize_request


def _finalize(
    app: Flask,
    finalize: Callable[..., Response],
    request: Any,
    arguments: tuple[Any, ...],
    options: dict[str, Any],
) -> Response:
    response = _make(app, request.environ, arguments[_RESULT])
    request.compatshim_response = response  # for code that asks from now on
    before, after = arguments[:_RESULT], arguments[_RESULT + 1 :]
    try:
        return finalize(*before, response, *after, **options)
    except (HTTPException, webob.exc.HTTPException) as error:
        return _answer(app, error)
    finally:
        del request.compatshim_response


def _make(app: Flask, environ: WSGIEnvironment, result: Any) -> Response:
    """Return the response of ``result``, with what was set in the request."""
    pending = PendingResponse.of(environ)
    if pending is None:
        return app.make_response(result)
    response = pending.made_of(result, app.make_response)
    pending.add_to(response)
    return response


def _answer(app: Any, error: Exception) -> Response:
    """Return the answer to what an ``after_request`` function raised, session saved."""
    response = answer_to(app, error)
    session = flask.session._get_current_object()  # type: ignore[attr-defined]  # it is a proxy
    if not app.session_interface.is_null_session(session):
        app.session_interface.save_session(app, session, response)
    return response


def answer_to(app: Any, error: Exception) -> Response:
    """Return the answer to what a function after the view raised, as to one in a view.

    Of the handler that is registered for it, or of ``error`` itself, where it is an HTTP
    exception; any other is raised. Must be called while ``error`` is being handled.
    """
    answer = app.handle_user_exception(*leading_arguments(), error)
    return _make(app, flask.request.environ, answer)


def _handle_user_exception(handle: Callable[..., Any]) -> Callable[..., Any]:
    def handle_user_exception(*arguments: Any) -> Any:
        *context, error = arguments
        pending = _make_again()
        if pending is not None and getattr(error, "response", None) is not pending:
            pending.keep_for_handler()
        answer = handle(*context, as_common(error))
        if isinstance(answer, HTTPException) and answer.empty_body:
            # Made a response by Werkzeug, it would get a content type.
            return answer.get_response(flask.request.environ)
        return answer

    return handle_user_exception


def _handle_exception(handle: Callable[..., Any]) -> Callable[..., Any]:
    def handle_exception(*arguments: Any) -> Any:
        pending = _make_again()
        if pending is not None:
            pending.keep_cookies()
        return handle(*arguments)

    return handle_exception
