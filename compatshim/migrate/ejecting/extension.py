"""``CompatShim(app)``: the last thing that goes, when nothing needs it any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from compatshim.migrate.ejecting.uses import Read
from compatshim.migrate.objections import UNSURE, Refusal
from compatshim.migrate.removals import removal
from compatshim.migrate.steps import scope_chain

if TYPE_CHECKING:
    from compatshim.migrate.edits import Edit
    from compatshim.migrate.examined import Examined, LegacyImport
    from compatshim.migrate.steps import Step

__all__ = ["EXTENSION", "extension_edits"]

EXTENSION = "CS606"
_NAME = "compatshim.CompatShim"
_ARGUMENTS = (
    "it is given more than the application: take it out where that is taken out"
)


def extension_edits(examined: Examined, one: LegacyImport) -> list[Edit] | Refusal:
    """Return the edits that take the uses of ``CompatShim`` away, or why they stay.

    A use that goes is ``CompatShim(app)`` by itself, or assigned to a name of a function
    that nothing uses.
    """
    edits = []
    for found in examined.scopes.occurrences(one.bound):
        if found.kind == "import":
            continue
        line = examined.source.position(found.start)[0]
        call = Read(examined, found.path).call
        if found.kind != "use" or call is None:
            return Refusal(line, EXTENSION, _NAME, "only calls of it can be taken out")
        if examined.is_unsure(found.start, found.end):
            return Refusal(line, EXTENSION, _NAME, UNSURE)
        given = call.arguments
        if not given.is_whole or len(given.positional) != 1 or given.keywords:
            return Refusal(line, EXTENSION, _NAME, _ARGUMENTS)
        statement = _statement(examined, call.path)
        if statement is None:
            reason = "what it is assigned to may be used: take out what uses it"
            return Refusal(line, EXTENSION, _NAME, reason)
        edits.append(removal(examined.source.text, statement, keep_comment=False))
    return edits


class _Span(NamedTuple):
    start: int
    end: int


def _statement(examined: Examined, path: tuple[Step, ...]) -> _Span | None:
    """Return the statement that is nothing but the call at the end of ``path``.

    ``None`` where it is more, or where its block would be empty without it.
    """
    position = len(path) - 2
    around = path[position].node
    if around.type == "assignment":
        left = around.child_by_field_name("left")
        if left is None or left.type != "identifier":
            return None
        name = examined.tree.content(left)
        is_of_module = scope_chain(path)[0].kind == "module"
        if is_of_module or examined.scopes.is_used(name):
            return None
        position -= 1
        around = path[position].node
    block = path[position - 1].node
    is_alone = block.type != "module" and block.named_child_count == 1
    return (
        None
        if around.type != "expression_statement" or is_alone
        else _Span(around.start_byte, around.end_byte)
    )
