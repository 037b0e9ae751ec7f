"""Ask Flask's router once, and hand its answer on to Flask."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

if TYPE_CHECKING:
    from werkzeug.routing import MapAdapter

__all__ = ["match_once", "refuse"]


class _AnsweredAdapter:
    """Mixed into the class of a URL adapter whose question has been answered."""

    compatshim_answer: Any

    def match(self, *args: Any, **kwargs: Any) -> Any:
        # Flask asks exactly this; every other question is a new one.
        if args or kwargs != {"return_rule": True}:
            return super().match(*args, **kwargs)  # type: ignore[misc]
        if isinstance(self.compatshim_answer, Exception):
            raise self.compatshim_answer
        return self.compatshim_answer


@functools.cache
def _answered(adapter_class: Any) -> Any:
    return type(adapter_class.__name__, (_AnsweredAdapter, adapter_class), {})


def _answer(adapter: MapAdapter, answer: Any) -> None:
    # A subclass rather than an attribute: a bound method stored on its own instance
    # would be a reference cycle for every request.
    adapter_class: Any = type(adapter)
    adapter.__class__ = _answered(adapter_class)
    adapter.compatshim_answer = answer  # type: ignore[attr-defined]


def match_once(adapter: MapAdapter) -> Exception | None:
    """Match the request of ``adapter``, and make the adapter remember the answer.

    Returns ``None`` where a rule matches, also by a redirect or another answer that
    Flask has to give itself; otherwise the ``NotFound`` or ``MethodNotAllowed``.
    """
    try:
        _answer(adapter, adapter.match(return_rule=True))
    except (NotFound, MethodNotAllowed) as refusal:
        # Its traceback would keep the adapter alive in a cycle.
        _answer(adapter, refusal.with_traceback(None))
        return refusal
    except HTTPException as answer:
        _answer(adapter, answer.with_traceback(None))
    except Exception as error:  # noqa: BLE001 (a converter failed: Flask reports it)
        _answer(adapter, error)
    return None


def refuse(adapter: MapAdapter | None) -> None:
    """Make ``adapter`` say that nothing matches, without looking."""
    if adapter is not None:
        _answer(adapter, NotFound())
