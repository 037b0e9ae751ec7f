"""Count who uses a module's names that are to be left behind, without touching it."""

from __future__ import annotations

import sys
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING
from weakref import WeakSet

from compatshim.deprecation.aliasing import real_name
from compatshim.deprecation.finding import (
    ImportObserver,
    find,
    found,
    framework_of,
    is_namespace,
    own_name,
)
from compatshim.deprecation.names import (
    LEGACY_MODULES,
    LEGACY_NAMES,
    objection_to_names,
)
from compatshim.deprecation.watched_names import except_code_of, watched_name
from compatshim.errors import WatchError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Watch", "watch", "watch_legacy"]

_LEGACY = "compatshim.legacy"

_watches: dict[str, list[Watch]] = {}
_watched_classes: WeakSet[type] = WeakSet()


class Watch:
    """A watch over some names of a module, which lasts until it is stopped.

    As a context manager it stops at the end of the block. Where several watches name
    one and the same name, the last one counts.
    """

    def __init__(
        self,
        module: str,
        names: Mapping[str, str],
        shown_as: str,
        framework: str,
        *,
        modules: Mapping[str, str] | None = None,
        must_be_there: bool = True,
    ) -> None:
        self.module = module
        self.names = dict(names)
        self.modules = dict(modules or {})  # of which only imports count
        self.shown_as = shown_as
        self.framework = framework
        self.must_be_there = must_be_there

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def start(self) -> None:
        """Watch the module from now on, or from when it is imported on."""
        module = sys.modules.get(self.module)
        if module is not None:
            self.check(module)
        _watches.setdefault(self.module, []).append(self)
        _except_frameworks()
        if _finder not in sys.meta_path:
            sys.meta_path.insert(0, _finder)
        _apply(self.module)

    def check(self, module: object) -> None:
        """Raise ``WatchError`` unless ``module`` is one and has the names."""
        if not isinstance(module, ModuleType):
            kind = type(module).__qualname__
            reason = f"a {kind} stands in the place of the module"
            raise WatchError(self.module, None, reason)
        missing = [name for name in self.names if not _may_have(module, name)]
        if not missing or not self.must_be_there:
            return
        from difflib import get_close_matches

        reason = "the module has no such name"
        nearest = get_close_matches(missing[0], dir(module))
        if nearest:
            reason += f"; like it: {', '.join(map(repr, nearest))}"
        raise WatchError(self.module, missing[0], reason)

    def stop(self) -> None:
        """Leave the module as it was; what was counted stays. May be called again."""
        others = _watches.get(self.module, [])
        if self in others:
            others.remove(self)
        if not others:
            _watches.pop(self.module, None)
        _except_frameworks()
        _apply(self.module)


def watch(
    module: str, names: Mapping[str, str], *, framework: str | None = None
) -> Watch:
    """Record each use of ``names`` of ``module``, whoever has written that one.

    ``names`` says what takes the place of each, such as
    ``{"request": "compatshim.common.request"}``. ``from module import request``,
    ``module.request`` and star imports count. The module may be imported already, or
    later; it is not imported by this. The names of modules inside of it are watched by a
    call of their own: ``watch("module.i18n", {...})``.

    Uses in ``framework`` do not count: by default ``module`` if it is a package, or else
    the package that it is in. Neither do those in the ``__init__`` of packages around it,
    nor in other watched frameworks.

    Raises ``WatchError`` where there is no such module, or no such name in it; for a module
    that is not imported yet the latter is raised when it is.
    """
    for name, instead in names.items():
        _check_name(module, name, instead)
    real = own_name(real_name(module))
    _check_module(real)
    if real.startswith(_LEGACY):
        watch_legacy()  # first, because the last watch of a name counts
    started = Watch(real, names, module, framework or framework_of(real))
    started.start()
    return started


@cache  # once, although the package is reloaded
def watch_legacy() -> None:
    """Watch ``compatshim.legacy``, whose names are shown as Pylons' own."""
    for module in {*LEGACY_NAMES, *LEGACY_MODULES}:
        Watch(
            _LEGACY + module.removeprefix("pylons"),
            LEGACY_NAMES.get(module, {}),
            module,
            _LEGACY,
            modules=LEGACY_MODULES.get(module),
            # The catalogue has names, too, that only older versions of Pylons had.
            must_be_there=False,
        ).start()


def _except_frameworks() -> None:
    except_code_of(
        [watch.framework for watches in _watches.values() for watch in watches]
    )


def _check_module(module: str) -> None:
    there = found(module)
    if there is None:
        reason = (
            "there is no such module (one that its package makes while it is imported can"
            " be watched once it has been)"
        )
    elif module not in sys.modules and is_namespace(there):
        reason = (
            "it is a namespace package, whose names are modules: watch the names of those,"
            " or this one once it has been imported"
        )
    else:
        return
    raise WatchError(module, None, reason)


def _check_name(module: str, name: str, instead: object) -> None:
    reason = objection_to_names(name, instead)
    if reason is None:
        return
    inner = name.rpartition(".")[0]
    if inner:
        reason += f": write watch({f'{module}.{inner}'!r}, ...)"
    raise WatchError(module, name, reason)


def _has(module: ModuleType, name: str) -> bool:
    """Return whether ``module`` has ``name``, or may make it when it is asked."""
    return (
        name in vars(module)
        or hasattr(_own_class(module), name)
        or hasattr(module, "__getattr__")
    )


def _may_have(module: ModuleType, name: str) -> bool:
    """Return whether ``module`` has ``name``, or will when a module in it is imported."""
    if _has(module, name):
        return True
    path = vars(module).get("__path__")
    return path is not None and find(f"{module.__name__}.{name}", path) is not None


def _own_class(module: ModuleType) -> type[ModuleType]:
    """Return the class that ``module`` has where it is not watched."""
    cls = type(module)
    return cls.__bases__[0] if cls in _watched_classes else cls


def _apply(name: str) -> None:
    """Give a module, if it is imported, the class that its watches make necessary."""
    module = sys.modules.get(name)
    if isinstance(module, ModuleType):
        watches = _watches.get(name)
        own_class = _own_class(module)
        module.__class__ = _watched_class(module, watches) if watches else own_class


def _watched_class(module: ModuleType, watches: list[Watch]) -> type[ModuleType]:
    watched: type[ModuleType] = type("WatchedModule", (_own_class(module),), {})
    watched.__module__ = __name__
    for watch in watches:
        for name, instead in {**watch.modules, **watch.names}.items():
            if name in watch.modules or _may_have(module, name):
                stand_in = watched_name(
                    watched,
                    vars(module),
                    name,
                    f"{watch.shown_as}.{name}",
                    instead,
                    is_module=name in watch.modules,
                )
                setattr(watched, name, stand_in)
    _watched_classes.add(watched)
    return watched


def _imported(name: str, module: ModuleType) -> None:
    for watch in _watches.get(name, []):
        watch.check(module)
    _apply(name)


_finder = ImportObserver(_watches.__contains__, _imported)
