"""How far a tool can replace what was found; the rewriter itself is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.migrate.findings import ASSISTED, AUTOMATIC, MANUAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from compatshim.migrate.examined import Examined, LegacyImport, LegacyUse
    from compatshim.migrate.findings import Finding

__all__ = ["fix_of_import", "fix_of_module", "fix_of_use", "with_automatic_ones"]

# All that is written is ASCII, which all bytes of these can be taken for.
_PLAIN = ("utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252")


def fix_of_import(examined: Examined, one: LegacyImport, replacement: str) -> str:
    """Return how far people are told what to write for an imported name."""
    statement = one.statement
    if not replacement or examined.is_unsure(statement.start, statement.end):
        return MANUAL
    return ASSISTED


def fix_of_use(examined: Examined, use: LegacyUse, replacement: str) -> str:
    """Return how far people are told what to write for what is read from a module."""
    if use.written or not use.is_plain or examined.is_unsure(use.start, use.end):
        return MANUAL
    return fix_of_import(examined, use.source, replacement)


def fix_of_module(examined: Examined, one: LegacyImport) -> str:
    """Return how far people are told what to write for what a module is imported for."""
    fixes = {
        fix_of_use(examined, use, examined.catalogue.replacement(use.module, use.name))
        for use in examined.uses
        if use.source.bound == one.bound and use.source.scope == one.scope
    }
    return ASSISTED if ASSISTED in fixes else MANUAL


def with_automatic_ones(
    examined: Examined, findings: Iterable[Finding]
) -> list[Finding]:
    """Return ``findings``, those as automatic that ``compatshim rewrite`` changes.

    What other modules import from this one is not looked at.
    """
    found = list(findings)
    # Nothing is changed for the sake of what nobody knows what to write for.
    if not any(one.fix == ASSISTED for one in found):
        return found
    changed = set(_rewritten(examined))
    return [
        one._replace(fix=AUTOMATIC) if one.start in changed else one for one in found
    ]


def _rewritten(examined: Examined) -> Iterator[int]:
    """Yield where what is rewritten starts, in the text of the file."""
    from compatshim.migrate.consumers import Consumers
    from compatshim.migrate.plans import plan

    source = examined.source
    if source.encoding not in _PLAIN and not _can_be_edited(examined):
        return
    made = plan(examined, Consumers((), examined.catalogue))
    spans = [(edit.start, edit.end) for edit in made.uses]
    names = [imported for _, imported in made.gone]
    names += [move.imported for move in made.moves if move.imported]
    spans += [(imported.start, imported.end) for imported in names]
    for start, end in spans:
        yield source.in_whole(start, end)[0]


def _can_be_edited(examined: Examined) -> bool:
    """Tell whether the file's encoding lets its names be replaced."""
    from compatshim.migrate.rewriting import rewrite_source

    return rewrite_source(examined.source, examined.catalogue).is_changed
