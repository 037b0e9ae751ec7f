"""Which names of the framework reach which modules, through other modules of the tree.

``lib/base.py`` says ``from pylons import request``, and others import it from there. What
a module has for others is found first for those that import the framework, and then for
whoever imports these, until nothing new is found: however many steps it takes, and in
circles, too.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from compatshim.migrate.audit import is_suspect
from compatshim.migrate.examined import Examined
from compatshim.migrate.handed_on import (
    Exported,
    Imported,
    Listed,
    exports_of_its_own,
    imports_in,
    is_bound_once,
    listed_names,
    stated_modules,
)
from compatshim.migrate.modules import Modules
from compatshim.migrate.sources import decode, read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from compatshim.migrate.catalogue import Catalogue
    from compatshim.migrate.trees import File

__all__ = ["Flow", "data_of"]

_RELATIVE = "."


class Flow:
    """What the modules among ``files`` have for others that is the framework's."""

    def __init__(self, files: Iterable[File], catalogue: Catalogue) -> None:
        files = list(files)
        self.modules = Modules(files)
        self._catalogue = catalogue
        self._exports: dict[str, dict[str, Exported]] = defaultdict(dict)
        self._listed: dict[str, Listed] = {}
        self._holders: set[str] = set()
        self._imports: dict[str, list[Imported]] = {}
        self._edges: dict[str, frozenset[str]] = {}
        self._readers: dict[str, set[str]] = defaultdict(set)
        for file in files:
            self._read(self.modules.location_of(file.location))
        self._follow()

    def exports_of(self, location: str) -> Mapping[str, Exported]:
        """Return the names that the module in a file has for others."""
        return self._exports.get(location, {})

    def readers(self) -> list[str]:
        """Return the files that import a name, or a module that has one, in order."""
        return sorted(
            reader
            for reader, imports in self._imports.items()
            if any(self._what_comes(reader, one) for one in imports)
        )

    def brought(
        self, reader: str, one: Imported
    ) -> Iterator[tuple[str, str, Exported]]:
        """Yield what an import of the file ``reader`` brings.

        That is: the name in the module that it is from, the name that is bound, and what
        stands behind it.
        """
        if not one.name:
            found = self.modules.find(one.module, one.level, reader)
            if found is not None and (one.has_alias or "." not in one.module):
                yield "", one.bound, Exported(location=found)
            return
        module = self.modules.find(one.module, one.level, reader)
        exports = self.exports_of(module) if module else {}
        if one.name == "*":
            for name in self._of_star(module) if module else ():
                yield name, name, exports[name]
        elif one.name in exports:
            yield one.name, one.bound, exports[one.name]
        else:
            dotted = f"{one.module}.{one.name}" if one.module else one.name
            inner = self.modules.find(dotted, one.level, reader)
            if inner is not None:
                yield one.name, one.bound, Exported(location=inner)

    def _what_comes(self, reader: str, one: Imported) -> bool:
        """Tell whether an import leads to any of the framework's names."""
        if not one.name and not one.has_alias:  # a.b.c, and nobody knows how far
            found = self.modules.find(one.module, one.level, reader)
            return bool(found and self._leads_on(found))
        return any(
            what.target or self._leads_on(what.location)
            for _, _, what in self.brought(reader, one)
        )

    def _leads_on(self, location: str) -> bool:
        """Tell whether a module has any of the framework's names, or one in it has."""
        return bool(self.exports_of(location)) or location in self._holders

    def _of_star(self, location: str) -> list[str]:
        listed = self._listed.get(location, Listed(frozenset(), is_complete=False))
        return [
            name
            for name in self.exports_of(location)
            if name in listed.names
            or (not listed.is_complete and not name.startswith("_"))
        ]

    def _read(self, location: str) -> None:
        """Note which modules a file may import, and what it has of the framework's."""
        data = data_of(location)
        if b"import" not in data and not data.startswith((b"\xff", b"\xfe", b"\0")):
            return
        source = decode(location, data)
        for _, module in stated_modules(source.text):
            word = module.rpartition(".")[2] or _RELATIVE
            self._readers[word].add(location)
        if is_suspect(data, self._catalogue) or b"compatshim" in source.text:
            examined = Examined(source, self._catalogue, location)
            self._exports[location].update(exports_of_its_own(examined))
        if b"__all__" in source.text:
            self._listed[location] = listed_names(source.text)

    def _follow(self) -> None:
        waiting = dict.fromkeys(one for one, names in self._exports.items() if names)
        while waiting:
            location = next(iter(waiting))
            del waiting[location]
            for package in self.modules.around(location):
                if package not in self._holders:
                    self._holders.add(package)
                    waiting[package] = None
            for reader in self._importers_of(location):
                if self._pass_on(reader):
                    waiting[reader] = None

    def _pass_on(self, reader: str) -> bool:
        """Give the file ``reader`` what it imports by now; tell whether that is new."""
        exports = self._exports[reader]
        before = len(exports)
        examined = None
        if reader not in self._imports:
            examined = self._examined(reader)
            self._imports[reader] = list(imports_in(examined))
        for one in self._imports[reader]:
            if not one.is_top or not self._what_comes(reader, one):
                continue
            for name, bound, what in self.brought(reader, one):
                if bound in exports or not (
                    what.target or self._leads_on(what.location)
                ):
                    continue
                examined = examined or self._examined(reader)
                if one.name == "*" and _is_bound(examined, name):
                    continue
                is_certain = what.is_certain and is_bound_once(examined, bound)
                exports[bound] = what._replace(is_certain=is_certain)
        return len(exports) > before

    def _importers_of(self, location: str) -> list[str]:
        """Return the files that import a module, or something from it, in order."""
        names = self.modules.names_of(location)
        words = {name.rpartition(".")[2] for name in names}
        if location.endswith("__init__.py"):
            words.add(_RELATIVE)
        candidates = set().union(*(self._readers.get(word, ()) for word in words))
        return sorted(one for one in candidates if location in self._imported_by(one))

    def _imported_by(self, reader: str) -> frozenset[str]:
        """Return the modules that a file may import, or something from them."""
        if reader not in self._edges:
            text = decode(reader, data_of(reader)).text
            self._edges[reader] = frozenset(
                found
                for level, module in stated_modules(text)
                if (found := self.modules.find(module, level, reader))
            ) - {reader}
        return self._edges[reader]

    def _examined(self, location: str) -> Examined:
        # Not kept: the trees of many files take more memory than there may be.
        return Examined(decode(location, data_of(location)), self._catalogue, location)


def _is_bound(examined: Examined, name: str) -> bool:
    bindings = examined.scopes.bindings(name)
    return any(one.scope.kind == "module" for one in bindings)


def data_of(location: str) -> bytes:
    """Return the bytes of a file; none where it cannot be read."""
    try:
        return read_bytes(location)
    except OSError:  # which is told where the file itself is audited
        return b""
