"""``session``: one session for both sides, with Flask's and Beaker's vocabulary."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

__all__ = ["Session"]

_OWN = ("_session",)


class Session(MutableMapping[str, Any]):
    """The session of the application's session interface, as shared code sees it.

    A mapping with the attributes of Flask's ``SessionMixin`` (``new``, ``modified``,
    ``accessed``, ``permanent``) and of the interface's own class, and with the methods
    that legacy code calls on a Beaker session. It is opened when it is first touched
    and stored once, at the end of the request, if it was changed.
    """

    def __init__(self, session: Any) -> None:
        object.__setattr__(self, "_session", session)

    def __getitem__(self, key: str) -> Any:
        return self._session[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self._session[key] = value

    def __delitem__(self, key: str) -> None:
        del self._session[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._session)

    def __len__(self) -> int:
        return len(self._session)

    def __contains__(self, key: object) -> bool:
        return key in self._session

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._session, name, value)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._session!r}>"

    def save(self) -> None:
        """Store the session at the end of the request, as Beaker's ``save``."""
        self._session.modified = True

    persist = save

    def invalidate(self) -> None:
        """Forget everything in the session, as Beaker's ``invalidate``."""
        self._session.clear()
        self._session.modified = True

    delete = invalidate
