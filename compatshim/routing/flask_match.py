"""Ask Flask's router once: Flask takes the answer over."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    except Exception:  # noqa: BLE001 (a converter failed)
        # Flask asks again, and answers for it; perhaps the converter needs the session,
        # which is open by then.
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
