"""What stands before the application's session interface, for both frameworks."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from flask.json.tag import TaggedJSONSerializer
from flask.sessions import (
    NullSession,
    SecureCookieSession,
    SecureCookieSessionInterface,
)
from werkzeug.datastructures import Headers

from compatshim._flask_context import current_request_context
from compatshim.errors import SessionUnavailableError
from compatshim.sessions.adopters import SWITCHES, adopter_for
from compatshim.sessions.stored_json import StoredJSON, use_stored_json
from compatshim.sessions.storing import stop_storing
from compatshim.sessions.unavailable import (
    DroppedSession,
    UnavailableSession,
    is_failure,
    is_wanted_empty,
    log_failure,
)
from compatshim.sessions.values import keeps_by_own_tag

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from _typeshed.wsgi import WSGIEnvironment
    from flask import Flask, Request, Response
    from flask.sessions import SessionMixin

    from compatshim.sessions.adoption import Adopter, Adoption

__all__ = ["COMMON_SESSION", "SharedSessionInterface", "share_sessions"]

log = logging.getLogger(__name__)

# The methods that say what is done for a session that nothing has touched.
_SAVES = frozenset(("save_session", "should_set_cookie"))

COMMON_SESSION = "_compatshim_session"
"""The attribute of a request context that keeps the common session, once touched."""

ADOPTION_KEY = "compatshim.session_adoption"
"""The ``environ`` key of what adopting a Beaker session is about in this request."""

FAILED_KEY = "compatshim.session_not_stored"
"""The ``environ`` key that says that this request's session cannot be stored."""


