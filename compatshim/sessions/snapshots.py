"""Copies of a session, for a thread that goes on while the request's own is saved."""

from __future__ import annotations

from typing import Any

from flask.sessions import NullSession, SecureCookieSession

from compatshim.sessions.unavailable import UnavailableSession
from compatshim.sessions.values import copied

__all__ = ["FlaskSessionSnapshot", "snapshot_of"]

_ATTRIBUTES = ("created", "id", "is_new", "last_accessed", "new", "sid")


def snapshot_of(session: Any) -> Any:
    """Return a copy of a session, which is never saved.

    What is set in the one is not seen in the other, also inside of lists and dicts. Of
    none, and of one that stands in where there is no session, it is the same.
    """
    if session is None or isinstance(session, NullSession | UnavailableSession):
        return session
    return FlaskSessionSnapshot(session)


class FlaskSessionSnapshot(SecureCookieSession):
    """What is in a session, and the attributes of Flask's and Beaker's that it has.

    Beaker's methods change this copy only: the session's store is left alone.
    """

    def __init__(self, session: Any) -> None:
        accessed, modified = session.accessed, session.modified
        super().__init__({key: copied(value) for key, value in session.items()})
        for name in _ATTRIBUTES:
            if hasattr(session, name):
                setattr(self, name, getattr(session, name))
        self.modified = modified
        session.accessed = self.accessed = accessed  # our look at it is no use of it
        self._first_values = copied(dict(self))

    def save(self) -> None:
        """Do nothing else than what the request's session would do at once."""
        self.modified = True

    persist = regenerate_id = save

    def invalidate(self) -> None:
        """Forget everything, in this copy only."""
        self.clear()

    delete = invalidate

    def revert(self) -> None:
        """Go back to what the copy held when it was made."""
        self.clear()
        self.update(copied(self._first_values))
        self.modified = False
