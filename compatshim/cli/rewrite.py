"""``compatshim rewrite``."""

from __future__ import annotations

import click

from compatshim.cli.options import below_paths, write_option
from compatshim.cli.running import run_over

__all__ = ["rewrite"]


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


@click.command(short_help="Replace legacy imports by one line.")
@below_paths
@write_option
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
    type=click.Path(exists=True),
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

    run_over(
        paths,
        run_rewrite,
        writes=write,
        strings=strings,
        templates=templates,
        rules=rules,
        routes=routes,
    )
