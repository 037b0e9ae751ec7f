"""Decide, name by name, what is imported from Flask in one file, and what cannot be."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from compatshim.migrate.ejecting.checks import CHECKS
from compatshim.migrate.ejecting.names import (
    ADVICE,
    COMMON,
    OWN_NAMES,
    TARGETS,
    advice_on,
)
from compatshim.migrate.ejecting.uses import Use, Verdict, Wrap
from compatshim.migrate.exports import is_exported
from compatshim.migrate.moves import Move, Plan, is_ignored
from compatshim.migrate.new_names import objection_to_name
from compatshim.migrate.objections import (
    UNSURE,
    Place,
    Refusal,
    objection_to_binding,
)
from compatshim.migrate.readers import is_read_in_text, reads_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from compatshim.migrate.edits import Edit
    from compatshim.migrate.examined import Examined, LegacyImport
    from compatshim.migrate.steps import Scope

__all__ = ["BY_HAND", "DIFFERS", "STAYS", "EjectPlan", "plan_ejection"]

NO_COUNTERPART, BY_HAND, DIFFERS, STAYS = "CS601", "CS602", "CS603", "CS605"

_EXTENSION = ("compatshim", "CompatShim")


@dataclass
class EjectPlan:
    """What is to change; ``plan.refusals`` needs a hand, ``notes`` differs a little.

    ``extensions`` are imports of ``CompatShim``; with ``keeps``, a comment keeps another.
    """

    plan: Plan = field(default_factory=Plan)
    wraps: list[Wrap] = field(default_factory=list)
    notes: list[Refusal] = field(default_factory=list)
    extensions: list[LegacyImport] = field(default_factory=list)
    keeps: bool = False


class _Candidate(NamedTuple):
    """A name in its scope, all of its imports there, and what becomes of its uses."""

    imports: list[LegacyImport]
    uses: list[Use]
    verdicts: list[Verdict]

    @property
    def first(self) -> LegacyImport:
        return self.imports[0]

    @property
    def new_name(self) -> str:
        """The name that takes its place: its own, unless that is one of common's."""
        one = self.first
        own = TARGETS[one.name].rpartition(".")[2]
        if one.name in ("config", "streaming_response"):  # each use is written anew
            return own
        return own if one.bound in OWN_NAMES else one.bound

    @property
    def is_the_same(self) -> bool:
        """Whether it does the same by the same name, however it is used."""
        return self.first.name not in CHECKS and self.new_name == self.first.bound

    @property
    def targets(self) -> dict[str, str]:
        """By the names that have to be bound: what they are."""
        others = {target for one in self.verdicts for target in one.imports}
        return {
            self.new_name: TARGETS[self.first.name],
            **{target.rpartition(".")[2]: target for target in sorted(others)},
        }


def plan_ejection(
    examined: Examined, is_handed_on: Callable[[str], bool], *, renders: bool = True
) -> EjectPlan:
    """Return what can be ejected in ``examined``, and what needs a hand.

    ``is_handed_on`` tells whether other files import a name from this one. Without
    ``renders``, templates are not ready to be rendered by Flask alone.
    """
    made = EjectPlan()
    groups: dict[tuple[str, Scope], list[LegacyImport]] = defaultdict(list)
    for one in examined.imports:
        span = one.imported.start, one.imported.end
        if is_ignored(examined, STAYS, span, one.statement.path):
            made.keeps = True
        else:
            groups[one.bound, one.scope].append(one)
    candidates = []
    for imports in groups.values():
        candidate = _candidate(examined, imports, made)
        if candidate is None:
            continue
        objection = _objection(examined, candidate, is_handed_on)
        if candidate.first.name == "render" and not renders:
            objection = "templates use names of the common objects yet: see below"
        if objection is None:
            candidates.append(candidate)
        else:
            _refuse(examined, candidate.first, objection, made)
    for candidate in _consistent(examined, candidates, made):
        _accept(candidate, made)
    return made


def _candidate(
    examined: Examined, imports: list[LegacyImport], made: EjectPlan
) -> _Candidate | None:
    """Return what may be replaced, if all of its uses may; else note what needs a hand."""
    first = imports[0]
    names = {(one.module, one.name) for one in imports}
    if names == {_EXTENSION}:
        made.extensions += imports
        return None
    uses = _uses_of(examined, first)
    if len(names) > 1:
        reason = f"{first.bound} is one of several names: give each its own"
        _refuse(examined, first, reason, made)
        return None
    if first.module != COMMON or first.name not in TARGETS:
        _refuse_import(examined, imports, uses, made)
        return None
    check = CHECKS.get(first.name)
    verdicts = [check(use) if check else Verdict() for use in uses]
    by_hand = [
        (use, verdict)
        for use, verdict in zip(uses, verdicts, strict=True)
        if verdict.hand
    ]
    for use, verdict in by_hand:
        made.plan.refusals.append(
            Refusal(use.line, BY_HAND, verdict.name or first.name, verdict.hand)
        )
    return None if by_hand else _Candidate(imports, uses, verdicts)


def _uses_of(examined: Examined, one: LegacyImport) -> list[Use]:
    return [
        Use(examined, one.bound, found.path)
        for found in examined.scopes.occurrences(one.bound)
        if found.kind == "use" and examined.scopes.scope_of(found) == one.scope
    ]


