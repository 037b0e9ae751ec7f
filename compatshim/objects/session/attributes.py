"""The attributes of the common session that are the interface's own, and those refused."""

from __future__ import annotations

from typing import Any

from compatshim.objects.session.mapping import (
    OWN_NAMES,
    SessionMapping,
    not_forwarded,
)

__all__ = ["SessionAttributes"]

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


class SessionAttributes(SessionMapping):
    """A session with the attributes of the one behind it: ``permanent``, ``modified``...

    One that only Beaker's sessions have raises ``NotForwardedError`` where the
    interface's have it not.
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        if name in OWN_NAMES or name[:2] == "__":  # such as copy asks for
            raise AttributeError(name)
        try:
            return getattr(self._session, name)
        except AttributeError:
            if isinstance(getattr(type(self), name, None), property):
                # Our own has raised an AttributeError, and is to say which.
                return object.__getattribute__(self, name)
            if name in _CONFIGURED:
                return getattr(self._interface, _CONFIGURED[name][0])(self._app)
            if name in _INSTEAD:
                raise not_forwarded(f".{name}", _INSTEAD[name]) from None
            raise

    def __setattr__(self, name: str, value: Any) -> None:
        if name in OWN_NAMES:
            object.__setattr__(self, name, value)
            return
        if name in _INSTEAD or name in _CONFIGURED:
            self._refuse_to_set(name)
        self._check_not_stored(f".{name}")
        if name == "modified" and value:
            self._wrote = True
        setattr(self._session, name, value)

    def __delattr__(self, name: str) -> None:
        self._check_not_stored(f".{name}")
        delattr(self._session, name)

    def _refuse_to_set(self, name: str) -> None:
        if hasattr(self._session, name):  # the interface knows what it means
            return
        instead = _INSTEAD.get(name)
        if instead is None:
            instead = (
                f"Set {_CONFIGURED[name][1]} in app.config: it is the same for all."
            )
        raise not_forwarded(f".{name}", instead)
