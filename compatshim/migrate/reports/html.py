"""A page for people: the tree as a picture, tables that can be sorted, and the code.

It is one file that works without a network. Its script sorts tables and moves in the
picture by the arrow keys; without it all the same can be read.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from compatshim.deprecation.codes import CODES
from compatshim.migrate.counting import location_of
from compatshim.migrate.findings import FIXES
from compatshim.migrate.reports._estimate import estimate
from compatshim.migrate.reports._excerpts import excerpt, lines_of
from compatshim.migrate.reports._treemap import Leaf, cells_of, density_of, tree_of
from compatshim.ratchet.reports._page import render_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from compatshim.migrate.findings import Finding
    from compatshim.migrate.reports._report import Report
    from compatshim.migrate.reports._treemap import Folder

__all__ = ["render"]

_FEW = 20
"""So many findings are open from the start."""

_MANY = 30
"""Of so many files each directory is to be opened, too."""

_PICTURES = {"wide": (960, 560), "narrow": (340, 460)}


class Row(NamedTuple):
    """A line of a table: how many findings there are of something, and how many by fix."""

    name: str
    total: int
    fixes: tuple[int, ...]
    files: int
    lines: int = 0

    @property
    def density(self) -> str:
        """The findings in 100 lines."""
        return f"{density_of(self.total, self.lines):.1f}"


class Statement(NamedTuple):
    """A statement, its code, and what is legacy in it."""

    line: int
    code: str
    findings: tuple[Finding, ...]


class File(NamedTuple):
    """A file with findings."""

    key: str
    path: str
    findings: tuple[Finding, ...]
    statements: tuple[Statement, ...]

    @property
    def directory(self) -> str:
        """The folder that it is in."""
        return _directory(self.path)


def render(report: Report) -> str:
    """Return the report as an HTML page."""
    return render_page(
        "compatshim.migrate.reports",
        "audit.html",
        _context(report),
        styles=("style.css", "audit.css"),
        script="audit.js",
    )


def _context(report: Report) -> dict[str, Any]:
    findings = report.audit.findings
    files = _files(findings)
    tree = _tree(report, files)
    standing = report.standing
    is_compared = report.allowed is not None
    return {
        "project": standing.project.resolve().name,
        "audit": report.audit,
        "lines": tree.lines,
        "total": len(findings),
        "fixes": [(fix, _fixes(findings)[index]) for index, fix in enumerate(FIXES)],
        "estimate": estimate(findings) if findings else "",
        "pictures": {name: cells_of(tree, *size) for name, size in _PICTURES.items()},
        "sizes": _PICTURES,
        "rules": _rows(findings, lambda one: one.code),
        "codes": CODES,
        "names": _rows(findings, lambda one: one.full_name),
        "instead": {one.full_name: one.replacement for one in findings},
        "directories": _directories(report),
        "files": files,
        "few": _FEW,
        "directories_apart": len(files) > _MANY,
        "baseline": str(report.allowed.path) if report.allowed else "",
        "worse": sum(map(standing.is_worse, findings)) if is_compared else 0,
        "is_worse": standing.is_worse if is_compared else lambda _: False,
    }


def _path(root: str, path: str) -> str:
    return location_of(root, path).removeprefix("./")


def _directory(path: str) -> str:
    return path.rpartition("/")[0] or "."


def _fixes(findings: Iterable[Finding]) -> tuple[int, ...]:
    counts = Counter(one.fix for one in findings)
    return tuple(counts[fix] for fix in FIXES)


def _rows(
    findings: Iterable[Finding],
    name_of: Callable[[Finding], str],
    lines: dict[str, int] | None = None,
) -> list[Row]:
    grouped: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        grouped[name_of(finding)].append(finding)
    rows = [
        Row(
            name,
            len(same),
            _fixes(same),
            len({(one.root, one.path) for one in same}),
            (lines or {}).get(name, 0),
        )
        for name, same in grouped.items()
    ]
    return sorted(rows, key=lambda row: (-row.total, row.name))


def _directories(report: Report) -> list[Row]:
    lines: Counter[str] = Counter()
    for one in report.audit.read:
        lines[_directory(_path(one.root, one.path))] += one.lines
    return _rows(
        report.audit.findings,
        lambda one: _directory(_path(one.root, one.path)),
        dict(lines),
    )


def _files(findings: Sequence[Finding]) -> list[File]:
    return [
        File(f"file-{number}", _path(*place), same, tuple(_statements(place, same)))
        for number, (place, found) in enumerate(
            groupby(findings, key=lambda one: (one.root, one.path)), start=1
        )
        if (same := tuple(found))
    ]


def _statements(
    place: tuple[str, str], findings: Iterable[Finding]
) -> Iterator[Statement]:
    lines = lines_of(location_of(*place))
    for (first, last), found in groupby(
        findings, key=lambda one: (one.line, one.end_line)
    ):
        yield Statement(first, excerpt(lines, first, last), tuple(found))


def _tree(report: Report, files: Sequence[File]) -> Folder:
    known = {file.path: file for file in files}
    read = {_path(one.root, one.path): one.lines for one in report.audit.read}
    leaves = []
    for path in sorted({*read, *known}):
        file = known.get(path)
        leaves.append(
            Leaf(
                path,
                read.get(path, 0),
                len(file.findings) if file else 0,
                file.key if file else "",
            )
        )
    return tree_of(leaves)
