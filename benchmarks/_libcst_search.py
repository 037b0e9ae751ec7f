"""What the audit is compared with: a visitor of LibCST that looks for legacy imports."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import libcst
from libcst.helpers import get_full_name_for_node

if TYPE_CHECKING:
    from pathlib import Path

    from compatshim.migrate.catalogue import Catalogue

__all__ = ["Imported", "can_read", "legacy_imports"]


class Imported(NamedTuple):
    """A legacy name that a file imports: ``pylons.request``, or ``pylons.*``."""

    path: str
    dotted: str
    asname: str | None


def can_read(data: bytes) -> bool:
    """Tell whether LibCST can parse ``data``."""
    try:
        libcst.parse_module(data)
    except Exception:  # noqa: BLE001 (such as RecursionError; each is a failure)
        return False
    return True


def legacy_imports(
    folder: Path, paths: list[str], catalogue: Catalogue
) -> list[Imported]:
    """Return what the files at ``paths`` import that is legacy."""
    found: list[Imported] = []
    for path in paths:
        module = libcst.parse_module((folder / path).read_bytes())
        module.visit(_Search(path, catalogue, found))
    return found


class _Search(libcst.CSTVisitor):
    def __init__(self, path: str, catalogue: Catalogue, found: list[Imported]) -> None:
        super().__init__()
        self._path = path
        self._catalogue = catalogue
        self._found = found

    def visit_Import(self, node: libcst.Import) -> None:
        for alias in node.names:
            self._note(alias.evaluated_name, alias.evaluated_alias)

    def visit_ImportFrom(self, node: libcst.ImportFrom) -> None:
        if node.relative or node.module is None:
            return
        module = get_full_name_for_node(node.module) or ""
        if isinstance(node.names, libcst.ImportStar):
            if self._catalogue.package_of(module):
                self._found.append(Imported(self._path, f"{module}.*", None))
            return
        for alias in node.names:
            self._note(f"{module}.{alias.evaluated_name}", alias.evaluated_alias)

    def _note(self, dotted: str, asname: str | None) -> None:
        if self._catalogue.package_of(dotted):
            self._found.append(Imported(self._path, dotted, asname))
