"""What a report is made of, and what every format wants to know of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from compatshim.deprecation import CODES, CompatShimDeprecationWarning

if TYPE_CHECKING:
    from pathlib import Path

    from compatshim.ratchet.baseline import Comparison
    from compatshim.ratchet.findings import Finding, Key
    from compatshim.ratchet.history import Run

__all__ = ["KNOWN", "MORE", "NEW", "Report", "heading_of", "message_of", "title_of"]

NEW = "new"
MORE = "more"
KNOWN = "known"


@dataclass(frozen=True, kw_only=True)
class Report:
    """What was found in the project in ``root``, and what it is compared with.

    ``comparison`` is the one with the baseline, or ``None`` where there is none, and
    ``baseline_path`` is how its reader would name that file. ``changed`` are the files of
    the change that is looked at, relative to ``root``, or ``None`` where all files are.
    ``history`` are the runs of the trend file, the oldest first, with this one.
    ``unread`` are files that were looked at, but not as a whole, and why.
    """

    root: Path
    findings: tuple[Finding, ...]
    comparison: Comparison | None = None
    baseline_path: str = "the baseline"
    changed: frozenset[str] | None = None
    history: tuple[Run, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()

    @cached_property
    def own(self) -> tuple[Finding, ...]:
        """The findings in the project's own files, tests included, sorted."""
        return tuple(one for one in sorted(self.findings) if one.is_held)

    @cached_property
    def others(self) -> tuple[Finding, ...]:
        """The findings outside of the project, such as in installed packages, sorted."""
        return tuple(one for one in sorted(self.findings) if not one.is_held)

    @cached_property
    def worse(self) -> tuple[Finding, ...]:
        """The findings that the baseline does not allow."""
        return tuple(one for one in self.own if self.status_of(one) in {NEW, MORE})

    @property
    def partial(self) -> str:
        """Why there may be more than was found, or "" where all was reached."""
        return ", ".join(self.comparison.partial) if self.comparison else ""

    def status_of(self, finding: Finding) -> str:
        """Say how a finding stands to the baseline.

        ``NEW``: it has none of the kind in this function; ``MORE``: it has fewer there,
        and any of them may be the new one; ``KNOWN``; and "" where there is no baseline,
        or the finding is none of the project's own, which are all that it counts.
        """
        if self.comparison is None or not finding.is_held:
            return ""
        return self._statuses.get(finding.key, KNOWN)

    def level_of(self, finding: Finding) -> str:
        """Return "error" for what the baseline does not allow, else "warning".

        What is pending and allowed is a "note": there is nothing to be done about it now.
        """
        if self.status_of(finding) in {NEW, MORE}:
            return "error"
        code = CODES.get(finding.code)
        return "note" if code and code.pending else "warning"

    def in_repository(self, path: str) -> str:
        """Return a finding's path as the repository sees it that ``root`` is in."""
        return f"{self._prefix}{path}"

    @cached_property
    def _statuses(self) -> dict[Key, str]:
        changes = self.comparison.worse if self.comparison else ()
        return {change.key: MORE if change.was else NEW for change in changes}

    @cached_property
    def _prefix(self) -> str:
        root = self.root.resolve()
        for folder in (root, *root.parents):
            if (folder / ".git").exists():
                inside = root.relative_to(folder).as_posix()
                return "" if inside == "." else f"{inside}/"
        return ""


def title_of(code: str) -> str:
    """Return what the table of codes calls ``code``, or "" where it has it not."""
    return CODES[code].title if code in CODES else ""


def heading_of(code: str) -> str:
    """Return ``code`` with its title."""
    return f"{code} {title_of(code)}".rstrip()


def message_of(finding: Finding) -> str:
    """Return what the warning says that a finding is made of."""
    code = CODES.get(finding.code)
    since, removed_in = (code.since, code.removed_in) if code else (None, None)
    return str(
        CompatShimDeprecationWarning(
            finding.code, finding.name, finding.instead, since, removed_in
        )
    )
