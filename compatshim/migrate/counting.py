"""What a baseline counts of an audit: the same entries as of a run that reaches it all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from compatshim.deprecation.names import import_line
from compatshim.ratchet.findings import Finding as Counted
from compatshim.ratchet.places import place_below

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from compatshim.migrate.findings import Finding
    from compatshim.ratchet.findings import Key
    from compatshim.ratchet.places import Place

__all__ = ["counted", "location_of", "places_in"]

_LEGACY = "compatshim.legacy"


def location_of(root: str, path: str) -> str:
    """Return where a file is that reports call ``path``, below the PATH ``root``."""
    return os.path.join(root, path) if root else path


def places_in(project: Path) -> Callable[[str, str], Place]:
    """Return what tells the place in ``project`` of a file, by the PATH and its path."""
    known: dict[tuple[str, str], Place] = {}

    def place_of(root: str, path: str) -> Place:
        place = known.get((root, path))
        if place is None:
            place = place_below(project, location_of(root, path))
            known[root, path] = place
        return place

    return place_of


def counted(
    findings: Iterable[Finding], place_of: Callable[[str, str], Place]
) -> list[Counted]:
    """Return the findings as a baseline counts them, in the order in which they come.

    As in a run, those of one name in one statement are one.
    """
    found: dict[tuple[Key, int], Counted] = {}
    for finding in findings:
        place = place_of(finding.root, finding.path)
        one = Counted(
            place.path,
            finding.line,
            finding.code,
            _name(finding.full_name),
            finding.function,
            import_line(finding.replacement) if finding.replacement else "",
            origin=place.origin,
            end_line=finding.end_line,
        )
        found.setdefault((one.key, one.line), one)
    return list(found.values())


def _name(name: str) -> str:
    """Return how warnings call a name of what stands for Pylons on Python 3."""
    if name == _LEGACY or name.startswith(f"{_LEGACY}."):
        return f"pylons{name.removeprefix(_LEGACY)}"
    return name
