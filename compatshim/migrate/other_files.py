"""A file that is no Python, as the rules see it: a template, or settings."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from compatshim.migrate.findings import (
    ASSISTED,
    CONFIG,
    MANUAL,
    TEMPLATE,
    Finding,
)
from compatshim.migrate.kinds import kind_of
from compatshim.migrate.templates.languages import (
    is_named_so,
    language_of,
    program_of,
)

if TYPE_CHECKING:
    from compatshim.migrate.catalogue import Catalogue
    from compatshim.migrate.examined import Examined
    from compatshim.migrate.sources import Source

__all__ = ["IN_TEMPLATE", "OtherFile"]

IN_TEMPLATE = "CS113"
"""The code of what is found in the Python of a template."""


class OtherFile:
    """One source that is no Python. ``path`` and ``root`` are those of its findings."""

    def __init__(
        self, source: Source, catalogue: Catalogue, path: str, root: str = ""
    ) -> None:
        self.source = source
        self.catalogue = catalogue
        self.path = path
        self.root = root

    @property
    def _kind(self) -> str:
        return TEMPLATE if kind_of(self.path) == TEMPLATE else CONFIG

    @cached_property
    def language(self) -> str | None:
        """The language of a template; ``None`` for other files."""
        if self._kind != TEMPLATE:
            return None
        return language_of(self.path, self.source.text)

    @cached_property
    def python(self) -> Examined | None:
        """The program that a template is, if it is one, with the template's places."""
        from compatshim.migrate.examined import Examined

        if self.language is None:
            return None
        program = program_of(self.source, IN_TEMPLATE)
        if program is None:
            return None
        return Examined(program, self.catalogue, self.path, self.root)

    @cached_property
    def problem(self) -> str | None:
        """Why not all of it could be read, as far as it is known to be a template."""
        examined = self.python
        if examined is None:
            return self.source.problem
        problem = examined.source.problem
        if problem is None and examined.tree.errors:
            error = examined.tree.errors[0]
            line = examined.source.lines(error.start_byte, error.end_byte)[0]
            problem = f"line {line} cannot be parsed"
        is_known = is_named_so(self.path) or self.source.problem or examined.imports
        return problem if is_known else None

    def finding(
        self,
        span: tuple[int, int],
        *,
        code: str,
        module: str,
        name: str,
        replacement: str,
        fix: str = ASSISTED,
    ) -> Finding:
        """Return a finding for what is at ``span``; manual without a ``replacement``."""
        start, end = span
        line, column = self.source.position(start)
        return Finding(
            path=self.path,
            line=line,
            column=column,
            end_line=self.source.position(end)[0],
            code=code,
            kind=self._kind,
            module=module,
            name=name,
            replacement=replacement,
            fix=fix if replacement else MANUAL,
            start=start,
            end=end,
            root=self.root,
        )
