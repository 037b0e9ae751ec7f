"""Code inside of strings: doctests, and what is given to ``exec``."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from compatshim.migrate.extracts import Extraction
from compatshim.migrate.findings import STRING
from compatshim.migrate.scopes import qualified_name
from compatshim.migrate.sources import Inside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from compatshim.migrate.examined import Examined, LegacyString
    from compatshim.migrate.findings import Finding
    from compatshim.migrate.steps import Step
    from compatshim.migrate.syntax import Tree

    Extract = Callable[[Examined, LegacyString], Extraction | None]
    Look = Callable[[Examined], list[Finding]]

__all__ = ["findings_in_code", "findings_in_doctests"]

_PROMPT = re.compile(rb"^[ \t]*(?:>>>|\.\.\.)(?:[ \t]|$)", re.MULTILINE)

_BETWEEN = ("argument_list", "concatenated_string", "parenthesized_expression")
_RUN = ("exec", "eval", "compile")
_LINE_END = re.compile(rb"(?<!\\)(?:\\\\)*\\n")


def _findings(
    extract: Extract, examined: Examined, string: LegacyString, code: str, look: Look
) -> Iterator[Finding]:
    extraction = extract(examined, string)
    if extraction is None:
        return
    program = extraction.finish(Inside(code, STRING))
    if not program.text:
        return
    function = qualified_name(examined.tree, string.path)
    inner = type(examined)(program, examined.catalogue, examined.path, examined.root)
    for finding in look(inner):
        yield finding._replace(function=function)


def _examples(examined: Examined, string: LegacyString) -> Extraction:
    """Return the examples of a doctest, which are one program."""
    text = examined.source.text
    extraction = Extraction(examined.source)
    if text.find(b">>>", string.start, string.end) < 0:  # as in most pieces of strings
        return extraction
    for prompt in _PROMPT.finditer(text, string.start, string.end):
        end = text.find(b"\n", prompt.end(), string.end)
        extraction.take(prompt.end(), string.end if end < 0 else end)
        extraction.make_up(b"\n")
    return extraction


def _statements(examined: Examined, string: LegacyString) -> Extraction | None:
    """Return the code that a string is, or ``None`` if it is not run."""
    if not _is_run(examined.tree, string.path[:-2]):
        return None
    text = examined.source.text
    start = _first_statement(text, string)
    extraction = Extraction(examined.source)
    for found in _LINE_END.finditer(text, start, string.end):
        extraction.take(start, found.end() - 2)
        extraction.stand_in(b"\n", found.end() - 2, found.end())
        start = found.end()
    extraction.take(start, string.end)
    return extraction


def _first_statement(text: bytes, string: LegacyString) -> int:
    """Return where the code of ``string`` begins, after blanks; one block is not in one."""
    code = text[string.start : string.end]
    return string.start + len(code) - len(code.lstrip())


def _is_run(tree: Tree, around: Sequence[Step]) -> bool:
    """Tell whether a literal that is in ``around`` is code for ``exec`` and the like."""
    for step in reversed(around):
        if step.type == "exec_statement":
            return True
        if step.type == "call":
            function = step.node.child_by_field_name("function")
            called = tree.content(function) if function is not None else ""
            if called in _RUN:
                return True
            if called.rpartition(".")[2] != "dedent":
                return False
        elif step.type not in _BETWEEN:
            return False
    return False


findings_in_doctests = partial(_findings, _examples)
"""Yield what ``look`` finds in the examples of a string; it has ``code``, and its place."""

findings_in_code = partial(_findings, _statements)
"""Likewise in a string that is run: ``exec "import pylons"``."""
