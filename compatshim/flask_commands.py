"""``flask compatshim``: the commands that need the application.

Each is loaded when it is asked for, so that serving requests never loads the tools.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from flask import Flask

__all__ = ["add_commands"]

_NAME = "compatshim"


class _Commands(click.Group):
    """The group ``flask compatshim``."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return ["routes"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name != "routes":
            return None
        from compatshim import routes_command

        return routes_command.flask_command()


def add_commands(app: Flask) -> None:
    """Add the group to the commands of ``app``, unless it has one of this name."""
    if _NAME not in app.cli.commands:
        help_text = "Look at both sides of the application."
        app.cli.add_command(_Commands(_NAME, help=help_text))
