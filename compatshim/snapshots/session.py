"""The session of a request, for a copy of it."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from copy import deepcopy
from typing import Any

__all__ = ["SessionSnapshot"]


class SessionSnapshot(MutableMapping[str, Any]):
    """What was in a session, for a function that may change it without effect.

    It is never stored. A session that nobody has opened before is opened when this is
    first touched. Attributes of the session itself (``id``, ``created``) can be read,
    but methods of its own are not there, since they would reach the request.
    """

    modified = False
    accessed = False

    def __init__(self, session: Any, *, is_open: bool = False) -> None:
        self._session = session
        self._values: dict[str, Any] | None = None
        accessed = getattr(session, "accessed", True)  # Beaker's is a method
        if is_open or (accessed() if callable(accessed) else accessed):
            self._open()

    def _open(self) -> dict[str, Any]:
        if self._values is None:
            self._values = deepcopy(dict(self._session))
        self.accessed = True
        return self._values

    def __getitem__(self, key: str) -> Any:
        return self._open()[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self._open()[key] = value
        self.modified = True

    def __delitem__(self, key: str) -> None:
        del self._open()[key]
        self.modified = True

    def __iter__(self) -> Iterator[str]:
        return iter(self._open())

    def __len__(self) -> int:
        return len(self._open())

    def __getattr__(self, name: str) -> Any:
        if name[0] != "_":
            value = getattr(self._session, name)
            if not callable(value):
                return value
        raise AttributeError(
            f"A session in copy_current_context has no {name!r}.", name=name
        )

    def save(self) -> None:
        """Do nothing: the request stores its own session."""
        self.modified = True

    persist = save

    def invalidate(self) -> None:
        """Forget everything, in this copy only."""
        self.clear()
        self.modified = True

    delete = invalidate

    def revert(self) -> None:
        """Go back to what is in the request's session now."""
        self._values = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._session!r}>"
