"""``compatshim eject``."""

from __future__ import annotations

import click

from compatshim.cli.options import below_paths, write_option
from compatshim.cli.running import run_over

__all__ = ["eject"]


@click.command(short_help="Replace compatshim by Flask: the last step.")
@below_paths
@write_option
@click.option("--force", is_flag=True, help="Also while something is still legacy.")
def eject(paths: tuple[str, ...], *, write: bool, force: bool) -> None:
    """Show how the code below PATH... does without compatshim, as a unified diff.

    What comes from compatshim.common comes from Flask and Flask-Babel then. Only what is
    sure is changed; what needs a hand, and where a changed line differs a little, is
    said on standard error. A comment "# compatshim: ignore" keeps an import. The exit
    code is 0 if nothing is left to do, 1 if something is, and 2 if the command could not
    run, or the audit still finds legacy use.
    """
    from compatshim.migrate.eject_command import run_eject

    run_over(paths, run_eject, writes=write, force=force)
