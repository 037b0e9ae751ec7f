"""Which files are read as what, by their names: Python, templates, settings."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from compatshim.migrate.trees import is_python

if TYPE_CHECKING:
    import os

__all__ = [
    "PYTHON",
    "SETTINGS",
    "TEMPLATE",
    "all_kinds",
    "is_setup_py",
    "is_template",
    "kind_of",
]

PYTHON = "python"
TEMPLATE = "template"
SETTINGS = "settings"

_TEMPLATES = (
    *(".mako", ".mak", ".genshi", ".jinja", ".jinja2", ".j2"),
    # What these are is told by what stands in them.
    *(".html", ".htm", ".xhtml", ".xml", ".txt", ".tmpl", ".tpl"),
)
_SETTINGS = (".ini", ".cfg", ".conf", ".ini_tmpl", "pyproject.toml")
_LEGIBLE = 1 << 20  # bytes; what is longer was not written by people


def kind_of(path: str) -> str:
    """Return as what the file at ``path`` is read, by its name."""
    name = path.lower()
    if name.endswith(_TEMPLATES):
        return TEMPLATE
    return SETTINGS if name.endswith(_SETTINGS) else PYTHON


def is_setup_py(path: str) -> bool:
    """Tell whether a path is that of a ``setup.py``, which is settings as well."""
    return path.replace("\\", "/").rpartition("/")[2] == "setup.py"


def all_kinds(entry: os.DirEntry[str]) -> bool:
    """Tell whether an audit looks at a file of a folder."""
    return is_python(entry) or _is_other(entry, TEMPLATE, SETTINGS)


def is_template(entry: os.DirEntry[str]) -> bool:
    """Tell whether a file of a folder may be a template."""
    return _is_other(entry, TEMPLATE)


def _is_other(entry: os.DirEntry[str], *kinds: str) -> bool:
    return kind_of(entry.name) in kinds and entry.is_file() and _is_legible(entry)


def _is_legible(entry: os.DirEntry[str]) -> bool:
    with suppress(OSError):
        return entry.stat().st_size <= _LEGIBLE
    return True
