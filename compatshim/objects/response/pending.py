"""What shared code sets until the response is sent, and what says so afterwards."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import flask
from werkzeug.datastructures import Headers

from compatshim.errors import NotForwardedError
from compatshim.legacy.controllers._body import OWN_BODY, is_empty
from compatshim.legacy.controllers.util import Response as PylonsResponse
from compatshim.objects.errors import HTTP_EXCEPTIONS, HTTPException
from compatshim.objects.response.followed import FollowingResponse, Given
from compatshim.objects.response.read_only import ReadOnlyResponse
from compatshim.objects.results import (
    Sent,
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

__all__ = ["KEY", "PendingResponse"]

_OK = "200 OK"
KEY = "compatshim.response"
"""The ``environ`` key of what was set in the request, until it is sent."""

_BODILESS = (204, 304)
_DEFAULTS = {"content_type": "text/html", "charset": "utf-8", "headers": {}}


class PendingResponse(FollowingResponse):
    """A WebOb response with the application's defaults, before there is another.

    Under Flask, and under a legacy application that has no response object of its own,
    what code sets here is put into the response that the view makes: headers that the
    view does not state itself, all cookies, the status and the content type where the
    view states none. A body that was set is that of a view which returns ``None``, and
    comes before the text of one that returns text, as in Pylons. Beside any other
    result it cannot be sent, which is a ``NotForwardedError``.

    Once Flask has a response, for the functions of ``after_request``, this shows it, and
    what is set changes it. Once that is sent, nothing can be set any more.
    """

    # WebOb's own.
    conditional_response: bool
    content_length: int | None

    _defaults: list[tuple[str, str]]
    _stated = Stated()
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
        made: Response | tuple[Any, ...] | None = None,
    ) -> PendingResponse:
        """Return a new one, kept in ``environ``.

        Its defaults are the ``pylons.response_options`` of ``config``. ``made`` is the
        response that it shows, if Flask has one already, or the items of a
        :class:`Sent`, after which nothing can be set: except in a copy of the request.
        """
        options = {**_DEFAULTS, **(config.get("pylons.response_options") or {})}
        pending = cls(content_type=options["content_type"], charset=options["charset"])
        pending.headers.update(options["headers"])
        pending.headerlist = [
            (name, Given(value)) for name, value in pending.headerlist
        ]
        pending._defaults = list(pending.headerlist)
        pending._forget_body()
        if isinstance(made, tuple):
            sent = Sent._make(made)
            pending._follow(sent.status, sent.headers, sent.body())
            if sent.environ is environ:
                return _SentResponse(pending, "flask")
        elif made is not None:
            pending._follow(made.status, made.headers, body_of(made))
        pending.keep_in(environ)
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

    # Another response takes over what was set.

    def take(self, response: Any) -> None:
        """Take over what code has set on a WebOb ``response``, but for its body."""
        self.status = response.status
        self.headerlist = [
            (name, Given(value) if (name, value) in self._defaults else value)
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
        itself is kept in mind for :meth:`add_to`. Raises ``NotForwardedError`` where
        the result has a body beside which the one that was set cannot be sent.
        """
        body, status, headers = members(result)
        stream: Stream | None = None
        text = bytes(body) if isinstance(body, bytearray) else body
        takes_body = self._is_answer_of(body) or (body is None and self._has_body())
        if takes_body:
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
        if not takes_body and self._loses_body_to(body):
            response.close()
            raise NotForwardedError("response.body", "flask", OWN_BODY)
        return response

    def _is_answer_of(self, body: Any) -> bool:
        answer = body.response if isinstance(body, HTTPException) else body
        return isinstance(answer, PendingResponse) and answer == self

    def _loses_body_to(self, result: Any) -> bool:
        """Return whether a body was set for which a ``result`` leaves no place.

        Text does, and an exception may well come in the middle of a page.
        """
        if isinstance(result, (str, bytes, bytearray, *HTTP_EXCEPTIONS)):
            return False
        return self._has_body() and not is_empty(self.app_iter)

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
        self._follow(response.status, response.headers, body_of(response))

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

    def show(self, response: Response) -> None:
        """Show ``response``, which has what was set here already."""
        self._follow(response.status, response.headers, body_of(response))

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


class _SentResponse(ReadOnlyResponse, PendingResponse):
    """What shows the response of a request that is the server's by now."""
