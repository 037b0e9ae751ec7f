"""Functions around functions, of the same kind: of coroutines and generators, too."""

from __future__ import annotations

import inspect
import sys
from functools import partial, update_wrapper, wraps
from types import MethodType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator

__all__ = ["wrapped"]


def wrapped(function: Callable[..., Any], before: Callable[[], object]) -> Any:
    """Return what calls ``before``, and is as ``function`` in all else.

    ``before`` is called where a function or coroutine function is called, because event
    loops run the latter at no line of the application, and where a generator begins.
    """
    if inspect.isasyncgenfunction(function):
        return _async_generator(function, before)
    if inspect.isgeneratorfunction(function):
        return _generator(function, before)

    @wraps(function)
    def called(*args: Any, **kwargs: Any) -> Any:
        before()
        return function(*args, **kwargs)

    if inspect.iscoroutinefunction(function):
        return _as_coroutine_function(called)
    return called


def _generator(function: Callable[..., Any], before: Callable[[], object]) -> Any:
    @wraps(function)
    def begun(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        before()
        return (yield from function(*args, **kwargs))

    return begun


def _async_generator(function: Callable[..., Any], before: Callable[[], object]) -> Any:
    @wraps(function)
    async def begun(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        before()
        generator = function(*args, **kwargs)
        step, sent = generator.asend, None
        while True:
            try:
                value = await step(sent)
            except StopAsyncIteration:
                return
            try:
                step, sent = generator.asend, (yield value)
            except GeneratorExit:
                await generator.aclose()
                raise
            except BaseException as error:  # noqa: BLE001 (it is thrown in, there too)
                step, sent = generator.athrow, error

    return begun


if sys.version_info >= (3, 12):
    _as_coroutine_function = inspect.markcoroutinefunction
else:
    # Before, only the code of a function tells what it is, to inspect (and so to Flask),
    # which looks for that inside of a partial.
    class _as_coroutine_function(partial):  # type: ignore[type-arg]  # of any
        _called: Callable[..., Any]

        def __new__(cls, called: Any) -> Any:
            made = super().__new__(cls, called.__wrapped__)
            update_wrapper(made, called)
            made._called = called
            return made

        def __call__(self, /, *args: Any, **kwargs: Any) -> Any:
            return self._called(*args, **kwargs)

        def __get__(self, instance: Any, owner: type | None = None) -> Any:
            return self if instance is None else MethodType(self, instance)

        def __reduce__(self) -> Any:  # by its name, as functions are pickled
            return vars(self)["__qualname__"]
