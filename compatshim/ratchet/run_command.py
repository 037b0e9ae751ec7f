"""``python -m compatshim.deprecation run``: what a command uses, without pytest."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn, TextIO

from compatshim.deprecation.callers import look_past
from compatshim.deprecation.children import Children
from compatshim.deprecation.recorder import recorder
from compatshim.errors import CompatShimError
from compatshim.ratchet import baseline, reports
from compatshim.ratchet.findings import findings_of
from compatshim.ratchet.running import find_program, run
from compatshim.ratchet.wording import many, printable
from compatshim.ratchet.writing import write_reports

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compatshim.ratchet.baseline import Numbers
    from compatshim.ratchet.reports import ReportOption
    from compatshim.ratchet.running import Program

__all__ = ["main"]

ERROR = 2
"""The exit code where the command could not be run, or not be reported on."""

MODULE = "compatshim.deprecation"

_PARTIAL = ("a command reaches a part of the code only",)


def main() -> NoReturn:
    """Run what the command line says, report what it used, and end as it has ended."""
    stderr = sys.stderr  # which the command may replace
    try:
        asked = _read(sys.argv[1:])
    except (CompatShimError, OSError) as error:
        raise SystemExit(_complain(error, stderr)) from None
    _hide_from_callers()
    sys.orig_argv = [*_python(), *asked.command]
    children = Children()
    children.start()
    try:
        ending = run(asked.program, asked.arguments)
    finally:
        recorder.merge(children.stop())
    code = _report(asked, stderr)
    if ending.is_success and code:
        raise SystemExit(code)
    ending.leave()


def _complain(error: object, stderr: TextIO) -> int:
    stderr.write(f"python -m {MODULE} run: {printable(str(error))}\n")
    return ERROR


def _hide_from_callers() -> None:
    """Let nobody be the caller of what a program does at the top."""
    sys.modules["__main__"].__name__ = f"{MODULE}.__main__"  # ours has run until now
    look_past("runpy")


class _Asked(NamedTuple):
    """What the command line asks for; the paths are absolute, as a program may move."""

    program: Program
    arguments: list[str]
    command: list[str]
    root: Path
    ignore: list[str]
    reports: list[ReportOption]
    baseline_path: Path | None
    numbers: Numbers
    update: bool


def _read(arguments: Sequence[str]) -> _Asked:
    options = _parser().parse_args(arguments)
    words = options.command[options.command[:1] == ["--"] :]
    if not words:
        _parser().error("there is no command to run")
    root = _absolute(options.root)
    path = options.baseline and _absolute(options.baseline)
    if options.update and path is None:
        path = root / baseline.DEFAULT_PATH
    program = find_program(words[0], is_module=options.is_module)
    return _Asked(
        program=program,
        arguments=words[1:],
        command=["-m", *words] if options.is_module else [program.name, *words[1:]],
        root=root,
        ignore=options.ignore or [],
        reports=[_report_option(text) for text in options.reports or ["text"]],
        baseline_path=path,
        numbers=baseline.read(path) if path else {},
        update=options.update,
    )


def _parser() -> argparse.ArgumentParser:
    outer = argparse.ArgumentParser(prog=f"python -m {MODULE}", allow_abbrev=False)
    parser = outer.add_subparsers(required=True, metavar="run").add_parser(
        "run",
        usage="%(prog)s [options] [-m] [--] command [argument ...]",
        help="run a Python program, and report the deprecated names that it uses",
        description="Run a Python program as python would, and report the deprecated"
        " names that it and the processes that it starts have used.",
        epilog=f"The exit code is the command's, or {baseline.NOT_ALLOWED} where it succeeded and"
        " uses more than the baseline allows.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("-m", dest="is_module", action="store_true", help="the command is a module")
    add(
        "--report",
        dest="reports",
        action="append",
        metavar="FORMAT[:PATH]",
        help=f"{', '.join(reports.formats())}; without a path on stderr (several)",
    )
    add("--baseline", metavar="FILE", help="compare with what this file allows")
    add(
        "--update",
        action="store_true",
        help="let the baseline allow what was used, too; it never shrinks, and is"
        f" {baseline.DEFAULT_PATH} in the project by default",
    )
    add("--root", default=".", metavar="FOLDER", help="the project; here by default")
    add(
        "--ignore",
        action="append",
        metavar="PATTERN",
        help="files that are not looked at (several)",
    )
    add("command", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return outer


def _absolute(path: str) -> Path:
    return Path(os.path.abspath(path))


def _report_option(text: str) -> ReportOption:
    option = reports.parse_option(text)
    return option._replace(path=option.path and _absolute(os.fspath(option.path)))


def _python() -> list[str]:
    """Return how this Python was started with its options, without what it is to run.

    Werkzeug's reloader starts the command so, and not within another run.
    """
    words = sys.orig_argv[: 1 - len(sys.argv)]
    if words[-1] == MODULE:
        words.pop()
    flags = words.pop().partition("m")[0]  # of -m, -Im or -mcompatshim.deprecation
    return words if flags == "-" else [*words, flags]


def _report(asked: _Asked, stderr: TextIO) -> int:
    """Write the reports and the baseline, and return the exit code that this gives."""
    findings = tuple(findings_of(recorder.uses(), asked.root, asked.ignore))
    report = reports.Report(root=asked.root, findings=findings)
    problems = []
    written = ""
    path = asked.baseline_path
    if path is not None:
        runs, source = (asked.numbers[one] for one in (baseline.RUNS, baseline.SOURCE))
        comparison = baseline.compare(runs, findings, _PARTIAL, source)
        name = os.path.relpath(path, asked.root)
        if asked.update:
            try:
                baseline.save(path, baseline.updated(runs, comparison))
                more = sum(change.now - change.was for change in comparison.worse)
                written = f"{name} was written: it allows {many(more, 'use')} more.\n"
                comparison = baseline.Comparison(partial=_PARTIAL)
            except CompatShimError as error:
                problems.append(str(error))
        report = replace(report, comparison=comparison, baseline_path=name)
    problems += write_reports(asked.reports, report, stderr.write, "--report")
    stderr.write(written)
    code = baseline.NOT_ALLOWED if report.comparison and report.comparison.worse else 0
    for problem in problems:
        code = _complain(problem, stderr)
    stderr.flush()
    return code
