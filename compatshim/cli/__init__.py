"""The command line: thin, over functions that also run without it.

Each command is a module of its name, and imported when it is asked for; what it needs is
imported when it runs. So one that lacks its optional libraries says so in one line and
the others work, and ``compatshim audit`` of one file does not wait for what it has no use
for.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING

import click

from compatshim import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["main"]

_NAMES = ("audit", "baseline", "demo", "deprecations", "eject", "rewrite", "routes")


class _Commands(Mapping[str, click.Command]):
    """The commands by their names; to look one up imports it."""

    def __getitem__(self, name: str) -> click.Command:
        if name not in _NAMES:
            raise KeyError(name)
        command: click.Command = getattr(import_module(f"{__name__}.{name}"), name)
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(_NAMES)

    def __len__(self) -> int:
        return len(_NAMES)


@click.group(
    commands=_Commands(), context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="compatshim")
def main() -> None:
    """Serve a legacy WebOb + Routes application and a Flask application as one."""
