"""``pylons.response`` as shared code sees it: bodies that it sets are noted."""

from __future__ import annotations

from functools import cache
from typing import Any

from webob import Response

from compatshim.legacy.controllers._body import note_body
from compatshim.objects.response.followed import FollowingResponse

__all__ = ["noting_bodies"]

_BODY = frozenset(
    {"app_iter", "body", "body_file", "content", "json", "json_body", "text"}
    | {"ubody", "unicode_body"}
)


class _NotingResponse(Response):
    """The very response of the request, since it has the same ``__dict__``.

    A body that is set here is never dropped in silence, which Pylons does with one that
    is set on ``pylons.response``.
    """

    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(name, value)
        if name in _BODY:
            note_body(self)

    def write(self, text: str | bytes) -> None:
        super().write(text)
        note_body(self)


@cache
def _noting(kind: type) -> Any:
    return type(kind.__name__, (_NotingResponse, kind), {})


def noting_bodies(response: Any) -> Any:
    """Return ``response`` as an object that notes which body is set on it."""
    if isinstance(response, FollowingResponse) or not isinstance(response, Response):
        return response  # ours, which knows by itself, or what an application has made
    kind: Any = type(response)
    cls = _noting(kind)
    noting = cls.__new__(cls)
    noting.__dict__ = vars(response)
    return noting
