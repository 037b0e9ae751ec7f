"""``c`` and ``g``: two views of the one namespace of a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["LaxNamespace", "StrictNamespace"]

_MISSING = object()


class StrictNamespace:
    """The names that code has set in this request, then those of ``app_globals``.

    Its ``__dict__`` is the dictionary that ``flask.g`` and the legacy ``tmpl_context``
    use too. Setting a name never writes to ``app_globals``. A name found nowhere
    raises ``AttributeError``. The methods are those of ``flask.g``.
    """

    __slots__ = ("__dict__", "_find_app_globals")

    def __init__(
        self, names: dict[str, Any], find_app_globals: Callable[[], Any]
    ) -> None:
        self.__dict__ = names
        self._find_app_globals = find_app_globals

    def __getattr__(self, name: str) -> Any:
        # Only called for a name that is not in the namespace itself.
        if name[:2] != "__":
            value = getattr(self._find_app_globals(), name, _MISSING)
            if value is not _MISSING:
                return value
        return self._missing(name)

    def _missing(self, name: str) -> Any:
        raise AttributeError(
            f"{name!r} is neither set in this request nor in app_globals", name=name
        )

    def get(self, name: str, default: Any = None) -> Any:
        """Return the value of ``name``, or ``default``."""
        return self.__dict__.get(name, default)

    def pop(self, name: str, *default: Any) -> Any:
        """Remove ``name`` and return its value; ``KeyError`` without a default."""
        return self.__dict__.pop(name, *default)

    def setdefault(self, name: str, default: Any = None) -> Any:
        """Return the value of ``name``; set it to ``default`` first if it has none."""
        return self.__dict__.setdefault(name, default)

    def __contains__(self, name: object) -> bool:
        return name in self.__dict__

    def __iter__(self) -> Iterator[str]:
        return iter(self.__dict__)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {sorted(self.__dict__)}>"


class LaxNamespace(StrictNamespace):
    """The same, but ``''`` for a name found nowhere, as Pylons' lax ``tmpl_context``.

    Double-underscored names always raise: Python asks for them by itself.
    """

    __slots__ = ()

    def _missing(self, name: str) -> Any:
        return super()._missing(name) if name[:2] == "__" else ""
