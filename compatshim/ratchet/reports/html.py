"""A page for people: the trend, what remains for each rule, and where it is.

It is one file that needs no network and no script.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from compatshim.deprecation import CODES
from compatshim.ratchet.reports._page import render_page
from compatshim.ratchet.reports._report import title_of
from compatshim.ratchet.reports._trend import trend_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compatshim.ratchet.findings import Finding
    from compatshim.ratchet.history import Run
    from compatshim.ratchet.reports._report import Report

__all__ = ["render"]

_COLOURS = 6
_TOP_FILES = 15
_FEW = 10
"""So many places can be seen at once, and so many files that the baseline does not allow;
of more, the places of a file are shown when it is asked for."""


class Rule(NamedTuple):
    """A code, and how much of it remains."""

    code: str
    title: str
    explanation: str
    places: int
    files: int


class File(NamedTuple):
    """A file, its findings, and how many of them each colour has."""

    path: str
    findings: tuple[Finding, ...]
    parts: tuple[tuple[str, int], ...]


class Colours:
    """Gives the codes with the most places a colour each; the others share the last."""

    OTHERS = "others"

    def __init__(self, report: Report) -> None:
        counts = Counter(finding.code for finding in report.own)
        for run in report.history:
            counts |= Counter(run.codes)
        for finding in report.others:
            counts.setdefault(finding.code, 0)  # they come last, but have a colour
        ranked = sorted(counts, key=lambda code: (-counts[code], code))
        # A single one that is left over can as well have its own name.
        shown = ranked[: _COLOURS if len(ranked) > _COLOURS + 1 else len(ranked)]
        self.names = (*shown, self.OTHERS) if len(shown) < len(ranked) else (*shown,)

    def of(self, code: str) -> str:
        """Return the name that ``code`` counts for: its own, or ``OTHERS``."""
        return code if code in self.names else self.OTHERS

    def number(self, name: str) -> int:
        """Return the number of a name's colour, from 1 on."""
        return self.names.index(name) + 1

    def parts(self, codes: Counter[str]) -> tuple[tuple[str, int], ...]:
        """Return how many there are of each name, without those that there are not."""
        counts: Counter[str] = Counter()
        for code, count in codes.items():
            counts[self.of(code)] += count
        return tuple((name, counts[name]) for name in self.names if counts[name])


def render(report: Report) -> str:
    """Return the report as an HTML page."""
    return render_page("compatshim.ratchet.reports", "page.html", _context(report))


def _context(report: Report) -> dict[str, Any]:
    colours = Colours(report)
    files = _files(report.own, colours)

    def count(run: Run, name: str) -> int:
        return dict(colours.parts(Counter(run.codes))).get(name, 0)

    return {
        "project": report.root.resolve().name,
        "report": report,
        "colours": colours,
        "title_of": title_of,
        "count": count,
        "trend": trend_of(report.history, colours.names, count),
        "rules": _rules(report.own),
        "files": files,
        "top": sorted(files, key=lambda file: -len(file.findings))[:_TOP_FILES],
        "worse": _files(report.worse, colours),
        "few": _FEW,
        "others": _files(report.others, colours),
    }


def _rules(findings: Sequence[Finding]) -> list[Rule]:
    places = Counter(finding.code for finding in findings)
    files = Counter(code for _, code in {(one.path, one.code) for one in findings})
    return [
        Rule(
            code,
            title_of(code),
            CODES[code].explanation if code in CODES else "",
            places[code],
            files[code],
        )
        for code in sorted(places, key=lambda code: (-places[code], code))
    ]


def _files(findings: Sequence[Finding], colours: Colours) -> list[File]:
    return [
        File(path, same, colours.parts(Counter(finding.code for finding in same)))
        for path, found in groupby(findings, key=lambda finding: finding.path)
        if (same := tuple(found))
    ]
