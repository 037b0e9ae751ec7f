"""Which function and which statement a line belongs to: read from the source.

Not from the running code: what a code object says of its function and lines is not the
same on every version of Python.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Outline", "Spot", "outline_of"]

_Definition = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Spot(NamedTuple):
    """The qualified name of a function or class, and the first line of a statement."""

    function: str
    line: int


class Outline:
    """The functions, classes and statements of one Python source.

    Of a source that Python cannot read, such as a template, nothing is known.
    """

    def __init__(self, source: bytes) -> None:
        try:
            self._body: Sequence[ast.stmt] = ast.parse(source).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            self._body = ()

    def at(self, line: int) -> Spot:
        """Return where ``line`` is; a line of no statement is its own."""
        return _innermost(self._body, line, "") or Spot("", line)


def outline_of(filename: str) -> Outline:
    """Return the outline of a file: an empty one if it is not there."""
    try:
        return Outline(Path(filename).read_bytes())
    except (OSError, ValueError):
        return Outline(b"")


def _innermost(body: Sequence[ast.stmt], line: int, name: str) -> Spot | None:
    for statement in body:
        if not _first_line(statement) <= line <= _last_line(statement):
            continue
        inner = name
        if isinstance(statement, _Definition):
            # What stands before the body is run by the code around the definition.
            inner = f"{name}.{statement.name}" if name else statement.name
            if line < _first_line(statement.body[0]):
                return Spot(name, _decorator_line(statement, line))
        for block in _blocks(statement):
            found = _innermost(block, line, inner)
            if found:
                return found
        return Spot(inner, statement.lineno)
    return None


def _blocks(statement: ast.AST) -> Iterator[Sequence[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        yield getattr(statement, name, ())
    for name in ("handlers", "cases"):
        for part in getattr(statement, name, ()):
            yield part.body


def _first_line(statement: ast.stmt) -> int:
    if isinstance(statement, _Definition) and statement.decorator_list:
        return statement.decorator_list[0].lineno
    return statement.lineno


def _last_line(statement: ast.stmt) -> int:
    return statement.end_lineno or statement.lineno


def _decorator_line(
    definition: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, line: int
) -> int:
    for decorator in definition.decorator_list:
        if decorator.lineno <= line <= (decorator.end_lineno or line):
            return decorator.lineno
    return definition.lineno
