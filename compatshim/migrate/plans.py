"""Decide what is rewritten in one file, and what is not, and why."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from compatshim.migrate.module_uses import plan_module
from compatshim.migrate.moves import Move, Plan, is_ignored
from compatshim.migrate.objections import (
    STAR,
    UNSURE,
    Place,
    Refusal,
    objection_to_binding,
)

if TYPE_CHECKING:
    from compatshim.migrate.consumers import Consumers
    from compatshim.migrate.examined import Examined, LegacyImport
    from compatshim.migrate.steps import Scope

__all__ = ["Move", "Plan", "plan"]

_NAME, _STAR = "CS101", "CS105"


def plan(examined: Examined, consumers: Consumers) -> Plan:
    """Return what can be rewritten in ``examined``, and what has to be left."""
    made = Plan()
    modules: dict[tuple[str, Scope], list[LegacyImport]] = defaultdict(list)
    for one in examined.imports:
        _plan_import(examined, one, made)
        if one.name != "*" and examined.catalogue.leads_to_module(one.target):
            modules[one.bound, one.scope].append(one)
    for imports in modules.values():
        plan_module(examined, imports, consumers, made)
    return made


def _plan_import(examined: Examined, one: LegacyImport, made: Plan) -> None:
    is_star = one.name == "*"
    code = _STAR if is_star else _NAME
    target = examined.catalogue.replacement(one.module, one.name)
    statement, imported = one.statement, one.imported
    span = imported.start, imported.end
    if not (target or is_star) or is_ignored(examined, code, span, statement.path):
        return
    reason: str | None = STAR
    if not is_star:
        reason = _objection_to_import(examined, one, target)
    if reason is None:
        module, _, name = target.rpartition(".")
        made.moves.append(Move(statement, imported, module, name, one.bound))
    else:
        name = f"{one.module}.{one.name}"
        line = examined.source.lines(statement.start, statement.end)[0]
        made.refusals.append(Refusal(line, code, name, reason))


def _objection_to_import(
    examined: Examined, one: LegacyImport, target: str
) -> str | None:
    statement, imported = one.statement, one.imported
    if examined.is_unsure(statement.start, statement.end):
        return UNSURE
    place = Place(imported.start, imported.end, statement.path, one.scope)
    return objection_to_binding(examined, one.bound, target, place)
