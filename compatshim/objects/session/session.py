"""The common session with what legacy code uses of a Beaker session."""

from __future__ import annotations

import secrets

from compatshim.objects.session.attributes import SessionAttributes
from compatshim.objects.session.mapping import ID_KEY
from compatshim.sessions.values import check_session

__all__ = ["Session"]


class Session(SessionAttributes):
    """The session of the application's session interface, as shared code sees it.

    A mapping with the attributes of Flask's ``SessionMixin`` (``new``, ``modified``,
    ``accessed``, ``permanent``) and of the interface's own class, and with what legacy
    code uses of a Beaker session. It is opened when it is first touched and stored once,
    with the headers of the response, if it was changed; a change inside of a value is
    seen after :meth:`save`.

    Setting a value that would not come back as it was raises ``SessionValueError``, and
    a change that comes after the session was stored ``NotForwardedError``.
    """

    __slots__ = ()

    @property
    def is_new(self) -> bool:
        """Whether the visitor came without a session."""
        return bool(getattr(self._session, "is_new", self._is_new))

    @property
    def id(self) -> str:
        """The session's id: the interface's own, or one made of random bytes.

        The latter is kept with the session, and stays the same from then on; a visitor
        who has no session, and gets none, has another one in each request.
        """
        for name in ("sid", "id"):  # Flask-Session's and Beaker's
            own = getattr(self._session, name, None)
            if own is not None:
                return str(own)
        kept = self._session.get(ID_KEY)
        if kept is not None:
            return str(kept)
        if self._session:
            self._check_not_stored(".id")
        if self._id is None:
            self._id = secrets.token_urlsafe(32)
        if self._session:
            self._session[ID_KEY] = self._id
        return self._id

    @property
    def created(self) -> float | None:
        """When the session was made, in seconds since 1970.

        ``None`` where the session interface does not know: only Beaker's do.
        """
        return getattr(self._session, "created", None)

    @property
    def last_accessed(self) -> float | None:
        """When the request before this one was, in seconds since 1970.

        ``None`` for a new session, and where the session interface does not know: only
        Beaker's do.
        """
        return getattr(self._session, "last_accessed", None)

    @property
    def timeout(self) -> int | None:
        """After how many seconds without a request the session ends.

        ``None`` where it ends with the browser.
        """
        own = getattr(self._session, "timeout", None)
        if own is not None:
            return int(own)
        if not self._session.permanent:
            return None
        return int(self._app.permanent_session_lifetime.total_seconds())

    def save(self, accessed_only: bool = False) -> None:
        """Have the session stored with the response, as Beaker's ``save``.

        Needed after a change inside of a value. Raises ``SessionValueError`` for a value
        that would not come back as it is. With ``accessed_only`` nothing is done: the
        interface itself knows what to do for a session that was only read.
        """
        if accessed_only:
            return
        self._wrote = True
        check_session(self._session, self._interface.keeps_session_value)
        if not self._done_by_interface("save") and self._session:
            self._session.modified = True  # of an empty one: its cookie would go

    def persist(self) -> None:
        """Do as :meth:`save`: the session is stored with the response."""
        self.save()

    def invalidate(self) -> None:
        """Forget everything in the session, and give it a new id."""
        if self._done_by_interface("invalidate"):
            return
        self._id = None
        if self._session:
            self._renew()
            self._session.clear()

    def delete(self) -> None:
        """Forget everything in the session: its store and its cookie are cleared."""
        if not self._done_by_interface("delete") and self._session:
            self._session.clear()

    def regenerate_id(self) -> None:
        """Give the session a new id, and keep what is in it: after a login, say."""
        if self._done_by_interface("regenerate_id"):
            return
        self._id = None
        if self._session:
            self._renew()
            self._session.pop(ID_KEY, None)
            self._session.modified = True

    def revert(self) -> None:
        """Go back to what is stored: nothing of this request's changes is."""
        self._wrote = False
        if self._done_by_interface("revert"):
            return
        stored = self._interface.open_session(self._app, self._request)
        values = {} if stored is None else dict(stored)
        for key in [key for key in self._session if key not in values]:
            del self._session[key]
        if values:
            self._session.update(values)
        # Under a new id, what is stored has to be stored again.
        self._session.modified = self._renewed or getattr(stored, "modified", False)

    def _done_by_interface(self, name: str) -> bool:
        """Call the method that the interface's own session has for it, if it has one.

        Raises ``NotForwardedError`` where nothing can be stored any more.
        """
        self._check_not_stored(f".{name}")
        own = getattr(self._session, name, None)
        if own is None:
            return False
        own()
        return True

    def _renew(self) -> None:
        self._interface.renew(self._app, self._session)
        self._renewed = True
