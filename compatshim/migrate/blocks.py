"""Which statements become one: imports from the same module into the same block."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from compatshim.migrate.objections import (
    Place,
    bound_scopes,
    objection_to_binding,
    star_imports,
    suite_of,
)
from compatshim.migrate.readers import calls_by_name
from compatshim.migrate.scopes import BINDING, USE
from compatshim.migrate.steps import scope_chain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compatshim.migrate.examined import Examined
    from compatshim.migrate.moves import Move, Plan
    from compatshim.migrate.steps import Step
    from compatshim.migrate.syntax import ImportStatement

__all__ = ["Block", "blocks_of"]


class Block(NamedTuple):
    """What is imported from ``module``, and the statements that have it now.

    The first of them is where it will be. One may be from ``module`` already.
    """

    module: str
    moves: list[Move]
    statements: list[ImportStatement]

    def extends(self, statement: ImportStatement) -> bool:
        """Tell whether ``statement`` is the one from the module already."""
        return statement in self.statements and statement.module == self.module


class _Position(NamedTuple):
    """A block of statements, and how many star imports and the like have come before.

    No name may be moved to the other side of what may read or bind any name.
    """

    suite: tuple[int, int]
    barriers: int


def blocks_of(examined: Examined, plan: Plan) -> list[Block]:
    """Return what is merged, by module and place."""
    barriers = [*star_imports(examined), *calls_by_name(examined)]
    found: dict[tuple[str, _Position], list[Block]] = defaultdict(list)
    for move in sorted(plan.moves, key=lambda move: move.statement.start):
        blocks = found[move.module, _position(move.statement, barriers)]
        if not blocks or not _may_join(examined, move, blocks[-1]):
            blocks.append(Block(move.module, [], []))
        blocks[-1].moves.append(move)
        if move.statement not in blocks[-1].statements:
            blocks[-1].statements.append(move.statement)
    for (module, position), blocks in found.items():
        for statement in _statements_from(examined, module):
            if _position(statement, barriers) == position and any(
                _extended(examined, block, statement) for block in blocks
            ):
                break
    return [block for key in sorted(found) for block in found[key]]


def _extended(examined: Examined, block: Block, statement: ImportStatement) -> bool:
    """Let ``block`` have a statement that is from its module already, if it may."""
    if statement not in block.statements:
        if statement.start < block.statements[0].start:
            there = Block(block.module, [], [statement])
            if not all(_may_join(examined, move, there) for move in block.moves):
                return False
        elif not _may_move(examined, statement, block):
            return False
        block.statements.append(statement)
        block.statements.sort(key=lambda one: one.start)
    return True


def _may_join(examined: Examined, move: Move, block: Block) -> bool:
    """Tell whether a name may be imported where ``block`` is: nothing in between has it.

    What reads it there would find another object by that name, such as a built-in one.
    """
    known = {one.bound for one in block.moves}
    known.update(
        one.bound
        for statement in block.statements
        if block.extends(statement)
        for one in statement.names
    )
    return not _is_between(
        examined, move.bound, block.statements[0], move.statement, known
    )


def _is_between(
    examined: Examined,
    name: str,
    first: ImportStatement,
    second: ImportStatement,
    known: set[str],
) -> bool:
    """Tell whether code between two statements has ``name``, which may be known there."""
    if name.encode() not in examined.source.text[first.end : second.start]:
        return False
    kinds = (BINDING,) if name in known else (BINDING, USE)
    scope = first.chain[0]
    return any(
        first.end <= one.start < second.start and scope in bound_scopes(one)
        for one in examined.scopes.occurrences(name)
        if one.kind in kinds
    )


def _position(
    statement: ImportStatement, barriers: list[tuple[Step, ...]]
) -> _Position:
    scope = statement.chain[0]
    before = (
        path
        for path in barriers
        if scope_chain(path)[0] == scope and path[-1].node.start_byte < statement.start
    )
    return _Position(suite_of(statement.path), sum(1 for _ in before))


def _statements_from(examined: Examined, module: str) -> Iterator[ImportStatement]:
    for statement in examined.statements:
        if (
            statement.is_from
            and (statement.level, statement.module) == (0, module)
            and not any(one.name == "*" for one in statement.names)
            and not examined.is_unsure(statement.start, statement.end)
        ):
            yield statement


def _may_move(examined: Examined, statement: ImportStatement, block: Block) -> bool:
    """Tell whether what ``statement`` imports may be imported where ``block`` is."""
    scope = statement.chain[0]
    known = {one.bound for one in block.moves}
    return not any(
        objection_to_binding(
            examined,
            one.bound,
            f"{one.module}.{one.name}",
            Place(one.start, one.end, statement.path, scope),
        )
        or _is_between(examined, one.bound, block.statements[0], statement, known)
        for one in statement.names
    )
