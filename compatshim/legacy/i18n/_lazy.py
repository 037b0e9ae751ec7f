"""Text that is made anew at each use."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["LazyString", "lazify"]


def _forwarded(operation: Callable[..., Any]) -> Callable[..., Any]:
    """Return a method that does ``operation`` with the text, and with others' text."""

    def method(self: LazyString, *args: Any) -> Any:
        return operation(self.eval(), *(_value(arg) for arg in args))

    return method


def _reflected(operation: Callable[..., Any]) -> Callable[..., Any]:
    def method(self: LazyString, other: Any) -> Any:
        return operation(other, self.eval())

    return method


def _value(arg: Any) -> Any:
    return arg.eval() if isinstance(arg, LazyString) else arg


class LazyString:
    """A string that calls ``func`` for its text at each use, as Pylons 1.0's.

    It can be used wherever a ``str`` can be, except where Python insists on one
    (``str.join``): write ``str(lazy)`` there.
    """

    def __init__(self, func: Callable[..., str], *args: Any, **kwargs: Any) -> None:
        self.func = func
        self.args = args
        self.kwargs = kwargs

    def eval(self) -> str:
        """Return the text as it is now."""
        return self.func(*self.args, **self.kwargs)

    def __getattr__(self, name: str) -> Any:
        # __html__ is there if the text has it (Markup). Other such names are not
        # asked of the text: copy and pickle would take the lazy string for it.
        if name == "__html__" or not name.startswith("__"):
            return getattr(self.eval(), name)
        raise AttributeError(
            f"{type(self).__name__!r} object has no attribute {name!r}"
        )

    def __str__(self) -> str:
        return str(self.eval())

    def __repr__(self) -> str:
        return repr(self.eval())

    def __format__(self, spec: str) -> str:
        return format(self.eval(), spec)

    def __hash__(self) -> int:
        return hash(self.eval())

    def __iter__(self) -> Iterator[str]:
        return iter(self.eval())

    def __len__(self) -> int:
        return len(self.eval())

    __eq__ = _forwarded(operator.eq)
    __ne__ = _forwarded(operator.ne)
    __lt__ = _forwarded(operator.lt)
    __le__ = _forwarded(operator.le)
    __gt__ = _forwarded(operator.gt)
    __ge__ = _forwarded(operator.ge)
    __contains__ = _forwarded(operator.contains)
    __getitem__ = _forwarded(operator.getitem)
    __add__ = _forwarded(operator.add)
    __radd__ = _reflected(operator.add)
    __mul__ = _forwarded(operator.mul)
    __rmul__ = _forwarded(operator.mul)
    __mod__ = _forwarded(operator.mod)
    __rmod__ = _reflected(operator.mod)


def lazify(func: Callable[..., str]) -> Callable[..., LazyString]:
    """Return a function that returns ``func``'s text lazily, as Pylons 1.0's."""

    def lazy(*args: Any, **kwargs: Any) -> LazyString:
        return LazyString(func, *args, **kwargs)

    lazy.__name__ = lazy.__qualname__ = f"lazy_{func.__name__}"
    lazy.__doc__ = f"Return the text of {func.__name__}() as it is at each use."
    return lazy
