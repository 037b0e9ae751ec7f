"""The common session as a mapping: what is set comes back as it was, or is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, MutableMapping
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from compatshim.errors import NotForwardedError
from compatshim.serving import is_flask_request, legacy_request
from compatshim.sessions.interface import share_sessions
from compatshim.sessions.storing import is_stored
from compatshim.sessions.values import check_session, check_value

if TYPE_CHECKING:
    from flask import Flask, Request

    from compatshim.sessions.interface import SharedSessionInterface

__all__ = [
    "ID_KEY",
    "OWN_NAMES",
    "SessionMapping",
    "not_forwarded",
    "refuse_where_stored",
]

ID_KEY = "_session_id"
"""The key of a session's id, where its interface keeps none of its own."""

OWN_NAMES = frozenset(
    {
        "_app",
        "_id",
        "_is_new",
        "_renewed",
        "_request",
        "_session",
        "_wrote",
    }
)

_MISSING: Any = object()

_BEFORE = (
    "The session was stored with the headers of the response, which are with the server."
    " Change it before the view returns, or in an error handler, after_request or"
    " __after__."
)


class SessionMapping(MutableMapping[str, Any]):
    """The values of the session that an interface has opened.

    Setting one that would not come back as it was raises ``SessionValueError``, and a
    change after the session was stored ``NotForwardedError``.
    """

    __slots__ = (*sorted(OWN_NAMES), "__weakref__")

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

    def __getitem__(self, key: str) -> Any:
        return self._session[key]

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of ``key``, or ``default``."""
        return self._session.get(key, default)

    def __setitem__(self, key: str, value: Any) -> None:
        self._check_not_stored(f"[{key!r}]")
        check_value(key, value, self._interface.keeps_session_value)
        self._wrote = True
        self._session[key] = value

    def __delitem__(self, key: str) -> None:
        self._check_not_stored(f"[{key!r}]")
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

    def __ior__(self, other: Mapping[str, Any]) -> SessionMapping:
        self.update(other)
        return self

    def pop(self, key: str, default: Any = _MISSING) -> Any:
        """Remove ``key`` and return its value, or ``default`` if that is given."""
        if key in self._session:
            self._check_not_stored(".pop")
        if default is _MISSING:
            return self._session.pop(key)
        return self._session.pop(key, default)

    def clear(self) -> None:
        """Remove every key."""
        if self._session:
            self._check_not_stored(".clear")
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

    def __repr__(self) -> str:
        # Not the values: a session holds secrets, and reprs end in logs.
        return f"<{type(self).__name__} of {len(self)} keys>"

    @property
    def _interface(self) -> SharedSessionInterface:
        return share_sessions(self._app)

    def _check_not_stored(self, change: str) -> None:
        if self._is_stored():
            raise not_forwarded(change, _BEFORE)

    def _is_stored(self) -> bool:
        record = None if is_flask_request() else legacy_request()
        if record is None or record.flask_side is None or is_stored(self._request):
            return is_stored(self._request)
        is_over: bool = record.flask_side.is_session_stored
        return is_over and not self._interface.is_null_session(self._session)

    # For those who save it.

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


def refuse_where_stored(session: SessionMapping, change: str) -> None:
    """Raise ``NotForwardedError`` for a ``change`` that comes after storing.

    For code that changes the session past this object, as Flask's own functions do.
    """
    session._check_not_stored(change)  # noqa: SLF001


def not_forwarded(name: str, instead: str) -> NotForwardedError:
    """Return the error for ``.name`` or ``['key']`` of the session."""
    framework = "flask" if is_flask_request() else "legacy"
    return NotForwardedError(f"session{name}", framework, instead)
