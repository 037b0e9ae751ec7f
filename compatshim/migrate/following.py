"""The second pass of an audit: what reaches a file by way of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.migrate.examined import Examined
from compatshim.migrate.flow import Flow
from compatshim.migrate.ignoring import without_ignored
from compatshim.migrate.rules import all_rules
from compatshim.migrate.sources import read_source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compatshim.migrate.catalogue import Catalogue
    from compatshim.migrate.findings import Finding
    from compatshim.migrate.trees import File

__all__ = ["follow"]


def follow(files: Sequence[File], catalogue: Catalogue) -> Iterator[Finding]:
    """Yield what the rules find that look at all of ``files`` together."""
    flow = Flow(files, catalogue)
    by_location = {flow.modules.location_of(file.location): file for file in files}
    for location in flow.readers():
        file = by_location[location]
        source = read_source(location)
        examined = Examined(source, catalogue, file.path, file.root)
        found = [
            finding
            for rule in all_rules()
            if rule.follow
            for finding in rule.follow(examined, location, flow)
        ]
        yield from without_ignored(source, found)
