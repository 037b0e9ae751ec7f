"""``compatshim baseline``."""

from __future__ import annotations

from pathlib import Path

import click

from compatshim.cli.running import in_one_line

__all__ = ["baseline"]


@click.group()
def baseline() -> None:
    """Look after the baseline of "pytest --compatshim"."""


@baseline.command(short_help="Resolve a merge conflict in the baseline.")
@click.argument(
    "files",
    nargs=-1,
    metavar="[FILE | BASE OURS THEIRS]",
    type=click.Path(path_type=Path),
)
def merge(files: tuple[Path, ...]) -> None:
    r"""Merge baselines: of two different counts the lower one is kept.

    Given one FILE (by default compatshim-baseline.json), resolve the merge conflict whose
    marks are in it. Given three, merge into OURS, as a merge driver of git:

    \b
      git config merge.compatshim.driver "compatshim baseline merge %O %A %B"
      echo "compatshim-baseline.json merge=compatshim" >> .gitattributes

    The exit code is 0 if that was done, 1 if a file is no baseline (nothing is written
    then), and 2 for other than one or three files.
    """
    from compatshim.ratchet.baseline import DEFAULT_PATH
    from compatshim.ratchet.merging import merge_files, resolve

    with in_one_line():
        match files or (Path(DEFAULT_PATH),):
            case (path,):
                counts = resolve(path)
                allowed = sum(counts.values())
                click.echo(f"{path} is merged: it allows {allowed} uses.")
            case (base, ours, theirs):
                merge_files(base, ours, theirs)
            case _:
                raise click.UsageError("Name one file, or three: base, ours, theirs.")
