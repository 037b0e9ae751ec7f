"""``@deprecated``: let each use of a function, method, property or class be recorded."""

from __future__ import annotations

import inspect
from enum import EnumMeta
from functools import wraps
from types import FunctionType
from typing import TYPE_CHECKING, Any, TypeVar

from compatshim.deprecation.callers import (
    caller_of,
    class_statement_of,
    current_frame,
)
from compatshim.deprecation.declarations import declare
from compatshim.deprecation.wrapping import wrapped

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from compatshim.deprecation.declarations import Declaration

__all__ = ["deprecated"]

_CODE = "CS501"
_MARK = "__compatshim_deprecated__"
_WRAPPER = inspect.CO_VARARGS | inspect.CO_VARKEYWORDS | inspect.CO_NESTED

_Target = TypeVar("_Target")


def deprecated(
    *, since: str | None = None, removed_in: str | None = None, use: str = ""
) -> Callable[[_Target], _Target]:
    """Record each use of what is decorated, at the caller's line (CS501).

    A function or method is used where it is called, a property where it is read, set or
    deleted, a class where it is called or inherited from; an instance of a subclass is no
    use of it. In a template that is the line of the template. ``since`` and
    ``removed_in`` are versions of what owns it, and ``use`` is what to write instead.

    Raises ``TypeError`` for what cannot be marked, with what to mark instead.
    """

    def mark(target: Any) -> Any:
        function = _function_of(target)
        _check(target, function)
        name = function.__qualname__.rpartition("<locals>.")[2]
        declared = declare(function.__module__, name, use, since, removed_in)
        if isinstance(target, property):
            return _marked_property(target, declared)
        if isinstance(target, type):
            return _marked_class(target, declared)
        if isinstance(target, (staticmethod, classmethod)):
            return type(target)(_marked_function(target.__func__, declared))
        return _marked_function(target, declared)

    return mark


def _function_of(target: Any) -> Any:
    if isinstance(target, property):
        return target.fget or target.fset or target.fdel
    return getattr(target, "__func__", target)


def _check(target: Any, function: Any) -> None:
    if isinstance(target, EnumMeta):
        hint = "; its members are there before it can be: see deprecated_names"
    elif callable(function) and hasattr(function, "__qualname__"):
        return
    elif isinstance(getattr(target, "func", None), FunctionType):
        hint = ": write @deprecated below it, at the function inside of it"
    else:
        hint = ": mark a function, method, property or class"
    raise TypeError(f"deprecated() cannot mark {target!r}{hint}")


def _marked_function(function: Callable[..., Any], declared: Declaration) -> Any:
    inner = inspect.unwrap(function)
    definition = inner if isinstance(inner, FunctionType) else None

    def record() -> None:
        outer = current_frame(1).f_back
        declared.record(_CODE, _outside_of_wrappers(outer, marked), definition)

    marked = wrapped(function, record)
    vars(marked)[_MARK] = True
    return marked


def _marked_property(target: property, declared: Declaration) -> property:
    # One of them may be marked already, when another one is added to it.
    functions: list[Any] = [
        function
        if function is None or hasattr(function, _MARK)
        else _marked_function(function, declared)
        for function in (target.fget, target.fset, target.fdel)
    ]
    fget, fset, fdel = functions
    if type(target) not in {property, _Property}:
        return type(target)(fget, fset, fdel, target.__doc__)
    marked = _Property(fget, fset, fdel)
    marked.__doc__, marked.declared = target.__doc__, declared
    return marked


class _Property(property):
    """A property that is marked; what is added to it is marked, too."""

    declared: Declaration

    def setter(self, function: Callable[[Any, Any], None], /) -> property:
        added = property(self.fget, function, self.fdel, self.__doc__)
        return _marked_property(added, self.declared)

    def deleter(self, function: Callable[[Any], None], /) -> property:
        added = property(self.fget, self.fset, function, self.__doc__)
        return _marked_property(added, self.declared)


def _marked_class(cls: Any, declared: Declaration) -> Any:
    own_init = vars(cls).get("__init__")
    own_init_subclass = vars(cls).get("__init_subclass__")

    def record(frame: FrameType) -> None:
        definition = own_init if isinstance(own_init, FunctionType) else None
        declared.record(_CODE, class_statement_of(frame), definition)

    @wraps(cls.__init__)
    def __init__(self: Any, /, *args: Any, **kwargs: Any) -> None:
        if type(self) is cls:
            record(current_frame(1))
        if own_init is None:
            _inherited_init(cls, self, args, kwargs)
        else:
            own_init(self, *args, **kwargs)

    def __init_subclass__(subclass: Any, /, **kwargs: Any) -> None:
        if cls in subclass.__bases__:
            record(current_frame(1))
        if own_init_subclass is None:
            super(cls, subclass).__init_subclass__(**kwargs)
        else:
            own_init_subclass.__func__(subclass, **kwargs)

    cls.__init__ = __init__
    cls.__init_subclass__ = classmethod(__init_subclass__)
    return cls


def _inherited_init(
    cls: Any, instance: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> None:
    inherited = super(cls, instance).__init__
    if getattr(inherited, "__objclass__", None) is not object:
        inherited(*args, **kwargs)
    elif (args or kwargs) and not _takes_arguments(type(instance)):
        raise TypeError(f"{type(instance).__name__}() takes no arguments")


def _takes_arguments(cls: Any) -> bool:
    return cls.__new__ is not object.__new__


def _outside_of_wrappers(frame: FrameType | None, function: object) -> FrameType | None:
    """Return the line that calls ``function``, and not a decorator around it.

    Such a decorator's function takes any arguments, and calls what it was given.
    """
    found = caller_of(frame)
    while found is not None and _wraps(found, function):
        found = caller_of(found.f_back)
    return found or frame


def _wraps(frame: FrameType, function: object) -> bool:
    code = frame.f_code
    if code.co_flags & _WRAPPER != _WRAPPER:
        return False
    names = frame.f_locals
    return any(_leads_to(names.get(name), function) for name in code.co_freevars)


def _leads_to(value: object, function: object) -> bool:
    while isinstance(value, FunctionType) and value is not function:
        value = vars(value).get("__wrapped__")
    return value is function
