"""Why a name cannot take the place of what is read by attribute: ``pylons.request``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compatshim.migrate.findings import TEMPLATE
from compatshim.migrate.objections import (
    ASSIGNED,
    PROXY_MEANT,
    UNSURE,
    Place,
    bound_scopes,
    is_proxy_meant,
    line_of,
    objection_to_binding,
    star_imports,
)
from compatshim.migrate.once import once
from compatshim.migrate.readers import binder_of_names, reader_of_names
from compatshim.migrate.scopes import UNCLEAR, USE
from compatshim.migrate.searching import in_quotes, matches
from compatshim.migrate.steps import scope_chain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compatshim.migrate.examined import Examined, LegacyImport, LegacyUse
    from compatshim.migrate.scopes import Occurrence
    from compatshim.migrate.steps import Scope, Step

__all__ = ["objection_to_name", "objection_to_new_name"]


def objection_to_new_name(
    examined: Examined, name: str, target: str, use: LegacyUse
) -> str | None:
    """Return why ``name``, from ``target``, cannot stand for ``use``, or ``None``."""
    objection = next(_objections_to_range(examined, use), None)
    return objection or objection_to_name(examined, name, target, use.source, use.path)


def objection_to_name(
    examined: Examined,
    name: str,
    target: str,
    source: LegacyImport,
    path: Sequence[Step],
) -> str | None:
    """Return why ``name`` cannot be imported from ``target`` in the place of ``source``.

    ``path`` leads to where it is to be read. ``None`` where nothing is in the way.
    """
    chain = scope_chain(path)
    inside = tuple(chain[: chain.index(source.scope)])
    return _first_objection(examined, name, target, source, inside)


@once
def _first_objection(
    examined: Examined,
    name: str,
    target: str,
    source: LegacyImport,
    inside: tuple[Scope, ...],
) -> str | None:
    return next(_objections(examined, name, target, source, inside), None)


def _objections(
    examined: Examined,
    name: str,
    target: str,
    source: LegacyImport,
    inside: tuple[Scope, ...],
) -> Iterator[str]:
    """Yield them; ``inside`` are the scopes between the import and the use."""
    scope = source.scope
    if scope.kind == "class_definition":
        yield f"{name} would become an attribute of the class; import it outside of that"
    for other in examined.scopes.bindings(name):
        if any(one in inside for one in bound_scopes(other)):
            line = line_of(examined, other.start)
            yield f"{name} is another name there, by line {line}; rename that"
    for star in star_imports(examined):
        if scope in scope_chain(star):
            line = line_of(examined, star[-1].node.start_byte)
            yield f"the star in line {line} may import {name}, too; name what it imports"
    for other in examined.scopes.occurrences(name):
        if _would_change(examined, other, scope):
            line = line_of(examined, other.start)
            yield f"{name} is something else already in line {line}; rename that"
    yield from _objections_by_calls(examined, name, scope, inside)
    statement = source.statement
    place = Place(statement.start, statement.end, statement.path, scope)
    objection = objection_to_binding(examined, name, target, place, is_new=True)
    if objection is not None:
        yield objection


def _objections_by_calls(
    examined: Examined, name: str, scope: Scope, inside: Sequence[Scope]
) -> Iterator[str]:
    """Yield what reads or binds names in ``scope`` without spelling them out."""
    reader = reader_of_names(examined, scope)
    if reader is not None:
        yield f"{reader} would have {name}, too; name what it is to have"
    binder = binder_of_names(examined, [*inside, scope])
    if binder is not None:
        yield f"{binder} may bind {name}, too; do without that first"


def _objections_to_range(examined: Examined, use: LegacyUse) -> Iterator[str]:
    """Yield why what ``use`` stands for cannot be replaced, by whatever."""
    if examined.is_unsure(use.start, use.end):
        yield UNSURE
    if use.path[-1].type == "string_content":
        yield "it is in backticks; write repr()"
    elif not use.is_plain:
        yield "a name in its place would be bound there; compare with ==, in an if"
    if use.written:
        yield ASSIGNED
    written = examined.source.text[use.start : use.end].decode()
    if "#" in written:
        yield "there is a comment in it; move that"
    if is_proxy_meant(examined, written, use.start, use.end):
        yield PROXY_MEANT
    line = _line_of_patch(examined, f"{use.module}.{use.name}", written)
    if line is not None:
        yield f"line {line} puts another object in its place; do without that first"


@once
def _line_of_patch(examined: Examined, full_name: str, written: str) -> int | None:
    """Return where something else is set in the place of what is ``written``, as text."""
    module, name = (part.strip() for part in written.rsplit(".", 1))
    quoted, full_quoted = in_quotes(name), (f"'{full_name}", f'"{full_name}')
    module, name, full_name = map(re.escape, (module, name, full_name))
    patterns = {
        rf"""\((?<!getattr.)(?<!hasattr.)\s*{module}\s*,\s*u?['"]{name}['"]""": quoted,
        rf"""\bmultiple\s*\(\s*{module}\s*,[^()]*\b{name}\s*=""": ("multiple",),
        rf"""\b(?:patch|dict|setattr|delattr)\s*\(\s*u?['"]{full_name}\b""": full_quoted,
    }
    text = examined.source.text
    found = [
        match.start()
        for pattern, words in patterns.items()
        for match in matches(pattern, text, words)
    ]
    return line_of(examined, min(found)) if found else None


def _would_change(examined: Examined, use: Occurrence, scope: Scope) -> bool:
    """Tell whether ``use`` of a name would mean another one, if ``scope`` bound it."""
    if use.kind == UNCLEAR:
        return True
    chain = use.chain
    if use.kind != USE or scope not in chain[chain.index(use.scope) :]:
        return False
    found = examined.scopes.scope_of(use)
    if found is None or chain.index(found) > chain.index(scope):
        return True
    return _is_from_context(examined, use, found)


def _is_from_context(examined: Examined, use: Occurrence, found: Scope) -> bool:
    """Tell whether a function of a template may read from the context what is ``found``.

    What the body of a template binds is in the context of Mako's ``<%def>``, which looks
    there for what the template's module does not bind.
    """
    inside = examined.source.inside
    if inside is None or inside.kind != TEMPLATE:
        return False
    between = use.chain[use.chain.index(use.scope) : use.chain.index(found)]
    return any(one.kind == "function_definition" for one in between)
