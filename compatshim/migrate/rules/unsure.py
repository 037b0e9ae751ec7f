"""What looks like a legacy import or its use, in code that cannot be read with certainty."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compatshim.migrate.findings import ATTRIBUTE, FROM_IMPORT, IMPORT
from compatshim.migrate.noting import finding_at
from compatshim.migrate.scopes import UNCLEAR

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compatshim.migrate.examined import Examined, LegacyImport
    from compatshim.migrate.findings import Finding
    from compatshim.migrate.steps import Step

CODE = "CS112"
BEFORE = AFTER = "def broken(:\n    from pylons import request\n"

_FROM = re.compile(
    rb"\bfrom[ \t]+([\w.]+)[ \t]+import\b[ \t]*"
    rb"(\((?:[^()#]|#[^\n]*)*\)?|(?:\\\r?\n|[^#\r\n;])*)"
)
_IMPORT = re.compile(rb"(?<!\w)import[ \t]+([\w., \t]+)")
_READ = re.compile(rb"(?:\.\w+)+")
_NAME = re.compile(r"[\s(]*([\w.]+|\*)(?:\s+as\s+(\w+))?")
_NO_NAME = re.compile(r"#.*|\\")


def find(examined: Examined) -> Iterator[Finding]:
    """Yield a finding for what looks like a legacy import or use and is not read as one."""
    if examined.tree.root.has_error:
        yield from _imports(examined)
        yield from _uses(examined)


def _imports(examined: Examined) -> Iterator[Finding]:
    seen = [(one.start, one.end) for one in examined.statements]
    for pattern, kind in ((_FROM, FROM_IMPORT), (_IMPORT, IMPORT)):
        for match in pattern.finditer(examined.source.text):
            if any(start <= match.start() < end for start, end in seen):
                continue
            path = examined.tree.path_at(match.start())
            if _may_be_code(examined, match.start(), path):
                seen.append(match.span())
                yield from _findings(examined, match, kind, path)


def _uses(examined: Examined) -> Iterator[Finding]:
    modules = {
        one.bound: one.target
        for one in examined.imports
        if one.bound and examined.catalogue.is_module(one.target)
    }
    for bound, target in modules.items():
        for occurrence in examined.scopes.occurrences(bound):
            read = _READ.match(examined.source.text, occurrence.end)
            if occurrence.kind != UNCLEAR or read is None:
                continue
            module, name = examined.catalogue.split(f"{target}{read[0].decode()}")
            yield finding_at(
                examined,
                (occurrence.start, read.end()),
                occurrence.path,
                code=CODE,
                kind=ATTRIBUTE,
                module=module,
                name=name,
                replacement=examined.catalogue.replacement(module, name),
            )


def holds(examined: Examined, found: LegacyImport) -> bool:
    """Tell whether an import may have been read wrongly."""
    return examined.is_unsure(found.statement.start, found.statement.end)


def _may_be_code(examined: Examined, offset: int, path: Sequence[Step]) -> bool:
    """Tell whether it is no comment, and no part of a line of a string.

    A whole line of a string can be code: error recovery sees strings where none are.
    """
    kind = path[-1].type
    if kind in ("string_content", "escape_sequence"):
        text = examined.source.text
        return not text[text.rfind(b"\n", 0, offset) + 1 : offset].strip()
    return kind != "comment"


def _findings(
    examined: Examined, match: re.Match[bytes], kind: str, path: Sequence[Step]
) -> Iterator[Finding]:
    is_from = kind == FROM_IMPORT
    line = examined.source.position(match.start())[0]
    last = examined.source.position(match.end())[0]
    for name, asname in _names(match[2 if is_from else 1].decode("utf-8", "replace")):
        module = match[1].decode() if is_from else name
        if examined.catalogue.package_of(module) is None:
            continue
        found = finding_at(
            examined,
            match.span(),
            path,
            code=CODE,
            kind=kind,
            module=module,
            name=name if is_from else "",
            asname=asname,
            replacement=examined.catalogue.replacement(module, name) if is_from else "",
        )
        yield found._replace(line=line, end_line=last)


def _names(listed: str) -> Iterator[tuple[str, str | None]]:
    """Yield the names that are ``listed``, and their aliases; ``""`` if there are none."""
    words = _NO_NAME.sub("", listed).split(",")
    named = [found for word in words if (found := _NAME.match(word))]
    for found in named:
        yield found[1], found[2]
    if not named:
        yield "", None
