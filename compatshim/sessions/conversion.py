"""What becomes of the values of an old session that JSON does not keep as they are."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence, Set as AbstractSet
from datetime import datetime, timezone
from typing import Any
from uuid import UUID

from markupsafe import Markup

from compatshim.sessions.values import is_kept

__all__ = ["converted_values"]

log = logging.getLogger(__name__)

Keeps = Callable[[object], bool]

_CONTAINERS = (list, tuple, dict)
# Nothing that is nested deeper is kept.
_DEEPEST = 50


class _NotKeptError(Exception):
    """A value has no counterpart in JSON; ``kind`` is its type."""

    def __init__(self, kind: type) -> None:
        self.kind = kind
        super().__init__(kind)


def converted_values(
    values: Mapping[Any, Any], keeps: Keeps | None = None
) -> dict[str, Any]:
    """Return of ``values`` what a session keeps, see :mod:`compatshim.sessions.values`.

    What has something like it among these is converted: sets to lists, mappings to
    dicts, subclasses to their base, objects with ``__html__`` to ``Markup``, an aware
    datetime to UTC and the second. What has not (a date or a naive datetime, a key that
    is no string, own classes) is left out of the dict that holds it; a list, tuple or
    set with such a value is left out whole. Each is logged with its key and its type;
    no value is.

    ``keeps`` is asked about other values, which then stay as they are.
    """
    return dict(_Conversion(keeps).items(values, "", 0))


class _Conversion:
    def __init__(self, keeps: Keeps | None) -> None:
        self._keeps = keeps

    def items(
        self, values: Mapping[Any, Any], inside: str, depth: int
    ) -> Iterator[tuple[str, Any]]:
        for key, value in values.items():
            path = f"{inside}[{key!r}]" if inside else f"session[{key!r}]"
            try:
                kept = self._item(key, value, path, depth)
            except _NotKeptError as error:
                _log_left_out(path, error.kind)
            except Exception:  # noqa: BLE001 (own classes may raise anything)
                _log_left_out(path, type(value))
            else:
                yield key, kept

    def _item(self, key: Any, value: Any, path: str, depth: int) -> Any:
        if type(key) is not str:
            raise _NotKeptError(type(key))
        kept = self._value(value, path, depth + 1)
        if not is_kept({"": {key: kept}}, self._keeps):
            raise _NotKeptError(type(value))
        return kept

    def _value(self, value: Any, path: str, depth: int) -> Any:
        kind = type(value)
        if depth > _DEEPEST:
            raise _NotKeptError(kind)
        if kind in _CONTAINERS:
            return self._container(value, path, depth)
        if is_kept({"": value}, self._keeps):
            return value
        if isinstance(value, Mapping | Sequence | AbstractSet) and not isinstance(
            value, str | bytes | bytearray
        ):
            converted = self._container(value, path, depth)
        else:
            converted = _converted(value)
        log.warning(
            "Adopting a Beaker session: %s is converted from %s to %s.",
            path,
            _name(kind),
            _name(type(converted)),
        )
        return converted

    def _container(self, value: Any, path: str, depth: int) -> Any:
        if isinstance(value, Mapping):
            return dict(self.items(value, path, depth))
        kind = tuple if isinstance(value, tuple) else list
        return kind(self._value(item, path, depth + 1) for item in value)


def _converted(value: Any) -> Any:
    """Return the single value that is nearest to ``value``."""
    if isinstance(value, bytearray):
        return bytes(value)
    if isinstance(value, datetime) and value.utcoffset() is not None:
        return value.astimezone(timezone.utc).replace(microsecond=0)
    if hasattr(value, "__html__"):
        return Markup(value.__html__())  # noqa: S704 (it says itself that it is HTML)
    for base, make in _BASES:
        if isinstance(value, base) and type(value) is not base:
            return make(value)
    raise _NotKeptError(type(value))


# Not str(), which answers with an Enum's name.
_BASES: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (str, str.__str__),
    (int, int),
    (float, float),
    (bytes, bytes),
    (UUID, lambda value: UUID(int=value.int)),
)


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")


def _log_left_out(path: str, kind: type) -> None:
    log.warning(
        "Adopting a Beaker session: %s is left out, because no session keeps a %s.",
        path,
        _name(kind),
    )
