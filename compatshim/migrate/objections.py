"""Why an import cannot be rewritten: what else in the file reaches for its name."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from compatshim.migrate.once import once
from compatshim.migrate.scopes import (
    BINDING,
    DELETE,
    GLOBAL,
    IMPORT,
    NONLOCAL,
    UNCLEAR,
)
from compatshim.migrate.searching import matches

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compatshim.migrate.examined import Examined
    from compatshim.migrate.scopes import Occurrence
    from compatshim.migrate.steps import Scope, Step

__all__ = [
    "ASSIGNED",
    "PROXY_MEANT",
    "STAR",
    "UNSURE",
    "Place",
    "Refusal",
    "bound_scopes",
    "is_proxy_meant",
    "line_of",
    "objection_to_binding",
    "star_imports",
    "suite_of",
]

STAR = "nobody can tell which names a star imports; name those that are used"
UNSURE = "the parser could not read all of what stands here; mend the syntax around it"
PROXY_MEANT = (
    "the legacy proxy itself is meant, by its own methods or to register another object;"
    " leave it until the legacy side goes"
)
ASSIGNED = "it is assigned to; set something else, or an attribute of it"
_RENAME = "give one of the two another name"
_STAR = re.compile(rb"import(?<!\wimport)\b[\s\\(]*\*")  # the word first: faster


class Refusal(NamedTuple):
    """What was left as it is, with the code of its rule, and why."""

    line: int
    code: str
    name: str
    reason: str


class Place(NamedTuple):
    """Where a name is imported: its range, the way to the statement, and the scope."""

    start: int
    end: int
    path: tuple[Step, ...]
    scope: Scope


def objection_to_binding(
    examined: Examined, name: str, target: str, place: Place, *, is_new: bool = False
) -> str | None:
    """Return why ``name`` cannot come from ``target`` in ``place``, or ``None``.

    It ``is_new`` where nothing in ``place`` binds it yet.
    """
    if not is_new and is_proxy_meant(examined, name):
        return PROXY_MEANT
    for other in examined.scopes.bindings(name):
        if not is_new and place.start <= other.start < place.end:
            continue
        reason = next(_reasons(other, name, place, is_new=is_new), None)
        if reason is None:
            continue
        line = line_of(examined, other.start)
        if not is_new and _is_alternative(place.path, other.path):
            if target not in _stated_at(examined, other.start):
                continue
            return (
                f"the other branch imports it from there in line {line}; take away one of"
                " the two"
            )
        is_target = other.kind == IMPORT and target in _imported_at(
            examined, other.start
        )
        if is_target and (not is_new or suite_of(other.path) == suite_of(place.path)):
            continue
        return reason.format(line=line)
    return None


def bound_scopes(binding: Occurrence) -> list[Scope]:
    """Return the scopes that have a name by ``binding``.

    Python 2 leaves the target of a list comprehension bound in what is around that.
    """
    chain = binding.chain
    found = [binding.scope]
    while binding.kind == BINDING and found[-1].kind == "list_comprehension":
        found.append(chain[chain.index(found[-1]) + 1])
    return found


def line_of(examined: Examined, offset: int) -> int:
    """Return the line of an ``offset``, from 1."""
    return examined.source.position(offset)[0]


def is_proxy_meant(
    examined: Examined, written: str, start: int = 0, end: int | None = None
) -> bool:
    """Tell whether what is ``written`` has to be a proxy of paste.registry somewhere.

    Only the legacy ones can: ``register(pylons.request, x)``, ``request._current_obj()``.
    With ``start`` and ``end`` only the one there is asked about.
    """
    return any(
        end is None or (found_start <= start and end <= found_end)
        for found_start, found_end in _proxies_meant(examined, written)
    )


@once
def _proxies_meant(examined: Examined, written: str) -> list[tuple[int, int]]:
    """Return the ranges in which what is ``written`` has to be a proxy."""
    escaped = re.escape(written)
    # A word first, and then what stands before it: the search is much faster so.
    patterns = {
        rf"register(?<!\wregister)\s*\(\s*{escaped}\s*,": ("register",),
        rf"{escaped}(?<![\w.]{escaped})\._(?:push_object|pop_object|current_obj)\b": (
            f"{written}._",
        ),
    }
    return [
        found.span()
        for pattern, words in patterns.items()
        for found in matches(pattern, examined.source.text, words)
    ]


def suite_of(path: Sequence[Step]) -> tuple[int, int]:
    """Return the range of the innermost block of statements on ``path``."""
    for step in reversed(path):
        if step.type in ("block", "module"):
            return step.node.start_byte, step.node.end_byte
    return path[0].node.start_byte, path[0].node.end_byte


@once
def star_imports(examined: Examined) -> list[tuple[Step, ...]]:
    """Return the ways to all imports of a star, of whatever module."""
    paths = (
        examined.tree.path_at(match.end() - 1)
        for match in _STAR.finditer(examined.source.text)
    )
    return [path for path in paths if path[-2].type == "wildcard_import"]


def _reasons(
    other: Occurrence, name: str, place: Place, *, is_new: bool
) -> Iterator[str]:
    """Yield what is in the way, if ``other`` is, the most telling reason first."""
    is_same = place.scope in (bound_scopes(other) if is_new else [other.scope])
    if other.kind == UNCLEAR:
        yield UNSURE
    elif other.kind == GLOBAL:
        if is_same or place.scope.kind == "module":
            yield f'"global {name}" in line {{line}} lets it be bound again; {_RENAME}'
    elif other.kind == NONLOCAL:
        if place.scope in other.chain:
            yield f'"nonlocal {name}" in line {{line}} lets it be bound again; {_RENAME}'
    elif is_same:
        if other.kind == DELETE:
            yield f'"del {name}" in line {{line}} takes it away; {_RENAME}'
        if any(step.type == "parameters" for step in other.path):
            yield f"{name} is a parameter in line {{line}}, too; {_RENAME}"
        if suite_of(other.path) != suite_of(place.path):
            yield f"{name} is rebound under a condition in line {{line}}; {_RENAME}"
        yield f"{name} is rebound in line {{line}}; {_RENAME}"


def _imported_at(examined: Examined, offset: int) -> Iterator[str]:
    """Yield the dotted name that the import at ``offset`` binds, or would bind."""
    imports = examined.imports
    index = bisect_right(imports, offset, key=lambda one: one.imported.start)
    for one in imports[max(index - 1, 0) : index]:
        if one.imported.start <= offset < one.imported.end:
            yield examined.catalogue.replacement(one.module, one.name)
    yield from _stated_at(examined, offset)


def _stated_at(examined: Examined, offset: int) -> Iterator[str]:
    """Yield the dotted name that the import at ``offset`` has."""
    index = bisect_right(examined.statements, offset, key=lambda one: one.start)
    for statement in examined.statements[max(index - 1, 0) : index]:
        for imported in statement.names:
            if imported.start <= offset < imported.end and not statement.level:
                yield f"{imported.module}.{imported.name}"


def _is_alternative(path: Sequence[Step], other: Sequence[Step]) -> bool:
    """Tell whether only one of both lasts: that in "try" or that in its "except"."""
    for around, ours, theirs in zip(path, path[1:], other[1:], strict=False):
        if ours.node != theirs.node:
            kinds = (ours.type, theirs.type)
            return around.type == "try_statement" and "except_clause" in kinds
    return False
