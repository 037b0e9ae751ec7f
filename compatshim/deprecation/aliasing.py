"""Let ``import pylons`` find ``compatshim.legacy``, on a Python that Pylons is not for."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from compatshim.errors import AliasError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import ModuleType

__all__ = ["INI_KEY", "install_alias", "install_alias_of", "real_name"]

INI_KEY = "compatshim.alias"

_LEGACY = "compatshim.legacy"
_PACKAGE = _LEGACY.partition(".")[0]


def install_alias(name: str = "pylons") -> None:
    """Let ``import <name>`` find ``compatshim.legacy``, and so the modules inside of it.

    They are the very same modules, by two names. Nothing is imported until it is asked
    for; installing an alias again changes nothing. Raises ``AliasError`` where ``name`` is
    that of a real module, which would be hidden, or is not the name of a top-level module.
    """
    if not name.isidentifier():
        raise AliasError(
            name, "give it the name of a top-level module, such as 'pylons'"
        )
    _refuse_to_hide(name)
    if not any(_is_alias(finder, name) for finder in sys.meta_path):
        # In front: what finds modules by path would load a second copy of each.
        sys.meta_path.insert(0, _AliasFinder(name))


def install_alias_of(settings: Mapping[str, str], key: str) -> None:
    """Install the alias that ``settings`` name by ``key``, if they do."""
    name = settings.get(key, "").strip()
    if name:
        install_alias(name)


def real_name(module: str) -> str:
    """Return the name in ``compatshim.legacy`` if ``module`` is by an alias, or itself."""
    alias, dot, rest = module.partition(".")
    if any(_is_alias(finder, alias) for finder in sys.meta_path):
        return f"{_LEGACY}{dot}{rest}"
    return module


def _is_alias(finder: object, name: str) -> bool:
    return isinstance(finder, _AliasFinder) and finder.alias == name


def _refuse_to_hide(name: str) -> None:
    """Raise ``AliasError`` where ``name`` is that of a real module."""
    loaded = sys.modules.get(name)
    if loaded is not None:
        if loaded is sys.modules.get(_LEGACY):
            return
        where = getattr(loaded, "__file__", None) or repr(loaded)
        raise AliasError(name, f"that module is imported already, from {where}")
    for finder in sys.meta_path:
        find = getattr(finder, "find_spec", None)
        # Ours find by asking the others, and so each other.
        is_ours = type(finder).__module__.startswith(f"{_PACKAGE}.")
        if find is None or is_ours:
            continue
        spec: ModuleSpec | None = find(name, None)
        # A folder that happens to have this name is a namespace package: it has no origin.
        if spec is not None and spec.origin is not None:
            raise AliasError(name, f"it is installed, in {spec.origin}: uninstall it")


class _AliasFinder:
    """Finds what is in ``compatshim.legacy`` by names that begin with ``alias``."""

    def __init__(self, alias: str) -> None:
        self.alias = alias

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """Return how ``fullname`` is loaded, or ``None`` where it is no name of ours."""
        del path, target
        if fullname == self.alias:
            _refuse_to_hide(fullname)  # one that has come since
        elif not fullname.startswith(f"{self.alias}."):
            return None
        real = _LEGACY + fullname.removeprefix(self.alias)
        if find_spec(real) is None:
            return None
        loader: Any = _AliasLoader(real)  # it needs no base
        return ModuleSpec(fullname, loader)


_specs: dict[str, ModuleSpec | None] = {}


class _AliasLoader:
    """Loads the module ``real`` in the place of a new one."""

    def __init__(self, real: str) -> None:
        self._real = real

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return the real module, so that no thread ever sees an empty one."""
        del spec
        module = import_module(self._real)
        spec_now = module.__spec__
        # Another thread may be importing it by another alias, and reloading gives a new one.
        if spec_now is None or spec_now.name == self._real:
            _specs[self._real] = spec_now
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Give the module, which has run already, back what importing it has replaced."""
        module.__spec__ = _specs[self._real]
