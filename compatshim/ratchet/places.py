"""Whose file it is: the project's own code, its tests, or not the project's at all."""

from __future__ import annotations

import os
import sysconfig
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, NamedTuple

from compatshim.ratchet.git import repository_of

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "NO_FILE",
    "OUTSIDE",
    "OWN",
    "TESTS",
    "THIRD_PARTY",
    "Place",
    "Places",
    "is_ignored",
    "place_below",
]

OWN = "own"
TESTS = "tests"
THIRD_PARTY = "third-party"
"""It is installed, or part of Python."""

OUTSIDE = "outside"
"""It is not below the root; perhaps in the same repository all the same."""

NO_FILE = "no file"
"""It was made while the program ran, by ``exec()`` or from the text of a template."""

_INSTALLED = ("site-packages", "dist-packages")
_LIBRARY = tuple(
    os.path.join(os.path.realpath(sysconfig.get_path(name)), "")
    for name in ("stdlib", "platstdlib")
)
_TEST_FOLDERS = ("tests", "test")
_TEST_FILES = ("test_*.py", "*_test.py", "conftest.py", "tests.py")


class Place(NamedTuple):
    """A file by the path that it has in every checkout, and whose it is.

    The path is relative to the root; for :data:`THIRD_PARTY` to the folder that the
    package is installed in; for :data:`OUTSIDE` to the repository that the root is in, if
    it is in that, too. It has slashes on every system.
    """

    path: str
    origin: str


class Places:
    """Tells whose files are, for the project in ``root``.

    What is installed from ``root`` itself, as tox does it, is named as the file there.
    """

    def __init__(self, root: Path, ignore: Sequence[str] = ()) -> None:
        self._root = Path(os.path.abspath(root))
        self._repository = repository_of(root)
        self._ignore = tuple(ignore)
        self.of = cache(self._of)

    def _of(self, filename: str) -> Place | None:
        """Return the place of a file, or ``None`` where it is ignored."""
        place = self._place(filename)
        return None if is_ignored(place.path, self._ignore) else place

    def _place(self, filename: str) -> Place:
        if filename.startswith("<"):
            return Place(filename, NO_FILE)
        absolute = os.path.abspath(filename)
        relative = _below(self._root, absolute)
        installed = _path_where_installed(relative or PurePath(absolute))
        if installed is not None:
            relative = self._source_of(installed)
            if relative is None:
                return Place(installed.as_posix(), THIRD_PARTY)
        if os.path.realpath(absolute).startswith(_LIBRARY):
            return Place(PurePath(absolute).as_posix(), THIRD_PARTY)
        if relative is not None:
            return _own(relative)
        if self._repository is not None:
            relative = _below(self._repository, absolute)
        return Place((relative or PurePath(absolute)).as_posix(), OUTSIDE)

    def _source_of(self, installed: PurePath) -> PurePath | None:
        for folder in ("", "src"):
            if (self._root / folder / installed).is_file():
                return PurePath(folder, installed)
        return None


def is_ignored(path: str, patterns: Sequence[str]) -> bool:
    """Tell whether ``path`` or a folder that it is in matches one of ``patterns``."""
    return any(
        fnmatchcase(path, pattern) or fnmatchcase(path, f"{pattern.rstrip('/')}/*")
        for pattern in patterns
    )


def place_below(root: Path, filename: str) -> Place:
    """Return the place of a file that somebody names: below ``root`` it is their own."""
    absolute = os.path.abspath(filename)
    relative = _below(root, absolute)
    if relative is None:
        return Place(PurePath(absolute).as_posix(), OUTSIDE)
    return _own(relative)


def _own(relative: PurePath) -> Place:
    # A backslash would be another file where the baseline is read.
    path = relative.as_posix().replace("\\", "/")
    return Place(path, TESTS if _is_test(relative) else OWN)


def _below(root: Path, absolute: str) -> PurePath | None:
    if Path(absolute).is_relative_to(root):
        return PurePath(absolute).relative_to(root)
    real, real_root = os.path.realpath(absolute), os.path.realpath(root)
    if Path(real).is_relative_to(real_root):
        return PurePath(real).relative_to(real_root)
    return None


def _path_where_installed(path: PurePath) -> PurePath | None:
    for index, part in reversed(list(enumerate(path.parts))):
        if part in _INSTALLED:
            return PurePath(*path.parts[index + 1 :])
    return None


def _is_test(path: PurePath) -> bool:
    if any(folder in _TEST_FOLDERS for folder in path.parts[:-1]):
        return True
    return any(fnmatchcase(path.name, pattern) for pattern in _TEST_FILES)
