"""The baseline: how many deprecated uses a project has, in a file under version control.

Its entries are counted by file, code, name and enclosing function, never by line, and a
count is the number of statements, not how often they ran: that a test is added, or that
tests run in another order or on another machine, changes nothing.

Runs and the audit of the source each have a number of their own in an entry. The higher
one is what it allows, and each lets its own one fall only, so that neither undoes what
the other has written: a run does not reach all code, and an audit does not see all uses.
"""

from __future__ import annotations

import json
import os
import posixpath
import re
import shlex
from collections import defaultdict
from dataclasses import dataclass, field, replace
from reprlib import repr as short_repr
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from compatshim.errors import BaselineError
from compatshim.ratchet.findings import Key
from compatshim.replacing import replace_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from compatshim.ratchet.findings import Finding

    Numbers = Mapping[str, Mapping[Key, int]]
    """The counts of :data:`RUNS` and of :data:`SOURCE`."""

__all__ = [
    "DEFAULT_PATH",
    "NOT_ALLOWED",
    "RUNS",
    "SOURCE",
    "Change",
    "Comparison",
    "Key",
    "allowed_by",
    "compare",
    "entries_of",
    "load",
    "parse",
    "read",
    "render",
    "save",
    "updated",
    "write",
]

NOT_ALLOWED = 9
"""The exit code of what succeeded, but uses more than its baseline allows."""

DEFAULT_PATH = "compatshim-baseline.json"
VERSION = 1

RUNS = "count"
"""The number of an entry that runs have found."""

SOURCE = "source"
"""The number of an entry that the audit has found in the source."""

_KINDS = (RUNS, SOURCE)
_NONE: Mapping[Key, int] = MappingProxyType({})

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
    may just not have been reached. ``unwritten`` are entries that have more than what
    the like of this run has written, and no more than the other kind has.
    """

    new: tuple[Change, ...] = ()
    more: tuple[Change, ...] = ()
    fewer: tuple[Change, ...] = ()
    gone: tuple[Change, ...] = ()
    partial: tuple[str, ...] = field(default=())
    unwritten: tuple[Change, ...] = ()

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
    others: Mapping[Key, int] = _NONE,
) -> Comparison:
    """Compare ``findings`` with ``baseline``; ``partial`` says why some may be missing.

    ``baseline`` has the numbers of the kind that the findings are, ``others`` those of
    the other kind: they are allowed, too, and never get fewer.
    """
    grouped: dict[Key, list[Finding]] = defaultdict(list)
    for finding in sorted(findings):
        if finding.is_held:
            grouped[finding.key].append(finding)
    changes = [
        Change(key, was, now, tuple(grouped.get(key, ())))
        for key in sorted({*baseline, *grouped})
        if (was := baseline.get(key, 0)) != (now := len(grouped.get(key, ())))
    ]
    more = [
        replace(one, was=max(one.was, others.get(one.key, 0)))
        for one in changes
        if one.now > one.was
    ]
    reasons = tuple(partial)
    less = [] if reasons else [one for one in changes if one.now < one.was]
    return Comparison(
        new=tuple(one for one in more if one.was == 0),
        more=tuple(one for one in more if 0 < one.was < one.now),
        fewer=tuple(one for one in less if one.now),
        gone=tuple(one for one in less if not one.now),
        partial=reasons,
        unwritten=tuple(one for one in more if one.now <= one.was),
    )


def load(path: Path, kind: str = RUNS) -> dict[Key, int]:
    """Return the numbers of one kind in a baseline; one that is not there is empty.

    Raises ``BaselineError`` for what is no baseline.
    """
    return dict(read(path)[kind])


def read(path: Path) -> Numbers:
    """Return the numbers of each kind in a baseline, as :func:`load` does."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return {kind: {} for kind in _KINDS}
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


def parse(text: str) -> Numbers:
    """Return the numbers in the ``text`` of a baseline.

    Raises ``ValueError`` for what is none.
    """
    if "\n<<<<<<< " in f"\n{text}":
        raise _UnmergedError("it has a merge conflict")
    numbers: dict[str, dict[Key, int]] = {kind: {} for kind in _KINDS}
    seen = set()
    for key, counts in entries_of(text):
        if key in seen:
            raise _UnmergedError(f"it has the entry {tuple(key)} twice")
        seen.add(key)
        for kind, count in counts.items():
            numbers[kind][key] = count
    return numbers


def entries_of(text: str) -> list[tuple[Key, dict[str, int]]]:
    """Return the entries in the ``text`` of a baseline, some of them perhaps twice."""
    return [_counted(entry) for entry in _entries(text)]


def allowed_by(numbers: Numbers) -> dict[Key, int]:
    """Return how many of each entry a baseline with these numbers allows."""
    keys = {key for counts in numbers.values() for key in counts}
    return {key: max(counts.get(key, 0) for counts in numbers.values()) for key in keys}


def render(numbers: Numbers) -> str:
    """Return the text of a baseline: one line for each entry, sorted."""
    lines = ",\n".join(
        "    " + json.dumps(_entry(key, numbers), ensure_ascii=False)
        for key in sorted(allowed_by(numbers))
    )
    # Of a file name that is not UTF-8: no encoding has them.
    lines = _LONE_SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", lines)
    entries = f"[\n{lines}\n  ]" if lines else "[]"
    return f'{{\n  "version": {VERSION},\n  "entries": {entries}\n}}\n'


def save(path: Path, counts: Mapping[Key, int], kind: str = RUNS) -> None:
    """Write the numbers of one kind; those of the other stay as the file has them.

    Raises ``BaselineError`` where that cannot be done, and leaves the file as it is.
    """
    try:
        numbers = read(path)
    except BaselineError as error:
        reason = f"it cannot be written: {error.reason}"
        raise BaselineError(str(path), reason, error.advice) from error
    write(path, {**numbers, kind: counts})


def write(path: Path, numbers: Numbers) -> None:
    """Write a baseline as a whole or not at all.

    Raises ``BaselineError`` where it cannot be written.
    """
    try:
        replace_file(path, render(numbers))
    except OSError as error:
        reason = f"it cannot be written: {error}"
        raise BaselineError(str(path), reason, advice="") from error


def updated(baseline: Mapping[Key, int], comparison: Comparison) -> dict[Key, int]:
    """Return ``baseline`` with the counts that ``comparison`` has found instead."""
    changes = (*comparison.worse, *comparison.better, *comparison.unwritten)
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


def _counted(entry: Any) -> tuple[Key, dict[str, int]]:
    try:
        key = Key(entry["file"], entry["code"], entry["name"], entry["function"])
        counts = {kind: entry[kind] for kind in _KINDS if kind in entry}
    except (KeyError, TypeError):
        counts = {}
    if not counts:
        raise ValueError(
            f"the entry {short_repr(entry)} has not all of file, code, name, function"
            " and count"
        )
    if not all(isinstance(part, str) for part in key):
        raise ValueError(f"the entry {short_repr(entry)} has something else than text")
    if any(type(count) is not int or count < 1 for count in counts.values()):
        raise ValueError(f"the entry {short_repr(entry)} has no count of at least 1")
    # As Places spells it, should somebody have written it by hand or on Windows.
    path = key.path and posixpath.normpath(key.path.replace("\\", "/"))
    return key._replace(path=path), counts


def _entry(key: Key, numbers: Numbers) -> dict[str, str | int]:
    counts = {kind: numbers[kind][key] for kind in _KINDS if key in numbers[kind]}
    return {
        "file": key.path,
        "code": key.code,
        "name": key.name,
        "function": key.function,
        **counts,
    }
