"""What an action returns, as the bytes of a response body."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["EncodedIterable", "body_of"]


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
