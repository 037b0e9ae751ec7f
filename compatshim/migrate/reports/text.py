"""A report to read in a terminal: each place, then what there is of what, and where."""

from __future__ import annotations

import textwrap
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from compatshim.deprecation.codes import CODES
from compatshim.migrate.findings import FIXES
from compatshim.migrate.reports._estimate import estimate
from compatshim.ratchet.wording import many, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from compatshim.migrate.audit import Audit
    from compatshim.migrate.findings import Finding
    from compatshim.migrate.reports._report import Report

__all__ = ["render"]

_GAP = "  "
_INDENT = "    "
_MOST = 20
"""So many names and directories are listed; of more there is the sum."""


def render(report: Report) -> str:
    """Return the report as text.

    Without a width each finding is one line, for other programs. Where one is given and
    a line would be longer, what to write is in a line of its own, and sentences are
    folded. With a baseline only what it does not allow is listed, and what can shrink.
    """
    audit = report.audit
    lines = [*_places(report), *_unreadable(audit), *_totals(report), *_verdict(report)]
    return "\n".join(lines) + "\n"


def _places(report: Report) -> Iterator[str]:
    findings: Iterable[Finding] = report.audit.findings
    if report.allowed is not None:
        findings = filter(report.standing.is_worse, findings)
    for _, group in groupby(findings, key=lambda one: (one.root, one.path)):
        rows = [
            (
                f"{_location(finding)}:",
                finding.code,
                finding.full_name,
                _advice(finding),
            )
            for finding in group
        ]
        yield from _rows(rows, report.width)
        yield ""


def _rows(rows: list[tuple[str, str, str, str]], width: int | None) -> list[str]:
    lines = _table(rows)
    if width is None or max(map(len, lines)) <= width:
        return lines
    return [line for row in rows for line in _stacked(row, width)]


def _stacked(row: tuple[str, str, str, str], width: int) -> list[str]:
    where, code, name, advice = row
    first = f"{where} {code} {name}"
    if len(first) <= width:
        return [first, f"{_INDENT}{advice}"]
    return [where, f"{_INDENT}{code} {name}", f"{_INDENT}{advice}"]


def _verdict(report: Report) -> Iterator[str]:
    verdict = report.standing.verdict if report.allowed is not None else None
    if verdict is None:
        return
    yield ""
    worse, better = verdict.comparison.worse, verdict.comparison.better
    if worse:
        for sentence in (*verdict.more(), verdict.is_more()):
            yield from _folded(sentence, report.width)
    if better:
        yield from verdict.better()
    if not worse and not better:
        count = many(len(report.standing.held.own), "legacy name")
        sentence = f"{count}, none more than {verdict.name} allows."
        yield from _folded(sentence, report.width)


def _folded(text: str, width: int | None) -> list[str]:
    if width is None:
        return [text]
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)


def _location(finding: Finding) -> str:
    root = finding.root.rstrip("/")
    prefix = f"{root}/" if root not in ("", ".") else ""
    return f"{one_line(prefix + finding.path)}:{finding.line}:{finding.column}"


def _advice(finding: Finding) -> str:
    parts = [finding.fix]
    if finding.replacement:
        parts.append(f"write {finding.replacement}")
    parts += [CODES[code].title.lower() for code in finding.also if code in CODES]
    return ", ".join(parts)


def _unreadable(audit: Audit) -> Iterator[str]:
    if audit.unreadable:
        yield f"{many(len(audit.unreadable), 'file')} not read, or not all of it:"
        yield from _table(
            (one_line(one.location), one_line(one.reason)) for one in audit.unreadable
        )
        yield ""


def _totals(report: Report) -> Iterator[str]:
    audit = report.audit
    count = len(audit.findings)
    in_files = len({(one.root, one.path) for one in audit.findings})
    if not count:
        yield f"Nothing legacy in {many(audit.files, 'file')}."
        return
    yield from _counted("By rule", (_rule(one.code) for one in audit.findings))
    yield from _counted("By name", (one.full_name for one in audit.findings), "name")
    directories = map(_directory, audit.findings)
    yield from _counted("By directory", directories, "directory", "directories")
    sentence = (
        f"{many(count, 'legacy name')} in {in_files} of {many(audit.files, 'file')}:"
        f" {_by_fix(audit)}."
    )
    yield from _folded(sentence, report.width)
    yield from _folded(estimate(audit.findings), report.width)


def _counted(
    heading: str, names: Iterable[str], noun: str = "", nouns: str = ""
) -> list[str]:
    """Return how many there are of each; with a ``noun`` of so many names at most."""
    counts = sorted(Counter(names).items(), key=lambda pair: (-pair[1], pair[0]))
    shown = counts[:_MOST] if noun else counts
    left = counts[len(shown) :]
    if left:
        more = noun if len(left) == 1 else nouns or f"{noun}s"
        shown.append((f"({len(left)} more {more})", sum(count for _, count in left)))
    width = max(len(str(count)) for _, count in shown)
    rows = [(f"{count:>{width}}", name) for name, count in shown]
    return [heading, *(f"  {line}" for line in _table(rows)), ""]


def _rule(code: str) -> str:
    return f"{code} {CODES[code].title}" if code in CODES else code


def _directory(finding: Finding) -> str:
    return _location(finding).rpartition(":")[0].rpartition("/")[0] or "."


def _by_fix(audit: Audit) -> str:
    counts = Counter(one.fix for one in audit.findings)
    return ", ".join(f"{counts[fix]} {fix}" for fix in FIXES)


def _table(rows: Iterable[tuple[str, ...]]) -> list[str]:
    rows = list(rows)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        _GAP.join(
            cell.ljust(width) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]
