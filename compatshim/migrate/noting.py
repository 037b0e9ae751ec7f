"""Make findings: where a legacy name stands, and how far a tool can replace it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.migrate.certainty import fix_of_import, fix_of_use
from compatshim.migrate.findings import (
    ASSISTED,
    ATTRIBUTE,
    FROM_IMPORT,
    IMPORT,
    MANUAL,
    Finding,
)
from compatshim.migrate.scopes import qualified_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compatshim.migrate.examined import (
        Examined,
        LegacyImport,
        LegacyString,
        LegacyUse,
    )
    from compatshim.migrate.steps import Step

__all__ = [
    "finding_at",
    "finding_of_import",
    "finding_of_string",
    "finding_of_use",
    "statement_range",
]

_COMPOUND = (
    "if_statement",
    "elif_clause",
    "while_statement",
    "for_statement",
    "with_statement",
    "try_statement",
    "except_clause",
    "match_statement",
    "case_clause",
    "function_definition",
    "class_definition",
)


def finding_of_import(
    examined: Examined,
    code: str,
    one: LegacyImport,
    replacement: str = "",
    fix: str | None = None,
) -> Finding:
    """Return the finding for an imported name."""
    return finding_at(
        examined,
        (one.imported.start, one.imported.end),
        one.statement.path,
        code=code,
        kind=FROM_IMPORT if one.statement.is_from else IMPORT,
        module=one.module,
        name=one.name,
        asname=one.imported.asname,
        replacement=replacement,
        fix=fix or fix_of_import(examined, one, replacement),
    )


def finding_of_use(
    examined: Examined, code: str, use: LegacyUse, replacement: str = ""
) -> Finding:
    """Return the finding for a name that is read from a module."""
    return finding_at(
        examined,
        (use.start, use.end),
        use.path,
        code=code,
        kind=ATTRIBUTE,
        module=use.module,
        name=use.name,
        replacement=replacement,
        fix=fix_of_use(examined, use, replacement),
    )


def finding_of_string(
    examined: Examined,
    string: LegacyString,
    *,
    code: str,
    kind: str,
    module: str,
    name: str,
) -> Finding:
    """Return the finding for a string that spells out a name, or a module."""
    replacement = examined.catalogue.replacement(module, name)
    return finding_at(
        examined,
        (string.start, string.end),
        string.path,
        code=code,
        kind=kind,
        module=module,
        name=name,
        replacement=replacement,
        fix=ASSISTED if replacement else MANUAL,
    )


def finding_at(
    examined: Examined,
    span: tuple[int, int],
    path: Sequence[Step],
    *,
    code: str,
    kind: str,
    module: str,
    name: str,
    asname: str | None = None,
    replacement: str = "",
    fix: str = MANUAL,
) -> Finding:
    """Return a finding for what is at ``span``, with ``path`` leading to it."""
    source = examined.source
    line, column = source.position(span[0])
    first, last = source.lines(*statement_range(path))
    start, end = source.in_whole(*span)
    return Finding(
        path=examined.path,
        line=first,
        column=column,
        end_line=max(line, last),
        code=source.inside.code if source.inside else code,
        kind=source.inside.kind if source.inside else kind,
        module=module,
        name=name,
        asname=asname,
        replacement=replacement,
        fix=fix,
        function=qualified_name(examined.tree, path),
        also=(code,) if source.inside else (),
        start=start,
        end=end,
        root=examined.root,
    )


def statement_range(path: Sequence[Step]) -> tuple[int, int]:
    """Return the range of the statement at the end of ``path``.

    That of a statement with a body ends before the body.
    """
    for position in range(len(path) - 1, 0, -1):
        step, node = path[position], path[position].node
        if step.type in _COMPOUND:
            inner = path[position + 1].node if position + 1 < len(path) else node
            return node.start_byte, inner.end_byte
        if step.type == "decorator" or step.type.endswith("_statement"):
            return node.start_byte, node.end_byte
    node = path[-1].node
    return node.start_byte, node.end_byte
