"""The options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["NEW_FILE", "below_paths", "format_option", "write_option"]

NEW_FILE = click.Path(dir_okay=False, path_type=Path)

below_paths = click.argument(
    "paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(exists=True)
)
write_option = click.option(
    "--write", is_flag=True, help="Change the files, instead of a diff."
)


def format_option(*formats: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the option ``--format``; the first of the ``formats`` is its default."""
    return click.option(
        "--format",
        "format_name",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="How to print it.",
    )
