"""Which project a file belongs to: its root is what a baseline's paths are relative to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from compatshim.migrate.settings import common_folder

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["marked_root", "project_root"]

_SECTIONS = {
    "pytest.ini": b"",
    ".pytest.ini": b"",
    "pyproject.toml": b"[tool.pytest",
    "tox.ini": b"[pytest]",
    "setup.cfg": b"[tool:pytest]",
}
"""Where pytest is configured, and the words by which it is."""


def project_root(paths: Iterable[str]) -> Path:
    """Return the root of the project that ``paths`` are in, as pytest finds its rootdir.

    It is the nearest folder above all of them where pytest is configured, or else that
    of a ``pyproject.toml``, a ``setup.py`` or a repository; or else the current one, or
    the folder that they are all in.
    """
    paths = list(paths)
    found = marked_root(paths)
    if found is not None:
        return found
    common, here = Path(common_folder(paths)), Path.cwd()
    return here if here in (common, *common.parents) else common


def marked_root(paths: Iterable[str]) -> Path | None:
    """Return the root that some file marks as that of a project, if there is one."""
    common = Path(common_folder(paths))
    for is_root in (_configures_pytest, _has_project, _has_setup, _has_repository):
        for folder in (common, *common.parents):
            if is_root(folder):
                return folder
    return None


def _configures_pytest(folder: Path) -> bool:
    return any(_has_words(folder / name, words) for name, words in _SECTIONS.items())


def _has_words(path: Path, words: bytes) -> bool:
    try:
        return words in path.read_bytes()
    except OSError:
        return False


def _has_project(folder: Path) -> bool:
    return (folder / "pyproject.toml").is_file()


def _has_setup(folder: Path) -> bool:
    return (folder / "setup.py").is_file()


def _has_repository(folder: Path) -> bool:
    return (folder / ".git").exists()
