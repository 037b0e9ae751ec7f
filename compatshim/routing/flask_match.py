"""Ask Flask's router once: Flask takes the answer over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.exceptions import MethodNotAllowed, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.ctx import RequestContext
    from werkzeug.exceptions import HTTPException
    from werkzeug.routing import MapAdapter

__all__ = [
    "answers_path",
    "forget_match",
    "match_once",
    "skip_matching",
    "spellings",
]


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
    context.match_request = _already_matched  # type: ignore[method-assign]
    refusal = context.request.routing_exception
    if refusal is None or not isinstance(refusal, (NotFound, MethodNotAllowed)):
        return None
    # The frames of its traceback would keep the context alive in a cycle.
    refusal.__traceback__ = None
    return refusal


def skip_matching(context: RequestContext) -> None:
    """Let ``context`` be pushed without asking the router."""
    context.match_request = _already_matched  # type: ignore[method-assign]


def forget_match(context: RequestContext) -> None:
    """Let ``context`` be as if its request had never been matched, nor ever is."""
    request = context.request
    request.url_rule = request.view_args = request.routing_exception = None
    skip_matching(context)


def spellings(context: RequestContext) -> Iterator[str]:
    """Return the paths that Flask takes for that of a request which it has matched.

    First the request's own; then, where it is another one, the one that the rule has:
    Werkzeug overlooks slashes at the start, and a rule without ``strict_slashes`` one at
    the end.
    """
    adapter = context.url_adapter
    if adapter is None:
        return
    path = adapter.path_info
    yield path or "/"
    plain = "/" + path.lstrip("/")
    rule = context.request.url_rule
    if rule is not None and not rule.strict_slashes:
        if rule.is_branch and not plain.endswith("/"):
            plain += "/"
        elif rule.is_leaf and len(plain) > 1:
            plain = plain.removesuffix("/")
    if plain != (path or "/"):
        yield plain


def answers_path(adapter: MapAdapter, path: str) -> bool:
    """Return whether Flask would answer if the path were ``path``, a text."""
    try:
        adapter.match(path)
    except (NotFound, MethodNotAllowed):
        return False
    except Exception:  # noqa: BLE001 (a redirect, or a converter that failed)
        return True
    return True


def _already_matched() -> None:
    """Stand in for ``match_request``, which a pushed context calls."""
