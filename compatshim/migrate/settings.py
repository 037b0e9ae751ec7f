"""What a project says of itself: ``[tool.compatshim]``, or ``[compatshim]`` in setup.cfg.

The one place that reads it, for each tool that looks at source.
"""

from __future__ import annotations

import os
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

from compatshim.deprecation.names import objection_to_names
from compatshim.errors import ConfigurationError, MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Legacy = Mapping[str, Mapping[str, str]]

__all__ = ["common_folder", "legacy_packages"]

_SECTION = "compatshim"
_KEY = "legacy"


def legacy_packages(paths: Iterable[str]) -> Legacy:
    """Return the users' own legacy packages, as for ``Catalogue``, by configuration.

    It is that of the nearest folder that has one and that is, or is above, all of
    ``paths``; in one folder ``pyproject.toml`` comes before ``setup.cfg``. Raises
    ``ConfigurationError`` for what is wrong in it.
    """
    folder = common_folder(paths)
    while True:
        for name, read in (("pyproject.toml", _in_toml), ("setup.cfg", _in_cfg)):
            path = os.path.join(folder, name)
            found = read(path)
            if found is not None:
                return found
        above = os.path.dirname(folder)
        if above == folder:
            return {}
        folder = above


def common_folder(paths: Iterable[str]) -> str:
    """Return the folder that ``paths`` are all in; the current one where none is."""
    folders = [
        path if os.path.isdir(path) else os.path.dirname(path)
        for path in map(os.path.abspath, paths)
    ]
    try:
        return os.path.commonpath(folders)
    except ValueError:  # on several drives, or none
        return os.getcwd()


def _mentions(path: str) -> bool:
    """Tell whether it may be worth reading: most have nothing of ours in them."""
    try:
        with open(path, "rb") as file:
            return _SECTION.encode() in file.read()
    except FileNotFoundError:
        return False
    except OSError as error:
        reason = f"it cannot be read: {error.strerror or error}"
        raise ConfigurationError(path, None, reason) from None


def _in_toml(path: str) -> Legacy | None:
    if not _mentions(path):
        return None
    tomllib = _toml_library()
    try:
        with open(path, "rb") as file:
            tools = tomllib.load(file).get("tool")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(path, None, f"it is not TOML: {error}") from None
    table = tools.get(_SECTION) if isinstance(tools, dict) else None
    if table is None:
        return None
    prefix = f"tool.{_SECTION}"
    if not isinstance(table, dict):
        raise ConfigurationError(path, prefix, "it is not a table")
    _check_keys(path, prefix, table)
    return _checked_table(path, f"{prefix}.{_KEY}", table.get(_KEY, {}))


def _toml_library() -> Any:
    for name in ("tomllib", "tomli"):  # the former from Python 3.11 on
        with suppress(ModuleNotFoundError):
            return import_module(name)
    raise MissingExtraError(f"[tool.{_SECTION}] of pyproject.toml", "audit")


def _checked_table(path: str, key: str, table: object) -> Legacy:
    if not isinstance(table, dict):
        reason = (
            "it is not a table of packages, such as"
            ' {"mycompany.web" = {request = "compatshim.common.request"}}'
        )
        raise ConfigurationError(path, key, reason)
    for module, names in table.items():
        inner = f'{key}."{module}"'
        if not isinstance(names, dict):
            reason = (
                "it is not a table that says what takes the place of each name, such as"
                ' {request = "compatshim.common.request"}'
            )
            raise ConfigurationError(path, inner, reason)
        _check_module(path, inner, module)
        for name, instead in names.items():
            _check_name(path, f"{inner}.{name}", name, instead)
    return table


def _in_cfg(path: str) -> Legacy | None:
    if not _mentions(path):
        return None
    import configparser

    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read(path, encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError) as error:
        reason = f"it cannot be read: {' '.join(str(error).split())}"
        raise ConfigurationError(path, None, reason) from None
    if not parser.has_section(_SECTION):
        return None
    own = set(parser[_SECTION]) - set(parser.defaults())
    _check_keys(path, f"[{_SECTION}]", own)
    return _checked_lines(path, parser[_SECTION].get(_KEY, ""))


def _checked_lines(path: str, value: str) -> Legacy:
    """Return what lines such as ``package.name = compatshim.common.name`` say."""
    legacy: dict[str, dict[str, str]] = {}
    for line in filter(None, map(str.strip, value.splitlines())):
        if line.startswith("#"):
            continue
        dotted, equals, instead = (part.strip() for part in line.partition("="))
        module, _, name = dotted.rpartition(".")
        key = f"[{_SECTION}] {_KEY}: {line!r}"
        if not equals or not module:
            reason = (
                "it has not the form package.name = replacement, such as"
                " mycompany.web.request = compatshim.common.request"
            )
            raise ConfigurationError(path, key, reason)
        _check_module(path, key, module)
        _check_name(path, key, name, instead)
        names = legacy.setdefault(module, {})
        if name in names:
            raise ConfigurationError(path, key, f"{dotted} is there twice")
        names[name] = instead
    return legacy


def _check_keys(path: str, prefix: str, keys: Iterable[str]) -> None:
    for key in sorted(set(keys) - {_KEY}):
        reason = f"there is no such key; {_KEY!r} is the only one"
        raise ConfigurationError(path, f"{prefix} {key}", reason)


def _check_module(path: str, key: str, module: str) -> None:
    if not all(part.isidentifier() for part in module.split(".")):
        reason = f"{module!r} is not the dotted name of a package or module"
        raise ConfigurationError(path, key, reason)


def _check_name(path: str, key: str, name: str, instead: object) -> None:
    reason = objection_to_names(name, instead)
    if reason is not None:
        raise ConfigurationError(path, key, reason)
