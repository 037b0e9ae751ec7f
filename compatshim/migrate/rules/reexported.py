"""``from myapp.lib.base import request``: a legacy name by way of another module."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.migrate.findings import ASSISTED, FROM_IMPORT, MANUAL
from compatshim.migrate.noting import finding_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compatshim.migrate.examined import Examined
    from compatshim.migrate.findings import Finding
    from compatshim.migrate.flow import Flow

CODE = "CS120"
BEFORE = "from myapp.lib.base import request\n"
AFTER = "from compatshim.common import request\n"


def follow(examined: Examined, location: str, flow: Flow) -> Iterator[Finding]:
    """Yield a finding for each legacy name that the file at ``location`` has so."""
    from compatshim.migrate.reaching import reached_names

    catalogue = examined.catalogue
    for one in reached_names(examined, location, flow):
        target = one.what.target
        if catalogue.package_of(target) is None or catalogue.package_of(one.module):
            continue  # it is not legacy (any more), or another rule finds it
        replacement = catalogue.replacement(*catalogue.split(target))
        is_sure = replacement and not examined.is_unsure(one.start, one.end)
        is_import = one.kind == FROM_IMPORT and one.imported.name != "*"
        yield finding_at(
            examined,
            (one.start, one.end),
            one.path,
            code=CODE,
            kind=one.kind,
            module=one.module,
            name=one.name,
            asname=one.imported.asname if is_import else None,
            replacement=replacement,
            fix=ASSISTED if is_sure else MANUAL,
        )
