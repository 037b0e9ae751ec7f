"""What the hooks of one plugin return, looked at before any of it is used."""

from __future__ import annotations

import inspect
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click
from flask import Blueprint

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["application", "blueprints", "commands", "directories", "helpers", "sources"]

_Kind = TypeVar("_Kind")


def helpers(result: Any) -> dict[str, Any]:
    """Return helpers by name. Raises ``TypeError`` for anything but a mapping."""
    if result is not None and not isinstance(result, Mapping):
        raise TypeError(f"it returned {result!r}, and not a mapping of helpers")
    return dict(result or {})


def blueprints(result: Any, taken: Iterable[str]) -> list[Blueprint]:
    """Return blueprints.

    Raises ``TypeError`` for anything else, and ``ValueError`` for a name that is
    ``taken``.
    """
    return _all_of(Blueprint, result, taken)


def commands(result: Any, taken: Iterable[str]) -> list[click.Command]:
    """Return commands; raises as :func:`blueprints`."""
    return _all_of(click.Command, result, taken)


def _all_of(kind: type[_Kind], result: Any, taken: Iterable[str]) -> list[_Kind]:
    names, found = set(taken), _listed(result)
    for one in found:
        if not isinstance(one, kind):
            raise TypeError(f"it returned {one!r}, and not a {kind.__name__}")
        name = one.name  # type: ignore[attr-defined]  # both kinds have one
        if name in names:
            raise ValueError(f"there is a {kind.__name__} {name!r} already")
        names.add(name)
    return found


def _listed(result: Any) -> list[Any]:
    if isinstance(result, str | bytes | os.PathLike):
        raise TypeError(f"it returned {result!r}, and not a list")
    return list(result or ())


def directories(result: Any, plugin: object) -> list[str]:
    """Return absolute paths.

    Raises ``TypeError`` for anything else, ``NotADirectoryError`` where there is none.
    """
    return [_directory(path, plugin) for path in _listed(result)]


def sources(result: Any, plugin: object) -> list[tuple[str, str]]:
    """Return pairs of an absolute path and a domain; raises as :func:`directories`."""
    pairs: Iterable[Any] = _listed(result)
    if isinstance(result, tuple) and result and not isinstance(result[0], tuple):
        pairs = [result]
    return [(_directory(path, plugin), domain) for path, domain in pairs]


def _directory(path: Any, plugin: object) -> str:
    path = os.fspath(path)
    if not os.path.isabs(path):
        owner = plugin if inspect.ismodule(plugin) else type(plugin)
        path = os.path.join(
            os.path.dirname(os.path.abspath(inspect.getfile(owner))), path
        )
    if not os.path.isdir(path):
        raise NotADirectoryError(f"there is no folder {path!r}")
    return str(path)


def application(result: Any) -> Any:
    """Return a WSGI application. Raises ``TypeError`` for anything else."""
    if not callable(result):
        raise TypeError(f"it returned {result!r}, and not a WSGI application")
    return result
