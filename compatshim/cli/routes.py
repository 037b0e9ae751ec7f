"""``compatshim routes``."""

from __future__ import annotations

import click

from compatshim.cli.running import in_one_line
from compatshim.routes_command import render_routes, routes_options

__all__ = ["routes"]


@click.command(short_help="Show the routes of both sides.")
@click.argument("application")
@routes_options
def routes(
    application: str, format_name: str, *, shadowed: bool, conflicts: bool
) -> None:
    """Show every route of both sides, who serves it, and what shadows it.

    APPLICATION is a Flask application that has a CompatShim: "module:app", or a call of
    what makes one, such as "module:create_app()".
    """
    with in_one_line():
        from flask.cli import ScriptInfo

        from compatshim.objects.state import current_state

        app = ScriptInfo(app_import_path=application).load_app()
        with app.app_context():
            state = current_state("compatshim routes")
            text = render_routes(
                state, format_name, shadowed=shadowed, conflicts=conflicts
            )
        click.echo(text, nl=False)
