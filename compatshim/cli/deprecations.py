"""``compatshim deprecations``."""

from __future__ import annotations

import click

from compatshim.cli.options import format_option
from compatshim.cli.running import in_one_line

__all__ = ["deprecations"]


@click.group()
def deprecations() -> None:
    """Look at what a running site has counted of deprecated uses."""


@deprecations.command(short_help="Show what is still used in production.")
@click.argument("store")
@format_option("text", "json")
def show(store: str, format_name: str) -> None:
    """Show each call site of STORE, how often it ran, and when it was seen.

    STORE is what COMPATSHIM_DEPRECATION_STORE says, "sqlite:///" and a path, or just the
    path of the database or file.
    """
    from compatshim.ratchet.stored_uses import render_store

    with in_one_line():
        click.echo(render_store(store, format_name), nl=False)
