"""Look at a source once for what is asked again and again, as for each use of a name."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from compatshim.migrate.examined import Examined

__all__ = ["once"]

_Rest = ParamSpec("_Rest")
_Result = TypeVar("_Result")


def once(
    function: Callable[Concatenate[Examined, _Rest], _Result],
) -> Callable[Concatenate[Examined, _Rest], _Result]:
    """Let ``function`` remember its results, for as long as there is the examined source.

    Its other arguments have to be hashable, and its result is shared.
    """

    @wraps(function)
    def remembering(
        examined: Examined, /, *rest: _Rest.args, **named: _Rest.kwargs
    ) -> _Result:
        key = (function, rest, tuple(named.items()))
        if key not in examined.memory:
            examined.memory[key] = function(examined, *rest, **named)
        return cast("_Result", examined.memory[key])

    return remembering
