"""Where the common session of a request is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compatshim._flask_context import replace_session
from compatshim.errors import NoRequestError
from compatshim.objects.session.session import Session
from compatshim.sessions.interface import COMMON_SESSION, share_sessions
from compatshim.sessions.unavailable import is_failure

if TYPE_CHECKING:
    from flask.ctx import RequestContext

__all__ = ["open_session"]


def open_session(context: RequestContext) -> Session:
    """Return the common session of a Flask request context, made once.

    Raises ``SessionUnavailableError`` where the store is down, and that is an error.
    """
    made: Session | None = vars(context).get(COMMON_SESSION)
    if made is None:
        made = vars(context)[COMMON_SESSION] = _make_session(context)
    return made


def _make_session(context: RequestContext) -> Session:
    app, request = context.app, context.request
    interface = share_sessions(app)
    session: Any = context.session
    if session is None:  # Flask up to 3.1.2, before it is opened
        raise NoRequestError("session")
    session.accessed = True  # where that is not the request context's own affair
    try:
        return Session(session, app, request)
    except Exception as error:
        # Some sessions are not read before they are touched.
        if not is_failure(error):
            raise
        session = interface.stand_in(app, error)
        replace_session(context, session)
        return Session(session, app, request)
