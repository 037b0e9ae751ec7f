"""Rewrite the Python of a template; all that is not Python stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.migrate.edits import edited_data
from compatshim.migrate.ignoring import without_ignored
from compatshim.migrate.objections import UNSURE, Refusal
from compatshim.migrate.other_files import IN_TEMPLATE, OtherFile
from compatshim.migrate.rewriting import Rewriting, rewrite_source
from compatshim.migrate.rules import namespaces
from compatshim.migrate.templates.languages import MAKO
from compatshim.migrate.templates.namespaces import (
    edit_of,
    namespaces_in,
    objection_to,
)

if TYPE_CHECKING:
    from compatshim.migrate.catalogue import Catalogue
    from compatshim.migrate.examined import Examined, LegacyImport
    from compatshim.migrate.sources import Source

__all__ = ["rewrite_template"]


def rewrite_template(source: Source, catalogue: Catalogue) -> Rewriting:
    """Return a template with the legacy names of its Python replaced, as far as sure."""
    moved, refusals = _with_moved_namespaces(source, catalogue)
    program = OtherFile(moved, catalogue, source.path).python
    if program is None:
        return Rewriting(source, source.data)
    unclear = [*_imported_twice(program), *_not_there(program)]
    if unclear:
        return Rewriting(source, moved.data, tuple(sorted(refusals + unclear)))
    rewriting = rewrite_source(program.source, catalogue)
    refusals += [one._replace(code=IN_TEMPLATE) for one in rewriting.refusals]
    return Rewriting(source, rewriting.data, tuple(sorted(refusals)))


def _imported_twice(examined: Examined) -> list[Refusal]:
    """Return why nobody can tell which import of a module a function of Mako's has.

    It has that of ``<%! %>``, and only then that of the body, which it is called from.
    """
    first: dict[str, LegacyImport] = {}
    refusals = []
    for one in examined.imports:
        if not one.bound or not examined.catalogue.leads_to_module(one.target):
            continue
        other = first.setdefault(one.bound, one)
        if other.scope != one.scope:
            lines = examined.source.lines(one.statement.start, one.statement.end)
            above = examined.source.lines(other.statement.start, other.statement.end)
            reason = f"{one.bound} is imported in line {above[0]}, too: import it once"
            refusals.append(Refusal(lines[0], IN_TEMPLATE, one.target, reason))
    return refusals


def _not_there(examined: Examined) -> list[Refusal]:
    """Return where a default of a ``<%def>`` is read, which Mako does in the module."""
    return [
        Refusal(
            examined.source.position(use.start)[0],
            IN_TEMPLATE,
            f"{use.module}.{use.name}",
            f"{use.source.bound} is not there yet: import it in <%! %>",
        )
        for use in examined.uses
        if use.source.scope.kind != "module"
        and any(step.type == "default_parameter" for step in use.path)
    ]


def _with_moved_namespaces(
    source: Source, catalogue: Catalogue
) -> tuple[Source, list[Refusal]]:
    """Return the template with the modules of its namespaces replaced, where possible."""
    file = OtherFile(source, catalogue, source.path)
    if file.language != MAKO or file.python is None:
        return source, []
    edits, refusals = [], []
    kept = {one.start for one in without_ignored(source, namespaces.search(file))}
    for namespace in namespaces_in(source.text, catalogue):
        if namespace.start not in kept:
            continue
        objection = objection_to(namespace, catalogue)
        if file.python.source.problem:
            objection = UNSURE
        if objection is None:
            edits.append(edit_of(namespace))
        else:
            line = source.position(namespace.start)[0]
            code = namespaces.CODE
            refusals.append(Refusal(line, code, namespace.module, objection))
    return source.reread(edited_data(source, edits)), refusals
