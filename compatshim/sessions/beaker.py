"""Flask sessions in the Beaker store and cookie that a legacy site already has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask.sessions import SessionInterface

from compatshim.sessions.beaker_options import options_from
from compatshim.sessions.beaker_session import BeakerSession
from compatshim.sessions.beaker_store import BeakerStore, add_cookie, expire_cookie

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask, Request, Response
    from flask.sessions import SessionMixin

__all__ = ["BeakerSession", "BeakerSessionInterface"]


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
            expire_cookie(old, response)
