"""Rewrite one source: from its bytes to its new bytes, and what was left, and why."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from compatshim.migrate.consumers import Consumers
from compatshim.migrate.edits import Edit, edited_data, edited_text, ranges_after
from compatshim.migrate.examined import Examined
from compatshim.migrate.merging import import_edits
from compatshim.migrate.objections import Refusal
from compatshim.migrate.plans import plan
from compatshim.migrate.string_names import string_edits
from compatshim.migrate.syntax import Tree
from compatshim.migrate.verifying import is_same_outside, parses_as_before

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compatshim.migrate.catalogue import Catalogue
    from compatshim.migrate.sources import Source

__all__ = ["Rewriting", "edited", "rewrite_source"]

_LONE_RETURN = re.compile(rb"\r(?!\n)")


class Rewriting(NamedTuple):
    """What a source is to be, and what of it was left as it is."""

    source: Source
    data: bytes
    refusals: tuple[Refusal, ...] = ()

    @property
    def is_changed(self) -> bool:
        """Whether there is anything to write."""
        return self.data != self.source.data


def rewrite_source(
    source: Source,
    catalogue: Catalogue,
    *,
    strings: bool = False,
    consumers: Consumers | None = None,
) -> Rewriting:
    """Return ``source`` with its legacy imports replaced, as far as that is sure.

    With ``strings``, so are the names in strings that say what to patch. ``consumers``
    know what other modules take from this one.
    """
    examined = Examined(source, catalogue, source.path)
    made = plan(examined, consumers or Consumers((), catalogue))
    refusals = made.refusals
    edits = [*import_edits(examined, made), *made.uses]
    if strings:
        for found in string_edits(examined):
            if isinstance(found, Refusal):
                refusals.append(found)
            else:
                edits.append(found)
    refusals.sort()
    if not edits:
        return Rewriting(source, source.data, tuple(refusals))
    edits.sort()
    data, problem = edited(examined, edits)
    if problem:
        refusals.append(Refusal(1, "CS101", "all of it", problem))
    return Rewriting(source, data, tuple(refusals))


def edited(examined: Examined, edits: Sequence[Edit]) -> tuple[bytes, str | None]:
    """Return the new bytes, or the old ones and why there are no others.

    ``edits`` are in order. The new bytes are the same program outside of them.
    """
    source = examined.source
    edits = [Edit(*source.within(one.start, one.end), one.text) for one in edits]
    try:
        data = edited_data(source, edits)
    except UnicodeError as error:
        return source.data, f"its encoding cannot hold the result: {error}"
    result = source.reread(data)
    text = _LONE_RETURN.sub(b"\n", edited_text(source, edits))
    if result.problem or result.text != text:
        return source.data, "its encoding does not let parts of it be replaced"
    before = [(edit.start, edit.end) for edit in edits]
    after = list(ranges_after(edits))
    if not (
        is_same_outside(examined.tree, before, Tree(text), after)
        and parses_as_before(source.text.decode(), text.decode())
    ):
        return source.data, "the result would have been another program"
    return data, None
