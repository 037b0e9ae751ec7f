"""What a run found: one entry for each place that uses something deprecated."""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from compatshim.ratchet.outlines import outline_of
from compatshim.ratchet.places import (
    NO_FILE,
    OUTSIDE,
    OWN,
    TESTS,
    THIRD_PARTY,
    Places,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from compatshim.deprecation import Use

__all__ = [
    "NO_FILE",
    "OUTSIDE",
    "OWN",
    "TESTS",
    "THIRD_PARTY",
    "Finding",
    "Key",
    "findings_of",
]


class Key(NamedTuple):
    """What a baseline counts by: never a line, so that lines may move."""

    path: str
    code: str
    name: str
    function: str


@dataclass(frozen=True, order=True)
class Finding:
    """One place that uses something deprecated.

    ``path`` is relative to the project's root, with slashes; ``line`` is the first one of
    the statement, and ``end_line`` its last one, or 0 where that is not known. ``function`` is the qualified name of the function or class around it,
    or ``""`` at the top of a module. ``instead`` is what to write there, ``callers`` are a
    few of those who came along ("shop/views.py:12 in show", the id of a test,
    "collection"), and ``count`` is how often that happened. ``origin`` says whose file it
    is (``places.Place``), and with it what ``path`` is where it is not below the root.
    """

    path: str
    line: int
    code: str
    name: str
    function: str = ""
    instead: str = ""
    callers: tuple[str, ...] = ()
    count: int = 1
    origin: str = OWN
    end_line: int = 0

    @property
    def key(self) -> Key:
        """What the baseline counts this finding by."""
        return Key(self.path, self.code, self.name, self.function)

    @property
    def is_held(self) -> bool:
        """Whether the baseline counts it: it is in a file of the project."""
        return self.origin in {OWN, TESTS}


def findings_of(
    uses: Iterable[Use], root: Path, ignore: Sequence[str] = ()
) -> list[Finding]:
    """Return what ``uses`` of the recorder mean for the project in ``root``, sorted.

    What matches a pattern of ``ignore`` is left out. Uses in one statement are one
    finding.
    """
    places = Places(root, ignore)
    outline = cache(outline_of)
    found: dict[tuple[Key, int], list[Finding]] = defaultdict(list)
    for use in uses:
        place = places.of(use.site.filename)
        if place is None:
            continue
        function, line = outline(use.site.filename).at(use.site.line)
        finding = Finding(
            place.path,
            line,
            use.site.code,
            use.site.name,
            function,
            use.instead,
            tuple(caller.removeprefix(f"{root}{os.sep}") for caller in use.callers),
            use.count,
            place.origin,
        )
        found[finding.key, line].append(finding)
    return sorted(map(_joined, found.values()))


def _joined(findings: list[Finding]) -> Finding:
    first = min(findings)
    if len(findings) == 1:
        return first
    callers = dict.fromkeys(caller for one in findings for caller in one.callers)
    return Finding(
        first.path,
        first.line,
        first.code,
        first.name,
        first.function,
        first.instead,
        tuple(callers),
        sum(one.count for one in findings),
        first.origin,
    )
