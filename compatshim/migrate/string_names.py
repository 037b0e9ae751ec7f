"""Rewrite ``mock.patch("pylons.request")``: a name in a string, where it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.migrate.edits import Edit
from compatshim.migrate.ignoring import without_ignored
from compatshim.migrate.literals import called_name
from compatshim.migrate.objections import UNSURE, Refusal
from compatshim.migrate.rules import strings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compatshim.migrate.examined import Examined, LegacyString

__all__ = ["string_edits"]

# patch(), patch.dict() and pytest's monkeypatch.setattr() and delattr().
_PATCH = ("patch", "dict", "setattr", "delattr")


def string_edits(examined: Examined) -> Iterator[Edit | Refusal]:
    """Yield an edit for each string that names what is to be patched.

    For other strings that are legacy names, and may be keys, yield why they are left.
    """
    by_start = {string.start: string for string in examined.strings}
    found = without_ignored(examined.source, strings.find(examined))
    for finding in found:
        if not finding.replacement:
            continue
        reason = _objection(examined, by_start[finding.start])
        if reason is None:
            text = by_start[finding.start].text
            rest = text.removeprefix(f"{finding.module}.{finding.name}")
            yield Edit(finding.start, finding.end, finding.replacement + rest)
        else:
            yield Refusal(finding.line, finding.code, finding.full_name, reason)


def _objection(examined: Examined, string: LegacyString) -> str | None:
    if examined.is_unsure(string.start, string.end):
        return UNSURE
    call = called_name(examined.tree, string)
    if call is None or call.name not in _PATCH:
        return "it may be the key of something"
    return None
