"""What a report of an audit is made of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from compatshim.migrate.audit import Audit
    from compatshim.migrate.holding import Allowed, Standing

__all__ = ["Report"]


@dataclass(frozen=True)
class Report:
    """An audit of ``paths``, in a project, and the baseline that it is compared with.

    Without a ``project`` it is found; without ``allowed`` there is no baseline. ``width``
    is that of the terminal, or ``None`` where none shows the report. ``flow`` says whether
    the audit has looked for what reaches a file through others.
    """

    audit: Audit
    paths: Sequence[str]
    project: Path | None = None
    allowed: Allowed | None = None
    width: int | None = None
    flow: bool = False

    @cached_property
    def standing(self) -> Standing:
        """How the audit stands to the project and its baseline."""
        # Only now: most audits need neither, and have to be quick.
        from compatshim.migrate.holding import Standing
        from compatshim.migrate.projects import project_root

        project = self.project or project_root(self.paths)
        return Standing(self.audit, self.paths, project, self.allowed, flow=self.flow)
