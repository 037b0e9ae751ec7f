"""``from pylons.controllers import WSGIController``: a name that has no counterpart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.migrate.noting import finding_of_import, finding_of_use

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compatshim.migrate.examined import Examined
    from compatshim.migrate.findings import Finding

CODE = "CS103"
BEFORE = AFTER = "from pylons.controllers import WSGIController\n"


def find(examined: Examined) -> Iterator[Finding]:
    """Yield a finding for each name of the framework without a counterpart."""
    catalogue = examined.catalogue
    for one in examined.imports:
        if (
            one.name not in ("", "*")
            and not catalogue.is_module(one.target)
            and not catalogue.is_library(one.module)
            and not catalogue.replacement(one.module, one.name)
        ):
            yield finding_of_import(examined, CODE, one)
    for use in examined.uses:
        if not catalogue.is_library(use.module) and not catalogue.replacement(
            use.module, use.name
        ):
            yield finding_of_use(examined, CODE, use)
