"""What reaches one file from the framework, through other modules of the tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from compatshim.migrate.findings import ATTRIBUTE, FROM_IMPORT
from compatshim.migrate.handed_on import Exported, Imported
from compatshim.migrate.scopes import USE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compatshim.migrate.examined import Examined
    from compatshim.migrate.flow import Flow
    from compatshim.migrate.steps import Scope, Step
    from compatshim.migrate.syntax import ImportedName, ImportStatement

__all__ = ["Reached", "reached_names"]

_IMPORT = (b"import",)


class Reached(NamedTuple):
    """A name that a file has from another module of the tree, which has it from elsewhere.

    ``module`` and ``name`` are those of the other module, and ``what`` stands behind them.
    ``start`` and ``end`` are the range of the imported name, or of ``base.request``, with
    ``path`` leading to it; ``kind`` is that of a finding.
    """

    kind: str
    module: str
    name: str
    what: Exported
    start: int
    end: int
    path: Sequence[Step]
    statement: ImportStatement
    imported: ImportedName
    scope: Scope


def reached_names(examined: Examined, location: str, flow: Flow) -> Iterator[Reached]:
    """Yield what reaches the file at ``location``, in the order of its imports.

    That are names that are imported, those of a star that are used, and those that are
    read from a module.
    """
    for statement in examined.tree.imports(_IMPORT):
        scope = statement.chain[0]
        for imported in statement.names:
            one = Imported.of(imported, statement.level)
            reader = _Reader(examined, location, flow, statement, imported, scope)
            for name, bound, what in flow.brought(location, one):
                if what.target:
                    yield from reader.imported_name(name, what)
                else:
                    yield from reader.read_names(bound, what.location)
            if not one.name and not one.has_alias and "." in one.module:
                yield from reader.read_names_of_dotted(one.module)


class _Reader(NamedTuple):
    """One name of an import statement, in its file."""

    examined: Examined
    location: str
    flow: Flow
    statement: ImportStatement
    imported: ImportedName
    scope: Scope

    def imported_name(self, name: str, what: Exported) -> Iterator[Reached]:
        if self.imported.name == "*" and not self._is_used(name):
            return
        statement, imported = self.statement, self.imported
        found = self.flow.modules.find(imported.module, statement.level, self.location)
        yield Reached(
            FROM_IMPORT,
            self._module(found or "", imported.module),
            name,
            what,
            imported.start,
            imported.end,
            statement.path,
            statement,
            imported,
            self.scope,
        )

    def read_names(self, bound: str, module: str) -> Iterator[Reached]:
        """Yield what is read from the module in the file ``module``: ``base.request``."""
        yield from self._read(bound, module, 0)

    def read_names_of_dotted(self, module: str) -> Iterator[Reached]:
        """Yield what is read by a whole name: ``lib.base.request``."""
        found = self.flow.modules.find(module, 0, self.location)
        if found is not None:
            yield from self._read(module, found, module.count("."))

    def _read(self, dotted: str, module: str, skipped: int) -> Iterator[Reached]:
        bound, *rest = dotted.split(".")
        scopes = self.examined.scopes
        for occurrence in scopes.occurrences(bound):
            if scopes.scope_of(occurrence) != self.scope:
                continue
            parts = self.examined.attributes(occurrence)
            names = [part.name for part in parts]
            if names[:skipped] != rest:
                continue
            found = self._leads_to(module, names[skipped:])
            if found is None:
                continue
            holder, what, size = found
            last = parts[skipped + size - 1]
            if last.written:
                continue
            yield Reached(
                ATTRIBUTE,
                self._module(holder, self.imported.module),
                last.name,
                what,
                occurrence.start,
                last.end,
                occurrence.path,
                self.statement,
                self.imported,
                self.scope,
            )

    def _leads_to(
        self, module: str, names: Sequence[str]
    ) -> tuple[str, Exported, int] | None:
        """Return which module has what is read, what that is, and how many names it took.

        The first name may be that of another module, and so on.
        """
        for size, name in enumerate(names, 1):
            what = self.flow.exports_of(module).get(name)
            if what is not None and what.target:
                return module, what, size
            inner = what.location if what else self.flow.modules.inside(module, name)
            if inner is None:
                return None
            module = inner
        return None

    def _module(self, location: str, written: str) -> str:
        """Return the name of the module in a file, as it is written here if it is."""
        names = self.flow.modules.names_of(location)
        return written if written in names or not names else names[0]

    def _is_used(self, name: str) -> bool:
        scopes = self.examined.scopes
        return any(
            one.kind == USE and scopes.scope_of(one) is None
            for one in scopes.occurrences(name)
        )
