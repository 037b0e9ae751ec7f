"""Values as files hold them, checked: people and other programs write files, too."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

__all__ = ["as_text", "as_time", "from_json", "instance_of"]


def from_json(text: str) -> Any:
    """Return what ``text`` says in JSON; ``ValueError`` where it is none."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def instance_of(value: Any, kind: type) -> Any:
    """Return ``value``, which is a ``kind`` (and no ``bool``), or raise ``ValueError``."""
    if not isinstance(value, kind) or isinstance(value, bool):
        raise ValueError(f"{value!r:.100} is no {kind.__name__}")  # noqa: TRY004 (the file's)
    return value


def as_text(time: datetime) -> str:
    """Return ``time`` as files have it: UTC, to the second, so that texts sort."""
    utc = time.astimezone(timezone.utc).replace(tzinfo=None)
    return f"{utc.isoformat(timespec='seconds')}Z"


def as_time(value: Any) -> datetime:
    """Return the time that :func:`as_text` has written; ``ValueError`` for no time."""
    # Python 3.10 does not read a Z.
    time = datetime.fromisoformat(instance_of(value, str).replace("Z", "+00:00"))
    if time.tzinfo is None:
        raise ValueError(f"the time {value!r} has no time zone")
    return time
