"""Plan what becomes of a module that is imported: ``import pylons``, ``pylons.request``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.migrate.edits import Edit
from compatshim.migrate.moves import Move, Plan, is_ignored
from compatshim.migrate.new_names import objection_to_new_name
from compatshim.migrate.objections import (
    ASSIGNED,
    UNSURE,
    Refusal,
    bound_scopes,
    line_of,
    suite_of,
)
from compatshim.migrate.once import once
from compatshim.migrate.readers import is_still_needed
from compatshim.migrate.scopes import GLOBAL, IMPORT, NONLOCAL

if TYPE_CHECKING:
    from compatshim.migrate.consumers import Consumers
    from compatshim.migrate.examined import Examined, LegacyImport, LegacyUse
    from compatshim.migrate.scopes import Occurrence

__all__ = ["plan_module"]

_CODE = "CS102"


def plan_module(
    examined: Examined, imports: list[LegacyImport], consumers: Consumers, made: Plan
) -> None:
    """Plan what is read from a module, which ``imports`` bind as one name."""
    first = imports[0]
    uses = _uses_of(examined, imports)
    objection = _objection_to_module(examined, imports) if uses else None
    written = {(use.module, use.name) for use, _ in uses if use.written}
    rewritten = set()
    for use, target in uses:
        module, _, name = target.rpartition(".")
        reason = (
            objection
            or (ASSIGNED if (use.module, use.name) in written else None)
            or objection_to_new_name(examined, name, target, use)
            or _objection_of_others(examined, name, first, consumers)
        )
        if reason is not None:
            line = line_of(examined, use.start)
            refusal = Refusal(line, _CODE, f"{use.module}.{use.name}", reason)
            made.refusals.append(refusal)
            continue
        rewritten.add(use.start)
        made.uses.append(Edit(use.start, use.end, name))
        move = Move(first.statement, None, module, name, name)
        if move not in made.moves:
            made.moves.append(move)
    if rewritten and not (
        is_still_needed(examined, first, rewritten)
        or _is_taken(examined, first, consumers)
    ):
        made.gone += [(one.statement, one.imported) for one in imports]


@once
def _objection_of_others(
    examined: Examined, name: str, one: LegacyImport, consumers: Consumers
) -> str | None:
    """Return why other modules are in the way of a ``name`` that is new in this one."""
    if one.scope.kind != "module" or b"__all__" in examined.source.text:
        return None
    known = any(
        other.kind == IMPORT and other.scope == one.scope
        for other in examined.scopes.bindings(name)
    )
    if known or not consumers.take_all(examined.source.path):
        return None
    return (
        f"others import * from this module, and would get {name}; name what they import"
    )


def _is_taken(examined: Examined, one: LegacyImport, consumers: Consumers) -> bool:
    is_global = one.scope.kind == "module"
    return is_global and consumers.take(examined.source.path, one.bound)


def _uses_of(
    examined: Examined, imports: list[LegacyImport]
) -> list[tuple[LegacyUse, str]]:
    """Return what is read from a module and has a replacement, with that."""
    own = {one.imported for one in imports}
    found = []
    for use in examined.uses:
        target = examined.catalogue.replacement(use.module, use.name)
        if use.source.imported not in own or not target:
            continue
        if not is_ignored(examined, _CODE, (use.start, use.end), use.path):
            found.append((use, target))
    return found


def _objection_to_module(examined: Examined, imports: list[LegacyImport]) -> str | None:
    first = imports[0]
    suite = suite_of(first.statement.path)
    for one in imports:
        if examined.is_unsure(one.statement.start, one.statement.end):
            return UNSURE
        if suite_of(one.statement.path) != suite or one.target != first.target:
            line = line_of(examined, one.statement.start)
            return f"{first.bound} is imported in line {line}, too; import it once"
    ranges = [(one.imported.start, one.imported.end) for one in imports]
    for other in examined.scopes.bindings(first.bound):
        is_meant = first.scope in bound_scopes(other) or other.kind in (
            GLOBAL,
            NONLOCAL,
        )
        if not is_meant or any(start <= other.start < end for start, end in ranges):
            continue
        if "." in first.imported.module and _is_of_its_package(other):
            continue
        line = line_of(examined, other.start)
        return f"{first.bound} is rebound in line {line}; let only the import bind it"
    return None


def _is_of_its_package(other: Occurrence) -> bool:
    """Tell whether ``import a.c`` binds the package that ``import a.b`` binds, too."""
    dotted = other.path[-2]
    return dotted.type == "dotted_name" and other.path[-3].type == "import_statement"
