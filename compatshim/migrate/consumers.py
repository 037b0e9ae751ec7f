"""Which modules others take names from: by a star, by an import, by an attribute."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from compatshim.migrate.modules import Modules
from compatshim.migrate.sources import read_bytes
from compatshim.migrate.trees import files_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from compatshim.migrate.catalogue import Catalogue

__all__ = ["Consumers"]

_STAR = "*"
_FROM = re.compile(
    rb"^[ \t]*from[ \t]+(\.*)[ \t]*([\w.]*)[ \t]*\bimport\b[ \t]*"
    rb"(\*|\([^)]*\)|(?:\\\r?\n|[^\n#;])*)",
    re.MULTILINE,
)
_WORD = re.compile(rb"\w+|\*")
_ALIAS = re.compile(rb"\b(\w+)[ \t]+as[ \t]+(\w+)")


class _Taken(NamedTuple):
    """What is imported, by the file that it is from; what is read, by the last names."""

    imported: dict[str, set[str]]
    read: set[tuple[str, str]]


class Consumers:
    """Who takes what from the modules below ``paths``; looked up when it is asked for.

    Only legacy packages count, under their own names, and stars.
    """

    def __init__(self, paths: Iterable[str], catalogue: Catalogue) -> None:
        self._paths = list(paths)
        self._words = set(catalogue.words)

    def take_all(self, path: str) -> bool:
        """Tell whether some module imports a star from that in the file at ``path``."""
        location = Modules.location_of(path)
        return _STAR in self._taken.imported.get(location, ())

    def take(self, path: str, name: str) -> bool:
        """Tell whether some module has ``name`` from that in the file at ``path``."""
        location = Modules.location_of(path)
        imported = self._taken.imported.get(location, set())
        is_read = (_last_name(location), name) in self._taken.read
        return bool(imported & {_STAR, name}) or is_read

    @cached_property
    def _taken(self) -> _Taken:
        files = files_in(self._paths, lambda _path, _why: None)
        modules = Modules(files)
        taken = _Taken(defaultdict(set), set())
        words = b"|".join(map(re.escape, sorted(self._words)))
        # ``views.c``, and ``setattr(views, "c", x)``
        attribute = re.compile(rb"""\b(\w+)(?:\.|\s*,\s*["'])(%s)\b""" % words)
        for file in files:
            try:
                data = read_bytes(file.location)
            except OSError:  # of which somebody else tells
                continue
            for target, name in self._imports_in(data, file.location, modules):
                taken.imported[target].add(name)
            modules_read = {alias: module for module, alias in _ALIAS.findall(data)}
            taken.read.update(
                (owner.decode(), name.decode())
                for module, name in attribute.findall(data)
                for owner in {module, modules_read.get(module, module)}
            )
        return taken

    def _imports_in(
        self, data: bytes, path: str, modules: Modules
    ) -> Iterator[tuple[str, str]]:
        importer = modules.location_of(path)
        for dots, module, listed in _FROM.findall(data):
            names = self._words.union((b"*",)).intersection(_WORD.findall(listed))
            if not names:
                continue
            target = modules.find(module.decode(), len(dots), importer)
            if target is not None and target != importer:
                yield from ((target, name.decode()) for name in names)


def _last_name(location: str) -> str:
    folder, name = os.path.split(location)
    stem = os.path.splitext(name)[0]
    return os.path.basename(folder) if stem == "__init__" else stem
