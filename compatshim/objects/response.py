"""``response``: what shared code sets before the framework has a response to set it on."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import flask
from werkzeug.datastructures import Headers

from compatshim.errors import NotForwardedError
from compatshim.legacy.controllers.util import Response as PylonsResponse
from compatshim.objects.errors import HTTPException
from compatshim.objects.results import (
    Stated,
    Stream,
    body_of,
    conditional,
    encode_stream,
    encoded,
    header_names,
    members,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from _typeshed.wsgi import WSGIEnvironment
    from werkzeug.wrappers import Response

__all__ = ["KEY", "BodilessPendingResponse", "PendingResponse"]

_OK = "200 OK"
KEY = "compatshim.response"
"""The ``environ`` key of what was set in the request."""

_BODILESS = (204, 304)
_DEFAULTS = {"content_type": "text/html", "charset": "utf-8", "headers": {}}


class _Given(str):
    """A header value that shared code has not set: a default, or the view's own."""

    __slots__ = ()


class _Followed(NamedTuple):
    """The response that a :class:`PendingResponse` shows, and what it was before."""

    status: str
    headers: list[tuple[str, str]]
    own_status: str
    own_headers: list[tuple[str, str]]


class PendingResponse(PylonsResponse):
    """A WebOb response with the application's defaults, before there is another.

    Under Flask, and under a legacy application that has no response object of its own,
    what code sets here is put into the response that the view makes: headers that the
    view does not state itself, all cookies, the status and the content type where the
    view states none. A body that was set is that of a view which returns ``None``, and
    comes before the text of one that returns text, as in Pylons.

    Once Flask has a response, for the functions of ``after_request``, this shows it, and
    what is set changes it.
    """

    # WebOb's own.
    app_iter: Any
    conditional_response: bool
    content_length: int | None
    headerlist: list[tuple[str, str]]

    _defaults: list[tuple[str, str]]
    _no_body: tuple[object, int]
    _stated = Stated()
    _followed: _Followed | None = None
    _stream: Stream | None = None

    @classmethod
    def of(cls, environ: WSGIEnvironment) -> PendingResponse | None:
        """Return what was set in the request of ``environ``, or ``None``."""
        return environ.get(KEY)

    @classmethod
    def begin(
        cls,
        environ: WSGIEnvironment,
        config: Mapping[str, Any],
        made: Response | None = None,
    ) -> PendingResponse:
        """Return a new one, kept in ``environ``.

        Its defaults are the ``pylons.response_options`` of ``config``. ``made`` is the
        response that it shows, if Flask has one already.
        """
        options = {**_DEFAULTS, **(config.get("pylons.response_options") or {})}
        pending = cls(content_type=options["content_type"], charset=options["charset"])
        pending.headers.update(options["headers"])
        pending.headerlist = [
            (name, _Given(value)) for name, value in pending.headerlist
        ]
        pending._defaults = list(pending.headerlist)
        pending._forget_body()
        pending.keep_in(environ)
        if made is not None:
            pending._follow(made)
        return pending

    def keep_in(self, environ: WSGIEnvironment) -> None:
        """Make this the one that :meth:`of` finds in ``environ``."""
        environ[KEY] = self

    def copy(self) -> PylonsResponse:
        """Return a response of its own, with what is set here."""
        if not isinstance(self.app_iter, list):
            length = self.content_length
            self.app_iter = list(self.app_iter)
            self.content_length = length
        return PylonsResponse(
            status=self.status,
            headerlist=list(self.headerlist),
            app_iter=list(self.app_iter),
            conditional_response=self.conditional_response,
        )

    # What is set here.

    def _set_headers(self) -> dict[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for name, value in self.headerlist:
            if not isinstance(value, _Given):
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
        self.headerlist.append(("Content-Length", _Given("0")))
        self._no_body = self._body_mark()

    # Another response takes over what was set.

    def take(self, response: Any) -> None:
        """Take over what code has set on a WebOb ``response``, but for its body."""
        self.status = response.status
        self.headerlist = [
            (name, _Given(value) if (name, value) in self._defaults else value)
            for name, value in response.headerlist
        ]
        self._forget_body()

    def keep_for_handler(self) -> None:
        """Drop the body: another response is made, by the handler of an exception."""
        self._unfollow()
        self._forget_body()

    def keep_cookies(self) -> None:
        """Drop all but the cookies: the page of an unexpected exception is made."""
        self._unfollow()
        cookies = self._set_headers().get("set-cookie", [])
        self.status = _OK
        self.headerlist = [*self._defaults, *cookies]
        self._forget_body()

    def add_to_wsgi(
        self, status: str, headers: list[tuple[str, str]]
    ) -> tuple[str, list[tuple[str, str]]]:
        """Return the arguments of ``start_response`` with what was set here."""
        joined = Headers(headers)
        kept = {"content-type", *(name.lower() for name, _ in headers)}
        self._add_headers(joined, kept)
        return (self.status if status == _OK else status), joined.to_wsgi_list()

    def _add_headers(self, headers: Headers, kept: Iterable[str]) -> None:
        for key, entries in self._set_headers().items():
            if key == "set-cookie" or key not in {"content-length", *kept}:
                if key != "set-cookie":
                    headers.remove(key)
                for name, value in entries:
                    headers.add(name, value)

    # Flask makes a response of what a view returns.

    def made_of(self, result: Any, make: Callable[[Any], Response]) -> Response:
        """Return the response that ``make`` makes of a view's ``result``.

        A result without a body gets the one that was set here. What the view states
        itself is kept in mind for :meth:`add_to`.
        """
        body, status, headers = members(result)
        stream: Stream | None = None
        text = bytes(body) if isinstance(body, bytearray) else body
        answer = body.response if isinstance(body, HTTPException) else body
        is_itself = isinstance(answer, PendingResponse) and answer == self
        if is_itself or (body is None and self._has_body()):
            text = None
            body, stream = self._own_body()
            result = body, status, headers
        is_own = body is not None and not isinstance(
            body, str | bytes | bytearray | dict | list | Iterator
        )
        self._stated = Stated(
            status=is_own or status is not None,
            headers=None if is_own else header_names(headers),
            text=text if isinstance(text, str | bytes) else None,
            is_json=isinstance(body, dict | list),
            is_stream=isinstance(body, Iterator) and stream is None,
        )
        self._stream = stream
        response = make(result)
        if stream is not None:
            response.call_on_close(stream.close)  # also if nothing was read
        return response

    def _own_body(self) -> tuple[Any, Stream | None]:
        body = self.app_iter
        if isinstance(body, list | tuple):
            return b"".join(body), None
        stream = Stream(body)
        return flask.stream_with_context(stream), stream

    def add_to(self, response: Response) -> None:
        """Put what was set here into the ``response`` that was made last.

        After that, this shows ``response``.
        """
        stated = self._stated
        names = stated.headers
        if names is None:
            names = frozenset(name.lower() for name, _ in response.headers)
        charset = "utf-8" if "content-type" in names else self.charset or "utf-8"
        self._encode(response, charset)
        if stated.is_json and self.content_type == self._default_content_type():
            names |= {"content-type"}  # a charset alone was set, or nothing
        if not stated.status and self.status != _OK:
            response.status = self.status
        self._add_headers(response.headers, names)
        if "content-type" not in names and (
            "Content-Type" not in self.headers or response.status_code in _BODILESS
        ):
            response.headers.pop("Content-Type", None)
        if self._stream is not None and self.content_length is not None:
            response.content_length = self.content_length
        self._follow(response)

    def _default_content_type(self) -> str:
        return Headers(self._defaults).get("Content-Type", "").partition(";")[0]

    def _encode(self, response: Response, charset: str) -> None:
        """Encode the view's text in ``charset``, after what was written here."""
        is_utf8 = codecs.lookup(charset).name == "utf-8"
        text = self._stated.text
        if text is not None and (self._has_body() or not is_utf8):
            response.set_data(self.body + encoded(text, charset))
        elif self._stated.is_stream and not is_utf8:
            encode_stream(response, charset)

    # Flask has a response: what is set here changes it.

    def _follow(self, response: Response) -> None:
        own = self.status, list(self.headerlist)
        self.status = response.status
        self.app_iter = body_of(response)
        self.headerlist = [(name, _Given(value)) for name, value in response.headers]
        self._no_body = self._body_mark()
        self._followed = _Followed(self.status, list(self.headerlist), *own)

    def _unfollow(self) -> None:
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

    def change(self, response: Response) -> Response:
        """Return ``response`` with what was set here since Flask has one."""
        if self._followed is None:
            self.add_to(response)
        else:
            self._change_followed(response, self._followed)
        if self.conditional_response:
            response = conditional(response)
        self._forget_body()  # which may refer to the request, as that does to this
        return response

    def _change_followed(self, response: Response, followed: _Followed) -> None:
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


class BodilessPendingResponse(PendingResponse):
    """The ``response`` of a WSGI application that makes its own: no body can be set."""

    def _refuse(self, name: str) -> NoReturn:
        raise NotForwardedError(
            f"response.{name}",
            "legacy",
            "The legacy application is a WSGI application that sends its own body:"
            " return the text from it. Headers, cookies and the status can be set.",
        )

    def _set_body(self, _: object = None) -> None:
        self._refuse("body")

    def _set_app_iter(self, _: object = None) -> None:
        self._refuse("app_iter")

    body = content = property(PylonsResponse.body.fget, _set_body, _set_body)
    app_iter = property(PylonsResponse.app_iter.fget, _set_app_iter, _set_app_iter)

    def write(self, text: str | bytes) -> None:
        """Raise ``NotForwardedError``."""
        self._refuse("write")

    def _forget_body(self) -> None:
        PylonsResponse.app_iter.fset(self, [b""])
        self._no_body = self._body_mark()
