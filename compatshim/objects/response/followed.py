"""A response that tells what was set on it from what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from werkzeug.datastructures import Headers

from compatshim.legacy.controllers.util import Response as PylonsResponse

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

__all__ = ["FollowingResponse", "Given"]


class Given(str):
    """A header value that shared code has not set: a default, or the view's own."""

    __slots__ = ()


class _Followed(NamedTuple):
    """The response that a :class:`FollowingResponse` shows, and what it was before."""

    status: str
    headers: list[tuple[str, str]]
    own_status: str
    own_headers: list[tuple[str, str]]


class FollowingResponse(PylonsResponse):
    """A WebOb response that can show another one, and then knows what was changed.

    A header counts as set unless its value is :class:`Given`, a body if it is not the
    one that :meth:`_forget_body` has left.
    """

    # WebOb's own.
    app_iter: Any
    headerlist: list[tuple[str, str]]

    _no_body: tuple[object, int]
    _followed: _Followed | None = None

    def _set_headers(self) -> dict[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for name, value in self.headerlist:
            if not isinstance(value, Given):
                found.setdefault(name.lower(), []).append((name, value))
        return found

    def _body_mark(self) -> tuple[object, int]:
        body = self.app_iter
        return body, len(body) if isinstance(body, list) else 0

    def _has_body(self) -> bool:
        body, length = self._body_mark()
        return body is not self._no_body[0] or length != self._no_body[1]

    def _forget_body(self) -> None:
        self.app_iter = [b""]
        self.headerlist.append(("Content-Length", Given("0")))
        self._no_body = self._body_mark()

    def _follow(self, status: str, headers: Headers, body: Any) -> None:
        """Show a response: from now on, this tells what is changed in it."""
        own = self.status, list(self.headerlist)
        self.status = status
        self.app_iter = body
        self.headerlist = [(name, Given(value)) for name, value in headers]
        self._no_body = self._body_mark()
        self._followed = _Followed(self.status, list(self.headerlist), *own)

    def _unfollow(self) -> None:
        """Take back what was shown; what was set, before or meanwhile, stays."""
        if self._followed is None:
            return
        status, _, own_status, own_headers = self._followed
        if self.status == status:
            self.status = own_status
        changed = self._set_headers()
        self.headerlist = [
            *(item for item in own_headers if item[0].lower() not in changed),
            *(item for key in changed for item in changed[key]),
        ]
        cookies = [item for item in own_headers if item[0].lower() == "set-cookie"]
        if "set-cookie" in changed:
            self.headerlist = [*cookies, *self.headerlist]
        self._followed = None

    def _change_followed(self, response: Response, followed: _Followed) -> None:
        """Change ``response``, which is what this shows, as this was changed."""
        if self.status != followed.status:
            response.status = self.status
        if self._has_body():
            response.direct_passthrough = False
            response.response = self.app_iter
        kept = {"set-cookie", *(name.lower() for name, _ in self.headerlist)}
        for name, _ in followed.headers:
            if name.lower() not in kept:
                response.headers.pop(name, None)
        changed = self._set_headers()
        changed.pop("set-cookie", None)
        for key, entries in changed.items():
            response.headers.remove(key)
            for name, value in entries:
                response.headers.add(name, value)
        self._change_cookies(response.headers, followed)

    def _change_cookies(self, headers: Headers, followed: _Followed) -> None:
        """Set our cookies, and those that were added to the response meanwhile."""
        known = Headers(followed.headers).getlist("Set-Cookie")
        added = [value for value in headers.getlist("Set-Cookie") if value not in known]
        ours = self.headers.getall("Set-Cookie")
        if ours != known:
            headers.setlist("Set-Cookie", [*ours, *added])
