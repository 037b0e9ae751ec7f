"""Find the files to read below the PATHs that somebody has named."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from compatshim.migrate.gitignore import Ignored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["File", "files_in", "is_python"]

_SUFFIXES = (".py", ".pyw", ".pyi", ".wsgi")
_NEVER = frozenset((".git", ".hg", ".svn", ".bzr", "__pycache__"))
_MARK_OF_ENVIRONMENT = "pyvenv.cfg"


class File(NamedTuple):
    """A file: where it is, and its path as reports have it, relative to ``root``."""

    location: str
    path: str
    root: str


class _Folder(NamedTuple):
    """A folder: where it is, and what its files' paths begin with."""

    location: str
    prefix: str
    root: str
    ignored: Ignored


def files_in(
    paths: Iterable[str],
    unreadable: Callable[[str, str], None],
    is_wanted: Callable[[os.DirEntry[str]], bool] | None = None,
) -> list[File]:
    """Return the Python files that are or are below one of ``paths``, each of them once.

    ``is_wanted`` tells which files of a folder are taken, if not those of Python.

    A file that is named is taken whatever it is called. Below a folder these are left out:
    what ``.gitignore`` says, version control's own folders, and virtual environments. A
    link is followed only to what is not there by its own name. ``unreadable`` is told of
    folders that cannot be listed: their path and why.
    """
    walk = _Walk(unreadable, is_wanted or is_python)
    for path in paths:
        walk.add(path)
    return walk.finish()


class _Walk:
    """The files so far; links wait until all the others are there."""

    def __init__(
        self,
        unreadable: Callable[[str, str], None],
        is_wanted: Callable[[os.DirEntry[str]], bool],
    ) -> None:
        self._unreadable = unreadable
        self._is_wanted = is_wanted
        self._files: list[File] = []
        self._links: list[File] = []
        self._seen_folders: set[str] = set()
        self._may_repeat = False

    def add(self, path: str) -> None:
        self._may_repeat |= bool(self._files or self._links)
        if os.path.isdir(path):
            self._walk(_Folder(path, "", path, Ignored.above(path)))
        else:
            self._files.append(File(path, _slashed(path), ""))

    def finish(self) -> list[File]:
        while self._links:
            self._may_repeat = True
            links, self._links = self._links, []
            for link in links:
                self._follow(link)
        files = self._files
        if self._may_repeat:  # where a file really is takes a while to find out
            files = list(
                {
                    os.path.realpath(one.location): one for one in reversed(files)
                }.values()
            )
        return sorted(files, key=lambda one: (one.root, one.path))

    def _follow(self, link: File) -> None:
        if os.path.isdir(link.location):
            above = Ignored.above(link.location)
            self._walk(_Folder(link.location, f"{link.path}/", link.root, above))
        else:
            self._files.append(link)

    def _walk(self, folder: _Folder) -> None:
        waiting = [folder]
        while waiting:
            waiting += self._list(waiting.pop())

    def _list(self, folder: _Folder) -> Iterator[_Folder]:
        """Take the files of a folder, and yield the folders in it."""
        real = os.path.realpath(folder.location)
        if real in self._seen_folders:
            return
        self._seen_folders.add(real)
        try:
            entries = sorted(os.scandir(folder.location), key=lambda one: one.name)
        except OSError as error:
            self._unreadable(_slashed(folder.location), error.strerror or str(error))
            return
        names = {entry.name for entry in entries}
        if _MARK_OF_ENVIRONMENT in names and folder.prefix:
            return
        if ".gitignore" in names:
            ignored = folder.ignored.within(folder.location)
            folder = folder._replace(ignored=ignored)
        for entry in entries:
            yield from self._enter(entry, folder)

    def _enter(self, entry: os.DirEntry[str], folder: _Folder) -> Iterator[_Folder]:
        path = f"{folder.prefix}{entry.name}"
        try:
            is_folder = entry.is_dir()
            is_wanted = is_folder or self._is_wanted(entry)
        except OSError:  # a link that leads to itself
            return
        if entry.name in _NEVER or not is_wanted:
            return
        if folder.ignored.matches(entry.path, is_folder=is_folder):
            return
        if entry.is_symlink():
            self._links.append(File(entry.path, path, folder.root))
        elif is_folder:
            yield _Folder(entry.path, f"{path}/", folder.root, folder.ignored)
        else:
            self._files.append(File(entry.path, path, folder.root))


def is_python(entry: os.DirEntry[str]) -> bool:
    """Tell whether a file of a folder is one of Python, by its name or first line."""
    if entry.name.endswith(_SUFFIXES):
        return entry.is_file()
    return "." not in entry.name and entry.is_file() and _starts_python(entry.path)


def _starts_python(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            return file.read(2) == b"#!" and b"python" in file.readline(256)
    except OSError:
        return False


def _slashed(path: str) -> str:
    return path.replace(os.sep, "/").removeprefix("./")
