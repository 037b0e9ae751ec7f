"""``config``: one mapping over the legacy configuration and ``app.config``."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, MutableMapping, ValuesView
from threading import RLock
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from compatshim import ini
from compatshim.legacy.configuration import DispatchingConfig, config as current_config
from compatshim.objects.twins import TWINS, converted, typed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike

__all__ = ["TWINS", "Config"]

_NO_DEFAULTS: Mapping[str, Any] = MappingProxyType({})


class Config(MutableMapping[str, Any]):
    """The configuration of both sides, the same under either framework.

    Keys in capitals are Flask's and are kept in ``app.config``; all others are the
    legacy application's and are kept there. A key that only the other side has is read
    and changed there. The keys in :data:`TWINS` are kept in ``app.config``; iteration
    shows them once, in Flask's spelling, while ``in`` knows both. A text that is set for
    one of them becomes a ``bool`` where Flask expects one.

    Other threads may change the configuration at any time: what is iterated is that of
    the moment, ``update()`` and ``copy()`` are one step each. (``dict(config)`` reads one
    key after another: where others remove keys, take ``copy()``.) Attributes are those of the
    legacy configuration, of ``pylons.config`` (``push_process_config``, ...) and of
    ``app.config`` (``from_object``, ...). ``flask_defaults`` are Flask's own values.
    """

    def __init__(
        self,
        flask_config: dict[str, Any],
        legacy_config: MutableMapping[str, Any],
        flask_defaults: Mapping[str, Any] = _NO_DEFAULTS,
    ) -> None:
        self._flask_config = flask_config
        self._legacy_config = legacy_config
        self._flask_defaults = flask_defaults
        self._lock = RLock()

    # Callers do ask for what is no str, as dictionaries let them.
    def __getitem__(self, key: Any) -> Any:
        # Read often, and so without a further call for a key that is where it belongs.
        if key in TWINS:
            return self._twin(key)
        first, second = self._legacy_config, self._flask_config
        if isinstance(key, str) and key.isupper():
            first, second = second, first
        try:
            return first[key]
        except KeyError:
            return second[key]

    def _twin(self, key: str) -> Any:
        try:
            return self[TWINS[key]]
        except KeyError:
            raise KeyError(key) from None

    def _is_flasks(self, key: Any) -> bool:
        """Return whether ``key`` is kept in ``app.config``."""
        if isinstance(key, str) and key.isupper():
            return key in self._flask_config or key not in self._legacy_config
        return key in self._flask_config and key not in self._legacy_config

    def __setitem__(self, key: str, value: Any) -> None:
        self.update({key: value})

    def __delitem__(self, key: str) -> None:
        with self._lock:
            if key not in self:
                raise KeyError(key)
            for side in (self._flask_config, self._legacy_config):
                side.pop(TWINS.get(key, key), None)

    def __iter__(self) -> Iterator[str]:
        return iter(self.copy())

    def __len__(self) -> int:
        return len(self.copy())

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_"):
            if hasattr(self._legacy_config, name):
                return getattr(self._legacy_config, name)
            if hasattr(DispatchingConfig, name):
                return getattr(current_config, name)
            if hasattr(self._flask_config, name):
                return getattr(self._flask_config, name)
        raise AttributeError(
            f"{type(self).__name__!r} object has no attribute {name!r}, and neither the"
            " legacy configuration nor app.config has it"
        )

    def __or__(self, other: Mapping[str, Any]) -> dict[str, Any]:
        return {**self.copy(), **other}

    def __ror__(self, other: Mapping[str, Any]) -> dict[str, Any]:
        return {**other, **self.copy()}

    def __ior__(self, other: Any) -> Any:  # type: ignore[misc]  # it takes pairs, too
        self.update(other)
        return self

    def __repr__(self) -> str:
        # Not the values: a configuration holds secrets, and reprs end in logs.
        return f"<{type(self).__name__} of {len(self)} keys>"

    def copy(self) -> dict[str, Any]:
        """Return a dictionary with the values of this moment."""
        with self._lock:
            values, legacy_values = (
                _copy(self._flask_config),
                _copy(self._legacy_config),
            )
        for key, value in legacy_values.items():
            if key not in values or not key.isupper():
                values[key] = value
        for key in TWINS:
            values.pop(key, None)
        return values

    def current_conf(self) -> MutableMapping[str, Any]:
        """Return the legacy configuration itself."""
        return self._legacy_config

    def items(self) -> ItemsView[str, Any]:
        """Return the items of this moment."""
        return self.copy().items()

    def values(self) -> ValuesView[Any]:
        """Return the values of this moment."""
        return self.copy().values()

    def update(self, *args: Any, **kwargs: Any) -> None:
        """Set several values, all of them before anyone else copies or changes any.

        Raises ``ValueError``, and sets none, where a text spells no truth for a key whose
        value is one.
        """
        flask_values, legacy_values = {}, {}
        with self._lock:
            new: dict[str, Any] = dict(*args, **kwargs)
            for name, value in new.items():
                key = TWINS.get(name, name)
                if self._is_flasks(key):
                    flask_values[key] = converted(key, value)
                else:
                    legacy_values[key] = value
            self._flask_config.update(flask_values)
            self._legacy_config.update(legacy_values)

    def setdefault(self, key: str, default: Any = None) -> Any:
        """Return the value of ``key``, which is ``default`` from now on if it has none."""
        with self._lock:
            return super().setdefault(key, default)

    def pop(self, key: str, /, *default: Any) -> Any:
        """Remove ``key`` and return its value, or ``default``."""
        with self._lock:
            return super().pop(key, *default)

    def popitem(self) -> tuple[str, Any]:
        """Remove a key and return it with its value."""
        with self._lock:
            return super().popitem()

    def clear(self) -> None:
        """Remove everything, on both sides."""
        with self._lock:
            for key in self:
                self.pop(key, None)

    def load_ini(
        self,
        path: str | PathLike[str],
        name: str = "main",
        global_conf: Mapping[str, str] | None = None,
    ) -> None:
        """Set what the section ``[app:name]`` of a PasteDeploy ini file sets.

        Values are texts, but for those of Flask's keys, which are in capitals: they are
        read as ``app.config.from_prefixed_env`` reads environment variables, as JSON
        where they are JSON, and as a truth where Flask's default is one. Raises
        ``IniError``, and ``MissingExtraError`` without PasteDeploy.
        """
        values = ini.appconfig(path, name, global_conf)
        self.update(typed(values, self._flask_defaults))


def _copy(mapping: Mapping[str, Any]) -> dict[str, Any]:
    # The copy() of a dict is one step; dict() of another mapping is not.
    return dict(mapping.copy() if isinstance(mapping, dict) else mapping)
