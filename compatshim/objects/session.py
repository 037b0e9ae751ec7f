"""``session``: one session for both sides, with Flask's and Beaker's vocabulary."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, MutableMapping
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from compatshim._flask_context import replace_session
from compatshim.errors import NoRequestError, NotForwardedError
from compatshim.serving import is_flask_request
from compatshim.sessions.interface import COMMON_SESSION, share_sessions
from compatshim.sessions.unavailable import is_failure
from compatshim.sessions.values import check_session, check_value

if TYPE_CHECKING:
    from flask import Flask, Request
    from flask.ctx import RequestContext

    from compatshim.sessions.interface import SharedSessionInterface

__all__ = ["Session", "open_session"]

ID_KEY = "_session_id"
"""The key of a session's id, where its interface keeps none of its own."""

_MISSING: Any = object()

_OWN = frozenset(
    {"_session", "_app", "_request", "_is_new", "_id", "_wrote", "_renewed"}
)

# What Beaker has, and no session interface of Flask.
_INSTEAD = {
    "cookie_expires": "Set session.permanent, and PERMANENT_SESSION_LIFETIME in app.config.",
    "get_by_id": "Sessions of other visitors are for their store's own interface.",
    "load": "session.revert() goes back to what is stored.",
    "lock": "Nothing locks a session: the last of two requests that store it wins.",
    "unlock": "Nothing locks a session: the last of two requests that store it wins.",
    "_set_cookie_expires": (
        "Set session.permanent, and PERMANENT_SESSION_LIFETIME in app.config."
    ),
}

# Beaker's attributes that Flask's configuration decides, with the interface's methods.
_CONFIGURED = {
    "domain": ("get_cookie_domain", "SESSION_COOKIE_DOMAIN"),
    "httponly": ("get_cookie_httponly", "SESSION_COOKIE_HTTPONLY"),
    "key": ("get_cookie_name", "SESSION_COOKIE_NAME"),
    "path": ("get_cookie_path", "SESSION_COOKIE_PATH"),
    "samesite": ("get_cookie_samesite", "SESSION_COOKIE_SAMESITE"),
    "secure": ("get_cookie_secure", "SESSION_COOKIE_SECURE"),
}


