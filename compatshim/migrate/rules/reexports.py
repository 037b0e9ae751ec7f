"""A legacy name that a module hands on: by ``__all__``, by its alias, from a package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.migrate.exports import is_exported

if TYPE_CHECKING:
    from compatshim.migrate.examined import Examined, LegacyImport

CODE = "CS111"
BEFORE = 'from pylons import request\n\n__all__ = ["request"]\n'
AFTER = 'from compatshim.common import request\n\n__all__ = ["request"]\n'


def holds(examined: Examined, found: LegacyImport) -> bool:
    """Tell whether the module hands the imported name on."""
    return is_exported(examined, found)
