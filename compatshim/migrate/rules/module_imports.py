"""``import pylons``: the framework, or a module of it, as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.migrate.certainty import fix_of_module
from compatshim.migrate.noting import finding_of_import

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compatshim.migrate.examined import Examined
    from compatshim.migrate.findings import Finding

CODE = "CS104"
BEFORE = "import pylons\nprint(pylons.request.path)\n"
AFTER = "from compatshim.common import request\nprint(request.path)\n"


def find(examined: Examined) -> Iterator[Finding]:
    """Yield a finding for each legacy module that is imported as a whole."""
    catalogue = examined.catalogue
    for one in examined.imports:
        is_whole = not one.name or (
            one.name != "*"
            and catalogue.is_module(one.target)
            and not catalogue.replacement(one.module, one.name)
        )
        if is_whole and not catalogue.is_library(one.module):
            yield finding_of_import(
                examined, CODE, one, fix=fix_of_module(examined, one)
            )
