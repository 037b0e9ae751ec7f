"""What a running site has counted, for people and for programs to read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from compatshim.deprecation.stores import open_store
from compatshim.deprecation.stores.values import as_text
from compatshim.ratchet.reports._table import table
from compatshim.ratchet.wording import many

if TYPE_CHECKING:
    from compatshim.deprecation.stores.contents import Contents, StoredUse

__all__ = ["render_store"]

VERSION = 1

_HEADINGS = ("what", "where", "uses", "first seen", "last seen", "write instead")


def render_store(address: str, format_name: str) -> str:
    """Return what the store at ``address`` holds as ``"text"`` or ``"json"``.

    Raises ``DeprecationStoreError``.
    """
    contents = open_store(address).read()
    return _as_json(contents) if format_name == "json" else _as_text(contents)


def _as_json(contents: Contents) -> str:
    values = {
        "version": VERSION,
        "started": as_text(contents.started),
        "dropped": contents.dropped,
        "uses": [one.to_dict() for one in contents.uses],
    }
    return json.dumps(values, indent=2) + "\n"


def _as_text(contents: Contents) -> str:
    count = sum(one.use.count for one in contents.uses)
    lines = [
        f"Counted since {as_text(contents.started)}:"
        f" {many(count, 'use')} at {many(len(contents.uses), 'place')}\n"
    ]
    if contents.dropped:
        lines.append(
            f"{many(contents.dropped, 'more use')} at places that were forgotten, to"
            " stay within the limit of the store\n"
        )
    if contents.uses:
        lines += ["\n", table(_HEADINGS, map(_row, contents.uses))]
    return "".join(lines)


def _row(stored: StoredUse) -> tuple[str, ...]:
    use = stored.use
    return (
        f"{use.site.code} {use.site.name}",
        f"{use.site.filename}:{use.site.line}",
        str(use.count),
        as_text(stored.first_seen),
        as_text(stored.last_seen),
        use.instead,
    )
