"""What an opt-in rule would do at one place, or why it would not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from compatshim.migrate.edits import Edit
from compatshim.migrate.examined import LegacyImport, LegacyUse
from compatshim.migrate.moves import Move
from compatshim.migrate.new_names import objection_to_new_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compatshim.migrate.examined import Attribute, Examined
    from compatshim.migrate.scopes import Occurrence
    from compatshim.migrate.steps import Scope, Step
    from compatshim.migrate.syntax import ImportedName, ImportStatement

__all__ = [
    "Proposal",
    "by_imported_name",
    "occurrences_from",
    "reads_of",
]

_WORDS = (b"import",)


class Proposal(NamedTuple):
    """What is to become of the range from ``start`` to ``end``, which ``path`` leads to.

    ``name`` is what refusals call it. With a ``reason`` it is left as it is.
    """

    name: str
    start: int
    end: int
    path: Sequence[Step]
    reason: str | None = None
    edits: tuple[Edit, ...] = ()
    moves: tuple[Move, ...] = ()


def by_imported_name(
    examined: Examined, target: str, use: LegacyUse, reason: str | None = None
) -> Proposal:
    """Propose that the name of ``target``, imported, takes the place of ``use``."""
    module, _, name = target.rpartition(".")
    written = examined.source.text[use.start : use.end].decode()
    return Proposal(
        written,
        use.start,
        use.end,
        use.path,
        reason or objection_to_new_name(examined, name, target, use),
        (Edit(use.start, use.end, name),),
        (Move(use.source.statement, None, module, name, name),),
    )


def reads_of(
    examined: Examined, statement: ImportStatement, imported: ImportedName
) -> Iterator[tuple[LegacyUse, list[Attribute]]]:
    """Yield each attribute that is read from what an import binds, with all after it."""
    scope = statement.chain[0]
    for occurrence in _bound_by(examined, imported.bound, scope):
        parts = examined.attributes(occurrence)
        if not parts:
            continue
        module, name = imported.module, parts[0].name
        source = LegacyImport(statement, imported, module, name, module, scope)
        yield (
            LegacyUse(
                module,
                name,
                occurrence.start,
                parts[0].end,
                source,
                occurrence.path,
                parts[0].written,
            ),
            parts,
        )


def occurrences_from(
    examined: Examined, targets: Sequence[str]
) -> Iterator[tuple[Occurrence, bool]]:
    """Yield where a name stands for one of ``targets``, by an import of it.

    And whether it is certain: nothing else binds the name.
    """
    for statement in examined.tree.imports(_WORDS):
        scope = statement.chain[0]
        for one in statement.names:
            if statement.level or f"{one.module}.{one.name}" not in targets:
                continue
            is_certain = all(
                other.scope != scope or one.start <= other.start < one.end
                for other in examined.scopes.bindings(one.bound)
            )
            for occurrence in _bound_by(examined, one.bound, scope):
                yield occurrence, is_certain


def _bound_by(examined: Examined, name: str, scope: Scope) -> Iterator[Occurrence]:
    for occurrence in examined.scopes.occurrences(name):
        if occurrence.kind == "use" and examined.scopes.scope_of(occurrence) == scope:
            yield occurrence