class Session(MutableMapping[str, Any]):
    """The session of the application's session interface, as shared code sees it.

    A mapping with the attributes of Flask's ``SessionMixin`` (``new``, ``modified``,
    ``accessed``, ``permanent``) and of the interface's own class, and with what legacy
    code uses of a Beaker session. It is opened when it is first touched and stored once,
    at the end of the request, if it was changed; a change inside of a value is seen
    after :meth:`save`.

    Setting a value that would not come back as it was raises ``SessionValueError``.
    """

    __slots__ = (*sorted(_OWN), "__weakref__")

    _session: Any
    _app: Flask
    _request: Request
    _is_new: bool
    _id: str | None
    _wrote: bool
    _renewed: bool

    def __init__(self, session: Any, app: Flask, request: Request) -> None:
        put = object.__setattr__
        put(self, "_session", session)
        put(self, "_app", app)
        put(self, "_request", request)
        put(self, "_is_new", not session)
        put(self, "_id", None)
        put(self, "_wrote", False)
        put(self, "_renewed", False)

    # A mapping.

    def __getitem__(self, key: str) -> Any:
        return self._session[key]

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of ``key``, or ``default``."""
        return self._session.get(key, default)

    def __setitem__(self, key: str, value: Any) -> None:
        check_value(key, value, self._interface.keeps_session_value)
        self._wrote = True
        self._session[key] = value

    def __delitem__(self, key: str) -> None:
        del self._session[key]

    def __iter__(self) -> Iterator[str]:
        keys: Iterator[str] = iter(self._session)
        return keys

    def __reversed__(self) -> Iterator[str]:
        return reversed(list(self))

    def __len__(self) -> int:
        return len(self._session)

    def __bool__(self) -> bool:
        return bool(self._session)

    def __contains__(self, key: object) -> bool:
        return key in self._session

    def __or__(self, other: Mapping[str, Any]) -> dict[str, Any]:
        return {**self, **other}

    def __ror__(self, other: Mapping[str, Any]) -> dict[str, Any]:
        return {**other, **self}

    def __ior__(self, other: Mapping[str, Any]) -> Session:
        self.update(other)
        return self

    def pop(self, key: str, default: Any = _MISSING) -> Any:
        """Remove ``key`` and return its value, or ``default`` if that is given."""
        if default is _MISSING:
            return self._session.pop(key)
        return self._session.pop(key, default)

    def clear(self) -> None:
        """Remove every key."""
        self._session.clear()

    def copy(self) -> dict[str, Any]:
        """Return a dict with the same values."""
        return dict(self)

    __copy__ = copy

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, Any]:
        return deepcopy(dict(self), memo)

    def update(self, *args: Any, **kwargs: Any) -> None:
        """Set several values, or none where one of them is refused."""
        new: dict[str, Any] = dict(*args, **kwargs)
        check_session(new, self._interface.keeps_session_value)
        super().update(new)

    def has_key(self, key: str) -> bool:
        """Return whether there is such a key, as Beaker's ``has_key``."""
        return key in self._session

    # Attributes of Flask's session, and of the interface's own.

    def __getattr__(self, name: str) -> Any:
        if name in _OWN or name[:2] == "__":  # such as copy asks for
            raise AttributeError(name)
        try:
            return getattr(self._session, name)
        except AttributeError:
            if name in _CONFIGURED:
                return getattr(self._interface, _CONFIGURED[name][0])(self._app)
            if name in _INSTEAD:
                raise self._not_forwarded(name, _INSTEAD[name]) from None
            raise

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _OWN:
            object.__setattr__(self, name, value)
            return
        if name in _INSTEAD or name in _CONFIGURED:
            self._refuse_to_set(name)
        if name == "modified" and value:
            self._wrote = True
        setattr(self._session, name, value)

    def _refuse_to_set(self, name: str) -> None:
        if hasattr(self._session, name):  # the interface knows what it means
            return
        instead = _INSTEAD.get(name)
        if instead is None:
            instead = (
                f"Set {_CONFIGURED[name][1]} in app.config: it is the same for all."
            )
        raise self._not_forwarded(name, instead)

    def _not_forwarded(self, name: str, instead: str) -> NotForwardedError:
        framework = "flask" if is_flask_request() else "legacy"
        return NotForwardedError(f"session.{name}", framework, instead)

    def __delattr__(self, name: str) -> None:
        delattr(self._session, name)

    def __repr__(self) -> str:
        # Not the values: a session holds secrets, and reprs end in logs.
        return f"<{type(self).__name__} of {len(self)} keys>"

    # Beaker's.

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
        """Have the session stored at the end of the request, as Beaker's ``save``.

        Needed after a change inside of a value. Raises ``SessionValueError`` for a value
        that would not come back as it is. With ``accessed_only`` nothing is done: the
        interface itself knows what to do for a session that was only read.
        """
        if accessed_only:
            return
        self._wrote = True
        check_session(self._session, self._interface.keeps_session_value)
        own = getattr(self._session, "save", None)
        if own is not None:
            own()
        elif self._session:  # to store an empty one would mean to delete a cookie
            self._session.modified = True

    def persist(self) -> None:
        """Do as :meth:`save`: the session is stored at the end of the request."""
        self.save()

    def invalidate(self) -> None:
        """Forget everything in the session, and give it a new id."""
        own = getattr(self._session, "invalidate", None)
        if own is not None:
            own()
            return
        self._id = None
        if self._session:
            self._renew()
            self._session.clear()

    def delete(self) -> None:
        """Forget everything in the session: its store and its cookie are cleared."""
        own = getattr(self._session, "delete", None)
        if own is not None:
            own()
        elif self._session:
            self._session.clear()

    def regenerate_id(self) -> None:
        """Give the session a new id, and keep what is in it: after a login, say."""
        own = getattr(self._session, "regenerate_id", None)
        if own is not None:
            own()
            return
        self._id = None
        if self._session:
            self._renew()
            self._session.pop(ID_KEY, None)
            self._session.modified = True

    def _renew(self) -> None:
        self._interface.renew(self._app, self._session)
        self._renewed = True

    def revert(self) -> None:
        """Go back to what is stored: nothing of this request's changes is."""
        self._wrote = False
        own = getattr(self._session, "revert", None)
        if own is not None:
            own()
            return
        stored = self._interface.open_session(self._app, self._request)
        values = {} if stored is None else dict(stored)
        for key in [key for key in self._session if key not in values]:
            del self._session[key]
        if values:
            self._session.update(values)
        # Under a new id, what is stored has to be stored again.
        self._session.modified = self._renewed or getattr(stored, "modified", False)

    # For those who save it.

    @property
    def _interface(self) -> SharedSessionInterface:
        return share_sessions(self._app)

    def stands_for(self, session: object) -> bool:
        """Return whether ``session`` is the one behind this."""
        return session is self._session

    def check_before_saving(self) -> None:
        """Raise ``SessionValueError`` if what was set here would not come back.

        Only where this object was written to: code that uses ``flask.session`` alone
        gets what it would get without compatshim.
        """
        if not getattr(self._session, "modified", True):
            return
        if self._id is not None and self._session:
            self._session[ID_KEY] = self._id
        if self._wrote:
            check_session(self._session, self._interface.keeps_session_value)


def open_session(context: RequestContext) -> Session:
    """Return the common session of a Flask request context, made once.

    Raises ``SessionUnavailableError`` where the store is down, and that is an error.
    """
    made: Session | None = vars(context).get(COMMON_SESSION)
    if made is None:
        made = vars(context)[COMMON_SESSION] = _make_session(context)
    return made


def _make_session(context: RequestContext) -> Session:
    app, request = context.app, context.request
    interface = share_sessions(app)
    session: Any = context.session
    if session is None:  # Flask up to 3.1.2, before it is opened
        raise NoRequestError("session")
    session.accessed = True  # where that is not the request context's own affair
    try:
        return Session(session, app, request)
    except Exception as error:
        # Some sessions are not read before they are touched.
        if not is_failure(error):
            raise
        session = interface.stand_in(app, error)
        replace_session(context, session)
        return Session(session, app, request)
