"""What the text of an ini value stands for, read as PasteDeploy's converters read it."""

from __future__ import annotations

from typing import Any

__all__ = ["asbool", "asint", "aslist"]

_TRUE = frozenset(["true", "yes", "on", "y", "t", "1"])
_FALSE = frozenset(["false", "no", "off", "n", "f", "0"])


def asbool(value: object) -> bool:
    """Return the truth that a text spells; any other value's own truth.

    Raises ``ValueError`` for a text that spells none.
    """
    if not isinstance(value, str):
        return bool(value)
    word = value.strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError(f"{value!r} is neither true nor false")


def asint(value: Any) -> int:
    """Return the integer that ``value`` stands for; raises ``ValueError`` for none."""
    try:
        return int(value)
    except (TypeError, ValueError):
        raise ValueError(f"{value!r} is not an integer") from None


def aslist(value: Any, sep: str | None = None, strip: bool = True) -> list[Any]:
    """Return the parts of a text between ``sep``, or between white space.

    A list or tuple gives its own members, ``None`` none, and anything else is the only
    member. The parts are stripped, unless ``strip`` is false.
    """
    if isinstance(value, str):
        parts = value.split(sep)
        return [part.strip() for part in parts] if strip else parts
    if isinstance(value, list | tuple):
        return list(value)
    return [] if value is None else [value]
