"""A dictionary that can keep some of its keys in another mapping."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, MutableMapping, Set as AbstractSet

__all__ = ["SharingDict"]

_NOTHING: Any = MappingProxyType({})
_MISSING: Any = object()
_OWN = ("_shared_keys", "_shared", "_set_here")


class SharingDict(dict[str, Any]):
    """A dictionary that shares the values of some keys with somebody else.

    After :meth:`share`, those keys are read and written in the other mapping only, so
    that a change on either side is seen on the other at once. Iteration shows those of
    them that were set here. What is iterated (the dictionary itself, ``keys()``,
    ``values()``, ``items()``) is that of the moment: other threads may change the
    dictionary meanwhile.
    """

    _shared_keys: AbstractSet[str] = frozenset()
    _shared: MutableMapping[str, Any] = _NOTHING
    _set_here: MutableMapping[str, Any] = _NOTHING

    def share(self, keys: Iterable[str], mapping: MutableMapping[str, Any]) -> None:
        """Keep ``keys`` in ``mapping`` from now on, with the values that it has."""
        self.unshare()
        shared_keys = frozenset(keys)
        set_here = {key: value for key, value in dict.items(self) if key in shared_keys}
        self._set_here = set_here
        self._shared, self._shared_keys = mapping, shared_keys
        # In this order, for those who read meanwhile: dict's own look-up goes first.
        for key in set_here:
            dict.pop(self, key, None)

    def unshare(self) -> None:
        """Take back the shared keys, with the values that were set here last."""
        for key, value in list(self._set_here.items()):
            dict.__setitem__(self, key, value)
        self._shared, self._shared_keys = _NOTHING, frozenset()
        self._set_here = _NOTHING

    # __getitem__ is dict's own, for speed: it comes here for the keys that it lacks.
    def __missing__(self, key: str) -> Any:
        if key in self._shared_keys:
            return self._shared[key]
        raise KeyError(key)

    def __contains__(self, key: object) -> bool:
        if key in self._shared_keys:
            return key in self._shared
        return dict.__contains__(self, key)

    def __setitem__(self, key: str, value: Any) -> None:
        if key in self._shared_keys:
            self._shared[key] = value
            self._set_here[key] = value
        else:
            dict.__setitem__(self, key, value)

    def __delitem__(self, key: str) -> None:
        if key in self._shared_keys:
            del self._shared[key]
            self._set_here.pop(key, None)
        else:
            dict.__delitem__(self, key)

    def _keys(self) -> list[str]:
        # Each list is made in one step, which no other thread can come between.
        own, set_here = list(dict.keys(self)), list(self._set_here)
        return [*own, *(key for key in set_here if key in self._shared)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys())

    def __reversed__(self) -> Iterator[str]:
        return reversed(self._keys())

    def __len__(self) -> int:
        return len(self._keys())

    def __eq__(self, other: object) -> bool:
        return self.copy() == (
            other.copy() if isinstance(other, SharingDict) else other
        )

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None

    def __repr__(self) -> str:
        return repr(self.copy())

    def __or__(self, other: Any) -> Any:
        return self.copy() | other if isinstance(other, dict) else NotImplemented

    def __ror__(self, other: Any) -> Any:
        return other | self.copy() if isinstance(other, dict) else NotImplemented

    def __ior__(self, other: Any) -> Any:
        self.update(other)
        return self

    def __reduce__(self) -> Any:
        # For copy and pickle: the other mapping is not a part of this dictionary.
        state = {name: value for name, value in vars(self).items() if name not in _OWN}
        return type(self), (self.copy(),), state or None

    def __reduce_ex__(self, protocol: Any) -> Any:
        return self.__reduce__()

    def copy(self) -> dict[str, Any]:
        """Return a plain dictionary with the values of this moment."""
        values = {}
        for key in self:
            value = self.get(key, _MISSING)
            if value is not _MISSING:
                values[key] = value
        return values

    def as_set_here(self) -> dict[str, Any]:
        """Return a copy in which shared keys have the values that were set here last."""
        return {**self.copy(), **self._set_here}

    def keys(self) -> Any:
        return self.copy().keys()

    def values(self) -> Any:
        return self.copy().values()

    def items(self) -> Any:
        return self.copy().items()

    def get(self, key: str, default: Any = None, /) -> Any:
        if key in self._shared_keys:
            return self._shared.get(key, default)
        return dict.get(self, key, default)

    def setdefault(self, key: str, default: Any = None, /) -> Any:
        if key not in self._shared_keys:
            return dict.setdefault(self, key, default)
        value = self._shared.setdefault(key, default)
        self._set_here[key] = value
        return value

    def pop(self, key: str, /, *default: Any) -> Any:
        if key not in self._shared_keys:
            return dict.pop(self, key, *default)
        self._set_here.pop(key, None)
        return self._shared.pop(key, *default)

    def popitem(self) -> tuple[str, Any]:
        for key in reversed(self):
            value = self.pop(key, _MISSING)
            if value is not _MISSING:
                return key, value
        raise KeyError("popitem(): the configuration is empty")

    def update(self, *args: Any, **kwargs: Any) -> None:
        new = dict(*args, **kwargs)
        for key in self._shared_keys & new.keys():
            self[key] = new.pop(key)
        dict.update(self, new)

    def clear(self) -> None:
        for key in list(self._set_here):
            self.pop(key, None)
        dict.clear(self)
