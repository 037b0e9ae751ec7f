"""What a session keeps: the values that come back equal, and of the same type.

They are those of Flask's TaggedJSON, in every store. A value that JSON would change
silently is refused instead.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask.json.tag import TaggedJSONSerializer
from markupsafe import Markup
from werkzeug.http import http_date, parse_date

from compatshim.errors import SessionValueError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Keeps = Callable[[object], bool]

__all__ = ["check_session", "check_value", "copied", "is_kept", "keeps_by_own_tag"]

_SIMPLE = frozenset({bool, int, bytes, type(None), UUID})
_DEEPEST = 50
_DEFAULT_TAGS = frozenset(TaggedJSONSerializer.default_tags)
_NO_TAG = "does not come back as it was"


def check_session(values: Mapping[str, Any], keeps: Keeps | None = None) -> None:
    """Raise ``SessionValueError`` unless every value of a session is kept as it is."""
    for key, value in values.items():
        check_value(key, value, keeps)


def check_value(key: object, value: object, keeps: Keeps | None = None) -> None:
    """Raise ``SessionValueError`` unless ``value`` is kept as it is under ``key``.

    ``keeps`` is asked about values beyond TaggedJSON's: whether the session interface
    has a way of its own to keep them.
    """
    path = f"session[{key!r}]"
    if type(key) is not str:
        raise SessionValueError(key, type(key), path, "is no key: keys are str")
    try:
        _check(value, path, keeps, _DEEPEST)
    except _RefusedError as refused:
        raise SessionValueError(key, *refused.args) from None


class _RefusedError(Exception):
    """The type, the path and the reason of a value that is not kept."""


def _check(value: Any, path: str, keeps: Keeps | None, depth: int) -> None:
    kind = type(value)
    if kind in _SIMPLE:
        return
    if depth == 0:
        raise _RefusedError(kind, path, "is nested too deep, or contains itself")
    if kind is list or kind is tuple:
        for index, item in enumerate(value):
            _check(item, f"{path}[{index}]", keeps, depth - 1)
    elif kind is dict and not (keeps is not None and keeps(value)):
        for name, item in value.items():
            _check_key(name, path)
            _check(item, f"{path}[{name!r}]", keeps, depth - 1)
    else:
        reason = _reason(value, kind)
        if reason is not None and not (keeps is not None and keeps(value)):
            raise _RefusedError(kind, path, reason)


def _check_key(name: object, path: str) -> None:
    if type(name) is not str:
        raise _RefusedError(
            type(name), path, f"is no key of a dict: {name!r} is no str"
        )
    if not _is_text(name):
        raise _RefusedError(
            str, path, "has a key with a lone surrogate, which is no text"
        )


def _reason(value: Any, kind: type) -> str | None:
    """Return why a single value is not kept, or ``None`` if it is."""
    if kind is str or kind is Markup:
        return None if _is_text(value) else "has a lone surrogate, which is no text"
    if kind is float:
        # JSON has no such numbers: another JSON library than Python's writes null.
        return None if value - value == 0 else "is no finite number"
    if kind is datetime:
        return _reason_against_datetime(value)
    return _NO_TAG


def _is_text(value: str) -> bool:
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _reason_against_datetime(value: datetime) -> str | None:
    if value.utcoffset() is None:
        return "without a time zone would come back in UTC"
    if value.microsecond:
        return "with a fraction of a second would lose it"
    try:
        came_back = parse_date(http_date(value))
    except (OverflowError, ValueError):  # not a year in UTC
        came_back = None
    return None if came_back == value else _NO_TAG


def is_kept(values: Mapping[str, Any], keeps: Keeps | None = None) -> bool:
    """Return whether every value of a session is kept as it is."""
    try:
        check_session(values, keeps)
    except SessionValueError:
        return False
    return True


def keeps_by_own_tag(serializer: TaggedJSONSerializer, value: object) -> bool:
    """Return whether the application has registered a tag of its own for ``value``."""
    return any(
        tag.check(value) for tag in serializer.order if type(tag) not in _DEFAULT_TAGS
    )


def copied(value: Any) -> Any:
    """Return ``value`` with copies of the lists, dicts and tuples that it is made of."""
    kind = type(value)
    if kind is list:
        return [copied(item) for item in value]
    if kind is tuple:
        return tuple(copied(item) for item in value)
    if kind is dict:
        return {key: copied(item) for key, item in value.items()}
    return value
