"""Ask Flask's router once: Flask takes the answer over."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NoReturn

from werkzeug.exceptions import MethodNotAllowed, NotFound

if TYPE_CHECKING:
    from flask.ctx import RequestContext
    from werkzeug.exceptions import HTTPException

__all__ = ["match_once", "skip_matching"]


def match_once(context: RequestContext) -> HTTPException | None:
    """Match the request of ``context``, which then does not match it again.

    Returns ``None`` where Flask has an answer: a rule, also one that redirects. Otherwise
    returns the ``NotFound`` or ``MethodNotAllowed``.
    """
    try:
        context.match_request()
    except Exception as error:  # noqa: BLE001 (a converter failed: Flask reports it)
        context.match_request = partial(_raise, error)  # type: ignore[method-assign]
        return None
    skip_matching(context)
    refusal = context.request.routing_exception
    if not isinstance(refusal, (NotFound, MethodNotAllowed)):
        return None
    # The frames of its traceback would keep the context alive in a cycle.
    refusal.__traceback__ = None
    return refusal


def skip_matching(context: RequestContext) -> None:
    """Let ``context`` be pushed without asking the router."""
    context.match_request = _already_matched  # type: ignore[method-assign]


def _already_matched() -> None:
    """Stand in for ``match_request``, which a pushed context calls."""


def _raise(error: Exception) -> NoReturn:
    raise error
