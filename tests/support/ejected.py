"""What ``compatshim eject`` makes of one file, and says of it."""

from __future__ import annotations

from typing import NamedTuple

from compatshim.migrate.ejecting.ejection import eject_source
from compatshim.migrate.ejecting.names import CommonNames
from compatshim.migrate.sources import decode

COMMON = "from compatshim.common import "


class Result(NamedTuple):
    """The new text, and the places that need a hand or differ, as ``line code name``."""

    text: str
    hands: list[str]
    notes: list[str]


def eject(text: str, **options: object) -> Result:
    """Return what becomes of a file that reads ``text``."""
    found = eject_source(decode("a.py", text.encode()), CommonNames(), **options)
    return Result(
        found.rewriting.data.decode(),
        [f"{one.line} {one.code} {one.name}" for one in found.rewriting.refusals],
        [f"{one.line} {one.code} {one.name}" for one in found.notes],
    )
