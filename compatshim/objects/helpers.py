"""``h``: the helper functions that templates and shared code call.

They are the application's (``@shim.helper``), its plugins' and those of the legacy
application's ``pylons.h``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any

from compatshim.deprecation.names import HELPERS, import_line
from compatshim.deprecation.recorder import recorder
from compatshim.errors import HelperNotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["HelperRegistry", "Helpers", "not_found"]

_CORE = "core"
_LEGACY = "legacy"
_FRAMEWORKS = ("compatshim", "pylons", "routes")
_MISSING: Any = object()


class HelperRegistry:
    """Which helpers there are, and whose.

    A plugin's come before the application's, and those before the legacy application's;
    of two plugins the one added first comes first. ``core`` is the application's own,
    ``find_legacy`` returns the legacy application's helpers: a module, another object,
    a mapping, or ``None``. Both may change later.
    """

    def __init__(
        self, core: Mapping[str, Any], find_legacy: Callable[[], Any] = lambda: None
    ) -> None:
        self._added: list[tuple[str, Mapping[str, Any]]] = [(_CORE, core)]
        self._find_legacy = find_legacy

    def add(self, helpers: Mapping[str, Any], owner: str) -> None:
        """Add the helpers of a plugin, whose name is ``owner``."""
        *plugins, core = self._added
        self._added = [*plugins, (owner, dict(helpers)), core]

    def find(self, name: Any) -> Any:
        """Return the helper ``name``. Raises ``HelperNotFoundError``.

        One of the framework that ``compatshim.common`` has, too, is recorded (CS303).
        """
        owner, value = self._find(name)
        if owner == _LEGACY and name in HELPERS and _is_of_framework(value):
            recorder.record("CS303", f"h.{name}", import_line(HELPERS[name]))
        return value

    def owner_of(self, name: str) -> str:
        """Return whose helper ``name`` is: a plugin's, ``"core"`` or ``"legacy"``.

        Raises as :meth:`find`.
        """
        return self._find(name)[0]

    def _find(self, name: Any) -> tuple[str, Any]:
        for owner, helpers in self._added:
            if name in helpers:
                return owner, helpers[name]
        value = _legacy_helper(self._find_legacy(), name)
        if value is _MISSING:
            raise HelperNotFoundError(name, self.names)
        return _LEGACY, value

    def __contains__(self, name: object) -> bool:
        return any(name in helpers for _, helpers in self._added) or (
            _legacy_helper(self._find_legacy(), name) is not _MISSING
        )

    def names(self) -> list[str]:
        """Return the names of all helpers, in alphabetical order."""
        names = set(_legacy_names(self._find_legacy()))
        return sorted(names.union(*(helpers for _, helpers in self._added)))


def _legacy_helper(legacy: Any, name: Any) -> Any:
    if isinstance(legacy, Mapping) and name in legacy:
        return legacy[name]
    if not isinstance(name, str) or name.startswith("__"):  # of the module itself
        return _MISSING
    return getattr(legacy, name, _MISSING)


def _is_of_framework(value: Any) -> bool:
    """Return whether ``value`` is the framework's own, and not the application's."""
    # The class, because a proxy answers with what it stands for.
    module = type(value).__module__
    if type(value) in {FunctionType, MethodType}:
        module = value.__module__
    return module.partition(".")[0] in _FRAMEWORKS


def _legacy_names(legacy: Any) -> list[str]:
    if legacy is None:
        return []
    names = legacy if isinstance(legacy, Mapping) else dir(legacy)
    return [name for name in names if not name.startswith("_")]


class Helpers:
    """``h``: every helper of a registry, as an attribute and as an item.

    It has no other attributes, so that a helper may have any name. A missing helper is
    an ``errors.HelperNotFoundError``, which names those that are most like it.
    """

    __slots__ = ("__registry",)

    def __init__(self, registry: HelperRegistry) -> None:
        self.__registry = registry

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # which Python asks for while this is being made, too
            raise AttributeError(
                f"{type(self).__name__!r} object has no attribute {name!r}"
            )
        return self.__registry.find(name)

    def __getitem__(self, name: Any) -> Any:
        return self.__registry.find(name)

    def __contains__(self, name: object) -> bool:
        return name in self.__registry

    def __iter__(self) -> Iterator[str]:
        return iter(self.__registry.names())

    def __dir__(self) -> list[str]:
        return self.__registry.names()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {', '.join(self)}>"


def not_found(helpers: Helpers, name: Any) -> HelperNotFoundError:
    """Return the error of a look-up that has failed."""
    registry = object.__getattribute__(helpers, "_Helpers__registry")
    return HelperNotFoundError(name, registry.names)
