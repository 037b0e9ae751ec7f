"""The command line: thin, over functions that also run without it.

What a command needs is imported when it runs, so that one that lacks its optional
libraries says so in one line and the others work, and that ``compatshim audit`` of one
file does not wait for what it has no use for.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from functools import partial
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
_NEW_FILE = click.Path(dir_okay=False, path_type=Path)
_EXISTING = click.Path(exists=True)


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
    with _in_one_line(), _folder(data) as folder:
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


def _known_codes(
    _context: click.Context, _option: click.Parameter, codes: tuple[str, ...]
) -> tuple[str, ...]:
    if codes:
        from compatshim.deprecation.codes import CODES

        for code in set(codes) - set(CODES):
            raise click.BadParameter(f"{code!r} is no code: {', '.join(CODES)} are.")
    return codes


@main.command(short_help="Find what is still legacy in the source.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=_EXISTING)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["text", "json", "sarif", "github", "csv", "html"]),
    default="text",
    show_default=True,
    help="How to print it.",
)
@click.option(
    "--output",
    "-o",
    metavar="FILE",
    type=_NEW_FILE,
    help="Where to write it, instead of printing it.",
)
@click.option(
    "--baseline",
    metavar="FILE",
    type=_NEW_FILE,
    help='Allow what this file allows, as "pytest --compatshim" does.',
)
@click.option(
    "--update",
    is_flag=True,
    help="Write the baseline as the audit has found it; it is"
    " compatshim-baseline.json in the project by default.",
)
@click.option(
    "--strict", is_flag=True, help="Exit with 1 also if the baseline can shrink."
)
@click.option(
    "--root",
    metavar="FOLDER",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The project, to which the baseline's paths are relative.  [default: as"
    " pytest finds it]",
)
@click.option(
    "--fail-on",
    metavar="CODE",
    multiple=True,
    callback=_known_codes,
    help="Exit with 1 for this code only (several).",
)
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(min=1),
    help="How many processes work at it.  [default: as the number of files suggests]",
)
@click.option("--flow", is_flag=True, help="Also names imported by way of others.")
def audit(
    paths: tuple[str, ...],
    format_name: str,
    output: Path | None,
    baseline: Path | None,
    root: Path | None,
    fail_on: tuple[str, ...],
    jobs: int | None,
    *,
    update: bool,
    strict: bool,
    flow: bool,
) -> None:
    """List every direct use of the legacy framework in the files of PATH...

    These are Python, templates, ini files, and what a project says for its installation.

    Nothing of what is audited is run. A comment "# compatshim: ignore[CS101]" takes a
    line out. The exit code is 0 if nothing was found that the baseline does not allow, 1
    if something was, and 2 if the audit could not run.
    """
    from compatshim.migrate.command import run_audit

    if strict and baseline is None:
        raise click.UsageError("--strict needs a --baseline that can shrink.")
    with _in_one_line(_CouldNotRun):
        code = run_audit(
            paths,
            partial(click.echo, nl=False),
            partial(click.echo, err=True),
            format_name=format_name,
            output=output,
            root=root,
            baseline=baseline,
            update=update,
            strict=strict,
            fail_on=fail_on,
            jobs=jobs,
            flow=flow,
        )
    raise SystemExit(code)


def _opt_in_rules(
    context: click.Context, _option: click.Parameter, codes: tuple[str, ...]
) -> tuple[str, ...]:
    if not codes:
        return codes
    from compatshim.migrate.opt_in import opt_in_rules

    rules = opt_in_rules()
    for code in codes:
        if code not in rules:
            raise click.BadParameter(
                f"{code!r} is no such rule: {', '.join(rules)} are."
            )
        if rules[code].needs_routes and context.params.get("routes") is None:
            raise click.BadParameter(
                f"{code} needs --routes FILE, which compatshim routes --format json makes."
            )
    return codes


@main.command(short_help="Replace legacy imports by one line.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=_EXISTING)
@click.option("--write", is_flag=True, help="Change the files, instead of a diff.")
@click.option("--strings", is_flag=True, help='Also mock.patch("pylons.request").')
@click.option("--templates", is_flag=True, help="Also the Python of Mako and Genshi.")
@click.option(
    "--rule",
    "rules",
    metavar="CODE",
    multiple=True,
    callback=_opt_in_rules,
    help="Also what this rule finds (several).",
)
@click.option(
    "--routes",
    metavar="FILE",
    type=_EXISTING,
    is_eager=True,
    help="What compatshim routes --format json has printed, for rules that need it.",
)
def rewrite(
    paths: tuple[str, ...],
    *,
    write: bool,
    strings: bool,
    templates: bool,
    rules: tuple[str, ...],
    routes: str | None,
) -> None:
    """Show how the legacy imports below PATH... become one line, as a unified diff.

    Only what is sure is changed, and nothing outside of these statements; what is left
    as it is, and why, is said on standard error. A comment "# compatshim: ignore" keeps
    a line. The exit code is 0 if nothing is left to do, 1 if something is, and 2 if the
    command could not run.
    """
    from compatshim.migrate.rewrite_command import run_rewrite

    with _in_one_line(_CouldNotRun):
        code = run_rewrite(
            paths,
            partial(click.echo, nl=False),
            partial(click.echo, err=True),
            writes=write,
            strings=strings,
            templates=templates,
            rules=rules,
            routes=routes,
        )
    raise SystemExit(code)


@main.command(short_help="Replace compatshim by Flask: the last step.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=_EXISTING)
@click.option("--write", is_flag=True, help="Change the files, instead of a diff.")
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

    with _in_one_line(_CouldNotRun):
        code = run_eject(
            paths,
            partial(click.echo, nl=False),
            partial(click.echo, err=True),
            writes=write,
            force=force,
        )
    raise SystemExit(code)


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
    import tempfile

    with tempfile.TemporaryDirectory(prefix="compatshim-demo-") as folder:
        yield Path(folder)


class _CouldNotRun(click.ClickException):
    """An audit that failed must not look as if it had found something."""

    exit_code = 2


@contextmanager
def _in_one_line(
    failure: type[click.ClickException] = click.ClickException,
) -> Iterator[None]:
    """Tell a user in one line what a user can put right; no traceback."""
    try:
        yield
    except _mendable() as error:
        raise failure(str(error)) from error
    except KeyboardInterrupt:
        if failure is not _CouldNotRun:
            raise  # click tells of it, and exits with 1
        raise failure("It was interrupted.") from None


def _mendable() -> tuple[type[Exception], ...]:
    # Whoever has raised an error of a database has imported it.
    database = sys.modules.get("sqlite3")
    of_database = () if database is None else (database.Error,)
    return (CompatShimError, OSError, *of_database)
