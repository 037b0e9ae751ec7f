"""``url``, which is called as :func:`url_for` and has ``current()``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["UrlFunction"]


class UrlFunction:
    """``url``: :func:`url_for`, and ``url.current()`` as Pylons' ``url`` has it."""

    def __init__(
        self, url_for: Callable[..., str], current_url: Callable[..., str]
    ) -> None:
        self._url_for = url_for
        self._current_url = current_url

    def __call__(self, *args: Any, **values: Any) -> str:
        """Build a URL as :func:`url_for` does."""
        return self._url_for(*args, **values)

    def current(self, **values: Any) -> str:
        """Build the URL of the current route, with ``values`` in place of its own."""
        return self._current_url(**values)
