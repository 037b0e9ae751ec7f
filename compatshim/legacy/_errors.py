"""Who answers an error in a legacy application: it, or the Flask application beside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from webob import Response
from werkzeug.wsgi import ClosingIterator

from compatshim.serving import legacy_request

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment
    from webob.exc import HTTPException
    from werkzeug.wrappers import Response as WerkzeugResponse

__all__ = ["as_answer", "as_webob", "lets_errors_pass"]


def lets_errors_pass(environ: WSGIEnvironment) -> bool:
    """Return whether an exception is not to become a page of the legacy application.

    Paste's convention says so, or Flask answers it.
    """
    if environ.get("paste.throw_errors"):
        return True
    record = legacy_request()
    side = None if record is None else record.flask_side
    return side is not None and side.takes_errors


def as_answer(error: HTTPException) -> Any:
    """Return ``error``, or what Flask's registered handler for it answers.

    The latter is ``pylons.response`` from now on, and has what was set on that before.
    Either has Pylons' mark of an answer that ends the request, ``_exception``.
    """
    answer: Any = error
    record = legacy_request()
    if record is not None and record.flask_side is not None:
        handled = record.flask_side.answer_http_exception(error)
        if handled is not None:
            answer = record.objects.response = as_webob(handled)
    answer._exception = True  # noqa: SLF001
    return answer


def as_webob(response: WerkzeugResponse) -> Any:
    """Return what Flask code returns as WebOb's response."""
    return Response(
        status=response.status,
        headerlist=response.headers.to_wsgi_list(),
        app_iter=ClosingIterator(response.iter_encoded(), response.close),
    )
