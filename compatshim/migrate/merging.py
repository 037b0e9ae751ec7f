"""Edit the import statements of a plan, so that there is one line for each block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.migrate.blocks import blocks_of
from compatshim.migrate.comments import comment_after, comments_in
from compatshim.migrate.edits import Edit
from compatshim.migrate.file_style import FileStyle
from compatshim.migrate.imports_block import Item, render
from compatshim.migrate.removals import (
    indent_before,
    is_alone,
    joined,
    removal,
    with_the_same_end,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sized

    from compatshim.migrate.blocks import Block
    from compatshim.migrate.examined import Examined
    from compatshim.migrate.moves import Move, Plan
    from compatshim.migrate.syntax import ImportedName, ImportStatement

__all__ = ["import_edits"]


def import_edits(examined: Examined, plan: Plan) -> list[Edit]:
    """Return the edits of the import statements in ``plan``, in order."""
    merging = _Merging(examined, plan)
    text = examined.source.text
    found: list[Edit] = []
    for statement in merging.statements():
        edit = merging.edit_of(statement)
        if found and edit.start < found[-1].end:
            edit = joined(text, found.pop(), edit)
        if text[edit.start : edit.end] != edit.text.encode():
            found.append(edit)
    return with_the_same_end(text, found)


class _Merging:
    def __init__(self, examined: Examined, plan: Plan) -> None:
        self._tree = examined.tree
        self._newline = examined.source.newline
        self._plan = plan
        self._blocks = blocks_of(examined, plan)
        self._style = FileStyle(examined)
        gone = [imported for _, imported in plan.gone]
        moved = [move.imported for move in plan.moves if move.imported]
        self._gone = {imported.start for imported in (*gone, *moved)}

    def statements(self) -> list[ImportStatement]:
        """Return the statements that change, in order."""
        found = {one.start: one for block in self._blocks for one in block.statements}
        found |= {statement.start: statement for statement, _ in self._plan.gone}
        return [found[start] for start in sorted(found)]

    def edit_of(self, statement: ImportStatement) -> Edit:
        """Return what becomes of a statement: other ones, or nothing."""
        text = self._tree.text
        indent = indent_before(text, statement.start)
        texts = [
            self._merged(block, indent)
            for block in self._blocks
            if block.statements[0] == statement
        ]
        if self._rest_of(statement):
            texts.append(self._without_what_goes(statement, indent))
        if not texts:
            moved = self._moved_from(statement)
            return removal(text, statement, keep_comment=not moved)
        alone = is_alone(text, statement)
        between = self._newline + indent if alone else "; "
        return Edit(statement.start, statement.end, between.join(texts))

    def _moved_from(self, statement: ImportStatement) -> list[Move]:
        return [
            move
            for move in self._plan.moves
            if move.imported and move.statement == statement
        ]

    def _rest_of(self, statement: ImportStatement) -> list[ImportedName]:
        """Return the names that stay where they are."""
        if any(block.extends(statement) for block in self._blocks):
            return []
        return [one for one in statement.names if one.start not in self._gone]

    def _without_what_goes(self, statement: ImportStatement, indent: str) -> str:
        names = self._rest_of(statement)
        if len(names) == len(statement.names):
            return self._text(statement.start, statement.end)
        items = [_as_it_is(one) for one in names]
        imports = [
            child.end_byte
            for child in statement.node.children
            if child.type == "import"
        ]
        layout = self._style.layout_of(statement)
        return render(
            self._text(statement.start, imports[-1]),
            list(self._commented(statement, items)),
            self._style.style(layout),
            indent,
            broken=layout is not None,
            comment="  ".join(comments_in(self._tree, statement).opening),
        )

    def _merged(self, block: Block, indent: str) -> str:
        layouts = map(self._style.layout_of, block.statements)
        layout = next((one for one in layouts if one), None)
        items: dict[tuple[str, str], Item] = {}
        for item in self._items(block):
            key = item.name, item.bound
            items[key] = items[key].joined(item) if key in items else item
        openings = (
            comment
            for statement in block.statements
            if not self._rest_of(statement)
            for comment in comments_in(self._tree, statement).opening
        )
        return render(
            f"from {block.module} import",
            sorted(items.values()),
            self._style.style(layout),
            indent,
            broken=layout is not None and not self._is_one_of_several(block, items),
            comment="  ".join(dict.fromkeys(openings)),
        )

    @staticmethod
    def _is_one_of_several(block: Block, items: Sized) -> bool:
        """Tell whether one name is left of a longer statement."""
        return len(items) == 1 and any(len(one.names) > 1 for one in block.statements)

    def _items(self, block: Block) -> Iterator[Item]:
        """Yield what ``block`` imports; the comment of a line that goes, goes with it."""
        kept = comment_after(self._tree, block.statements[0])
        for statement in block.statements:
            items = list(self._commented(statement, self._names(block, statement)))
            comment = comment_after(self._tree, statement)
            if comment != kept and self._goes_with_its_line(block, statement):
                last = items[-1]
                items[-1] = last.joined(last._replace(above=(), beside=comment))
            yield from items

    def _goes_with_its_line(self, block: Block, statement: ImportStatement) -> bool:
        return (
            statement != block.statements[0]
            and bool(self._moved_from(statement) or block.extends(statement))
            and not self._rest_of(statement)
            and is_alone(self._tree.text, statement)
        )

    def _names(
        self, block: Block, statement: ImportStatement
    ) -> list[tuple[int, Item]]:
        moved = [
            _as_it_moves(move) for move in block.moves if move.statement == statement
        ]
        if not block.extends(statement):
            return moved
        starts = {start for start, _ in moved}
        stay = [one for one in statement.names if one.start not in starts]
        return [*moved, *map(_as_it_is, stay)]

    def _commented(
        self, statement: ImportStatement, names: Iterable[tuple[int, Item]]
    ) -> Iterator[Item]:
        comments = comments_in(self._tree, statement)
        for start, item in names:
            above = comments.above.get(start, ())
            beside = "  ".join(comments.beside.get(start, ()))
            yield item._replace(above=above, beside=beside)

    def _text(self, start: int, end: int) -> str:
        return self._tree.text[start:end].decode("utf-8", "replace")


def _as_it_moves(move: Move) -> tuple[int, Item]:
    """Return where a name is imported now, if it is, and as what from now on."""
    imported = move.imported
    if imported is None:
        return -1, Item(move.name, move.bound)
    is_exported = imported.asname == imported.name
    return imported.start, Item(move.name, move.bound, is_exported=is_exported)


def _as_it_is(imported: ImportedName) -> tuple[int, Item]:
    name = imported.name or imported.module
    bound = imported.asname or name
    return imported.start, Item(name, bound, is_exported=imported.asname == name)
