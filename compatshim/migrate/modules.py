"""Which file a module is in: of all that are looked at, and by nothing but their places.

Nothing is imported for it. A file that is below folders with an ``__init__.py`` belongs
to the package that they are, wherever that begins: in a folder ``src``, or in several
PATHs. Other folders can be packages without one, seen from the PATH on.
"""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from compatshim.migrate.trees import File

__all__ = ["Modules"]

_INIT = "__init__"


class Modules:
    """The modules that ``files`` are; a file is named by its real, absolute path."""

    def __init__(self, files: Iterable[File]) -> None:
        self._packages: dict[str, str] = {}
        self._names: dict[str, tuple[str, ...]] = {}
        self._found: dict[tuple[str, int, str], str | None] = {}
        for file in files:
            location = self.location_of(file.location)
            names = [self._in_packages(location)]
            if file.root:
                from_path = _dotted(file.path)
                names += [from_path, from_path.removeprefix("src.")]
            self._names[location] = tuple(dict.fromkeys(names))

    @staticmethod
    def location_of(path: str) -> str:
        """Return what a file is known by here."""
        return os.path.realpath(path)

    def names_of(self, location: str) -> tuple[str, ...]:
        """Return the names that a module can be imported by; the likeliest comes first."""
        return self._names.get(location, ())

    def find(self, module: str, level: int, importer: str) -> str | None:
        """Return the file that an import means, or ``None`` if it is not among them.

        ``level`` is the number of its dots. Where several files have the name, it is that
        next to the ``importer``; Python 2 looks in the importer's own folder, too.
        """
        asked = module, level, os.path.dirname(importer)
        if asked not in self._found:
            self._found[asked] = self._find(*asked)
        return self._found[asked]

    def _find(self, module: str, level: int, folder: str) -> str | None:
        parts = module.split(".") if module else []
        if level:
            for _ in range(level - 1):
                folder = os.path.dirname(folder)
            return self._at(folder, parts)
        found = self._by_name.get(module, ())
        if len(found) > 1:
            return max(found, key=lambda one: _nearness(one, folder))
        if found:
            return found[0]
        return self._at(folder, parts) if parts else None

    def inside(self, package: str, name: str) -> str | None:
        """Return the file of the module ``name`` in the package in a file, or ``None``."""
        if not _is_init(package):
            return None
        return self._at(os.path.dirname(package), [name])

    def around(self, location: str) -> Iterator[str]:
        """Yield the files of the packages that a module is in, the innermost first."""
        folder = os.path.dirname(location)
        if _is_init(location):
            folder = os.path.dirname(folder)
        while (package := self._at(folder, [_INIT])) is not None:
            yield package
            folder = os.path.dirname(folder)

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for location, names in self._names.items():
            for name in names:
                found.setdefault(name, []).append(location)
        return found

    def _at(self, folder: str, parts: list[str]) -> str | None:
        path = os.path.join(folder, *parts)
        for location in (f"{path}.py", os.path.join(path, f"{_INIT}.py")):
            if location in self._names:
                return location
        return None

    def _in_packages(self, location: str) -> str:
        """Return the name below the folders that have an ``__init__.py``."""
        folder, file = os.path.split(location)
        package = self._package(folder)
        stem = os.path.splitext(file)[0]
        if stem == _INIT:
            return package
        return f"{package}.{stem}" if package else stem

    def _package(self, folder: str) -> str:
        if folder not in self._packages:
            name = ""
            if os.path.isfile(os.path.join(folder, f"{_INIT}.py")):
                above, own = os.path.split(folder)
                around = self._package(above)
                name = f"{around}.{own}" if around else own
            self._packages[folder] = name
        return self._packages[folder]


def _is_init(location: str) -> bool:
    return os.path.splitext(os.path.basename(location))[0] == _INIT


def _dotted(path: str) -> str:
    stem = os.path.splitext(path)[0]
    return stem.removesuffix(f"/{_INIT}").replace("/", ".")


def _nearness(location: str, folder: str) -> int:
    return len(os.path.commonpath((location, folder)))
