"""What is to change in one file, and what is to be left."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from compatshim.migrate.ignoring import says_to_ignore, without_ignored
from compatshim.migrate.noting import finding_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compatshim.migrate.edits import Edit
    from compatshim.migrate.examined import Examined
    from compatshim.migrate.objections import Refusal
    from compatshim.migrate.steps import Step
    from compatshim.migrate.syntax import ImportedName, ImportStatement

__all__ = ["Move", "Plan", "is_ignored"]


class Move(NamedTuple):
    """A name that ``statement`` gets from ``module`` from now on.

    ``imported`` is what it had for it; ``None`` for what was read by attribute.
    """

    statement: ImportStatement
    imported: ImportedName | None
    module: str
    name: str
    bound: str


@dataclass
class Plan:
    """What is to change: ``uses`` are edits, ``gone`` what is imported no more."""

    moves: list[Move] = field(default_factory=list)
    gone: list[tuple[ImportStatement, ImportedName]] = field(default_factory=list)
    uses: list[Edit] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)


def is_ignored(
    examined: Examined, code: str, span: tuple[int, int], path: Sequence[Step]
) -> bool:
    """Tell whether a comment says to leave what ``code`` finds at ``span``.

    ``path`` leads to it.
    """
    if not says_to_ignore(examined.source):  # as most often, and the rest takes a while
        return False
    found = finding_at(examined, span, path, code=code, kind="", module="", name="")
    return not without_ignored(examined.source, [found])
