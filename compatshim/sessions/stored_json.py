"""How Flask-Session's stores keep values: by Flask's TaggedJSON instead of msgspec.

msgspec makes lists of tuples and text of UUIDs and Markup, and where it can read nothing,
Flask-Session unpickles: whoever can write the store could then run code.
"""

from __future__ import annotations

import logging
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask.json.tag import JSONTag, TagDateTime, TaggedJSONSerializer
from flask.sessions import session_json_serializer

from compatshim.sessions.values import is_kept, keeps_by_own_tag

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["StoredJSON", "use_stored_json"]

log = logging.getLogger(__name__)

# JSON may begin with white space, and Flask-Session's never does: it tells ours from what
# was stored before, and Flask-Session can still read it when the shim has gone.
_MARK = b" "


class _TagExactDateTime(TagDateTime):
    """Keep fractions of seconds, and datetimes without a zone, as msgspec did."""

    __slots__ = ()

    def to_json(self, value: Any) -> str:
        return str(value.isoformat())

    def to_python(self, value: Any) -> datetime:
        return datetime.fromisoformat(value)


def _with_exact_datetimes(serializer: TaggedJSONSerializer) -> TaggedJSONSerializer:
    """Return a serializer with the tags of ``serializer``, but for that of datetimes."""
    exact = TaggedJSONSerializer()
    exact.tags.clear()
    exact.order.clear()
    for tag in serializer.order:
        kind: type[JSONTag] = type(tag)
        exact.register(_TagExactDateTime if kind is TagDateTime else kind)
    return exact


class StoredJSON:
    """A serializer for Flask-Session, in the place of ``former``, its own.

    Reads what ``former`` has written, but never pickles: such a session is a new one.
    Values that TaggedJSON does not keep, which only code that knows nothing of
    compatshim can put there, are written as ``former`` writes them.
    """

    def __init__(self, former: Any) -> None:
        self.former = former

    def keeps(self, value: object) -> bool:
        """Return whether a value beyond TaggedJSON's comes back as it was."""
        return type(value) is datetime or keeps_by_own_tag(
            session_json_serializer, value
        )

    def encode(self, session: Mapping[str, Any]) -> bytes:
        """Return the session as the store keeps it."""
        if not is_kept(session, self.keeps):
            written: bytes = self.former.encode(session)
            return written
        # Made anew, because an application may register its tags at any time.
        serializer = _with_exact_datetimes(session_json_serializer)
        return _MARK + serializer.dumps(dict(session)).encode()

    def decode(self, serialized_data: bytes) -> dict[str, Any] | None:
        """Return the values of a stored session, ``None`` if they cannot be read."""
        if serialized_data.startswith(_MARK):
            serializer = _with_exact_datetimes(session_json_serializer)
            return _as_session(serializer.loads, serialized_data)
        for decoder in (self.former.decoder, self.former.alternate_decoder):
            values = _as_session(decoder.decode, serialized_data)
            if values is not None:
                return values
        log.warning(
            "A stored session cannot be read, and its visitor gets a new one. Sessions"
            " that old releases of Flask-Session pickled are not read: unpickling runs"
            " whatever code somebody has put into the store."
        )
        return None


def _as_session(load: Any, data: bytes) -> dict[str, Any] | None:
    try:
        values = load(data)
    except (AttributeError, LookupError, TypeError, ValueError, RecursionError):
        return None
    return values if isinstance(values, dict) else None


def use_stored_json(interface: Any) -> None:
    """Give ``interface`` our serializer where it has Flask-Session's own.

    A serializer that the application has written is left alone.
    """
    flask_session = sys.modules.get("flask_session.base")
    own = getattr(flask_session, "MsgSpecSerializer", None)
    if own is not None and type(getattr(interface, "serializer", None)) is own:
        interface.serializer = StoredJSON(interface.serializer)