def _refuse_import(
    examined: Examined,
    imports: list[LegacyImport],
    uses: list[Use],
    made: EjectPlan,
) -> None:
    """Note what has no counterpart where it is used, or else where it is imported."""
    one = imports[0]
    advice = advice_on(f"{one.module}.{one.name}".rstrip("."))
    if one.module == COMMON and one.name == "*":
        advice = "nobody can tell which names a star imports"
    elif one.module == COMMON and one.name:
        advice = ADVICE.get(one.name, advice_on("compatshim"))
    name = f"{one.module}.{one.name}" if one.name else one.module
    lines = [use.line for use in uses] or [
        examined.source.position(other.imported.start)[0] for other in imports
    ]
    made.plan.refusals += [
        Refusal(line, NO_COUNTERPART, name, advice) for line in dict.fromkeys(lines)
    ]


def _refuse(
    examined: Examined, one: LegacyImport, reason: str, made: EjectPlan
) -> None:
    line = examined.source.position(one.imported.start)[0]
    name = f"{one.module}.{one.name}"
    made.plan.refusals.append(Refusal(line, STAYS, name, reason))


def _objection(
    examined: Examined, candidate: _Candidate, is_handed_on: Callable[[str], bool]
) -> str | None:
    """Return why the names cannot be bound in the place of the common one, or ``None``."""
    one = candidate.first
    own_target = TARGETS[one.name]
    if _is_read_elsewhere(examined, candidate):
        return (
            "a doctest, an annotation in quotes or eval() reads it, or may: write that"
            " anew first"
        )
    if one.scope.kind == "class_definition":
        return "it is an attribute of the class; import it outside of that"
    if _is_handed_on(examined, candidate, is_handed_on):
        return "other modules import it from here: let them do so themselves first"
    for other in candidate.imports:
        statement, imported = other.statement, other.imported
        if examined.is_unsure(statement.start, statement.end):
            return UNSURE
        place = Place(imported.start, imported.end, statement.path, other.scope)
        reason = objection_to_binding(examined, one.bound, own_target, place)
        if reason is not None:
            return reason
    return _objection_to_new(examined, candidate)


def _is_read_elsewhere(examined: Examined, candidate: _Candidate) -> bool:
    """Tell whether something that is judged nowhere reads the name in this file."""
    one = candidate.first
    return not candidate.is_the_same and (
        is_read_in_text(examined, one.bound) or reads_names(examined, one.scope)
    )


def _is_handed_on(
    examined: Examined, candidate: _Candidate, is_handed_on: Callable[[str], bool]
) -> bool:
    """Tell whether other modules use what they get from here in ways not judged here."""
    one = candidate.first
    if candidate.is_the_same or one.scope.kind != "module":
        return False
    return is_handed_on(one.bound) or any(
        is_exported(examined, other) for other in candidate.imports
    )


def _objection_to_new(examined: Examined, candidate: _Candidate) -> str | None:
    one = candidate.first
    for use in candidate.uses:
        if examined.is_unsure(use.start, use.end):
            return UNSURE
    paths = [use.path for use in candidate.uses] or [one.statement.path]
    for name, target in candidate.targets.items():
        if name == one.bound:
            continue
        for path in paths:
            reason = objection_to_name(examined, name, target, one, path)
            if reason is not None:
                return reason
    return None


def _consistent(
    examined: Examined, candidates: list[_Candidate], made: EjectPlan
) -> list[_Candidate]:
    """Return those whose new names no common one keeps, which stays what it is."""
    while True:
        accepted = {
            (one.imported.start) for found in candidates for one in found.imports
        }
        kept = {
            (one.bound, one.scope)
            for one in examined.imports
            if one.imported.start not in accepted
        }
        refused = [
            found
            for found in candidates
            if any(
                (name, found.first.scope) in kept
                for name in found.targets
                if name != found.first.bound
            )
        ]
        if not refused:
            return candidates
        for found in refused:
            taken = " and ".join(sorted(set(found.targets) - {found.first.bound}))
            reason = f"{taken} is needed for it, and is compatshim's here yet"
            _refuse(examined, found.first, reason, made)
        candidates = [found for found in candidates if found not in refused]


def _accept(candidate: _Candidate, made: EjectPlan) -> None:
    for one in candidate.imports:
        module, _, name = TARGETS[one.name].rpartition(".")
        move = Move(one.statement, one.imported, module, name, candidate.new_name)
        made.plan.moves.append(move)
    own = candidate.new_name
    for bound, target in candidate.targets.items():
        if bound != own:
            module, _, name = target.rpartition(".")
            statement = candidate.first.statement
            made.plan.moves.append(Move(statement, None, module, name, bound))
    for use, verdict in zip(candidate.uses, candidate.verdicts, strict=True):
        made.plan.uses += verdict.edits
        made.wraps += verdict.wraps
        if own != use.name and not _is_covered(use, verdict.edits):
            made.plan.uses.append(use.renamed(own))
        if verdict.note:
            name = verdict.name or candidate.first.name
            made.notes.append(Refusal(use.line, DIFFERS, name, verdict.note))


def _is_covered(use: Use, edits: Iterable[Edit]) -> bool:
    return any(edit.start <= use.start and use.end <= edit.end for edit in edits)
