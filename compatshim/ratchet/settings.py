"""What the options of a run ask for, read and checked before its first test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from compatshim.ratchet.baseline import DEFAULT_PATH
from compatshim.ratchet.changed import changed_files
from compatshim.ratchet.reports import ReportOption, parse_option

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

__all__ = ["Settings", "settings_of"]


@dataclass(frozen=True)
class Settings:
    """How a run is held to its baseline, and what is told of it.

    ``baseline`` is the path of that file, ``ignore`` are patterns of files that are not
    looked at, ``changed`` the files of the change, or ``None`` where all are meant.
    ``has_ini`` says whether ``root`` was chosen by the project, or guessed by pytest.
    """

    root: Path
    baseline: Path
    has_ini: bool = True
    ignore: tuple[str, ...] = ()
    strict: bool = False
    update: bool = False
    despite_skips: bool = False
    reports: tuple[ReportOption, ...] = ()
    changed: frozenset[str] | None = None
    history: Path | None = None

    @property
    def baseline_name(self) -> str:
        """The path of the baseline as its readers know it."""
        if self.baseline.is_relative_to(self.root):
            return self.baseline.relative_to(self.root).as_posix()
        return str(self.baseline)


def settings_of(config: pytest.Config) -> Settings:
    """Read the options of pytest; raises a ``CompatShimError`` for what is wrong.

    The baseline and the history are relative to pytest's root folder, because they
    belong to the project; reports to the working directory, because they belong to the
    run.
    """
    root = config.rootpath
    ref: str | None = config.getoption("compatshim_changed")
    history: str | None = config.getoption("compatshim_history")
    return Settings(
        root=root,
        baseline=root / (config.getoption("compatshim_baseline") or DEFAULT_PATH),
        has_ini=config.inipath is not None,
        ignore=tuple(config.getini("compatshim_ignore")),
        strict=config.getoption("compatshim_strict"),
        update=config.getoption("compatshim_update"),
        despite_skips=config.getoption("compatshim_despite_skips"),
        reports=tuple(map(parse_option, config.getoption("compatshim_report"))),
        changed=None if ref is None else changed_files(ref, root),
        history=root / history if history else None,
    )
