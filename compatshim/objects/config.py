"""``config``: one mapping over the legacy configuration and ``app.config``."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

__all__ = ["TWINS", "Config"]

TWINS = {
    "debug": "DEBUG",
    "testing": "TESTING",
    "beaker.session.key": "SESSION_COOKIE_NAME",
    "beaker.session.secret": "SECRET_KEY",
}
"""Legacy keys and the Flask keys that mean the same: each pair is one value."""


class Config(MutableMapping[str, Any]):
    """The configuration of both sides, the same under either framework.

    Keys in capitals are Flask's and are kept in ``app.config``; all others are the
    legacy application's and are kept there. A key that is not where it belongs is looked
    up on the other side. The keys in :data:`TWINS` are kept in ``app.config``.
    """

    def __init__(
        self, flask_config: dict[str, Any], legacy_config: MutableMapping[str, Any]
    ) -> None:
        self._flask_config = flask_config
        self._legacy_config = legacy_config

    def _sides(self, key: str) -> tuple[MutableMapping[str, Any], ...]:
        if key.isupper():
            return self._flask_config, self._legacy_config
        return self._legacy_config, self._flask_config

    def __getitem__(self, key: str) -> Any:
        key = TWINS.get(key, key)
        for side in self._sides(key):
            if key in side:
                return side[key]
        raise KeyError(key)

    def __setitem__(self, key: str, value: Any) -> None:
        key = TWINS.get(key, key)
        self._sides(key)[0][key] = value

    def __delitem__(self, key: str) -> None:
        key = TWINS.get(key, key)
        if key not in self:
            raise KeyError(key)
        for side in self._sides(key):
            side.pop(key, None)

    def __iter__(self) -> Iterator[str]:
        yield from self._flask_config
        for key in self._legacy_config:
            if key not in self._flask_config and key not in TWINS:
                yield key

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        # Not the values: a configuration holds secrets, and reprs end in logs.
        return f"<{type(self).__name__} of {len(self)} keys>"
