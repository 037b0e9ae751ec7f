"""Which part of an audit is walking, reading, parsing and so on."""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from compatshim.migrate.audit import audit, is_suspect
from compatshim.migrate.catalogue import Catalogue
from compatshim.migrate.kinds import PYTHON, all_kinds, kind_of
from compatshim.migrate.sources import decode
from compatshim.migrate.syntax import Tree
from compatshim.migrate.trees import files_in

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Shares"]

_ROUNDS = 3

Result = TypeVar("Result")


class Shares(NamedTuple):
    """The seconds that each part takes of the audit of a tree, in one process."""

    name: str
    files: int
    parsed: int
    seconds: float
    parts: dict[str, float]

    missed = False  # it has no bar

    @classmethod
    def of(cls, name: str, tree: Path) -> Shares:
        """Do by itself each part of an audit of ``tree``; the rest are the rules."""
        rounds = [_round(tree) for _ in range(_ROUNDS)]
        parts = {
            part: statistics.median(one.parts[part] for one in rounds)
            for part in rounds[0].parts
        }
        seconds = statistics.median(one.seconds for one in rounds)
        parts["rules"] = max(0.0, seconds - sum(parts.values()))
        return cls(name, rounds[0].files, rounds[0].parsed, seconds, parts)

    def __str__(self) -> str:
        shares = ", ".join(
            f"{part} {seconds / self.seconds:.0%}"
            for part, seconds in self.parts.items()
        )
        return (
            f"{f'an audit of {self.name}':<52} {self.seconds:6.3f} s"
            f"  {self.parsed:,} of {self.files:,} parsed: {shares}"
        )


def _round(tree: Path) -> Shares:
    parts: dict[str, float] = {}

    def timed(part: str, work: Callable[[], Result]) -> Result:
        start = time.perf_counter()
        result = work()
        parts[part] = time.perf_counter() - start
        return result

    catalogue = Catalogue()
    files = timed(
        "walk", lambda: files_in([str(tree)], lambda path, why: None, all_kinds)
    )
    locations = [file.location for file in files]
    data = timed("read", lambda: [Path(one).read_bytes() for one in locations])
    suspects = timed(
        "prefilter",
        lambda: [
            one
            for file, one in zip(files, data, strict=True)
            if is_suspect(one, catalogue) and kind_of(file.path) == PYTHON
        ],
    )
    sources = timed("decode", lambda: [decode("", one) for one in suspects])
    timed("parse", lambda: [Tree(source.text) for source in sources])
    seconds = timed("all", lambda: audit([str(tree)], jobs=1)) and parts.pop("all")
    return Shares(str(tree), len(files), len(suspects), seconds, parts)
