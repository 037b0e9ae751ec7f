"""One visitor's Beaker session, with Flask's and Beaker's attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask.sessions import SessionMixin

from compatshim.sessions.beaker_store import INTERNAL_KEYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compatshim.sessions.beaker_store import BeakerStore

__all__ = ["BeakerSession"]


class BeakerSession(SessionMixin):
    """One visitor's Beaker session, as Flask's sessions are and as Beaker's are.

    It is read from the store when first touched. Setting and deleting keys marks it as
    ``modified``, and so does :meth:`save`, which a change inside a value needs. It is
    stored once, at the end of the request. What Beaker keeps in it for itself
    (``_creation_time``, ``_accessed_time``, ...) can be asked for by its key, and is
    neither listed nor counted.
    """

    def __init__(self, store: BeakerStore, cookie_header: str) -> None:
        self.modified = False
        self.accessed = False
        self.is_kept_empty = False
        """Whether the session is stored also if it is empty."""
        self.replaced: list[Any] = []
        """Beaker's sessions that the visitor had, and that this one takes over from."""
        self._store = store
        self._cookie_header = cookie_header
        self._loaded: Any = None
        self._first_values: dict[str, Any] = {}
        self._is_deleted = False

    @property
    def is_loaded(self) -> bool:
        """Whether the session was read from the store."""
        return self._loaded is not None

    def open(self) -> None:
        """Read the session from the store, unless that was done. Raises what it raises."""
        if self._loaded is None:
            self._loaded = self._store.load(self._cookie_header)
            self._first_values = dict(getattr(self._loaded, "accessed_dict", {}))

    @property
    def beaker_session(self) -> Any:
        """Beaker's own session."""
        self.accessed = True
        self.open()
        return self._loaded

    # A mapping.

    def __getitem__(self, key: str) -> Any:
        return self.beaker_session[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.beaker_session[key] = value
        self.modified = True

    def __delitem__(self, key: str) -> None:
        del self.beaker_session[key]
        self.modified = True

    def __contains__(self, key: object) -> bool:
        return key in self.beaker_session

    def __iter__(self) -> Iterator[str]:
        return (key for key in self.beaker_session if key not in INTERNAL_KEYS)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        # Neither the values nor the id: reprs end in logs.
        state = "read" if self.is_loaded else "not yet read"
        return f"<{type(self).__name__}, {state}>"

    def clear(self) -> None:
        """Delete all keys."""
        for key in list(self):
            del self[key]

    # Flask's.

    @property
    def new(self) -> bool:  # type: ignore[override]  # Flask's can be set, too
        """Whether nothing is stored of this session yet."""
        return bool(self.beaker_session.is_new)

    # Beaker's.

    @property
    def is_new(self) -> bool:
        """What Flask calls ``new``."""
        return self.new

    @property
    def id(self) -> str:
        """The session's id: 128 random bits, or what the legacy site has given it."""
        return str(self.beaker_session.id)

    @property
    def created(self) -> float | None:
        """When the session was made, as seconds since the epoch."""
        return self.beaker_session.get("_creation_time")  # type: ignore[no-any-return]

    @property
    def last_accessed(self) -> float | None:
        """When the visitor used the session before, ``None`` for a new one."""
        if self.new:
            return None
        # A cookie-only session has no attribute for it.
        before = self._first_values.get("_accessed_time")
        return getattr(self.beaker_session, "last_accessed", before)

    @property
    def timeout(self) -> int | None:
        """After how many seconds without a request the session ends."""
        return self.beaker_session.timeout  # type: ignore[no-any-return]

    @property
    def domain(self) -> str | None:
        """The domain of the session's cookie; setting it sends the cookie again."""
        return self.beaker_session.domain  # type: ignore[no-any-return]

    @domain.setter
    def domain(self, domain: str | None) -> None:
        self.beaker_session.domain = domain
        self.modified = True

    @property
    def path(self) -> str:
        """The path of the session's cookie; setting it sends the cookie again."""
        return str(self.beaker_session.path)

    @path.setter
    def path(self, path: str) -> None:
        self.beaker_session.path = path
        self.modified = True

    def has_key(self, key: str) -> bool:
        """Return whether ``key`` is set: Beaker's sessions have this on Python 3, too."""
        return key in self

    def save(self) -> None:
        """Have the session stored at the end of the request, also an empty one."""
        self.modified = True
        self.is_kept_empty = not self._is_deleted

    persist = save

    def revert(self) -> None:
        """Go back to what the session held when it was first touched."""
        session = self.beaker_session
        for key in list(self):
            del session[key]
        for key, value in self._first_values.items():
            if key not in INTERNAL_KEYS:
                session[key] = value
        self.modified = bool(self.replaced)

    def invalidate(self) -> None:
        """Go on with an empty session under a new id; the old one is removed.

        Beaker itself leaves the old one in its store, where the old cookie opens it.
        """
        self._replace()
        self._first_values = {}
        self.is_kept_empty = False

    def delete(self) -> None:
        """Remove the session from the store, and expire its cookie.

        What is set afterwards begins a new session.
        """
        self.invalidate()
        self._is_deleted = True

    def regenerate_id(self) -> None:
        """Go on with the same values under a new id, as after a login."""
        old = self.beaker_session
        kept = {key: value for key, value in old.items() if key != "_id"}
        self._replace().update(kept)

    def give_up(self) -> Any:
        """Return the last session that the visitor had, or ``None`` if there was none.

        It is then to be removed from the store, with the others in ``replaced``.
        """
        if not self.new:
            self._replace()
        return self.replaced[-1] if self.replaced else None

    def _replace(self) -> Any:
        """Return the new Beaker session that takes the place of the present one."""
        old = self.beaker_session
        if not old.is_new:
            self.replaced.append(old)
        self._loaded = self._store.new()
        self.modified = True
        return self._loaded
