"""Proxies for what stays the same object for as long as its scope lasts.

Shared code reads ``request`` and ``c`` everywhere. Asking who serves takes two
context variables; what that framework then answers is kept beside what it belongs to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from werkzeug.local import LocalProxy

from compatshim._flask_context import current_app_context, current_request_context
from compatshim.serving import is_flask_request, legacy_request

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ScopedProxy", "application_scope", "request_scope"]

T = TypeVar("T")


def request_scope() -> object | None:
    """Return what lasts as long as the innermost request, or ``None``.

    Flask's request context where Flask serves, or else the record of the legacy request.
    """
    if is_flask_request():
        return current_request_context()
    return legacy_request()


def application_scope() -> object | None:
    """Return what lasts as long as ``flask.g`` and ``flask.current_app``, or ``None``.

    The record of the request where the legacy framework serves, or else Flask's
    application context: another one may be pushed inside a Flask request.
    """
    if is_flask_request():
        return current_app_context()
    return legacy_request() or current_app_context()


class ScopedProxy(LocalProxy[T]):
    """A ``LocalProxy`` for an object that is made once in each scope, by ``make``.

    ``scope`` returns what the object belongs to, whose ``__dict__`` keeps it under
    ``compatshim.<name>``. Where it returns ``None``, nothing is kept.
    """

    __slots__ = ()

    def __init__(
        self, name: str, make: Callable[[], T], scope: Callable[[], object | None]
    ) -> None:
        key = f"compatshim.{name}"

        def find() -> T:
            owner = scope()
            if owner is None:
                return make()
            kept = owner.__dict__
            if key not in kept:
                kept.setdefault(key, make())  # a copied Context may be quicker
            found: T = kept[key]
            return found

        super().__init__(make)
        # Not through the functions that LocalProxy puts around it.
        object.__setattr__(self, "_get_current_object", find)

    # What LocalProxy's own do, by the shortest way: these two are what is read.

    def __getattr__(self, name: str) -> Any:
        return getattr(self._get_current_object(), name)

    def __getitem__(self, key: Any) -> Any:
        return self._get_current_object()[key]  # type: ignore[index]  # what it stands for may have items
