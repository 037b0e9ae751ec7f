"""Search a text by patterns that are made for a name, and seldom match."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["in_quotes", "is_in", "matches"]


def matches(
    pattern: str, text: bytes, words: Iterable[str]
) -> Iterator[re.Match[bytes]]:
    """Yield where ``pattern`` matches in ``text``; each match has one of ``words`` in it.

    To look for these takes no time, to make the pattern and to look for it does.
    """
    if is_in(text, words):
        yield from re.finditer(pattern.encode(), text)


def is_in(text: bytes, words: Iterable[str]) -> bool:
    """Tell whether one of ``words`` is in ``text``, if only as a part of another."""
    return any(word.encode() in text for word in words)


def in_quotes(name: str) -> tuple[str, str]:
    """Return ``name`` as it is written in a string of its own."""
    return f"'{name}'", f'"{name}"'
