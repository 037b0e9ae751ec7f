"""What an action returns, as the bytes of a response body, and what was set before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compatshim.errors import NotForwardedError
from compatshim.legacy.util import close_iterable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = [
    "OWN_BODY",
    "EncodedIterable",
    "body_of",
    "is_empty",
    "note_body",
    "refuse_losing_body",
]

OWN_BODY = (
    "The view returns a body of its own, beside which what was set or written here would"
    " be lost: return None to send that, or text to send it after that, or put all of it"
    " into what is returned."
)

_NOTED = "compatshim.body"


def is_empty(body: Any) -> bool:
    """Return whether the body of a response is nothing; of a stream it is not known."""
    return isinstance(body, list | tuple) and not any(body)


def note_body(response: Any) -> None:
    """Note that shared code has set the body of ``response``, which it must not lose."""
    vars(response)[_NOTED] = response.app_iter


def refuse_losing_body(response: Any, iterable: object) -> None:
    """Close ``iterable`` where a noted body would give way to it, and say so.

    Raises ``NotForwardedError``. What was set on ``pylons.response`` itself may be lost,
    as in Pylons.
    """
    body = response.app_iter
    if vars(response).get(_NOTED) is body and not is_empty(body):
        close_iterable(iterable)
        raise NotForwardedError("response.body", "legacy", OWN_BODY)


def body_of(item: str | bytes, response: Any) -> bytes:
    """Return ``item`` as bytes, text in the charset of ``response``."""
    if isinstance(item, bytes):
        return item
    return item.encode(response.charset or response.default_body_encoding)


class EncodedIterable:
    """An action's iterable, whose text is encoded as it is sent.

    A class and not a generator, because a server may ``close()`` what it never iterated.
    """

    __slots__ = ("_iterator", "_response", "close")

    close: Callable[[], None]

    def __init__(self, iterable: Iterable[str | bytes], response: Any) -> None:
        self._iterator: Iterator[str | bytes] = iter(iterable)
        self._response = response
        close = getattr(iterable, "close", None)
        if close is not None:
            self.close = close

    @classmethod
    def over(cls, iterable: Any, response: Any) -> Any:
        """Return the iterable itself, encoded, if it is a list, else one over it."""
        if isinstance(iterable, list | tuple):
            return [body_of(item, response) for item in iterable]
        return cls(iterable, response)

    def __iter__(self) -> EncodedIterable:
        return self

    def __next__(self) -> bytes:
        return body_of(next(self._iterator), self._response)
