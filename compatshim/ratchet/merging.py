"""Merging baselines: by the lower count, so that no branch undoes another's work.

It works on a file with the marks of a merge conflict, and as a merge driver of git.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from compatshim.errors import BaselineError
from compatshim.ratchet.baseline import (
    RUNS,
    SOURCE,
    Key,
    allowed_by,
    entries_of,
    write,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from compatshim.ratchet.baseline import Numbers

__all__ = ["merge", "merge_files", "resolve"]

_OURS, _BASE, _THEIRS, _END = "<<<<<<<", "|||||||", "=======", ">>>>>>>"
_TORN_ENTRIES = re.compile(r"\}(\s*\n\s*)\{")
_LAST_COMMA = re.compile(r",(\s*\n\s*\])")


class _Sides(NamedTuple):
    """The texts of the two sides of a merge, and of what both come from if it is known."""

    ours: str
    theirs: str
    base: str | None


def merge(
    ours: Mapping[Key, int],
    theirs: Mapping[Key, int],
    base: Mapping[Key, int] | None = None,
) -> dict[Key, int]:
    """Return the counts of both sides: of two different ones the lower.

    What one side has not is gone there, and so it is in the result. Where ``base``, from
    which both come, is given, a side that has not changed a count is not asked.
    """
    merged = {
        key: _merged(
            ours.get(key, 0),
            theirs.get(key, 0),
            None if base is None else base.get(key, 0),
        )
        for key in {*ours, *theirs}
    }
    return {key: count for key, count in merged.items() if count}


def _merged(ours: int, theirs: int, before: int | None) -> int:
    if ours == before:
        return theirs
    if theirs == before:
        return ours
    return min(ours, theirs)


def resolve(path: Path) -> dict[Key, int]:
    """Resolve the merge conflict in a baseline, write it, and return what it allows.

    A file without a conflict is written anew: sorted, and each entry once. Raises
    ``BaselineError`` for what is no baseline; then nothing is written.
    """
    with _named(path):
        sides = _sides_of(path.read_text("utf-8"))
        base = None if sides.base is None else _counts(sides.base)
        merged = _merge_all(_counts(sides.ours), _counts(sides.theirs), base)
    write(path, merged)
    return allowed_by(merged)


def merge_files(base: Path, ours: Path, theirs: Path) -> dict[Key, int]:
    """Merge as git's merge drivers do, into ``ours``, and return what it allows.

    An empty ``base`` is one that is not there: both sides have added the file. Raises
    ``BaselineError`` for what is no baseline; then nothing is written.
    """
    texts = []
    for path in (base, ours, theirs):
        with _named(path):
            text = path.read_text("utf-8")
            texts.append(_counts(text) if text.strip() else None)
    before, *sides = texts
    merged = _merge_all(sides[0] or {}, sides[1] or {}, before)
    write(ours, merged)
    return allowed_by(merged)


def _merge_all(ours: Numbers, theirs: Numbers, base: Numbers | None) -> Numbers:
    return {
        kind: merge(
            ours.get(kind, {}),
            theirs.get(kind, {}),
            None if base is None else base.get(kind, {}),
        )
        for kind in (RUNS, SOURCE)
    }


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Say which file it is that cannot be read."""
    try:
        yield
    except OSError as error:
        reason = f"it cannot be read: {error}"
        raise BaselineError(str(path), reason, advice="") from error
    except ValueError as error:
        raise BaselineError(str(path), str(error)) from None


def _sides_of(text: str) -> _Sides:
    ours: list[str] = []
    base: list[str] = []
    theirs: list[str] = []
    everywhere = (ours, base, theirs)
    into: tuple[list[str], ...] = everywhere
    has_base = True
    for line in text.split("\n"):  # names may have other characters that end lines
        mark = line[:7]
        if mark == _OURS:
            into, has_base = (ours,), False
        elif mark == _BASE and into == (ours,):
            into, has_base = (base,), True
        elif mark == _THEIRS and into != everywhere:
            into = (theirs,)
        elif mark == _END and into != everywhere:
            into = everywhere
        else:
            for lines in into:
                lines.append(line)
    if into != everywhere:
        raise ValueError(f"its last merge conflict has no {_END}")
    return _Sides(
        "\n".join(ours), "\n".join(theirs), "\n".join(base) if has_base else None
    )


def _counts(text: str) -> Numbers:
    # A merge of lines leaves out the comma after an entry that was the last one before.
    text = _LAST_COMMA.sub(r"\1", _TORN_ENTRIES.sub(r"},\1{", text))
    numbers: dict[str, dict[Key, int]] = {RUNS: {}, SOURCE: {}}
    for key, counts in entries_of(text):
        for kind, count in counts.items():
            known = numbers[kind]
            known[key] = min(count, known.get(key, count))
    return numbers
