"""The way from Beaker's sessions to the application's own: each is taken over once.

A visitor whose own session is empty gets the values of the Beaker session that the old
cookie names, and with them its id, under :data:`ADOPTED_FROM`. The Beaker session stays
where it is until a request shows an own session with that id in it: then the browser has
the new cookie. Until then each of several requests that a browser sends at once finds
the same values, also one that comes late with the old cookie.

What no longer holds must not be adopted again, though. A request that changes or removes
what it has adopted (a logout, a login) removes the Beaker session at once; and a request
that has adopted a session which somebody else has removed meanwhile stores only what it
has set itself.

An old cookie of the new one's name is replaced by it at once; one of another name is
expired when its session is removed. A cookie-only session is nowhere but in its cookie.

Whoever opens and saves sessions calls, in this order:

1. :meth:`Adopter.begin` with the session that was opened, and :meth:`Adoption.fill`;
2. :meth:`Adoption.before_saving`, then the interface's own ``save_session``, and
   :meth:`Adoption.after_saving` where that did not fail: whatever fails before, the
   Beaker session is still there, and is adopted by the next request.

How long an adopted session lives is up to the application's own interface
(``PERMANENT_SESSION_LIFETIME``); ``beaker.session.timeout`` decides up to there.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from compatshim.sessions.beaker_store import INTERNAL_KEYS, expire_cookie
from compatshim.sessions.conversion import converted_values
from compatshim.sessions.unavailable import is_failure, log_failure
from compatshim.sessions.values import copied

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from _typeshed.wsgi import WSGIEnvironment
    from flask import Flask, Response

    from compatshim.sessions.beaker_store import BeakerStore

__all__ = ["ADOPTED_FROM", "Adopted", "Adopter", "Adopting", "Adoption"]

log = logging.getLogger(__name__)

ADOPTED_FROM = "_adopted_from"
"""The key under which an own session keeps the id of the Beaker session that it was."""

_LARGEST_COOKIE = 4093  # bytes, as Werkzeug warns


class Adopter:
    """What adopts the Beaker sessions of a site."""

    def __init__(self, store: BeakerStore) -> None:
        self._store = store

    def begin(
        self,
        environ: WSGIEnvironment,
        session: Any,
        keeps: Callable[[object], bool] | None = None,
    ) -> Adoption | None:
        """Return what adopting is about in this request, or ``None``.

        ``session`` is the visitor's own. Where it is empty, the Beaker session is read:
        there is none where the cookie is missing, tampered with, expired, or names no
        session that is stored, and where that is empty. What sessions do not keep is
        converted or left out, and logged, see
        :func:`compatshim.sessions.conversion.converted_values`; ``keeps`` is that of
        the own session's interface. Raises what the store raises when it is down.
        """
        cookie_header = environ.get("HTTP_COOKIE", "")
        if session:
            ident = session.get(ADOPTED_FROM)
            is_marked = isinstance(ident, str)
            return Adopted(self._store, cookie_header, ident) if is_marked else None
        found = self._store.load(cookie_header)
        values = {key: found[key] for key in found if key not in INTERNAL_KEYS}
        if not values:
            return None
        old = _OldSession(self._store, found)
        return Adopting(old, converted_values(values, keeps))

    def end(self, app: Flask, environ: WSGIEnvironment, response: Response) -> None:
        """Remove the Beaker session of a visitor whose own session has ended.

        It was not adopted, because the visitor had an own session beside it, and would
        be by the next request.
        """
        with _logged("removed"):
            found = self._store.load(environ.get("HTTP_COOKIE", ""))
            if not found.is_new:
                _OldSession(self._store, found).remove(app, response)


class Adoption:
    """What adopting is about in one request."""

    def fill(self, session: Any) -> None:
        """Put what is adopted into ``session``, which does not count as a change."""

    def before_saving(self, app: Flask, session: Any, response: Response) -> None:
        """Do what comes before the session interface of ``app`` stores ``session``."""

    def after_saving(self, app: Flask, session: Any, response: Response) -> None:
        """Do what comes after that, when the new cookie is set on ``response``."""


class Adopting(Adoption):
    """A Beaker session that this request adopts, and maybe others at the same time.

    ``values`` is what the own session can keep of it: empty where nothing can be kept.
    """

    def __init__(self, old: _OldSession, values: dict[str, Any]) -> None:
        self.values = values
        self._old = old
        self._is_removed = False

    def fill(self, session: Any) -> None:
        """Put the values into ``session``, which is empty."""
        if self.values:
            with _unnoticed(session):
                session.update(copied(self.values))
                session[ADOPTED_FROM] = self._old.id

    def before_saving(self, app: Flask, session: Any, response: Response) -> None:
        """Have ``session`` stored, unless somebody else has removed the old one."""
        if not self._is_removed and self._is_gone():
            self._withdraw(session)
        elif session:
            session.modified = True

    def after_saving(self, app: Flask, session: Any, response: Response) -> None:
        """Remove the old session if ``session`` is not what it was."""
        if session and _is_too_large(response):
            return
        if self._holds_in(session):
            self._old.replace_cookie(app, response)
        else:
            with _logged("removed"):
                self._old.remove(app, response)
                self._is_removed = True

    def _is_gone(self) -> bool:
        is_stored = True  # unless the store says otherwise
        with _logged("looked up"):
            is_stored = self._old.is_stored()
        return not is_stored

    def _holds_in(self, session: Any) -> bool:
        return all(
            key in session and session[key] == value for key, value in self._filled()
        )

    def _filled(self) -> Iterator[tuple[str, Any]]:
        yield ADOPTED_FROM, self._old.id
        yield from self.values.items()

    def _withdraw(self, session: Any) -> None:
        """Take what was adopted out of ``session``, and leave what was set here."""
        is_as_it_was = self._holds_in(session)
        for key, value in self._filled():
            if key in session and session[key] == value:
                del session[key]
        if is_as_it_was and not session:
            session.modified = False  # or the cookie of a newer session would go


class Adopted(Adoption):
    """An own session that was a Beaker session, whose cookie the browser has."""

    def __init__(self, store: BeakerStore, cookie_header: str, ident: str) -> None:
        self._store = store
        self._cookie_header = cookie_header
        self._id = ident

    def before_saving(self, app: Flask, session: Any, response: Response) -> None:
        """Remove the old session and its cookie.

        The mark of it goes with the next change of ``session``: a request that only
        reads must not store over what another one changes.
        """
        with _logged("removed"):
            shown = _OldSession(self._store, self._store.load(self._cookie_header))
            if shown.id == self._id:
                shown.remove(app, response)
            else:
                self._store.remove_by_id(self._id)
            with _unnoticed(session):
                session.pop(ADOPTED_FROM, None)


class _OldSession:
    """A Beaker session, and the cookie that it came with."""

    def __init__(self, store: BeakerStore, session: Any) -> None:
        self.id = str(session.id)
        self._store = store
        self._session = session
        self._cookie = store.key, _bare(session.domain), session.path or "/"

    def is_stored(self) -> bool:
        return self._store.has(self._session)

    def remove(self, app: Flask, response: Response) -> None:
        """Remove it from the store, and expire its cookie."""
        self._expire_cookie(app, response)
        self._store.remove(self._session)

    def replace_cookie(self, app: Flask, response: Response) -> None:
        """Expire the cookie if the new one has its name, but not its place.

        Of two cookies of one name, it would be the browser that decides which is read.
        """
        if self._cookie[0] == _cookie_of(app)[0]:
            self._expire_cookie(app, response)

    def _expire_cookie(self, app: Flask, response: Response) -> None:
        if self._cookie != _cookie_of(app):
            expire_cookie(self._session, response)


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


@contextmanager
def _unnoticed(session: Any) -> Iterator[None]:
    """Change ``session`` without its looking as if the view had used or changed it."""
    names = [name for name in ("accessed", "modified") if hasattr(session, name)]
    before = {name: getattr(session, name) for name in names}
    yield
    for name, value in before.items():
        setattr(session, name, value)


@contextmanager
def _logged(action: str) -> Iterator[None]:
    """Log that Beaker's store has failed: no page is to fail for it.

    What was to be removed is removed by the next request, or expires by itself.
    """
    try:
        yield
    except Exception as error:
        if not is_failure(error):
            raise
        log_failure(action, "Beaker", error)


def _is_too_large(response: Response) -> bool:
    """Return whether browsers will drop a cookie that is set; the log says so."""
    cookies = response.headers.getlist("Set-Cookie")
    if all(len(cookie) <= _LARGEST_COOKIE for cookie in cookies):
        return False
    log.error(
        "A session of Beaker's is not adopted, because browsers drop a cookie of more"
        " than %d bytes: choose a session interface that keeps sessions on the server.",
        _LARGEST_COOKIE,
    )
    return True
