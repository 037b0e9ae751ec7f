"""``compatshim audit``."""

from __future__ import annotations

from pathlib import Path

import click

from compatshim.cli.options import NEW_FILE, below_paths, format_option
from compatshim.cli.running import run_over

__all__ = ["audit"]


def _known_codes(
    _context: click.Context, _option: click.Parameter, codes: tuple[str, ...]
) -> tuple[str, ...]:
    if codes:
        from compatshim.deprecation.codes import CODES

        for code in set(codes) - set(CODES):
            raise click.BadParameter(f"{code!r} is no code: {', '.join(CODES)} are.")
    return codes


@click.command(short_help="Find what is still legacy in the source.")
@below_paths
@format_option("text", "json", "sarif", "github", "csv", "html")
@click.option(
    "--output",
    "-o",
    metavar="FILE",
    type=NEW_FILE,
    help="Where to write it, instead of printing it.",
)
@click.option(
    "--baseline",
    metavar="FILE",
    type=NEW_FILE,
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
    run_over(
        paths,
        run_audit,
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
