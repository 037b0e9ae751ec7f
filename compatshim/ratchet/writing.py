"""Writing the reports of a run, each whatever becomes of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.errors import CompatShimError
from compatshim.ratchet import reports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["write_reports"]


def write_reports(
    options: Iterable[reports.ReportOption],
    report: reports.Report,
    show: Callable[[str], object],
    option_name: str,
) -> list[str]:
    """Write ``report`` as each of ``options`` asks, and say which could not be written.

    ``option_name`` is how the reader of that has asked for them.
    """
    problems = (_problem_with(option, report, show) for option in options)
    return [f"{option_name}={problem}" for problem in problems if problem]


def _problem_with(
    option: reports.ReportOption, report: reports.Report, show: Callable[[str], object]
) -> str:
    try:
        reports.write(option, report, show)
    except (CompatShimError, OSError) as error:
        asked = ":".join(map(str, filter(None, option)))
        return f"{asked} could not be written: {error}"
    return ""
