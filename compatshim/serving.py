"""Who serves this request: the one rule, and the record of a legacy request.

Both frameworks keep their request in context variables; the innermost one is serving.
A legacy request notes the Flask request context that was current when it was made.
Flask is serving if, and only if, its current request context is another one.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

__all__ = [
    "FRAMEWORK_KEY",
    "LEGACY_REQUEST_KEY",
    "ORIGIN_KEY",
    "LegacyRequest",
    "is_flask_request",
    "legacy_request",
    "serve_from_here_on",
    "serving_legacy",
]

FRAMEWORK_KEY = "compatshim.app"
"""The ``environ`` key that says who serves: ``"flask"`` or ``"legacy"``."""

ORIGIN_KEY = "compatshim.origin"
"""The ``environ`` key that says whose the route is: ``"core"`` or ``"extension"``."""

LEGACY_REQUEST_KEY = "compatshim.legacy_request"
"""The ``environ`` key under which a legacy request finds its own record."""


def _flask_request_context() -> object | None:
    """Stand in for Flask's own look-up.

    ``_flask_context`` replaces it as soon as it is imported, here or elsewhere.
    """
    if "flask" not in sys.modules:
        return None
    from compatshim import _flask_context

    return _flask_context.current_request_context()


def use_flask_request_context(current: Callable[[], object | None]) -> None:
    """Take ``current`` as the way to find Flask's current request context."""
    global _flask_request_context  # noqa: PLW0603 (asked several times per request)
    _flask_request_context = current


class LegacyRequest:
    """What compatshim knows of one request that the legacy side serves.

    ``environ`` is its WSGI environment; ``namespace`` the dictionary that ``c``, ``g``,
    ``tmpl_context`` and ``flask.g`` share; ``flask_side`` what Flask lends to it, or
    ``None`` where a legacy application runs alone; ``objects`` what
    the legacy runtime made for it (a ``PylonsContext``), or ``None`` before it has;
    ``flask_contexts`` the Flask request contexts under which Flask is not serving:
    the one that was current when this request was made, and one that was lent to it;
    ``open_session`` returns the session that the CompatShim keeps for both sides, or is
    ``None`` where a legacy application runs alone; ``sent`` are the status and the headers
    that the response has begun with, or ``None`` before it has; ``start_response`` is
    one that notes that itself, if there is.
    """

    __slots__ = (
        "__dict__",  # for what ``ScopedProxy`` keeps
        "environ",
        "flask_contexts",
        "flask_side",
        "namespace",
        "objects",
        "open_session",
        "sent",
        "start_response",
    )

    def __init__(
        self,
        environ: WSGIEnvironment,
        namespace: dict[str, Any] | None = None,
        flask_side: Any = None,
    ) -> None:
        self.environ = environ
        self.namespace: dict[str, Any] = {} if namespace is None else namespace
        self.flask_side = flask_side
        self.objects: Any = None
        self.open_session: Callable[[], Any] | None = None
        self.sent: tuple[str, list[tuple[str, str]]] | None = None
        self.start_response: StartResponse | None = None
        self.flask_contexts: tuple[object, ...] = (_flask_request_context(),)
        environ[LEGACY_REQUEST_KEY] = self

    def shared_by(self, config: object) -> Any:
        """Return what the CompatShim has for both sides: ``h``, ``cache``, ``mako_lookup``.

        ``None`` where it is not that of the application with this ``config``: one that
        runs alone, or inside of another.
        """
        state = None if self.flask_side is None else self.flask_side.state
        return state if state is not None and state.legacy_config is config else None

    def go_on_with(self, environ: WSGIEnvironment) -> None:
        """Take ``environ``, which middleware may have made of the former one."""
        if environ is not self.environ:
            self.environ = environ
            self.__dict__.clear()  # it was made for the former one

    def starting(self, start_response: StartResponse) -> StartResponse:
        """Return ``start_response``, by which this knows what was ``sent``."""
        if start_response is self.start_response:
            return start_response

        def start(
            status: str, headers: list[tuple[str, str]], *exc_info: Any
        ) -> Callable[[bytes], object]:
            self.sent = status, headers
            return start_response(status, headers, *exc_info)

        return start

    def again(self, environ: WSGIEnvironment) -> LegacyRequest:
        """Return the record for another pass of the same request.

        An error document is one: the legacy application is called a second time, with
        an ``environ`` of its own.
        """
        request = LegacyRequest(environ, self.namespace, self.flask_side)
        request.flask_contexts += self.flask_contexts
        request.open_session = self.open_session
        return request


_legacy_request: ContextVar[LegacyRequest | None] = ContextVar(
    "compatshim.legacy_request", default=None
)


legacy_request: Callable[[], LegacyRequest | None] = _legacy_request.get
"""Return the innermost legacy request, or ``None``.

Flask may be serving inside it: ask :func:`is_flask_request`.
"""


def is_flask_request() -> bool:
    """Return whether Flask serves the innermost current request.

    ``False`` where the legacy framework serves, and where there is no request.
    """
    context = _flask_request_context()
    if context is None:
        return False
    request = _legacy_request.get()
    return request is None or context not in request.flask_contexts


def serve_from_here_on(request: LegacyRequest) -> None:
    """Make ``request`` the current one for the rest of this ``contextvars.Context``."""
    _legacy_request.set(request)


@contextmanager
def serving_legacy(request: LegacyRequest) -> Iterator[LegacyRequest]:
    """Make ``request`` the current one for a ``with`` block: in tests and shells."""
    token = _legacy_request.set(request)
    try:
        yield request
    finally:
        _legacy_request.reset(token)
