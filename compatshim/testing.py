"""Helpers for the users' own tests: contexts, and a client that says who served."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, overload

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import Client as WSGIClient, EnvironBuilder, TestResponse

from compatshim.errors import NotInitialisedError, NotLegacyError
from compatshim.legacy._routing import route_request
from compatshim.legacy.wsgiapp import PylonsApp
from compatshim.lending import FlaskSide
from compatshim.objects.state import state_of
from compatshim.routing.matching import match_routes, routing_args
from compatshim.serving import FRAMEWORK_KEY, LegacyRequest, serving_legacy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment
    from werkzeug.datastructures import Headers

    from compatshim.objects.state import ShimState

__all__ = [
    "Client",
    "LegacyClient",
    "Response",
    "client_for",
    "find_pylons_app",
    "legacy_request_context",
]

_KEEP_KEY = "werkzeug.debug.preserve_context"


class Response(TestResponse):
    """A test client's response, which knows who made it."""

    history: tuple[Response, ...]

    @property
    def served_by(self) -> str | None:
        """The framework that served: ``"flask"`` or ``"legacy"``.

        ``None`` where middleware answered by itself.
        """
        framework: str | None = self.request.environ.get(FRAMEWORK_KEY)
        return framework


def _knowing_who_served(response_class: type[TestResponse]) -> type[Response]:
    if response_class is TestResponse:
        return Response
    return type("Response", (Response, response_class), {})


class _Answering:
    """What the clients return, for type checkers."""

    if TYPE_CHECKING:

        def open(self, *args: Any, **options: Any) -> Response: ...
        def get(self, *args: Any, **options: Any) -> Response: ...
        def post(self, *args: Any, **options: Any) -> Response: ...
        def put(self, *args: Any, **options: Any) -> Response: ...
        def delete(self, *args: Any, **options: Any) -> Response: ...
        def patch(self, *args: Any, **options: Any) -> Response: ...
        def options(self, *args: Any, **options: Any) -> Response: ...
        def head(self, *args: Any, **options: Any) -> Response: ...
        def trace(self, *args: Any, **options: Any) -> Response: ...


class Client(_Answering, FlaskClient):
    """Flask's test client, whose responses know who served them.

    ``client.get("/").served_by`` is ``"flask"`` or ``"legacy"``, after redirects that of
    the last response, and each of ``history`` has its own. Make it with
    :func:`client_for`, or let ``app.test_client()`` make it, with
    ``app.test_client_class = compatshim.testing.Client``.
    """

    def __init__(
        self,
        application: Flask,
        response_wrapper: type[Any] | None = None,
        *args: Any,
        **options: Any,
    ) -> None:
        wrapper = response_wrapper or application.response_class
        super().__init__(application, wrapper, *args, **options)
        self.response_wrapper = _knowing_who_served(self.response_wrapper)

    def __enter__(self) -> Client:
        super().__enter__()
        return self

    def run_wsgi_app(
        self, environ: WSGIEnvironment, buffered: bool = False
    ) -> tuple[Iterable[bytes], str, Headers]:
        """Call the application, and leave in ``environ`` who served.

        The application has a copy of it, perhaps another one for each middleware. Both
        frameworks hand their contexts to a function in there.
        """
        keep: Callable[[Any], None] | None = environ.pop(_KEEP_KEY, None)
        served_by: str | None = None

        def see(context: Any) -> None:
            nonlocal served_by
            served_by = _framework_of(context)
            if keep is not None:
                keep(context)

        try:
            return super().run_wsgi_app({**environ, _KEEP_KEY: see}, buffered)
        finally:
            environ[FRAMEWORK_KEY] = served_by


def _framework_of(context: Any) -> str:
    """Return who serves in ``context``, which a framework wants to have kept.

    Flask's is an application context or a request context, ours neither.
    """
    return "flask" if hasattr(context, "app") else "legacy"


class LegacyClient(_Answering, WSGIClient):
    """A test client for a legacy application alone."""

    def __init__(
        self,
        application: WSGIApplication,
        response_wrapper: type[Any] | None = None,
        *args: Any,
        **options: Any,
    ) -> None:
        super().__init__(application, response_wrapper, *args, **options)
        self.response_wrapper = _knowing_who_served(self.response_wrapper)

    def run_wsgi_app(
        self, environ: WSGIEnvironment, buffered: bool = False
    ) -> tuple[Iterable[bytes], str, Headers]:
        """Call the application, which is the only one that there is."""
        environ[FRAMEWORK_KEY] = "legacy"
        return super().run_wsgi_app(environ, buffered)


