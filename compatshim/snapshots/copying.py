"""Run a function in a copy of a request."""

from __future__ import annotations

import inspect
from contextvars import copy_context
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from compatshim.lifetime import ResponseIterable
from compatshim.serving import LegacyRequest, serving_legacy
from compatshim.snapshots.environ import copy_environ, copy_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

__all__ = ["copy_legacy_request", "run_in_copy", "take_objects"]

_Result = TypeVar("_Result")


def run_in_copy(
    function: Callable[..., _Result],
    enter: Callable[[], AbstractContextManager[object]],
) -> Callable[..., _Result]:
    """Return ``function``, to run in a copy of the present Context and in ``enter()``.

    Where it is a generator function, each step of its iterator does, and the copy ends
    when that is exhausted or closed.
    """
    context = copy_context()

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        def call() -> _Result:
            with enter():
                return function(*args, **kwargs)

        def iterate() -> Iterator[Any]:
            with enter():
                yield from function(*args, **kwargs)  # type: ignore[misc]  # a generator function

        own_context = context.copy()
        if inspect.isgeneratorfunction(function):
            return ResponseIterable(own_context, iterate())
        return own_context.run(call)

    return run


def copy_legacy_request(
    record: LegacyRequest, function: Callable[..., _Result]
) -> Callable[..., _Result]:
    """Return ``function``, to run in another thread with a snapshot of ``record``.

    Where a legacy application runs alone.
    """
    taken = _copy_of(record)
    return run_in_copy(function, lambda: serving_legacy(_copy_of(taken)))


def _copy_of(record: LegacyRequest) -> LegacyRequest:
    copied = LegacyRequest(copy_environ(record.environ), copy_names(record.namespace))
    take_objects(copied, record)
    return copied


def take_objects(record: LegacyRequest, other: LegacyRequest) -> None:
    """Give ``record`` copies of what the legacy runtime made for ``other``."""
    record.flask_contexts += other.flask_contexts
    if other.objects is not None:
        record.objects = other.objects.copy_for(record)
