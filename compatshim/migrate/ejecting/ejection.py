"""Eject one source: its new bytes, what needs a hand in it, and what differs a little."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from compatshim.migrate.edits import Edit
from compatshim.migrate.ejecting.extension import extension_edits
from compatshim.migrate.ejecting.page_strings import needs_in_strings
from compatshim.migrate.ejecting.plans import BY_HAND, STAYS, plan_ejection
from compatshim.migrate.examined import Examined
from compatshim.migrate.merging import import_edits
from compatshim.migrate.objections import UNSURE, Refusal
from compatshim.migrate.rewriting import Rewriting, edited

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from compatshim.migrate.catalogue import Catalogue
    from compatshim.migrate.ejecting.uses import Wrap
    from compatshim.migrate.examined import LegacyString
    from compatshim.migrate.sources import Source

__all__ = ["Ejection", "eject_source", "named_in_strings"]

_WHOLE = re.compile(r"(compatshim(?:\.\w+)*)(?:\.?\Z|[:[])")
_CODE = re.compile(r"\b(?:from|import)[ \t]+(compatshim(?:\.\w+)*)")


class Ejection(NamedTuple):
    """What a source is to be; its refusals need a hand.

    ``notes`` say where a changed line differs from what it was. ``extensions`` are the
    lines of what can be taken out when no file needs it any more: ``CompatShim``. With
    ``keeps``, a comment says to leave an import, which needs it.
    """

    rewriting: Rewriting
    notes: tuple[Refusal, ...] = ()
    extensions: tuple[int, ...] = ()
    keeps: bool = False


def eject_source(
    source: Source,
    catalogue: Catalogue,
    is_handed_on: Callable[[str], bool] = lambda _: False,
    *,
    renders: bool = True,
    drops_extension: bool = False,
) -> Ejection:
    """Return ``source`` with what Flask has in the place of the common names.

    The other arguments are those of ``plan_ejection``; with ``drops_extension``, a plain
    ``CompatShim(app)`` goes, too.
    """
    examined = Examined(source, catalogue, source.path)
    made = plan_ejection(examined, is_handed_on, renders=renders)
    refusals, extensions = made.plan.refusals, []
    for one in made.extensions:
        found = extension_edits(examined, one)
        if isinstance(found, Refusal):
            refusals.append(found)
            continue
        extensions.append(source.position(one.imported.start)[0])
        if drops_extension:
            made.plan.gone.append((one.statement, one.imported))
            made.plan.uses += found
    refusals += _unseen(examined)
    refusals.sort()
    edits = [*import_edits(examined, made.plan), *made.plan.uses]
    edits = _with_wraps(source.text, edits, made.wraps)
    if not edits:
        rewriting = Rewriting(source, source.data, tuple(refusals))
        return Ejection(rewriting, (), tuple(extensions), made.keeps)
    data, problem = edited(examined, edits)
    notes = tuple(sorted(made.notes))
    if problem:
        refusals.append(Refusal(1, STAYS, "all of it", problem))
        notes = ()
    return Ejection(
        Rewriting(source, data, tuple(refusals)), notes, tuple(extensions), made.keeps
    )


def _unseen(examined: Examined) -> Iterator[Refusal]:
    """Yield what may have to do with compatshim, and is no import that can be read."""
    source = examined.source
    if source.problem:
        yield Refusal(1, STAYS, "all of it", source.problem)
    elif examined.tree.errors:
        line = source.position(examined.tree.errors[0].start_byte)[0]
        yield Refusal(line, STAYS, "all of it", UNSURE)
    for line, name in named_in_strings(examined):
        yield Refusal(line, BY_HAND, name, "name what takes its place")
    yield from needs_in_strings(examined)


def named_in_strings(examined: Examined) -> Iterator[tuple[int, str]]:
    """Yield what strings name of compatshim, with their lines."""
    for string in examined.strings:
        name = _name_in(string)
        if name:
            yield examined.source.position(string.start)[0], name


def _name_in(string: LegacyString) -> str:
    """Return what a string names of compatshim, as a whole or in code; or ""."""
    found = _WHOLE.match(string.text) or _CODE.search(string.text)
    return "" if found is None else found[1]


def _with_wraps(
    text: bytes, edits: Iterable[Edit], wraps: Iterable[Wrap]
) -> list[Edit]:
    """Return edits that do not overlap: one for each wrap, with what is edited in it."""
    edits = sorted(edits)
    for wrap in sorted(wraps, key=lambda wrap: wrap.end - wrap.start):
        inner = [edit for edit in edits if wrap.start <= edit.start < wrap.end]
        parts, end = [], wrap.start
        for edit in inner:
            parts += [text[end : edit.start].decode(), edit.text]
            end = edit.end
        parts.append(text[end : wrap.end].decode())
        new = Edit(wrap.start, wrap.end, wrap.before + "".join(parts) + wrap.after)
        edits = sorted([*(edit for edit in edits if edit not in inner), new])
    return edits
