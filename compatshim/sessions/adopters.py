"""Whether a site adopts its Beaker sessions, and where these are.

Switched on by ``compatshim.session.adopt_beaker = true`` in the legacy configuration,
or ``COMPATSHIM_SESSION_ADOPT_BEAKER = True`` in Flask's. The store and the cookie are
those of the ``beaker.session.*`` keys. Since some of these are one value with a Flask
key (see :data:`compatshim.sessions.twins.SESSION_TWINS`), what was different on the old
site is said by the same name under the switch:
``compatshim.session.adopt_beaker.secret = ...``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compatshim.errors import MissingExtraError
from compatshim.ini import asbool

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compatshim.sessions.adoption import Adopter

__all__ = ["SWITCHES", "adopter_for"]

SWITCHES = ("compatshim.session.adopt_beaker", "COMPATSHIM_SESSION_ADOPT_BEAKER")
_PREFIXES = tuple(f"{switch}{end}" for switch, end in zip(SWITCHES, "._", strict=True))


def adopter_for(*configurations: Mapping[str, Any]) -> Adopter | None:
    """Return what adopts the Beaker sessions of a site, or ``None`` where unwanted.

    ``configurations`` are the site's, the first that has a key deciding: best the legacy
    application's and Flask's, ``adopter_for(state.legacy_config, app.config)``. The
    store and the cookie are those of the ``beaker.session.*`` keys, and of
    ``compatshim.session.adopt_beaker.*``, which come first.

    Make it once for an application, and keep it: making it logs that Beaker's store is
    pickled. Raises ``MissingExtraError`` where Beaker is not installed, and
    ``BeakerOptionError`` for options that Beaker does not take.
    """
    if not _is_wanted(configurations):
        return None
    try:
        from compatshim.sessions.adoption import Adopter
        from compatshim.sessions.beaker_options import options_from
        from compatshim.sessions.beaker_store import BeakerStore
    except ImportError:
        raise MissingExtraError(SWITCHES[0], "beaker") from None
    store = BeakerStore(options_from(configurations, _given(configurations)))
    store.warn_if_pickled(SWITCHES[0])
    return Adopter(store)


def _is_wanted(configurations: tuple[Mapping[str, Any], ...]) -> bool:
    for configuration in configurations:
        for switch in SWITCHES:
            value = configuration.get(switch)
            if value not in (None, ""):
                return _as_bool(switch, value)
    return False


def _as_bool(switch: str, value: Any) -> bool:
    try:
        return asbool(value)
    except ValueError as error:
        raise ValueError(f"{switch}: {error}") from None


def _given(configurations: tuple[Mapping[str, Any], ...]) -> dict[str, Any]:
    """Return the options that are for adoption only, from under the switch."""
    given: dict[str, Any] = {}
    for configuration in reversed(configurations):
        for key in configuration:
            for prefix in _PREFIXES:
                if key.startswith(prefix):
                    given[key.removeprefix(prefix).lower()] = configuration[key]
    return given
