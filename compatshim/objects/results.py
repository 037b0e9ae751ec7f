"""What a view returned, as Flask takes it, and the response that is made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import flask
from werkzeug.datastructures import Headers
from werkzeug.wsgi import ClosingIterator

from compatshim.legacy.controllers.util import Response as PylonsResponse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import WSGIEnvironment
    from werkzeug.wrappers import Response

__all__ = [
    "Sent",
    "Stated",
    "Stream",
    "body_of",
    "conditional",
    "encode_stream",
    "encoded",
    "header_names",
    "members",
]


class Stated(NamedTuple):
    """What a view says itself about the response that is made of its result.

    ``headers`` are the names in lower case, or ``None`` for all that the response has;
    ``text`` is the text or bytes that it returned.
    """

    status: bool = False
    headers: frozenset[str] | None = frozenset()
    text: str | bytes | None = None
    is_json: bool = False
    is_stream: bool = False


class Sent(NamedTuple):
    """What Flask has given to the server, for the request of ``environ``.

    Not the response itself: that may refer to the request, which keeps this. ``items``
    are those of a list, or of nothing where the body is a stream.
    """

    environ: WSGIEnvironment
    status: str
    headers: Headers
    items: Iterable[str | bytes]

    def body(self) -> list[bytes]:
        """Return the body as WebOb has it."""
        return [b"".join(encoded(item, "utf-8") for item in self.items)]


class Stream:
    """The iterable that was set as a body; closed once, whoever closes it how often."""

    def __init__(self, body: Iterable[bytes]) -> None:
        self._iterator = iter(body)
        self._close = getattr(body, "close", None)

    def __iter__(self) -> Stream:
        return self

    def __next__(self) -> bytes:
        return next(self._iterator)

    def close(self) -> None:
        """Close the iterable, the first time."""
        close, self._close = self._close, None
        if close is not None:
            close()


def members(result: Any) -> tuple[Any, Any, Any]:
    """Return body, status and headers of what a view returned, as Flask takes them."""
    if not isinstance(result, tuple):
        return result, None, None
    if len(result) == 3:  # noqa: PLR2004 (body, status, headers)
        return result
    if len(result) != 2:  # noqa: PLR2004 (body, and status or headers)
        return result, None, None  # Flask says what is wrong
    body, other = result
    if isinstance(other, Headers | dict | tuple | list):
        return body, None, other
    return body, other, None


def header_names(headers: Any) -> frozenset[str]:
    """Return the names, in lower case, of headers as a view returns them."""
    return frozenset(name.lower() for name, _ in Headers(headers))


def encoded(text: str | bytes, charset: str) -> bytes:
    """Return ``text`` as bytes."""
    return text.encode(charset) if isinstance(text, str) else text


def encode_stream(response: Response, charset: str) -> None:
    """Encode the text that the iterable of ``response`` yields."""
    items: Any = response.response
    response.response = ClosingIterator(
        (encoded(item, charset) for item in items), getattr(items, "close", None)
    )


def body_of(response: Response) -> Any:
    """Return the body as WebOb has it, without reading a stream."""
    if response.is_sequence:
        return [b"".join(response.iter_encoded())]
    close = getattr(response.response, "close", None)
    return ClosingIterator(response.iter_encoded(), close)


def conditional(response: Response) -> Response:
    """Return what WebOb answers with where ``conditional_response`` is set."""
    answer = PylonsResponse(
        status=response.status,
        headerlist=list(response.headers),
        app_iter=ClosingIterator(response.iter_encoded(), response.close),
        conditional_response=True,
    )
    return type(response).force_type(answer, flask.request.environ)
