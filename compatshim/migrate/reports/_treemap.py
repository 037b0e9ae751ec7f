"""The tree as a picture: each file a box as large as it has lines, folders around them.

The darker a box, the more legacy names it has for its lines. What would be too small to
be seen is one box with its like.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from compatshim.migrate.reports._squares import Box, squarified

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["DENSITIES", "Cell", "Folder", "Leaf", "cells_of", "density_of", "tree_of"]

DENSITIES = (0, 1, 3, 6, 12)
"""Names in 100 lines, at most, of a box of each shade but the last."""

_DEEPEST = 40  # folders in each other; there is no room for so many headings
_GAP = 2
_HEADING = 17
_LETTER = 6.7
_LEAST_FOLDER = (46.0, 40.0)
_LEAST_LETTERS = 7
_LEAST_AREA = 30.0


class Leaf(NamedTuple):
    """A file; ``key`` is what its cell is to be known by, ``""`` where nothing is."""

    path: str
    lines: int
    names: int
    key: str = ""

    @property
    def files(self) -> int:
        """How many files it stands for."""
        return 1


@dataclass
class Folder:
    """A folder, and what is in it."""

    path: str = ""
    children: dict[str, Folder | Leaf] = field(default_factory=dict)

    @property
    def lines(self) -> int:
        """The lines of all that is in it."""
        return sum(one.lines for one in self.children.values())

    @property
    def names(self) -> int:
        """The legacy names in all that is in it."""
        return sum(one.names for one in self.children.values())

    @property
    def files(self) -> int:
        """The files in it, and in its folders."""
        return sum(one.files for one in self.children.values())


class Cell(NamedTuple):
    """A box of the picture: a file, a folder with its cells, or some that are too small.

    ``label`` is what there is room for, perhaps nothing; ``title`` says what it is.
    ``shade`` is from 0, without anything legacy, on; that of a folder with cells is ``None``.
    """

    box: Box
    label: str
    title: str
    shade: int | None = None
    key: str = ""


def density_of(names: int, lines: int) -> float:
    """Return how many legacy names there are in 100 lines."""
    return 100 * names / max(lines, 1)


def tree_of(leaves: Iterable[Leaf]) -> Folder:
    """Return the tree of files; folders that have nothing but one folder are one."""
    top = Folder()
    for leaf in leaves:
        folder = top
        *parents, name = leaf.path.split("/", _DEEPEST)
        for depth, parent in enumerate(parents, start=1):
            path = "/".join(parents[:depth])
            inner = folder.children.setdefault(f"{parent}/", Folder(path))
            assert isinstance(inner, Folder)  # noqa: S101 (names of files end otherwise)
            folder = inner
        folder.children[name] = leaf
    return _joined(top)


def cells_of(tree: Folder, width: float, height: float) -> list[Cell]:
    """Return the cells of a picture of that size, those of a folder behind its own."""
    return list(_inside(tree, Box(0, 0, width, height)))


def _joined(folder: Folder) -> Folder:
    if len(folder.children) == 1:
        (only,) = folder.children.values()
        if isinstance(only, Folder):
            return _joined(only)
    folder.children = {
        name: _joined(one) if isinstance(one, Folder) else one
        for name, one in folder.children.items()
    }
    return folder


def _inside(folder: Folder, box: Box) -> Iterator[Cell]:
    ranked = sorted(
        folder.children.values(), key=lambda one: (-max(one.lines, 1), one.path)
    )
    sizes = [max(one.lines, 1) for one in ranked]
    seen = _seen(sizes, box)
    rest = sum(sizes[seen:])
    boxes = squarified([*sizes[:seen], *([rest] if rest else [])], box)
    for one, part in zip(ranked[:seen], boxes, strict=False):
        yield from _cells(one, part, folder.path)
    if rest:
        yield _of_rest(ranked[seen:], boxes[-1])


def _seen(sizes: Sequence[int], box: Box) -> int:
    """Return how many of the largest have an area that can be seen."""
    total = sum(sizes)
    least = next(
        (
            index
            for index, size in enumerate(sizes)
            if size * box.area < _LEAST_AREA * total
        ),
        len(sizes),
    )
    return least if least < len(sizes) - 1 else len(sizes)


def _cells(one: Folder | Leaf, box: Box, above: str) -> Iterator[Cell]:
    name = one.path.removeprefix(f"{above}/") if above else one.path
    if isinstance(one, Leaf):
        yield _cell(box, name, one.path, one)
        return
    if box.width < _LEAST_FOLDER[0] or box.height < _LEAST_FOLDER[1]:
        yield _cell(box, f"{name}/", f"{one.path}/ ({_files(one.files)})", one)
        return
    yield Cell(box, _fitting(f"{name}/", box), _title(f"{one.path}/", one))
    inner = Box(
        box.x + _GAP,
        box.y + _HEADING,
        box.width - 2 * _GAP,
        box.height - _HEADING - _GAP,
    )
    yield from _inside(one, inner)


def _of_rest(rest: Sequence[Folder | Leaf], box: Box) -> Cell:
    files = sum(one.files for one in rest)
    lines, names = sum(one.lines for one in rest), sum(one.names for one in rest)
    together = Leaf("", lines, names)
    text = f"{_files(files)} more"
    return _cell(box, text, text, together)


def _cell(box: Box, name: str, title: str, one: Folder | Leaf) -> Cell:
    density = density_of(one.names, one.lines)
    shade = sum(density > bound for bound in DENSITIES)
    key = one.key if isinstance(one, Leaf) else ""
    return Cell(box, _fitting(name, box), _title(title, one), shade, key)


def _title(path: str, one: Folder | Leaf) -> str:
    names = f"{one.names:,} legacy name{'' if one.names == 1 else 's'}"
    return f"{path}: {names} in {one.lines:,} line{'' if one.lines == 1 else 's'}"


def _files(count: int) -> str:
    return f"{count:,} file{'' if count == 1 else 's'}"


def _fitting(name: str, box: Box) -> str:
    """Return what of a name there is room for, if that says anything."""
    room = int((box.width - 8) / _LETTER)
    if box.height < _HEADING or room < min(len(name), _LEAST_LETTERS):
        return ""
    return name if len(name) <= room else f"{name[: room - 1]}\N{HORIZONTAL ELLIPSIS}"