@overload
def client_for(app: Flask, **options: Any) -> Client: ...
@overload
def client_for(app: WSGIApplication, **options: Any) -> LegacyClient: ...
def client_for(app: Any, **options: Any) -> Client | LegacyClient:
    """Return a client for ``app`` whose responses know who served them.

    ``app`` is a Flask application, also one whose ``wsgi_app`` is wrapped in more
    middleware, or a legacy application alone. The client has what the application's own
    ``test_client_class`` has. The options are those of ``werkzeug.test.Client``.
    """
    if isinstance(app, Flask):
        own = app.test_client_class or FlaskClient
        if issubclass(Client, own):
            return Client(app, **options)
        return type("Client", (Client, own), {})(app, **options)  # type: ignore[no-any-return]
    return LegacyClient(app, **options)


@contextmanager
def legacy_request_context(
    app: Flask | WSGIApplication, path: str = "/", **environ_options: Any
) -> Iterator[None]:
    """Make a request current that the legacy side serves, for a ``with`` block.

    The counterpart of ``app.test_request_context``: ``app`` is a Flask application with
    a CompatShim, or a ``PylonsApp`` alone, and the other arguments are those of
    ``werkzeug.test.EnvironBuilder`` (``method``, ``data``, ``headers`` ...). No action
    is called, and no middleware: what that puts into ``environ`` is not there. A
    ``PylonsApp`` that stands inside middleware is found where that refers to it. Raises ``NotInitialisedError`` for a Flask application without a
    CompatShim, and ``NotLegacyError`` for what has no ``PylonsApp`` either.
    """
    builder = EnvironBuilder(path, **environ_options)
    try:
        environ = builder.get_environ()
    finally:
        builder.close()
    if not isinstance(app, Flask):
        pylons_app = find_pylons_app(app)
        if pylons_app is None:
            raise NotLegacyError(app)
        with serving_legacy(LegacyRequest(environ)):
            _set_up(pylons_app, environ)
            yield
        return
    state = state_of(app)
    if state is None:
        raise NotInitialisedError(app.name, "legacy_request_context")
    side = FlaskSide(state, environ)
    with side.pushed():
        pylons_app = _pylons_app_of(state)
        if pylons_app is not None:
            _set_up(pylons_app, environ)
        elif state.mapper is not None:
            routing_args(environ, match_routes(state.mapper, environ), state.mapper)
        yield


def find_pylons_app(application: Any) -> PylonsApp | None:
    """Return the ``PylonsApp`` that ``application`` is, or that it wraps.

    It is looked for in the attributes of middleware objects, whatever their names, in
    lists there, such as those of Paste's ``Cascade``, and in what middleware that is a
    function has of the function around it. Returns ``None`` where there is none.
    """
    waiting, seen = [application], set()
    while waiting:
        found = waiting.pop(0)
        if isinstance(found, PylonsApp):
            return found
        if callable(found) and not isinstance(found, type) and id(found) not in seen:
            seen.add(id(found))
            waiting += _parts(found)
    return None


def _parts(application: Any) -> Iterator[Any]:
    """Yield what a callable refers to."""
    yield getattr(application, "__self__", None)
    for value in getattr(application, "__dict__", {}).values():
        if isinstance(value, list | tuple):
            yield from value
        else:
            yield value
    for cell in getattr(application, "__closure__", None) or ():
        with suppress(ValueError):  # it is empty
            yield cell.cell_contents


def _pylons_app_of(state: ShimState) -> PylonsApp | None:
    """Return the ``PylonsApp`` of a site, or one like it for its configuration."""
    found = find_pylons_app(state.legacy_app)
    if found is None and "pylons.environ_config" in state.legacy_config:
        found = PylonsApp(state.legacy_config)
    return found


def _set_up(app: PylonsApp, environ: WSGIEnvironment) -> None:
    route_request(app.config.get("routes.map"), environ, app.config.get("site_url"))
    app.setup_app_env(environ, _no_response)


def _no_response(*_: Any) -> Any:
    raise AssertionError("No response is started in legacy_request_context.")
