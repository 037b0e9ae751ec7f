"""What Beaker's sessions are made of in a store, and what cannot be."""

from __future__ import annotations

import zlib
from typing import Any

from flask.sessions import session_json_serializer

from compatshim.errors import SessionValueError

__all__ = ["TaggedBeakerJSON", "check_serializable"]


class TaggedBeakerJSON:
    """Beaker's JSON, with Flask's tags for what JSON itself would change.

    What Beaker has written is read as it is, and what needs no tag is written as Beaker
    writes it.
    """

    def loads(self, data: bytes) -> Any:
        """Return the values of a session."""
        return session_json_serializer.loads(zlib.decompress(data).decode())

    def dumps(self, values: Any) -> bytes:
        """Return the values of a session as Beaker keeps them."""
        return zlib.compress(session_json_serializer.dumps(values).encode())


def check_serializable(session: Any) -> None:
    """Raise ``SessionValueError`` for a value that its serializer does not take."""
    try:
        session.serializer.dumps(dict(session))
    except Exception:
        for key, value in session.items():
            _check_item(session.serializer, key, value)
        raise


def _check_item(serializer: Any, key: Any, value: Any) -> None:
    try:
        serializer.dumps({key: value})
    except Exception as error:
        reason = f"is not taken by Beaker's serializer ({error})"
        path = f"session[{key!r}]"
        raise SessionValueError(key, type(value), path, reason) from error
