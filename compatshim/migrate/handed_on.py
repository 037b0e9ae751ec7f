"""What one module imports, and what it has for others that is the framework's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from compatshim.migrate.scopes import GLOBAL, UNCLEAR

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compatshim.migrate.examined import Examined
    from compatshim.migrate.syntax import ImportedName

__all__ = [
    "COMMON",
    "Exported",
    "Imported",
    "Listed",
    "exports_of_its_own",
    "imports_in",
    "is_bound_once",
    "listed_names",
    "stated_modules",
]

COMMON = "compatshim.common"

_IMPORT = (b"import",)
_ALL = re.compile(rb"^__all__\b.*", re.MULTILINE)
_PLAIN_ALL = re.compile(
    rb"""^__all__\s*(?:\+?=|\.extend\()\s*[\[(](?:[\s,]|#.*|['"]\w+['"])*[\])]""",
    re.MULTILINE,
)
_STATEMENT = re.compile(
    rb"(?:^|[;:])[ \t]*((?:from|import)\b(?:\([^)]*\)|\\\r?\n|[^\n(\\])*)", re.MULTILINE
)
_FROM = re.compile(rb"from\s*(\.*)\s*([\w.]*)\s*\bimport\b(.*)", re.DOTALL)
_NAME = re.compile(rb"(?:^|,)[\s(]*([\w.]+)")
_COMMENT = re.compile(rb"#[^\n]*")
_QUOTED = re.compile(rb"""['"](\w+)['"]""")


class Exported(NamedTuple):
    """What stands behind a name of a module.

    ``target`` is the dotted name of it, in a legacy package or in ``compatshim.common``;
    or it is a module of the tree, and ``location`` its file. ``is_certain`` is false
    where the module binds the name in another way, too.
    """

    target: str = ""
    location: str = ""
    is_certain: bool = True


class Imported(NamedTuple):
    """One name that an import statement of a file imports.

    ``is_top`` tells that the module itself has it then.
    """

    module: str
    level: int
    name: str
    bound: str
    has_alias: bool
    is_top: bool = True

    @classmethod
    def of(cls, one: ImportedName, level: int) -> Imported:
        """Return one name of a statement, without its place."""
        return cls(one.module, level, one.name, one.bound, bool(one.asname))


class Listed(NamedTuple):
    """The names in ``__all__``, and whether these are all."""

    names: frozenset[str]
    is_complete: bool


def stated_modules(text: bytes) -> Iterator[tuple[int, str]]:
    """Yield the modules that a file may import, or something from, with their dots.

    As its text looks: that costs much less than to parse it, and may be too many.
    """
    for statement in set(_STATEMENT.findall(text)):
        code = _COMMENT.sub(b"", statement).replace(b"\\", b" ")
        found = _FROM.match(code)
        if found is None:
            for name in _NAME.findall(code.removeprefix(b"import")):
                parts = name.decode("utf-8", "replace").split(".")
                for size in range(1, len(parts) + 1):
                    yield 0, ".".join(parts[:size])
            continue
        level, module = len(found[1]), found[2].decode("utf-8", "replace")
        yield level, module
        for name in _NAME.findall(found[3]):
            yield level, f"{module}.{name.decode('utf-8', 'replace')}".lstrip(".")


def imports_in(examined: Examined) -> Iterator[Imported]:
    """Yield what a file imports, in order."""
    for statement in examined.tree.imports(_IMPORT):
        is_top = statement.chain[0].kind == "module"
        for name in statement.names:
            yield Imported.of(name, statement.level)._replace(is_top=is_top)


def exports_of_its_own(examined: Examined) -> Iterator[tuple[str, Exported]]:
    """Yield what a module imports of the framework, or from ``compatshim.common``."""
    catalogue = examined.catalogue
    for one in examined.imports:
        if one.scope.kind != "module":
            continue
        if one.name == "*":
            for name in catalogue.names_in(one.module):
                if not name.startswith("_"):
                    yield name, Exported(f"{one.module}.{name}", is_certain=False)
        else:
            target = f"{one.module}.{one.name}" if one.name else one.target
            yield (
                one.bound,
                Exported(target, is_certain=is_bound_once(examined, one.bound)),
            )
    for statement in examined.statements:
        is_top = statement.chain[0].kind == "module"
        if is_top and (statement.level, statement.module) == (0, COMMON):
            for imported in statement.names:
                target = f"{COMMON}.{imported.name}"
                is_certain = is_bound_once(examined, imported.bound)
                yield imported.bound, Exported(target, is_certain=is_certain)


def is_bound_once(examined: Examined, name: str) -> bool:
    """Tell whether a module binds ``name`` in one place only."""
    places = [
        one
        for one in examined.scopes.bindings(name)
        if one.scope.kind == "module" or one.kind in (GLOBAL, UNCLEAR)
    ]
    return len(places) <= 1


def listed_names(text: bytes) -> Listed:
    """Return the names in ``__all__``.

    Where it is not written out it is made of the module's own names, and of some others.
    """
    is_complete = len(_PLAIN_ALL.findall(text)) == len(_ALL.findall(text))
    listed = (_PLAIN_ALL if is_complete else _ALL).findall(text)
    names = (name.decode() for one in listed for name in _QUOTED.findall(one))
    return Listed(frozenset(names), is_complete)
