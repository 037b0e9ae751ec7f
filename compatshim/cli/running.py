"""How the commands run: what a user can put right is told in one line."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Concatenate, NoReturn, ParamSpec

import click

from compatshim.errors import CompatShimError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["in_one_line", "run_over"]

_Options = ParamSpec("_Options")


def run_over(
    paths: Sequence[str],
    function: Callable[
        Concatenate[
            Sequence[str], Callable[[Any], object], Callable[[str], object], _Options
        ],
        int,
    ],
    *arguments: _Options.args,
    **options: _Options.kwargs,
) -> NoReturn:
    """End with the exit code that ``function`` returns, or with 2 if it could not run.

    It is given the ``paths``, what prints its result, what prints the rest on standard
    error, and its options.
    """
    show, tell = partial(click.echo, nl=False), partial(click.echo, err=True)
    with in_one_line(_CouldNotRun):
        code = function(paths, show, tell, *arguments, **options)
    raise SystemExit(code)


@contextmanager
def in_one_line(
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


class _CouldNotRun(click.ClickException):
    """An audit that failed must not look as if it had found something."""

    exit_code = 2


def _mendable() -> tuple[type[Exception], ...]:
    # Whoever has raised an error of a database has imported it.
    database = sys.modules.get("sqlite3")
    of_database = () if database is None else (database.Error,)
    return (CompatShimError, OSError, *of_database)
