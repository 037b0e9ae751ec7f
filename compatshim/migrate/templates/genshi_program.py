"""What Python a Genshi template is: one scope, as far as names go.

What ``py:def`` and ``py:for`` bind, they bind in a part of the template only. That it is
taken for more leaves more to people, and nothing to chance.
"""

from __future__ import annotations

import re
from keyword import iskeyword
from typing import TYPE_CHECKING

from compatshim.migrate.templates.genshi import Block, Directive, parts_of
from compatshim.migrate.templates.program import Program

if TYPE_CHECKING:
    from collections.abc import Callable

    from compatshim.migrate.extracts import Extract
    from compatshim.migrate.sources import Inside, Source

__all__ = ["genshi_program"]

_NO_PYTHON = ("match",)  # that is XPath
# The name of a function and those of its parameters, and perhaps some more.
_NAME = re.compile(rb"(?:^|[(,])[\s*]*([^\W\d]\w*)\s*(?=[(,)=]|$)")


def genshi_program(
    source: Source, told_as: Inside, extract: Callable[[bytes], Source]
) -> Extract:
    """Return the program that a Genshi template is."""
    program = Program(source)
    for part in parts_of(source.text):
        if isinstance(part, Block):
            program.statements(part.start, part.end, hanging=True)
        elif isinstance(part, Directive):
            _directive(program, source.text, part)
        else:
            program.pieces(part.code)
    return program.finish(told_as, extract)


def _directive(program: Program, text: bytes, directive: Directive) -> None:
    pieces = directive.code
    if directive.name in _NO_PYTHON or not pieces:
        return
    if directive.name == "for":
        program.pieces(pieces, b"for ", b": pass\n")
    elif directive.name == "with":
        program.pieces(pieces, b"", b"\n")
    elif directive.name == "def":
        head = b"".join(one.meant or text[one.start : one.end] for one in pieces)
        for name in _NAME.findall(head):
            if not iskeyword(name.decode()):
                program.line(name + b" = None")
        program.pieces(pieces, b"def ", b": pass\n" if b"(" in head else b"(): pass\n")
    else:
        program.pieces(pieces)
