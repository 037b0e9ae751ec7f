"""``pylons.request`` after ``import pylons``: a name that is read from its module."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.migrate.noting import finding_of_use

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compatshim.migrate.examined import Examined
    from compatshim.migrate.findings import Finding

CODE = "CS102"
BEFORE = "import pylons\nprint(pylons.request.path)\n"
AFTER = "from compatshim.common import request\nprint(request.path)\n"


def find(examined: Examined) -> Iterator[Finding]:
    """Yield a finding for each name with a counterpart that is read from a module."""
    for use in examined.uses:
        replacement = examined.catalogue.replacement(use.module, use.name)
        if replacement:
            yield finding_of_use(examined, CODE, use, replacement)
