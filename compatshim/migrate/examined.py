"""One source as the rules see it: its legacy imports, and what is done with them."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from compatshim.migrate.occurrences import kind_as_target
from compatshim.migrate.scopes import GLOBAL, USE, Scopes
from compatshim.migrate.syntax import Tree

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from compatshim.migrate.catalogue import Catalogue
    from compatshim.migrate.scopes import Occurrence
    from compatshim.migrate.sources import Source
    from compatshim.migrate.steps import Scope, Step
    from compatshim.migrate.syntax import ImportedName, ImportStatement

__all__ = ["Attribute", "Examined", "LegacyImport", "LegacyString", "LegacyUse"]


# The name comes first, as in syntax._word(): to look for lines is slower.
_ALL = re.compile(
    rb"__all__(?<=^__all__)\s*(?:\+?=|\.extend\()\s*[\[(]([^\[\]()]*)[\])]",
    re.MULTILINE,
)
_QUOTED = re.compile(rb"""['"](\w+)['"]""")
_DOT_NAME = re.compile(rb"\s*\.\s*(\w+)")


class LegacyImport(NamedTuple):
    """One name of an import statement that is legacy, and where it is bound.

    ``module`` and ``name`` are as a finding has them; ``target`` is the dotted name that
    the bound name stands for.
    """

    statement: ImportStatement
    imported: ImportedName
    module: str
    name: str
    target: str
    scope: Scope

    @property
    def bound(self) -> str:
        """The name that stands for it; ``""`` for a star."""
        return self.imported.bound


class LegacyUse(NamedTuple):
    """A name that is read from a legacy module, as ``pylons.request``.

    ``start`` and ``end`` are the range of ``pylons.request`` in ``pylons.request.params``.
    ``written`` tells that it is assigned or deleted.
    """

    module: str
    name: str
    start: int
    end: int
    source: LegacyImport
    path: tuple[Step, ...]
    written: bool

    @property
    def is_plain(self) -> bool:
        """Whether a name could stand for it: not in backticks, nor in a case."""
        return self.path[-2].type == "attribute"


class LegacyString(NamedTuple):
    """A piece of a string that has a legacy word in it, and the way to it."""

    text: str
    start: int
    end: int
    path: tuple[Step, ...]


class Attribute(NamedTuple):
    """An attribute that is read: its name, and where ``object.name`` ends."""

    name: str
    end: int
    written: bool


class Examined:
    """One source with its tree and its scopes; what takes time is done when asked for.

    ``path`` is what its findings are to have, relative to ``root``.
    """

    def __init__(
        self, source: Source, catalogue: Catalogue, path: str, root: str = ""
    ) -> None:
        self.source = source
        self.catalogue = catalogue
        self.path = path
        self.root = root
        self.tree = Tree(source.text)
        self.scopes = Scopes(self.tree)
        self.memory: dict[Hashable, Any] = {}  # see once.py

    @cached_property
    def statements(self) -> list[ImportStatement]:
        """The import statements with a legacy word in them, in order."""
        return self.tree.imports(self.catalogue.words)

    @cached_property
    def imports(self) -> list[LegacyImport]:
        """The legacy names that are imported, in order."""
        return [
            found
            for statement in self.statements
            if not statement.level
            for imported in statement.names
            if (found := self._legacy_import(statement, imported))
        ]

    @cached_property
    def uses(self) -> list[LegacyUse]:
        """What is read from legacy modules by attribute, in order."""
        found: dict[int, LegacyUse] = {}
        for one in self.imports:
            if one.bound and self.catalogue.leads_to_module(one.target):
                found.update((use.start, use) for use in self._uses_of(one))
        return [found[start] for start in sorted(found)]

    @cached_property
    def listed_names(self) -> frozenset[str]:
        """The names that are in ``__all__``, as far as it is written out."""
        return frozenset(
            name.decode()
            for listed in _ALL.findall(self.source.text)
            for name in _QUOTED.findall(listed)
        )

    @cached_property
    def strings(self) -> list[LegacyString]:
        """The pieces of strings with a legacy word in them, in order."""
        found: dict[int, LegacyString] = {}
        for offset in self.tree.offsets(self.catalogue.words):
            path = self.tree.path_at(offset)
            node = path[-1].node
            if path[-1].type == "string_content" and node.start_byte not in found:
                text = self.tree.content(node)
                found[node.start_byte] = LegacyString(
                    text, node.start_byte, node.end_byte, path
                )
        return list(found.values())

    def is_unsure(self, start: int, end: int) -> bool:
        """Tell whether what is there may have been read wrongly."""
        return self.source.problem is not None or self.tree.errors_near(start, end)

    def _legacy_import(
        self, statement: ImportStatement, imported: ImportedName
    ) -> LegacyImport | None:
        module, name = imported.module, imported.name
        dotted = f"{module}.{name}" if name not in ("", "*") else module
        if self.catalogue.package_of(dotted) is None:
            return None
        target = dotted
        if not name:
            if imported.asname:  # which may be an object, as pylons.config is
                module, name = self.catalogue.split(dotted)
            else:
                target = imported.bound
        scope = self._scope_of(statement, imported)
        return LegacyImport(statement, imported, module, name, target, scope)

    def _scope_of(self, statement: ImportStatement, imported: ImportedName) -> Scope:
        """Return the scope that gets a name: the module's where it is ``global``."""
        inner, *outer = statement.chain
        is_global = outer and any(
            (one.kind, one.scope) == (GLOBAL, inner)
            for one in self.scopes.bindings(imported.bound)
        )
        return outer[-1] if is_global else inner

    def _uses_of(self, one: LegacyImport) -> Iterator[LegacyUse]:
        for occurrence in self.scopes.occurrences_of(one.bound, one.scope):
            parts = self.attributes(occurrence)
            dotted = ".".join((one.target, *(part.name for part in parts)))
            module, name = self.catalogue.split(dotted)
            if not name or self.catalogue.package_of(module) is None:
                continue
            last = parts[module.count(".") - one.target.count(".")]
            yield LegacyUse(
                module,
                name,
                occurrence.start,
                last.end,
                one,
                occurrence.path,
                last.written,
            )

    def attributes(self, occurrence: Occurrence) -> list[Attribute]:
        """Return the attributes that are read from an occurrence, the nearest first."""
        path = occurrence.path
        if path[-1].type == "string_content":  # Python 2's backticks
            return [
                Attribute(match[1].decode(), match.end(), written=False)
                for match in _chain(self.source.text, occurrence.end)
            ]
        if occurrence.kind == USE and path[-2].type == "dotted_name":  # of a case
            return [
                Attribute(self.tree.content(part), part.end_byte, written=False)
                for part in path[-2].node.named_children[1:]
            ]
        found = []
        for position in range(len(path) - 2, 0, -1):
            node = path[position].node
            name = node.child_by_field_name("attribute")
            if name is None or path[position + 1].field != "object":
                break
            written = kind_as_target(path[: position + 1]) != USE
            found.append(Attribute(self.tree.content(name), node.end_byte, written))
        return found


def _chain(text: bytes, start: int) -> Iterator[re.Match[bytes]]:
    while match := _DOT_NAME.match(text, start):
        yield match
        start = match.end()
