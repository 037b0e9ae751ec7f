"""Former names, of an attribute of a class or of a module's names: each use is recorded."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from compatshim.deprecation.callers import current_frame
from compatshim.deprecation.declarations import declare

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import FrameType

    from compatshim.deprecation.declarations import Declaration

__all__ = ["deprecated_alias", "deprecated_names"]

_CODE = "CS502"


class deprecated_alias:
    """The former name of an attribute or method of the same class (CS502).

    ``size = deprecated_alias("length", since="2.0", removed_in="3.0")`` in a class lets
    ``size`` be read, set and deleted as ``length``, on its instances and on the class.
    """

    def __init__(
        self, name: str, *, since: str | None = None, removed_in: str | None = None
    ) -> None:
        self._name = name
        self._versions = since, removed_in
        self._declared: Declaration | None = None

    def __set_name__(self, owner: type, alias: str) -> None:
        """Note what the class calls it."""
        self._declared = declare(
            owner.__module__,
            f"{owner.__name__}.{alias}",
            f"{owner.__name__}.{self._name}",
            *self._versions,
        )

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        """Read the attribute by its present name."""
        self._record()
        return getattr(owner if instance is None else instance, self._name)

    def __set__(self, instance: object, value: Any) -> None:
        """Set the attribute by its present name."""
        self._record()
        setattr(instance, self._name, value)

    def __delete__(self, instance: object) -> None:
        """Delete the attribute by its present name."""
        self._record()
        delattr(instance, self._name)

    def _record(self) -> None:
        if self._declared is None:
            raise TypeError(
                f"deprecated_alias({self._name!r}) does not know its own name: write it in"
                " the class statement, or call its __set_name__(the_class, 'its name')"
            )
        self._declared.record(_CODE, current_frame(2))


def deprecated_names(
    module: str,
    names: Mapping[str, str] | str,
    *,
    since: str | None = None,
    removed_in: str | None = None,
) -> Callable[[str], Any]:
    """Return the ``__getattr__`` of a module with former names (CS502).

    ``module`` is its ``__name__``. ``names`` has what each former name stands for: another
    name of the module, or a dotted one (``"myapp.shapes.Circle"``), which is imported when
    it is asked for. Or it is the name of the module that has all names now. What one gets
    is the object itself, be it a function, a class or a value. ::

        __getattr__ = deprecated_names(__name__, {"Round": "Circle"}, since="2.0")
    """
    if isinstance(names, str):
        return _names_of_module(module, names, since, removed_in)
    present = {
        name: other if "." in other else f"{module}.{other}"
        for name, other in names.items()
    }
    declared = {
        name: declare(module, f"{module}.{name}", other, since, removed_in)
        for name, other in present.items()
    }

    def __getattr__(name: str) -> Any:
        if name not in present:
            raise _no_such_name(module, name)
        _record(declared[name], current_frame(1))
        found, _, attribute = present[name].rpartition(".")
        return getattr(import_module(found), attribute)

    return __getattr__


def _names_of_module(
    module: str, successor: str, since: str | None, removed_in: str | None
) -> Callable[[str], Any]:
    declare(module, module, successor, since, removed_in)

    def __getattr__(name: str) -> Any:
        present = import_module(successor)
        if name == "__all__":
            return getattr(
                present, name, [key for key in vars(present) if key[0] != "_"]
            )
        if name[:2] == "__" or not hasattr(present, name):
            raise _no_such_name(module, name)
        declared = declare(
            module, f"{module}.{name}", f"{successor}.{name}", since, removed_in
        )
        _record(declared, current_frame(1))
        return getattr(present, name)

    return __getattr__


def _record(declared: Declaration, frame: FrameType) -> None:
    # Before it reads a name, ``from package import name`` asks whether there is one.
    if frame.f_globals.get("__name__") != "importlib._bootstrap":
        declared.record(_CODE, frame)


def _no_such_name(module: str, name: str) -> AttributeError:
    return AttributeError(f"module {module!r} has no attribute {name!r}", name=name)
