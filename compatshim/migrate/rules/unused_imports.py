"""``from pylons import request``, and nothing more of ``request``: never used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.migrate.exports import is_exported
from compatshim.migrate.readers import is_read_in_text

if TYPE_CHECKING:
    from compatshim.migrate.examined import Examined, LegacyImport

CODE = "CS110"
BEFORE = "from pylons import request\n"
AFTER = ""


def holds(examined: Examined, found: LegacyImport) -> bool:
    """Tell whether nothing uses the imported name: no code, annotation or doctest."""
    return (
        bool(found.bound)
        and not examined.scopes.is_used(found.bound)
        and not is_exported(examined, found)
        and not is_read_in_text(examined, found.bound)
    )
