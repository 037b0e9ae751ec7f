"""``from pylons.i18n import *``: which names are meant, only people can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.migrate.noting import finding_of_import

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compatshim.migrate.examined import Examined
    from compatshim.migrate.findings import Finding

CODE = "CS105"
BEFORE = AFTER = "from pylons.i18n import *\n"


def find(examined: Examined) -> Iterator[Finding]:
    """Yield a finding for each legacy star import."""
    for one in examined.imports:
        if one.name == "*":
            yield finding_of_import(examined, CODE, one)
