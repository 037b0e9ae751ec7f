"""The options of Beaker's sessions, as a legacy site's configuration states them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from beaker.converters import asbool
from beaker.util import coerce_session_params
from flask import Flask

from compatshim.errors import BeakerOptionError
from compatshim.sessions.twins import SESSION_TWINS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["options_from"]

_PREFIXES = ("session.", "beaker.session.", "BEAKER_SESSION_")

# SessionMiddleware's own.
_DEFAULTS = {
    "invalidate_corrupt": True,
    "key": "beaker.session.id",
    "save_accessed_time": True,
    "type": None,
}


def options_from(
    configurations: tuple[Mapping[str, Any], ...], given: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the options for Beaker's session classes, of the types that they expect.

    They are what ``beaker.middleware.SessionMiddleware`` makes of the keys
    ``beaker.session.*`` and ``session.*`` (in Flask's spelling ``BEAKER_SESSION_*``) of
    ``configurations``, the first that has a key deciding; ``given`` comes before them.
    An empty value counts as none. Raises ``BeakerOptionError`` for a value that Beaker
    does not take.
    """
    options: dict[str, Any] = {}
    for configuration in reversed(configurations):
        options.update(_stated_in(configuration))
    options.update(given)
    # Beaker would make a string of it.
    serializer = options.pop("data_serializer", "pickle")
    if isinstance(serializer, str):
        options["data_serializer"] = serializer
    options = {name: _bare(value) for name, value in options.items()}
    stated = {name: value for name, value in options.items() if value != ""}
    options = {**_DEFAULTS, **stated}
    try:
        options["invalidate_corrupt"] = asbool(options["invalidate_corrupt"])
        options = coerce_session_params(options)
    except Exception as error:  # noqa: BLE001 (Beaker has no class for these)
        raise BeakerOptionError(str(error)) from None
    options.setdefault("data_serializer", serializer)
    return options


def _bare(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _stated_in(configuration: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    # What the legacy site itself has set, also where Flask's value of a twin holds.
    as_set_here = getattr(configuration, "as_set_here", dict)
    stated = {**configuration, **as_set_here()}
    for prefix in _PREFIXES:
        for key, value in stated.items():
            if key.startswith(prefix):
                yield key.removeprefix(prefix).lower(), value
    # Where compatshim joins the configurations, the common one lists Flask's key only,
    # and answers for both. A default of Flask's is nothing that the site has stated.
    listed = frozenset(configuration)
    for key, flask_key in SESSION_TWINS.items():
        if key in listed or flask_key not in listed:
            continue
        value = configuration.get(key)
        if value is not None and value != Flask.default_config[flask_key]:
            yield key.removeprefix("beaker.session."), value
