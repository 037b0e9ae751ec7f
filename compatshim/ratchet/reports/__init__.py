"""What was found, in the form that its reader takes: one module for each format.

A module of this package whose name has no underscore in front is a format. It has one
function, ``render(report) -> str``. Nothing else lists the formats.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from compatshim.errors import ReportOptionError
from compatshim.ratchet.reports._report import Report

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Report", "ReportOption", "formats", "parse_option", "render", "write"]


class ReportOption(NamedTuple):
    """A report that was asked for; without a ``path`` it is shown, not stored."""

    format_name: str
    path: Path | None = None


def formats() -> tuple[str, ...]:
    """Return the names of all formats, in order."""
    names = (module.name for module in pkgutil.iter_modules(__path__))
    return tuple(sorted(name for name in names if not name.startswith("_")))


def parse_option(option: str) -> ReportOption:
    """Read ``"html"`` or ``"html:out.html"``; raises ``ReportOptionError``."""
    format_name, colon, path = option.partition(":")
    if format_name not in formats():
        reason = f"{format_name!r} is no format"
        raise ReportOptionError(option, formats(), reason)
    if colon and not path:
        raise ReportOptionError(option, formats(), "there is no path after the colon")
    return ReportOption(format_name, Path(path) if path else None)


def render(format_name: str, report: Report) -> str:
    """Return the text of ``report`` in a format."""
    module = import_module(f"{__name__}.{format_name}")
    text: str = module.render(report)
    return text


def write(option: ReportOption, report: Report, show: Callable[[str], object]) -> None:
    """Render ``report`` and store it at the option's path, or give it to ``show``.

    A relative path is one of the working directory; folders are made. An ``OSError`` is
    left to the caller.
    """
    # A file name that is not text in any encoding is shown by its escapes.
    data = render(option.format_name, report).encode("utf-8", "backslashreplace")
    if option.path is None:
        show(data.decode())
    else:
        option.path.parent.mkdir(parents=True, exist_ok=True)
        option.path.write_bytes(data)
