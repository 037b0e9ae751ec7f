"""The baseline: how many deprecated uses a project has, in a file under version control.

Its entries are counted by file, code, name and enclosing function, never by line, and a
count is the number of statements, not how often they ran: that a test is added, or that
tests run in another order or on another machine, changes nothing.
"""

from __future__ import annotations

import json
import os
import posixpath
import re
import shlex
from collections import defaultdict
from dataclasses import dataclass, field
from reprlib import repr as short_repr
from typing import TYPE_CHECKING, Any

from compatshim.errors import BaselineError
from compatshim.ratchet.findings import Key
from compatshim.replacing import replace_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from compatshim.ratchet.findings import Finding

__all__ = [
    "DEFAULT_PATH",
    "NOT_ALLOWED",
    "Change",
    "Comparison",
    "Key",
    "compare",
    "entries_of",
    "load",
    "parse",
    "render",
    "save",
    "updated",
]

NOT_ALLOWED = 9
"""The exit code of what succeeded, but uses more than its baseline allows."""

DEFAULT_PATH = "compatshim-baseline.json"
VERSION = 1

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class _UnmergedError(ValueError):
    """A merge has left the file so."""


@dataclass(frozen=True, order=True)
class Change:
    """One entry whose count is no longer that of the baseline.

    ``findings`` are all that there are now under ``key``: as many as ``now``. Which of
    them are the new ones cannot be told where there were some before.
    """

    key: Key
    was: int
    now: int
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """What is different from the baseline.

    ``new`` and ``gone`` are the entries that only one of the two has, ``more`` and
    ``fewer`` those whose count differs. ``partial`` says why the run was one of part of
    the suite, if it was: then ``fewer`` and ``gone`` are empty, since what was not found
    may just not have been reached.
    """

    new: tuple[Change, ...] = ()
    more: tuple[Change, ...] = ()
    fewer: tuple[Change, ...] = ()
    gone: tuple[Change, ...] = ()
    partial: tuple[str, ...] = field(default=())

    @property
    def worse(self) -> tuple[Change, ...]:
        """What must not be: the new entries and those with more uses, sorted."""
        return tuple(sorted(self.new + self.more))

    @property
    def better(self) -> tuple[Change, ...]:
        """What lets the baseline shrink, sorted."""
        return tuple(sorted(self.fewer + self.gone))


def compare(
    baseline: Mapping[Key, int],
    findings: Iterable[Finding],
    partial: Iterable[str] = (),
) -> Comparison:
    """Compare ``findings`` with ``baseline``; ``partial`` says why some may be missing."""
    grouped: dict[Key, list[Finding]] = defaultdict(list)
    for finding in sorted(findings):
        if finding.is_held:
            grouped[finding.key].append(finding)
    changes = [
        Change(key, was, now, tuple(grouped.get(key, ())))
        for key in sorted({*baseline, *grouped})
        if (was := baseline.get(key, 0)) != (now := len(grouped.get(key, ())))
    ]
    reasons = tuple(partial)
    less = [] if reasons else [one for one in changes if one.now < one.was]
    return Comparison(
        new=tuple(one for one in changes if one.was == 0),
        more=tuple(one for one in changes if 0 < one.was < one.now),
        fewer=tuple(one for one in less if one.now),
        gone=tuple(one for one in less if not one.now),
        partial=reasons,
    )


def load(path: Path) -> dict[Key, int]:
    """Read a baseline; one that is not there is empty.

    Raises ``BaselineError`` for what is no baseline.
    """
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return {}
    except OSError as error:
        reason = f"it cannot be read: {error}"
        raise BaselineError(str(path), reason, advice="") from error
    except UnicodeDecodeError as error:
        raise BaselineError(str(path), f"it is no text: {error}") from error
    try:
        return parse(text)
    except _UnmergedError as error:
        name = shlex.quote(os.path.relpath(path))
        advice = f"Resolve that with 'compatshim baseline merge {name}'."
        raise BaselineError(str(path), str(error), advice) from None
    except ValueError as error:
        raise BaselineError(str(path), str(error)) from None


def parse(text: str) -> dict[Key, int]:
    """Return the counts in the ``text`` of a baseline.

    Raises ``ValueError`` for what is none.
    """
    if "\n<<<<<<< " in f"\n{text}":
        raise _UnmergedError("it has a merge conflict")
    counts: dict[Key, int] = {}
    for entry in _entries(text):
        key, count = _counted(entry)
        if key in counts:
            raise _UnmergedError(f"it has the entry {tuple(key)} twice")
        counts[key] = count
    return counts


def entries_of(text: str) -> list[tuple[Key, int]]:
    """Return the entries in the ``text`` of a baseline, some of them perhaps twice."""
    return [_counted(entry) for entry in _entries(text)]


def render(counts: Mapping[Key, int]) -> str:
    """Return the text of a baseline: one line for each entry, sorted."""
    lines = ",\n".join(
        "    " + json.dumps(_entry(key, count), ensure_ascii=False)
        for key, count in sorted(counts.items())
    )
    # Of a file name that is not UTF-8: no encoding has them.
    lines = _LONE_SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", lines)
    entries = f"[\n{lines}\n  ]" if lines else "[]"
    return f'{{\n  "version": {VERSION},\n  "entries": {entries}\n}}\n'


def save(path: Path, counts: Mapping[Key, int]) -> None:
    """Write a baseline as a whole or not at all.

    Raises ``BaselineError`` where it cannot be written.
    """
    try:
        replace_file(path, render(counts))
    except OSError as error:
        reason = f"it cannot be written: {error}"
        raise BaselineError(str(path), reason, advice="") from error


def updated(baseline: Mapping[Key, int], comparison: Comparison) -> dict[Key, int]:
    """Return ``baseline`` with the counts that ``comparison`` has found instead."""
    changes = (*comparison.worse, *comparison.better)
    counts = {**baseline, **{change.key: change.now for change in changes}}
    return {key: count for key, count in counts.items() if count}


def _entries(text: str) -> list[Any]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"it is not JSON: {error}") from None
    entries = content.get("entries") if isinstance(content, dict) else None
    if not isinstance(entries, list):
        raise ValueError("it is JSON, but not a baseline of compatshim")  # noqa: TRY004 (the file's)
    if content.get("version") != VERSION:
        raise ValueError(
            f"its version is {short_repr(content.get('version'))}, and this compatshim"
            f" reads {VERSION}"
        )
    return entries


def _counted(entry: Any) -> tuple[Key, int]:
    try:
        key = Key(entry["file"], entry["code"], entry["name"], entry["function"])
        count = entry["count"]
    except (KeyError, TypeError):
        raise ValueError(
            f"the entry {short_repr(entry)} has not all of file, code, name, function"
            " and count"
        ) from None
    if not all(isinstance(part, str) for part in key):
        raise ValueError(f"the entry {short_repr(entry)} has something else than text")
    if type(count) is not int or count < 1:
        raise ValueError(f"the entry {short_repr(entry)} has no count of at least 1")
    # As Places spells it, should somebody have written it by hand or on Windows.
    path = key.path and posixpath.normpath(key.path.replace("\\", "/"))
    return key._replace(path=path), count


def _entry(key: Key, count: int) -> dict[str, str | int]:
    return {
        "file": key.path,
        "code": key.code,
        "name": key.name,
        "function": key.function,
        "count": count,
    }
