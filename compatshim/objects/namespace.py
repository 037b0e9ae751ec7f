"""``c`` and ``g``: two views of the one namespace of a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compatshim.legacy.util import ContextObj, missing_name

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["LaxNamespace", "StrictNamespace"]

_MISSING = object()


class StrictNamespace(ContextObj):
    """The names that code has set in this request, then those of ``app_globals``.

    Its ``__dict__`` is the dictionary that ``flask.g`` and the legacy ``tmpl_context``
    use too. Only reading an attribute falls back to ``app_globals``: setting and
    deleting, ``in``, iteration and the methods, which are those of ``flask.g``, are
    about the names of the request itself. A name found nowhere raises
    ``AttributeError``.
    """

    __slots__ = ("__find_app_globals",)

    def __init__(
        self, names: dict[str, Any], find_app_globals: Callable[[], Any]
    ) -> None:
        super().__init__(names)
        object.__setattr__(self, "_StrictNamespace__find_app_globals", find_app_globals)

    def __getattr__(self, name: str) -> Any:
        # Only called for a name that is not in the namespace itself.
        if name[:2] != "__":
            value = getattr(self.__find_app_globals(), name, _MISSING)
            if value is not _MISSING:
                return value
        return self._missing(name)

    def _missing(self, name: str) -> Any:
        raise AttributeError(
            f"{name!r} is neither set in this request nor in app_globals", name=name
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {sorted(self.__dict__)}>"


class LaxNamespace(StrictNamespace):
    """The same, but ``''`` for a name found nowhere, as Pylons' lax ``tmpl_context``.

    Names with two underscores in front always raise: Python asks for them by itself.
    """

    __slots__ = ()

    def _missing(self, name: str) -> Any:
        return super()._missing(name) if name[:2] == "__" else missing_name(name)
