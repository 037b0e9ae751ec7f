"""The trend file: one line of JSON for each run, with its numbers.

Lines of several branches may stand in it in any order, twice, and between the marks of a
merge conflict: reading sorts that out, so that ``merge=union`` in ``.gitattributes``
merges the file by itself.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from compatshim.deprecation.stores.values import (
    as_text,
    as_time,
    from_json,
    instance_of,
)
from compatshim.errors import HistoryFileError
from compatshim.replacing import replace_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from compatshim.ratchet.findings import Finding

__all__ = ["LIMIT", "Run", "append", "load"]

LIMIT = 500
"""How many runs the file keeps: the newest half of them all, older ones by the week."""

_CONFLICT_MARKS = ("<<<<<<< ", "||||||| ", "=======", ">>>>>>> ")


@dataclass(frozen=True, order=True)
class Run:
    """The numbers of one run: ``codes`` counts the places for each code.

    ``date`` is aware; ``commit`` is what was checked out, or "" where that is unknown.
    """

    date: datetime
    commit: str = ""
    files: int = 0
    codes: Mapping[str, int] = field(default_factory=dict, compare=False)

    @property
    def total(self) -> int:
        """The number of places that are still to be migrated."""
        return sum(self.codes.values())

    @classmethod
    def of(
        cls,
        findings: Iterable[Finding],
        *,
        commit: str = "",
        date: datetime | None = None,
    ) -> Run:
        """Count the project's own ``findings``; ``date`` is now unless it is given."""
        found = [finding for finding in findings if finding.is_held]
        return cls(
            date=(date or datetime.now(timezone.utc)).replace(microsecond=0),
            commit=commit,
            files=len({finding.path for finding in found}),
            codes=dict(sorted(Counter(finding.code for finding in found).items())),
        )

    def to_line(self) -> str:
        """Return the run as a line of the file, with its end."""
        values = {
            "date": as_text(self.date),
            "commit": self.commit,
            "files": self.files,
            "codes": dict(sorted(self.codes.items())),
        }
        return json.dumps(values) + "\n"

    @classmethod
    def from_line(cls, line: str) -> Run:
        """Return the run of a line of the file; ``ValueError`` where it holds none."""
        values = instance_of(from_json(line), dict)
        try:
            return cls(
                date=as_time(values["date"]),
                commit=instance_of(values.get("commit", ""), str),
                files=instance_of(values["files"], int),
                codes={
                    code: instance_of(count, int)
                    for code, count in instance_of(values["codes"], dict).items()
                },
            )
        except KeyError as error:
            raise ValueError(f"it has no {error}") from None


def load(path: Path) -> list[Run]:
    """Return the runs of the file at ``path``, the oldest first; none if it is absent.

    Of several runs of one commit the last one counts. Raises ``HistoryFileError`` for a
    line that is neither a run nor a mark of a merge conflict.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    except UnicodeDecodeError as error:
        raise HistoryFileError(
            os.fspath(path), None, f"it is no text: {error}"
        ) from None
    return _without_repeats(_read_lines(path, text.splitlines()))


def append(path: Path, run: Run, *, limit: int = LIMIT) -> list[Run]:
    """Add ``run`` to the file at ``path``, and return all runs, the oldest first.

    With more than ``limit`` runs the file is written anew: the newest half of that stays,
    of the older ones the last of each week, and of these the newest. Raises
    ``HistoryFileError`` where the file is not a history; then nothing is written.
    """
    runs = _without_repeats([*load(path), run])
    if len(runs) > limit:
        runs = _thinned(runs, limit)
        replace_file(path, "".join(kept.to_line() for kept in runs))
    else:
        _add_line(path, run.to_line())
    return runs


def _read_lines(path: Path, lines: Sequence[str]) -> list[Run]:
    runs = []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith(_CONFLICT_MARKS):
            continue
        try:
            runs.append(Run.from_line(line))
        except ValueError as error:
            raise HistoryFileError(os.fspath(path), number, str(error)) from None
    return runs


def _without_repeats(runs: Iterable[Run]) -> list[Run]:
    return _last_of_each(runs, lambda run: run.commit or run.date)


def _thinned(runs: Sequence[Run], limit: int) -> list[Run]:
    recent = limit - limit // 2
    older = _last_of_each(runs[:-recent], lambda run: run.date.isocalendar()[:2])
    return [*older, *runs[-recent:]][-limit:]


def _last_of_each(runs: Iterable[Run], key: Callable[[Run], object]) -> list[Run]:
    return sorted({key(run): run for run in sorted(runs)}.values())


def _add_line(path: Path, line: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Appended in one write, so that runs at the same time do not lose each other's.
    with path.open("ab+") as file:
        if file.tell():
            file.seek(-1, os.SEEK_END)
            if file.read() != b"\n":
                line = "\n" + line
        file.write(line.encode())
