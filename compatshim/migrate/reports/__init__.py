"""What an audit has found, in the form that its reader takes: one module per format.

A module of this package whose name has no underscore in front is a format. It has one
function, ``render(report) -> str``. Nothing else lists the formats.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import cast

from compatshim.migrate.reports._report import Report

__all__ = ["Report", "formats", "render"]


def formats() -> tuple[str, ...]:
    """Return the names of all formats, in order."""
    names = (module.name for module in pkgutil.iter_modules(__path__))
    return tuple(sorted(name for name in names if not name.startswith("_")))


def render(report: Report, format_name: str) -> str:
    """Return the report in one of the :func:`formats`."""
    return cast("str", import_module(f"{__name__}.{format_name}").render(report))
