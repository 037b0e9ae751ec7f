"""``compatshim demo``."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from compatshim.cli.running import in_one_line
from compatshim.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["demo"]


@click.command()
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
    with in_one_line(), _folder(data) as folder:
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


@contextmanager
def _folder(data: Path | None) -> Iterator[Path]:
    if data is not None:
        yield data
        return
    import tempfile

    with tempfile.TemporaryDirectory(prefix="compatshim-demo-") as folder:
        yield Path(folder)
