"""The keys that mean the same on both sides: each pair is one value."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, MutableMapping
from typing import TYPE_CHECKING, Any

from compatshim.errors import IniError
from compatshim.ini import asbool
from compatshim.legacy.configuration import PylonsConfig
from compatshim.sessions.twins import SESSION_TWINS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask

    from compatshim.ini import IniValues

__all__ = ["TWINS", "Twins", "converted", "flask_values", "join_twins"]

log = logging.getLogger(__name__)

TWINS = {"debug": "DEBUG", "testing": "TESTING", **SESSION_TWINS}
"""Legacy keys and the Flask keys that mean the same: each pair is one value."""

_FLASK_KEYS = frozenset(TWINS.values())

# To Flask, every text is true.
_TRUTHS = frozenset(
    ["DEBUG", "TESTING", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY"]
)


def converted(flask_key: str, value: Any) -> Any:
    """Return ``value`` as Flask expects it: a text for a truth becomes a ``bool``.

    Raises ``ValueError`` where it spells none.
    """
    if flask_key in _TRUTHS and isinstance(value, str):
        try:
            return asbool(value)
        except ValueError as error:
            raise ValueError(f"{flask_key}: {error}") from None
    return value


class Twins(MutableMapping[str, Any]):
    """What ``app.config`` has for the legacy keys of :data:`TWINS`, under those keys."""

    def __init__(self, flask_config: dict[str, Any]) -> None:
        self._flask_config = flask_config

    def __getitem__(self, key: str) -> Any:
        try:
            return self._flask_config[TWINS[key]]
        except KeyError:
            raise KeyError(key) from None

    def __setitem__(self, key: str, value: Any) -> None:
        self._flask_config[TWINS[key]] = converted(TWINS[key], value)

    def __delitem__(self, key: str) -> None:
        try:
            del self._flask_config[TWINS[key]]
        except KeyError:
            raise KeyError(key) from None

    def __iter__(self) -> Iterator[str]:
        return iter([key for key in TWINS if key in self])

    def __len__(self) -> int:
        return sum(1 for _ in self)


def join_twins(app: Flask, legacy_config: MutableMapping[str, Any]) -> None:
    """Make one value of each pair of keys, and keep it in ``app.config``.

    A value that was set wins over a default. Where both sides have set one and they
    differ, Flask's holds, and a warning in the log names the keys. A ``PylonsConfig``
    reads and writes its keys in ``app.config`` from now on; it belongs to the
    application that it was joined with last. Any other mapping stays as it is.
    """
    if isinstance(legacy_config, PylonsConfig):
        legacy_config.unshare()
    for key, flask_key in TWINS.items():
        value = legacy_config.get(key)
        if value is None or value == PylonsConfig.defaults.get(key):
            continue
        value = converted(flask_key, value)
        if not _is_set(app, flask_key):
            app.config[flask_key] = value
        elif app.config[flask_key] != value:
            log.warning(
                "%r of the legacy configuration and %r of app.config are one value from"
                " now on, and differ: that of app.config holds. Remove the other.",
                key,
                flask_key,
            )
    if isinstance(legacy_config, PylonsConfig):
        legacy_config.share(TWINS, Twins(app.config))


def _is_set(app: Flask, flask_key: str) -> bool:
    """Return whether the application has given a value that is not Flask's default."""
    value = app.config.get(flask_key)
    default = app.default_config.get(flask_key)
    # Flask makes False of DEBUG's None.
    return bool(value) if default is None else value != default


def flask_values(
    app: Flask, values: IniValues, made_of_them: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the Flask keys that an ini file sets, with the values they stand for.

    For a key of :data:`TWINS` it is what the file's own application has made of it, in
    ``made_of_them``.
    """
    found = {}
    for key, text in typed(values, app.default_config).items():
        flask_key = TWINS.get(key, key)
        if flask_key.isupper():
            value = made_of_them.get(key, text) if key in TWINS else text
            found[flask_key] = converted(flask_key, value)
    return found


def typed(values: IniValues, defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of an ini file as the configuration takes them.

    Those of Flask's keys, which are in capitals, are read as Flask reads environment
    variables: as JSON where they are JSON, else as text; and where Flask's default is a
    truth, as a truth. Raises ``IniError`` where a value spells none.
    """
    return {key: _typed(values, key, defaults) for key in values}


def _typed(values: IniValues, key: str, defaults: Mapping[str, Any]) -> Any:
    text = values[key]
    flask_key = TWINS.get(key, key)
    try:
        if flask_key in _FLASK_KEYS:
            return (
                None
                if key == flask_key and text == "null"
                else converted(flask_key, text)
            )
        if isinstance(defaults.get(key), bool):
            return asbool(text)
    except ValueError as error:
        raise IniError(*values.find_origin(key), f"{key!r}: {error}") from None
    if not key.isupper():
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
