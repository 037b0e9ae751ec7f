"""The command line: thin, over functions that also run without it.

What a command needs is imported when it runs, so that one that lacks its optional
libraries says so in one line and the others work.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from compatshim import __version__
from compatshim.errors import CompatShimError, MissingExtraError
from compatshim.routes_command import render_routes, routes_options

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["main"]

_FILE = click.Path(path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="compatshim")
def main() -> None:
    """Serve a legacy WebOb + Routes application and a Flask application as one."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option(
    "--port",
    default=5000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Where to listen; 0 is any free port.",
)
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder to keep the catalogue in.  [default: a temporary one]",
)
@click.option("--check", is_flag=True, help="Try every part over HTTP, then end.")
def demo(host: str, port: int, data: Path | None, *, check: bool) -> None:
    """Serve a half-migrated application: a catalogue of the packages installed here.

    Its lists, forms and the CSV export are Pylons controllers; its home page, JSON API
    and downloads are Flask views. Each page says who served it.
    """
    import sqlite3

    with _in_one_line(sqlite3.Error), _folder(data) as folder:
        try:
            from compatshim.demo import application, check as walk, server
        except ModuleNotFoundError as error:
            if error.name is None or error.name.startswith("compatshim"):
                raise
            raise MissingExtraError("compatshim demo", "demo") from error

        if check:
            app = application.create_app(folder)
            raise SystemExit(not walk.check(app, click.echo))
        listener = server.listen(host, port)
        with listener:
            app = application.create_app(folder)
            click.echo(f"The demo is at {server.address_of(listener)} (Ctrl+C ends it)")
            server.serve(app, listener)


@main.command(short_help="Show the routes of both sides.")
@click.argument("application")
@routes_options
def routes(
    application: str, format_name: str, *, shadowed: bool, conflicts: bool
) -> None:
    """Show every route of both sides, who serves it, and what shadows it.

    APPLICATION is a Flask application that has a CompatShim: "module:app", or a call of
    what makes one, such as "module:create_app()".
    """
    with _in_one_line():
        from flask.cli import ScriptInfo

        from compatshim.objects.state import current_state

        app = ScriptInfo(app_import_path=application).load_app()
        with app.app_context():
            state = current_state("compatshim routes")
            text = render_routes(
                state, format_name, shadowed=shadowed, conflicts=conflicts
            )
        click.echo(text, nl=False)


@main.group()
def baseline() -> None:
    """Look after the baseline of "pytest --compatshim"."""


@baseline.command(short_help="Resolve a merge conflict in the baseline.")
@click.argument("files", nargs=-1, metavar="[FILE | BASE OURS THEIRS]", type=_FILE)
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

    with _in_one_line():
        match files or (Path(DEFAULT_PATH),):
            case (path,):
                counts = resolve(path)
                allowed = sum(counts.values())
                click.echo(f"{path} is merged: it allows {allowed} uses.")
            case (base, ours, theirs):
                merge_files(base, ours, theirs)
            case _:
                raise click.UsageError("Name one file, or three: base, ours, theirs.")


@main.group()
def deprecations() -> None:
    """Look at what a running site has counted of deprecated uses."""


@deprecations.command(short_help="Show what is still used in production.")
@click.argument("store")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print it.",
)
def show(store: str, format_name: str) -> None:
    """Show each call site of STORE, how often it ran, and when it was seen.

    STORE is what COMPATSHIM_DEPRECATION_STORE says, "sqlite:///" and a path, or just the
    path of the database or file.
    """
    from compatshim.ratchet.stored_uses import render_store

    with _in_one_line():
        click.echo(render_store(store, format_name), nl=False)


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    if data is not None:
        yield data
        return
    with tempfile.TemporaryDirectory(prefix="compatshim-demo-") as folder:
        yield Path(folder)


@contextmanager
def _in_one_line(*others: type[Exception]) -> Iterator[None]:
    """Tell a user in one line what a user can put right; no traceback."""
    users_to_mend: tuple[type[Exception], ...] = (CompatShimError, OSError, *others)
    try:
        yield
    except users_to_mend as error:
        raise click.ClickException(str(error)) from error
