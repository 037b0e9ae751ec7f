"""Which name means what where: asked name by name, as few names matter."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from compatshim.migrate.occurrences import (
    BINDING,
    BINDS,
    DELETE,
    GLOBAL,
    IMPORT,
    NONLOCAL,
    UNCLEAR,
    USE,
    Occurrence,
    is_backtick,
    occurrence_at,
)
from compatshim.migrate.steps import scope_chain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from compatshim.migrate.steps import Scope, Step
    from compatshim.migrate.syntax import Tree

__all__ = [
    "BINDING",
    "DELETE",
    "GLOBAL",
    "IMPORT",
    "NONLOCAL",
    "UNCLEAR",
    "USE",
    "Occurrence",
    "Scopes",
    "qualified_name",
]


# What follows a name that is read only, unless one of the others stands before it.
_READ = re.compile(rb"[ \t]*[.(\[]")
_INTRODUCE = (b"def", b"class", b"import", b",")
_BLANKS = 200  # and as many characters in between


class _Bound(NamedTuple):
    """The scopes that bind a name, and those that declare it to be of another."""

    scopes: set[Scope]
    declared: set[tuple[str, Scope]]


class Scopes:
    """The names of one tree."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._at_offset: dict[int, Occurrence | None] = {}
        self._all: dict[str, list[Occurrence]] = {}
        self._bindings: dict[str, list[Occurrence]] = {}
        self._bound: dict[str, _Bound] = {}
        self._used: dict[str, bool] = {}
        self._by_scope: dict[str, dict[Scope | None, list[Occurrence]]] = {}

    def occurrences(self, name: str) -> list[Occurrence]:
        """Return every place of ``name``, in order."""
        if name not in self._all:
            self._all[name] = list(self._at(name, self._offsets(name)))
        return self._all[name]

    def occurrences_of(self, name: str, scope: Scope) -> list[Occurrence]:
        """Return the places where ``name`` is the one that is bound in ``scope``."""
        if name not in self._by_scope:
            by_scope = self._by_scope[name] = defaultdict(list)
            for one in self.occurrences(name):
                by_scope[self.scope_of(one)].append(one)
        return self._by_scope[name][scope]

    def bindings(self, name: str) -> list[Occurrence]:
        """Return the occurrences that are more than a use, or may be, in order.

        Cheaper than to look through all: most uses can be told from the next character.
        """
        if name not in self._bindings:
            text, size = self._tree.text, len(name.encode())
            offsets = (
                offset
                for offset in self._offsets(name)
                if not _READ.match(text, offset + size) or _is_introduced(text, offset)
            )
            self._bindings[name] = [
                one for one in self._at(name, offsets) if one.kind != USE
            ]
        return self._bindings[name]

    def is_used(self, name: str) -> bool:
        """Tell whether ``name`` is anywhere but where it is bound."""
        if name not in self._used:
            self._used[name] = any(
                one.kind in (USE, UNCLEAR)
                for one in self._at(name, self._offsets(name))
            )
        return self._used[name]

    def scope_of(self, use: Occurrence) -> Scope | None:
        """Return the scope in which the name of ``use`` is bound; ``None`` if in none."""
        name = self._tree.text[use.start : use.end].decode()
        bound, declared = self._bound_in(name)
        chain = use.chain
        module = chain[-1]
        inner = True
        for scope in chain[chain.index(use.scope) :]:
            if (GLOBAL, scope) in declared:
                return module if module in bound or declared else None
            is_visible = inner or scope.kind != "class_definition"
            if is_visible and scope in bound and (NONLOCAL, scope) not in declared:
                return scope
            inner = False
        return None

    def _bound_in(self, name: str) -> _Bound:
        if name not in self._bound:
            bindings = self.bindings(name)
            declared = {
                (one.kind, one.scope)
                for one in bindings
                if one.kind in (GLOBAL, NONLOCAL)
            }
            scopes = {
                one.chain[-1] if (GLOBAL, one.scope) in declared else one.scope
                for one in bindings
                if one.kind in BINDS
            }
            self._bound[name] = _Bound(scopes, declared)
        return self._bound[name]

    def _offsets(self, name: str) -> list[int]:
        return self._tree.offsets((name.encode(),))

    def _at(self, name: str, offsets: Iterable[int]) -> Iterator[Occurrence]:
        """Yield the occurrences of ``name`` that are at some of ``offsets``."""
        size = len(name.encode())
        for offset in offsets:
            if offset not in self._at_offset:
                self._at_offset[offset] = self._occurrence(offset, size)
            found = self._at_offset[offset]
            if found is not None:
                yield found

    def _occurrence(self, offset: int, size: int) -> Occurrence | None:
        path = self._tree.path_at(offset)
        step, leaf = path[-1], path[-1].node
        if step.type == "identifier" and leaf.end_byte - leaf.start_byte == size:
            return occurrence_at(path)
        if step.type == "string_content" and is_backtick(path):
            chain = scope_chain(path)
            return Occurrence(USE, chain[0], offset, offset + size, path, chain)
        return None


def _is_introduced(text: bytes, offset: int) -> bool:
    """Tell whether a name may be bound by what stands before it, whatever comes after."""
    return (
        text[max(0, offset - _BLANKS) : offset]
        .rstrip(b" \t\r\n\\")
        .endswith(_INTRODUCE)
    )


def qualified_name(tree: Tree, path: Sequence[Step]) -> str:
    """Return the dotted name of the functions and classes around; "" in a module."""
    names = []
    for step, inner in pairwise(path):
        if step.type in ("function_definition", "class_definition"):
            name = step.node.child_by_field_name("name")
            if name is not None and inner.field == "body":
                names.append(tree.content(name))
    return ".".join(names)
