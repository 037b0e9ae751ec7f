"""In which language a template is written, and what Python there is in it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from compatshim.migrate.findings import TEMPLATE
from compatshim.migrate.sources import Inside, decode

if TYPE_CHECKING:
    from compatshim.migrate.extracts import Extract
    from compatshim.migrate.sources import Source

__all__ = ["GENSHI", "JINJA2", "MAKO", "is_named_so", "language_of", "program_of"]

MAKO = "Mako"
GENSHI = "Genshi"
JINJA2 = "Jinja2"

_BY_SUFFIX = {
    ".mako": MAKO,
    ".mak": MAKO,
    ".genshi": GENSHI,
    ".jinja": JINJA2,
    ".jinja2": JINJA2,
    ".j2": JINJA2,
}
_BY_CONTENT = (
    (b"<?python", GENSHI),
    (b"http://genshi.edgewall.org/", GENSHI),
    (b"<%", MAKO),
    (b"{%", JINJA2),
    (b"{{", JINJA2),
)


def is_named_so(path: str) -> bool:
    """Tell whether the name of a file says its language."""
    return path.lower().endswith(tuple(_BY_SUFFIX))


def language_of(path: str, text: bytes) -> str | None:
    """Return the language of a template, by its name, or else by what is in it."""
    for suffix, language in _BY_SUFFIX.items():
        if path.lower().endswith(suffix):
            return language
    return next((language for mark, language in _BY_CONTENT if mark in text), None)


def program_of(source: Source, code: str) -> Extract | None:
    """Return the Python of a template as a program, whose findings have ``code``.

    ``None`` if the template has none, as one in Jinja2's language.
    """
    language = language_of(source.path, source.text)
    told_as = Inside(code, TEMPLATE)
    again = partial(_program_again, source.path, code)
    if language == MAKO:
        from compatshim.migrate.templates.mako_program import mako_program

        return mako_program(source, told_as, again)
    if language == GENSHI:
        from compatshim.migrate.templates.genshi_program import genshi_program

        return genshi_program(source, told_as, again)
    return None


def _program_again(path: str, code: str, data: bytes) -> Source:
    source = decode(path, data)
    return program_of(source, code) or source
