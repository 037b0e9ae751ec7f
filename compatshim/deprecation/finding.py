"""Modules: found without importing them, and seen when they are imported."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

__all__ = [
    "ImportObserver",
    "find",
    "found",
    "framework_of",
    "is_namespace",
    "own_name",
]


class ImportObserver:
    """Calls ``imported`` after the import of each module that ``is_wanted``, by its name.

    It does so from when it is put in front of ``sys.meta_path``.
    """

    def __init__(
        self,
        is_wanted: Callable[[str], bool],
        imported: Callable[[str, ModuleType], object],
    ) -> None:
        self._is_wanted = is_wanted
        self._imported = imported

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """Return what the other finders find, with a loader that tells us."""
        if not self._is_wanted(fullname):
            return None
        spec = find(fullname, path, target)
        if spec is not None and hasattr(spec.loader, "exec_module"):
            loader: Any = _Loader(spec.loader, self._imported)  # it needs no base
            spec.loader = loader
        return spec


class _Loader:
    """A module's own loader, after which ``imported`` is called."""

    def __init__(
        self, loader: Any, imported: Callable[[str, ModuleType], object]
    ) -> None:
        self._loader = loader
        self._imported = imported

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: Any) -> None:
        # Whoever asks for the loader later wants the module's own.
        module.__spec__.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        name = module.__spec__.name
        self._imported(name, sys.modules.get(name, module))


def find(
    name: str, path: Sequence[str] | None, target: ModuleType | None = None
) -> ModuleSpec | None:
    """Return what the finders find that are no observers."""
    for finder in sys.meta_path:
        find_spec = getattr(finder, "find_spec", None)
        if isinstance(finder, ImportObserver) or find_spec is None:
            continue
        spec: ModuleSpec | None = find_spec(name, path, target)
        if spec is not None:
            return spec
    return None


def found(module: str) -> object:
    """Return ``module``, or its spec without importing the packages around it, or None."""
    loaded = sys.modules.get(module)
    if loaded is not None:
        return loaded
    package = module.rpartition(".")[0]
    if not package:
        return find(module, None)
    path = _path_of(found(package))
    return None if path is None else find(module, path)


def _path_of(module: object) -> Sequence[str] | None:
    """Return where the modules in a package are; it is given as such or as its spec."""
    path: Sequence[str] | None = getattr(
        module, "__path__", getattr(module, "submodule_search_locations", None)
    )
    return path


def is_namespace(package: object) -> bool:
    """Return whether what was :func:`found` is a package without code."""
    spec = getattr(package, "__spec__", package)
    return _path_of(spec) is not None and getattr(spec, "origin", None) is None


def framework_of(module: str) -> str:
    """Return the package that ``module`` is or, unless that has no code, is in."""
    package = module.rpartition(".")[0]
    if not package or _path_of(found(module)) is not None:
        return module
    return module if is_namespace(found(package)) else package


def own_name(module: str) -> str:
    """Return the name that a module was imported by, which ``module`` may not be."""
    loaded = sys.modules.get(module)
    name = getattr(getattr(loaded, "__spec__", None), "name", module)
    return name if sys.modules.get(name) is loaded else module