class SharedSessionInterface:
    """The application's session interface, with what both sides are promised.

    It answers for the interface that it stands before, also to ``isinstance``, and does
    what that does. Beside that: a store that is down has a defined answer, values that
    would change silently are refused where the common ``session`` was written, and
    Beaker's sessions are adopted where the site wants it.
    """

    _inner: Any
    _configurations: tuple[Mapping[str, Any], ...]
    _adopter: Adopter | None
    _has_looked_for_adopter = False
    _is_flasks_cookie: bool
    # Whether it does nothing for a session that nothing has touched, unless permanent.
    _leaves_untouched = False

    def __init__(self, inner: Any, *configurations: Mapping[str, Any]) -> None:
        """Stand before ``inner``; ``configurations`` say what is adopted, and how."""
        vars(self).update(_inner=inner, _configurations=configurations)
        if getattr(inner, "null_session_class", None) is NullSession:
            # Which an UnavailableSession is, so that nobody has to look twice.
            vars(self)["is_null_session"] = inner.is_null_session
        if hasattr(inner, "get_cookie_name"):  # asked in each legacy request
            vars(self)["get_cookie_name"] = inner.get_cookie_name
        use_stored_json(inner)
        # It has no store that could fail.
        is_flasks_cookie = type(inner) is SecureCookieSessionInterface
        vars(self)["_is_flasks_cookie"] = is_flasks_cookie
        # At start-up where the configuration is there by then: it may be wrong.
        vars(self)["_adopter"] = None
        self._find_adopter()

    # isinstance(app.session_interface, ...) goes on answering as it did.
    @property  # type: ignore[misc]  # object's can be set, too
    def __class__(self) -> type:
        return type(self._inner)

    def __getattr__(self, name: str) -> Any:
        if name[:2] == "__" or "_inner" not in vars(self):  # such as copy asks for
            raise AttributeError(name)
        return getattr(self._inner, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._inner, name, value)
        self._ask_again()

    def __delattr__(self, name: str) -> None:
        delattr(self._inner, name)
        self._ask_again()

    def _ask_again(self) -> None:
        """Forget what is kept here of the inner interface, which has been changed."""
        for name in [name for name in vars(self) if name[0] != "_"]:
            vars(self).pop(name, None)
        vars(self).update(_leaves_untouched=False, _has_looked_for_adopter=False)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} before {self._inner!r}>"

    @property
    def _name(self) -> str:
        return type(self._inner).__qualname__

    def open_session(self, app: Flask, request: Request) -> SessionMixin | None:
        """Open the session of a request; one that raises when touched if that fails.

        Or an empty one, as ``COMPATSHIM_SESSION_UNAVAILABLE`` says.
        """
        session: SessionMixin | None
        try:
            session = self._inner.open_session(app, request)
        except Exception as error:
            if not is_failure(error):
                raise
            return self.stand_in(app, error)
        if not self._has_looked_for_adopter:
            vars(self)["_has_looked_for_adopter"] = True
            if self._adopter is None:
                self._find_adopter()
            if self._adopter is None and self._is_flasks_cookie:
                vars(self)["open_session"] = self._inner.open_session
                vars(self)["_leaves_untouched"] = _SAVES.isdisjoint(vars(self._inner))
        if self._adopter is not None and session is not None:
            session = self._adopt(app, request.environ, session, self._adopter)
        return session

    def stand_in(
        self, app: Flask, error: Exception, name: str | None = None
    ) -> SessionMixin:
        """Log that the store failed, and return what stands in for the session.

        ``name`` is the store's, where it is not that of this interface.
        """
        name = name or self._name
        log_failure("read", name, error)
        if is_wanted_empty(app):
            return DroppedSession()
        return UnavailableSession(name, error)

    def is_null_session(self, session: object) -> bool:
        """Return whether ``session`` is none that could be saved."""
        if type(session) is UnavailableSession:
            return True
        is_null: bool = self._inner.is_null_session(session)
        return is_null

    def save_session(
        self, app: Flask, session: SessionMixin, response: Response
    ) -> None:
        """Save the session of the request, unless that has failed before.

        One in Flask's own cookie only where something has touched it, or it is permanent:
        saving would do nothing, and takes its time.
        From then on the common session cannot be changed any more. Raises
        ``SessionUnavailableError`` where the store fails, and ``SessionValueError``;
        nothing of the session is stored then.
        """
        context: Any = current_request_context()
        if not (
            self._leaves_untouched
            # Another one may be permanent without that key.
            and type(session) is SecureCookieSession
            and not _is_touched(session)
            and "_permanent" not in session
        ):
            self._save(app, session, response, context)
        if context is not None:
            stop_storing(context.request)

    def _save(
        self, app: Flask, session: SessionMixin, response: Response, context: Any
    ) -> None:
        environ = {} if context is None else context.request.environ
        if type(session) is DroppedSession:
            if session.modified:
                log.error(
                    "The session is dropped, because its store could not be read."
                )
        elif FAILED_KEY not in environ:  # else the error's page is served without it
            if ADOPTION_KEY in environ or _is_touched(session):
                self._save_touched(app, session, response, context)
            else:  # it may be refreshed
                self._store(app, session, response, environ)

    def _save_touched(
        self, app: Flask, session: SessionMixin, response: Response, context: Any
    ) -> None:
        environ = {} if context is None else context.request.environ
        # Where the error is raised, the response is thrown away.
        headers = Headers(response.headers) if is_wanted_empty(app) else None
        adoption: Adoption | None = environ.get(ADOPTION_KEY)
        if adoption is not None:
            adoption.before_saving(app, session, response)
        if context is not None:
            _check_common_session(context, session)
        if not self._store(app, session, response, environ):
            if headers is not None:
                response.headers = headers
        elif adoption is not None:
            adoption.after_saving(app, session, response)
        elif self._adopter is not None and _has_ended(session):
            self._adopter.end(app, environ, response)

    def _store(
        self,
        app: Flask,
        session: SessionMixin,
        response: Response,
        environ: WSGIEnvironment,
    ) -> bool:
        """Have the application's interface save it; return whether it could."""
        try:
            self._inner.save_session(app, session, response)
        except Exception as error:
            if not is_failure(error):
                raise
            environ[FAILED_KEY] = True
            self._fail("stored", app, error)
            return False
        return True

    def renew(self, app: Flask, session: SessionMixin) -> None:
        """Give the session a new id in its store, where the interface keeps ids there."""
        regenerate: Callable[[SessionMixin], None] | None
        regenerate = getattr(self._inner, "regenerate", None)
        if regenerate is None:
            return
        try:
            regenerate(session)
        except Exception as error:
            if not is_failure(error):
                raise
            self._fail("renewed", app, error)

    def keeps_session_value(self, value: object) -> bool:
        """Return whether the interface keeps a value that is not TaggedJSON's.

        An interface says so by a method of this name.
        """
        own = getattr(self._inner, "keeps_session_value", None)
        if own is not None:
            return bool(own(value))
        serializer = getattr(self._inner, "serializer", None)
        if isinstance(serializer, StoredJSON):
            return serializer.keeps(value)
        return isinstance(serializer, TaggedJSONSerializer) and keeps_by_own_tag(
            serializer, value
        )

    def _fail(self, action: str, app: Flask, error: Exception) -> None:
        log_failure(action, self._name, error)
        if not is_wanted_empty(app):
            raise SessionUnavailableError(action, self._name) from error

    # Adoption.

    def _find_adopter(self) -> None:
        if not any(
            key in configuration
            for configuration in self._configurations
            for key in SWITCHES
        ):
            return
        vars(self)["_adopter"] = adopter_for(*self._configurations)

    def _adopt(
        self,
        app: Flask,
        environ: WSGIEnvironment,
        session: SessionMixin,
        adopter: Adopter,
    ) -> SessionMixin:
        adoption: Adoption | None = environ.get(ADOPTION_KEY)
        try:
            if adoption is None:
                adoption = adopter.begin(environ, session, self.keeps_session_value)
        except Exception as error:
            if not is_failure(error):
                raise
            return self.stand_in(app, error, "Beaker")
        if adoption is not None:
            environ[ADOPTION_KEY] = adoption
            adoption.fill(session)
        return session


def _is_touched(session: SessionMixin) -> bool:
    try:
        return session.accessed or session.modified
    except AttributeError:
        return True


def _has_ended(session: object) -> bool:
    return not session and bool(getattr(session, "modified", False))


def _check_common_session(context: Any, session: SessionMixin) -> None:
    common = vars(context).get(COMMON_SESSION)
    if common is None or not common.stands_for(session):
        return
    try:
        common.check_before_saving()
    except Exception:
        context.request.environ[FAILED_KEY] = True
        raise


def share_sessions(app: Flask) -> SharedSessionInterface:
    """Return what stands before ``app.session_interface``, put there if need be.

    Asked in each request, because the application may choose another interface at any
    time.
    """
    interface: Any = app.session_interface
    # Not isinstance(), for which it is what it stands before.
    if type(interface) is not SharedSessionInterface:
        state = app.extensions.get("compatshim")
        legacy_config = {} if state is None else state.legacy_config
        interface = SharedSessionInterface(interface, legacy_config, app.config)
        app.session_interface = interface
    return interface  # type: ignore[no-any-return]
