"""Flask sessions in the Beaker store and cookie that a legacy site already has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask.sessions import SessionInterface, SessionMixin

from compatshim.sessions.beaker_options import options_from
from compatshim.sessions.beaker_store import INTERNAL_KEYS, BeakerStore, add_cookie

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from flask import Flask, Request, Response

__all__ = ["BeakerSession", "BeakerSessionInterface"]


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
    def new(self) -> bool:  # type: ignore[override]
        """Whether nothing is stored of this session yet."""
        return bool(self.beaker_session.is_new)

    # Beaker's.

    @property
    def is_new(self) -> bool:
        """What Flask calls ``new``."""
        return self.new

    @property
    def id(self) -> str:
        """The session's id: 122 random bits of ``os.urandom``, by ``uuid.uuid4``."""
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


class BeakerSessionInterface(SessionInterface):
    """Keep Flask's sessions where a legacy site keeps its Beaker sessions.

    ``app.session_interface = BeakerSessionInterface.from_config(ini_values)`` uses the
    store and the cookie of the ``beaker.session.*`` keys as they are: whoever is logged
    in stays so, and processes that still run ``beaker.middleware.SessionMiddleware``
    share their sessions with this one. The keyword arguments of the class are the names
    without the prefix: ``BeakerSessionInterface(type="file", data_dir="data")``.

    **Beaker's stores are pickled**, also with ``data_serializer = json``: whoever can
    write to the store (its files, table, Redis or memcached) can run code in this
    process. A warning is logged when the interface is made. Cookie-only sessions
    (``type = cookie``) with ``data_serializer = json`` are not pickled; with Beaker's
    default serializer they are, and only their keys guard them. The way to sessions
    without pickle is :mod:`compatshim.sessions.adoption`.

    With ``data_serializer = json``, what JSON would change (tuples, bytes, datetimes,
    UUIDs, Markup) is written with Flask's tags, which only this interface reads back;
    everything else is written as Beaker writes it.

    A session is stored if it was modified or :meth:`BeakerSession.save` was called, and
    with ``beaker.session.auto`` if it was touched and is not empty. Of one that was
    only read, the time of access is stored, as Beaker does it, unless
    ``save_accessed_time`` is false. Of two requests that change a session at once, the
    one that ends last is kept, whole. With ``session.permanent``, the cookie expires
    after ``PERMANENT_SESSION_LIFETIME``; how long the store keeps the session is still
    ``beaker.session.timeout``.

    Raises ``BeakerOptionError`` for options that Beaker does not take. What the store
    raises when it is down comes out of the session when it is touched.
    """

    def __init__(self, **options: Any) -> None:
        self._store = BeakerStore(options_from((), options))
        self._store.warn_if_pickled(type(self).__name__)
        self.pickle_based = self._store.is_pickled

    @classmethod
    def from_config(cls, *configurations: Mapping[str, Any]) -> BeakerSessionInterface:
        """Return an interface for the ``beaker.session.*`` keys of a configuration.

        That is the legacy application's, or the section of the ini file. Flask's may
        have the same keys, or ``BEAKER_SESSION_TYPE`` and so on. Of several, the first
        that has a key decides.
        """
        return cls(**options_from(configurations, {}))

    # What Flask and its extensions ask about the cookie.

    def get_cookie_name(self, app: Flask) -> str:
        """Return ``beaker.session.key``."""
        return self._store.key

    def get_cookie_domain(self, app: Flask) -> str | None:
        """Return ``beaker.session.cookie_domain``."""
        return self._store.options.get("cookie_domain")

    def get_cookie_path(self, app: Flask) -> str:
        """Return ``beaker.session.cookie_path``."""
        return str(self._store.options.get("cookie_path") or "/")

    def get_cookie_httponly(self, app: Flask) -> bool:
        """Return ``beaker.session.httponly``."""
        return bool(self._store.options.get("httponly"))

    def get_cookie_secure(self, app: Flask) -> bool:
        """Return ``beaker.session.secure``."""
        return bool(self._store.options.get("secure"))

    def get_cookie_samesite(self, app: Flask) -> str | None:
        """Return ``beaker.session.samesite``."""
        samesite: str | None = self._store.options.get("samesite", "Lax")
        return samesite

    # Opening and storing.

    def open_session(self, app: Flask, request: Request) -> BeakerSession:
        """Return the visitor's session, which is read when it is first touched.

        Where another interface asks, which wants to know the session now, it is read
        now: what a store that is down raises, it raises here.
        """
        session = BeakerSession(self._store, request.environ.get("HTTP_COOKIE", ""))
        if app.session_interface is not self:
            session.open()
        return session

    def save_session(
        self, app: Flask, session: SessionMixin, response: Response
    ) -> None:
        """Store the session if it is to be stored, and set its cookie.

        The sessions that it takes over from are removed last. Raises what the store
        raises.
        """
        if not isinstance(session, BeakerSession):
            return
        if not session.is_loaded and not session.modified:
            return
        if session.accessed:
            response.vary.add("Cookie")
        if self._is_stored(session):
            self._renew_cookie(app, session)
            self._store.save(session.beaker_session)
            add_cookie(session.beaker_session, response)
        elif session.modified:
            self._expire_cookie(session, response)
        elif session.accessed and not session.new:
            self._keep_alive(app, session, response)
        for beaker_session in session.replaced:
            self._store.remove(beaker_session)

    def regenerate(self, session: BeakerSession) -> None:
        """Give the session a new id, as Flask-Session's interfaces do it."""
        session.regenerate_id()

    def keeps_session_value(self, value: object) -> bool:
        """Return whether a value beyond TaggedJSON's comes back as it was.

        Pickled sessions keep whatever can be pickled, as the legacy site is used to.
        """
        return self._store.keeps(value)

    def _is_stored(self, session: BeakerSession) -> bool:
        if session.modified:
            return session.is_kept_empty or len(session) > 0
        is_auto = bool(self._store.options.get("auto"))
        return is_auto and session.accessed and len(session) > 0

    def _keep_alive(
        self, app: Flask, session: BeakerSession, response: Response
    ) -> None:
        is_renewed = self._renew_cookie(app, session)
        is_stored = self._store.keep_alive(session.beaker_session)
        if is_renewed or (is_stored and self._store.is_cookie_only):
            add_cookie(session.beaker_session, response)

    def _renew_cookie(self, app: Flask, session: BeakerSession) -> bool:
        """Prepare the cookie of a permanent session; return whether that was done."""
        if not session.permanent or not self.should_set_cookie(app, session):
            return False
        session.beaker_session.cookie_expires = app.permanent_session_lifetime
        # Where Beaker 1.12 keeps what holds instead, in a cookie-only session.
        session.beaker_session.pop("_expires", None)
        # Beaker makes the cookie when its path is set.
        session.beaker_session.path = session.beaker_session.path
        return True

    def _expire_cookie(self, session: BeakerSession, response: Response) -> None:
        old = session.give_up()
        if old is not None:
            old.delete()
            add_cookie(old, response)
