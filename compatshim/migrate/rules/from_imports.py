"""``from pylons import request``: a name that ``compatshim.common`` has, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.migrate.noting import finding_of_import

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compatshim.migrate.examined import Examined
    from compatshim.migrate.findings import Finding

CODE = "CS101"
BEFORE = "from pylons import request, tmpl_context as c\n"
AFTER = "from compatshim.common import c, request\n"


def find(examined: Examined) -> Iterator[Finding]:
    """Yield a finding for each imported name with a counterpart."""
    for one in examined.imports:
        replacement = examined.catalogue.replacement(one.module, one.name)
        if replacement:
            yield finding_of_import(examined, CODE, one, replacement)
