"""Where Flask makes, finishes and replaces a response: what was set goes into it.

Each hook takes the place of a method of the application that Flask documents, and calls
it. Where nothing was set on ``response``, that is all it does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import flask
import webob.exc

from compatshim._flask_context import (
    after_this_request_functions,
    current_request_context,
)
from compatshim.objects.errors import HTTPException, as_common
from compatshim.objects.response import KEY, PendingResponse

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed.wsgi import WSGIEnvironment
    from flask import Flask
    from werkzeug.wrappers import Response

__all__ = ["install_hooks"]


def install_hooks(app: Flask) -> None:
    """Let what shared code sets and raises reach the responses of ``app``."""
    hooked: Any = app
    hooked.finalize_request = _finalize_request(app)
    hooked.handle_user_exception = _handle_user_exception(app.handle_user_exception)
    hooked.handle_exception = _handle_exception(app.handle_exception)


def _pending() -> PendingResponse | None:
    context: Any = current_request_context()
    return None if context is None else PendingResponse.of(context.request.environ)


# Flask 3.2 gives the context to these as the first argument.


def _finalize_request(app: Flask) -> Callable[..., Response]:
    finalize: Callable[..., Response] = app.finalize_request
    after_request_funcs = app.after_request_funcs

    def finalize_request(*arguments: Any, **options: Any) -> Response:
        context: Any = current_request_context()
        request = context.request
        if (
            KEY in request.environ
            or after_request_funcs
            or after_this_request_functions(context)
        ):
            return _finalize(app, finalize, request, arguments, options)
        # Nothing was set, and nothing that could set something is called from here on.
        return finalize(*arguments, **options)

    return finalize_request


def _finalize(
    app: Flask,
    finalize: Callable[..., Response],
    request: Any,
    arguments: tuple[Any, ...],
    options: dict[str, Any],
) -> Response:
    *context, result = arguments
    environ: WSGIEnvironment = request.environ
    if KEY in environ:
        response = environ[KEY].made_of(result, app.make_response)
        environ[KEY].add_to(response)
    else:
        response = app.make_response(result)
    request.compatshim_response = response  # for code that asks from now on
    try:
        response = finalize(*context, response, **options)
    except (HTTPException, webob.exc.HTTPException) as error:
        response = _answer(app, tuple(context), error)
    finally:
        del request.compatshim_response
    return environ[KEY].change(response) if KEY in environ else response


def _answer(app: Any, context: tuple[Any, ...], error: Exception) -> Response:
    """Return the answer to what an ``after_request`` function raised, session saved."""
    response: Response = app.make_response(app.handle_user_exception(*context, error))
    pending = _pending()
    if pending is not None:
        pending.add_to(response)
    session = flask.session._get_current_object()  # type: ignore[attr-defined]
    if not app.session_interface.is_null_session(session):
        app.session_interface.save_session(app, session, response)
    return response


def _handle_user_exception(handle: Callable[..., Any]) -> Callable[..., Any]:
    def handle_user_exception(*arguments: Any) -> Any:
        *context, error = arguments
        pending = _pending()
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
        pending = _pending()
        if pending is not None:
            pending.keep_cookies()
        return handle(*arguments)

    return handle_exception
