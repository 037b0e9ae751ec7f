"""``<%namespace module="...">`` of a legacy module: what it has, and whether it may move."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from compatshim.migrate.edits import Edit
from compatshim.migrate.templates.mako import Tag, parts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compatshim.migrate.catalogue import Catalogue

__all__ = ["Namespace", "edit_of", "namespaces_in", "objection_to"]

_COMMON = "compatshim.common"


class Namespace(NamedTuple):
    """A namespace of a legacy module, whose name is at ``start`` to ``end``.

    ``names`` are those of ``import``; ``is_named`` tells that others may be read from it.
    """

    module: str
    names: tuple[str, ...]
    is_named: bool
    start: int
    end: int


def namespaces_in(text: bytes, catalogue: Catalogue) -> Iterator[Namespace]:
    """Yield the namespaces of legacy modules in a Mako template, in order."""
    for part in parts_of(text):
        if not isinstance(part, Tag) or part.name != "namespace":
            continue
        start, end = part.attributes.get("module", (0, 0))
        module = text[start:end].decode().strip()
        if catalogue.package_of(module) is None:
            continue
        listed = text[slice(*part.attributes.get("import", (0, 0)))].decode()
        names = tuple(re.findall(r"\w+|\*", listed))
        yield Namespace(module, names, "name" in part.attributes, start, end)


def objection_to(namespace: Namespace, catalogue: Catalogue) -> str | None:
    """Return why the module of a namespace cannot be ``compatshim.common``, or ``None``."""
    if namespace.is_named:
        return "other names may be read from it: list what it imports, without a name"
    for name in namespace.names:
        if name == "*":
            return (
                "nobody can tell which names a star imports: name those that are used"
            )
        target = catalogue.replacement(namespace.module, name)
        if not target:
            return f"{name} has no counterpart"
        if target != f"{_COMMON}.{name}":
            return f"a namespace cannot give {target} the name {name}"
    return None


def edit_of(namespace: Namespace) -> Edit:
    """Return the edit that makes the module of a namespace ``compatshim.common``."""
    return Edit(namespace.start, namespace.end, _COMMON)
