"""What ``.gitignore`` files say, as git reads them: the innermost that says anything."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from compatshim.errors import MissingExtraError
from compatshim.migrate.sources import read_bytes

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

__all__ = ["Ignored"]


class Ignored:
    """What is ignored in a folder, by its own ``.gitignore`` and those above it."""

    def __init__(self, specs: tuple[tuple[str, GitIgnoreSpec], ...] = ()) -> None:
        self._specs = specs

    @classmethod
    def above(cls, folder: str) -> Ignored:
        """Return what is ignored in ``folder`` by the folders above it in its repository."""
        above = []
        current = os.path.abspath(folder)
        while not os.path.exists(os.path.join(current, ".git")):
            parent = os.path.dirname(current)
            if parent == current:  # in no repository
                return cls()
            current = parent
            above.append(current)
        ignored = cls()
        exclude = os.path.join(current, ".git", "info", "exclude")
        if os.path.isfile(exclude):
            ignored = ignored._with(current, exclude)
        for outer in reversed(above):
            if os.path.isfile(os.path.join(outer, ".gitignore")):
                ignored = ignored.within(outer)
        return ignored

    def within(self, folder: str) -> Ignored:
        """Return what is ignored with the ``.gitignore`` of ``folder``, too."""
        return self._with(folder, os.path.join(folder, ".gitignore"))

    def matches(self, path: str, *, is_folder: bool) -> bool:
        """Tell whether ``path`` is ignored, given that the folder it is in is not."""
        if not self._specs:
            return False
        absolute = os.path.abspath(path)
        for folder, spec in reversed(self._specs):
            # It is in the folder; os.path.relpath would take longer than all the rest.
            relative = absolute[len(folder) :].lstrip(os.sep).replace(os.sep, "/")
            verdict = spec.check_file(f"{relative}/" if is_folder else relative).include
            if verdict is not None:
                return verdict
        return False

    def _with(self, folder: str, path: str) -> Ignored:
        try:
            from pathspec import GitIgnoreSpec
        except ModuleNotFoundError as error:
            raise MissingExtraError("compatshim audit", "audit") from error

        try:
            lines = read_bytes(path).splitlines()
            spec = GitIgnoreSpec.from_lines(
                line.decode(errors="surrogateescape") for line in lines
            )
        except (OSError, ValueError):
            return self
        return Ignored((*self._specs, (os.path.abspath(folder), spec)))
