"""``compatshim audit``: what its options ask for."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from compatshim.migrate.audit import audit
from compatshim.migrate.reports import Report, render
from compatshim.migrate.settings import legacy_packages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from compatshim.migrate.audit import Audit
    from compatshim.migrate.holding import Allowed

__all__ = ["FOUND", "run_audit"]

CLEAN = 0
FOUND = 1
"""The exit code where something legacy was found."""

_PATIENCE = 1.0  # seconds


def run_audit(
    paths: Sequence[str],
    write: Callable[[str], object],
    complain: Callable[[str], object],
    *,
    format_name: str = "text",
    output: Path | None = None,
    fail_on: Sequence[str] = (),
    jobs: int | None = None,
    flow: bool = False,
    root: Path | None = None,
    baseline: Path | None = None,
    update: bool = False,
    strict: bool = False,
) -> int:
    """Audit ``paths``, ``write`` the report or store it, and return the exit code.

    With ``fail_on`` only findings with one of these codes make it other than 0; with a
    ``baseline`` only those that it does not allow, and with ``strict`` also that it can
    shrink; an ``update`` writes it. ``complain`` is told what a report does not say.
    """
    allowed = _allowed(paths, root, baseline, update=update)
    own = legacy_packages(paths)
    with _progress() as show:
        found = audit(paths, own=own, jobs=jobs, flow=flow, progress=show)
    width = None if output else _width()
    report = Report(found, paths, root, allowed, width, flow=flow)
    if update:
        report = _updated(report, complain)
    elif allowed and (output or format_name != "text"):
        _say_verdict(report, complain, strict=strict)
    if format_name == "csv":
        _say_unreadable(found, complain)
    _deliver(render(report, format_name), output, write)
    return FOUND if _fails(report, fail_on, strict=strict) else CLEAN


def _allowed(
    paths: Sequence[str], root: Path | None, baseline: Path | None, *, update: bool
) -> Allowed | None:
    if baseline is None and not update:
        return None
    from compatshim.migrate.holding import Allowed
    from compatshim.migrate.projects import project_root
    from compatshim.ratchet.baseline import DEFAULT_PATH

    return Allowed.load(baseline or (root or project_root(paths)) / DEFAULT_PATH)


def _updated(report: Report, complain: Callable[[str], object]) -> Report:
    """Write the baseline, say so, and return the report as it then is."""
    report.standing.update()
    verdict = report.standing.verdict
    if report.allowed is None or verdict is None:
        return report
    complain(verdict.was_written())
    return replace(report, allowed=report.allowed.load(report.allowed.path))


def _say_verdict(
    report: Report, complain: Callable[[str], object], *, strict: bool
) -> None:
    verdict = report.standing.verdict
    if verdict is not None and verdict.comparison.worse:
        complain(verdict.is_more())
    if verdict is not None and strict and verdict.comparison.better:
        complain(verdict.can_shrink())


def _say_unreadable(found: Audit, complain: Callable[[str], object]) -> None:
    from compatshim.ratchet.wording import one_line

    for one in found.unreadable:
        complain(one_line(f"Not read, or not all of it: {one.location}: {one.reason}"))


def _deliver(text: str, output: Path | None, write: Callable[[str], object]) -> None:
    from compatshim.ratchet.wording import printable

    if output is None:
        write(printable(text))
        return
    from compatshim.errors import ReportFileError
    from compatshim.replacing import replace_file

    try:
        replace_file(output, printable(text))
    except OSError as error:
        raise ReportFileError(str(output), error.strerror or str(error)) from error


def _fails(report: Report, fail_on: Sequence[str], *, strict: bool) -> bool:
    findings = [
        one
        for one in report.audit.findings
        if not fail_on or not {one.code, *one.also}.isdisjoint(fail_on)
    ]
    if report.allowed is None:
        return bool(findings)
    comparison = report.standing.comparison
    better = comparison.better if comparison and strict else ()
    return any(map(report.standing.is_worse, findings)) or any(
        not fail_on or change.key.code in fail_on for change in better
    )


def _width() -> int | None:
    if not sys.stdout.isatty():
        return None
    import shutil

    return shutil.get_terminal_size().columns


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None] | None]:
    """Yield what shows a bar to somebody who has waited; ``None`` if nobody looks."""
    if not sys.stderr.isatty():
        yield None
        return
    import click

    start = time.monotonic()
    bars: list[Any] = []

    def show(done: int, total: int) -> None:
        if not bars and time.monotonic() - start < _PATIENCE:
            return
        if not bars:
            bars.append(click.progressbar(length=total, file=sys.stderr, label="Audit"))
        bars[0].update(done - bars[0].pos)

    try:
        yield show
    finally:
        for bar in bars:
            bar.render_finish()
