"""The way from Beaker's sessions to the application's own: each is taken over once.

Switched on by ``compatshim.session.adopt_beaker = true`` in the legacy configuration,
or ``COMPATSHIM_SESSION_ADOPT_BEAKER = True`` in Flask's. For whoever opens sessions:

1. where the application's own session is new, :meth:`Adopter.read` gives the visitor's
   Beaker session, or ``None``; its ``values`` are put into the new session, which is
   then modified;
2. the new session is stored, and its cookie set on the response;
3. only then :meth:`AdoptedSession.finish` removes the session from Beaker's store and
   expires its cookie. Whatever fails before, the Beaker session is still there, and is
   adopted by the next request.

The store and the cookie are those of the ``beaker.session.*`` keys. Since some of these
are one value with a Flask key (``beaker.session.secret`` with ``SECRET_KEY``,
``beaker.session.key`` with ``SESSION_COOKIE_NAME``, see
:data:`compatshim.objects.config.TWINS`), what was different on the old site is said by
the same name under the switch: ``compatshim.session.adopt_beaker.secret = ...``.

A cookie-only session is nowhere but in its cookie, which the browser is told to forget.
How long an adopted session lives is up to the application's own interface
(``PERMANENT_SESSION_LIFETIME``); ``beaker.session.timeout`` decides up to there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compatshim.errors import MissingExtraError
from compatshim.ini import asbool
from compatshim.sessions.conversion import converted_values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from _typeshed.wsgi import WSGIEnvironment
    from flask import Flask, Response

    from compatshim.sessions.beaker_store import BeakerStore

__all__ = ["SWITCHES", "AdoptedSession", "Adopter", "adopter_for"]

SWITCHES = ("compatshim.session.adopt_beaker", "COMPATSHIM_SESSION_ADOPT_BEAKER")
_PREFIXES = tuple(f"{switch}{end}" for switch, end in zip(SWITCHES, "._", strict=True))


class AdoptedSession:
    """One visitor's Beaker session, read and not yet removed.

    ``values`` is what the new session can keep of it: a dict of its own, without the
    keys that Beaker keeps for itself. It is empty where nothing can be kept.
    """

    def __init__(
        self, store: BeakerStore, session: Any, values: dict[str, Any]
    ) -> None:
        self.values = values
        self._store = store
        self._session = session

    def finish(self, app: Flask, response: Response) -> None:
        """Remove the session from Beaker's store, and expire its cookie.

        Call it when the session interface of ``app`` has stored the values and set its
        cookie on ``response``. The old cookie is left alone where the new one takes its
        place: where name, domain and path are the same. Raises what the store raises;
        by then the values are safe.
        """
        self._store.remove(self._session)
        if self._old_cookie() == _cookie_of(app):
            return
        from compatshim.sessions.beaker_store import add_cookie

        self._session.delete()
        add_cookie(self._session, response)

    def _old_cookie(self) -> tuple[str, str, str]:
        domain, path = self._session.domain, self._session.path
        return self._store.key, _bare(domain), path or "/"


class Adopter:
    """What reads the Beaker sessions of a site."""

    def __init__(self, store: BeakerStore) -> None:
        self._store = store

    def read(
        self, environ: WSGIEnvironment, keeps: Callable[[object], bool] | None = None
    ) -> AdoptedSession | None:
        """Return the visitor's Beaker session, or ``None`` where there is none to adopt.

        There is none where the cookie is missing, tampered with, expired, or names no
        session that is stored, and where the session is empty. What sessions do not
        keep is converted or left out, and logged, see
        :func:`compatshim.sessions.conversion.converted_values`; ``keeps`` is that of
        the new session's interface. Raises what the store raises when it is down.
        """
        from compatshim.sessions.beaker_store import INTERNAL_KEYS

        session = self._store.load(environ.get("HTTP_COOKIE", ""))
        values = {key: session[key] for key in session if key not in INTERNAL_KEYS}
        if not values:
            return None
        return AdoptedSession(self._store, session, converted_values(values, keeps))


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


def _cookie_of(app: Flask) -> tuple[str, str, str]:
    interface = app.session_interface
    return (
        interface.get_cookie_name(app),
        _bare(interface.get_cookie_domain(app)),
        interface.get_cookie_path(app) or "/",
    )


def _bare(domain: str | None) -> str:
    """Return ``domain`` without the dot in front, which browsers drop as well."""
    return (domain or "").lstrip(".").lower()
