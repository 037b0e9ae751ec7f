"""When the store of the sessions is down: what is a failure, and what stands in."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, NoReturn

from flask.sessions import NullSession, SecureCookieSession
from werkzeug.exceptions import HTTPException

from compatshim.errors import CompatShimError, SessionUnavailableError

if TYPE_CHECKING:
    from flask import Flask

__all__ = [
    "CONFIG_KEY",
    "DroppedSession",
    "UnavailableSession",
    "is_failure",
    "is_wanted_empty",
    "log_failure",
]

log = logging.getLogger(__name__)

CONFIG_KEY = "COMPATSHIM_SESSION_UNAVAILABLE"
"""The configuration key: ``"error"``, the default, or ``"empty"``."""

# What Python raises for a mistake in code or in a value: that is no store that is down.
# Stores raise OSError or exceptions of their libraries' own.
_MISTAKES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    ImportError,
    LookupError,
    NameError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)


def is_failure(error: Exception) -> bool:
    """Return whether ``error``, of a session interface, says that its store failed."""
    if isinstance(error, OSError):  # also those of ours
        return True
    return not isinstance(error, (CompatShimError, HTTPException, *_MISTAKES))


def is_wanted_empty(app: Flask) -> bool:
    """Return whether pages are served with an empty session when the store is down."""
    return bool(app.config.get(CONFIG_KEY) == "empty")


def log_failure(action: str, interface: str, error: Exception) -> None:
    """Write the one line of the log that a failure gets."""
    log.error(
        "The session could not be %s, because the store of %s failed: %s: %s",
        action,
        interface,
        type(error).__name__,
        _without_values(error),
    )


def _without_values(error: Exception) -> str:
    """Return the text of ``error`` on one line, without what was sent to the store.

    SQLAlchemy's errors end with the statement and its parameters: the session's id.
    """
    text = str(getattr(error, "orig", None) or error)
    return " ".join(text.partition("[SQL:")[0].split())


class DroppedSession(SecureCookieSession):
    """Stands in where the store is down and ``"empty"`` is wanted: never stored."""


class UnavailableSession(NullSession):
    """Stands in where the store is down: whatever touches it raises.

    So a page that has no use for the session is served all the same.
    """

    def __init__(self, interface: str, error: Exception) -> None:
        super().__init__()
        self._interface = interface
        self._error = error

    def _fail(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise SessionUnavailableError("read", self._interface) from self._error

    __getitem__ = __setitem__ = __delitem__ = __contains__ = _fail
    __iter__ = __len__ = __bool__ = __eq__ = __ne__ = __or__ = __ior__ = _fail
    get = keys = values = items = copy = _fail
    clear = pop = popitem = update = setdefault = _fail
    __hash__ = None  # type: ignore[assignment]  # as Python sets it beside __eq__

    def __copy__(self) -> UnavailableSession:
        return self

    def __repr__(self) -> str:
        return f"<{type(self).__name__} because of a {type(self._error).__name__}>"
