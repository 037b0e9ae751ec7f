"""Which framework owns a path, and what Routes' mapper makes of it.

Law: nothing here serves a request or reads a context variable. Everything is a function
of a route table and an ``environ``.

``IndexedMapper`` is for anyone with a big Routes table, with or without the shim.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from compatshim.routing.index import IndexedMapper

__all__ = ["IndexedMapper"]


def __getattr__(name: str) -> Any:
    if name != "IndexedMapper":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from compatshim.routing.index import IndexedMapper

    return IndexedMapper
