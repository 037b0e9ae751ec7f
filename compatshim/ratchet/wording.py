"""Words that several texts of the ratchet have in common."""

from __future__ import annotations

__all__ = ["many", "one_line", "printable"]


def many(count: int, noun: str) -> str:
    """Return ``count`` with ``noun``, in the plural where it needs one."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def printable(text: str) -> str:
    """Return ``text`` with escapes for what no encoding has, as in odd file names."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def one_line(text: str) -> str:
    """Return ``text`` with escapes for what would break its line, or steer a terminal."""
    if text.isprintable():
        return text
    return "".join(
        letter
        if letter.isprintable()
        else letter.encode("unicode_escape").decode("ascii")
        for letter in text
    )
