"""The controller that calls its actions by the names in the route."""

from __future__ import annotations

import inspect
import logging
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from webob import Response
from webob.exc import HTTPException, HTTPNotFound
from werkzeug.exceptions import HTTPException as WerkzeugHTTPException
from werkzeug.local import LocalProxy
from werkzeug.wrappers import Response as WerkzeugResponse

from compatshim.deprecation.callers import class_statement_of
from compatshim.deprecation.recorder import recorder
from compatshim.legacy._errors import as_answer, as_webob
from compatshim.legacy.controllers._body import (
    EncodedIterable,
    body_of,
    refuse_losing_body,
)
from compatshim.legacy.controllers._location import start_without_host
from compatshim.legacy.i18n.translation import LazyString
from compatshim.legacy.util import close_iterable
from compatshim.serving import legacy_request

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from compatshim.legacy.util import PylonsContext

__all__ = ["WSGIController"]

log = logging.getLogger(__name__)

_BODY_HEADERS = ("content-length", "content-type")
_BODILESS = (204, 304)


class WSGIController:
    """Serves a request by one of its methods, as Pylons 1.0's ``WSGIController``.

    The route's ``action`` names the method. It is called with those of the route's
    arguments, and of ``environ``, ``start_response`` and ``pylons``, that it asks for.
    It may return text, bytes, an iterable of either, a response, or ``None`` for what
    it did to ``pylons.response``; beside a Flask application also any other object that
    is not iterable, of which ``app.make_response`` makes the response. ``__before__``
    and ``__after__`` are called around it, ``__after__`` also where it raised a WebOb
    ``HTTPException``.

    A missing action is a 404, or ``NotImplementedError`` with ``debug``.
    """

    _cached_argspecs: dict[Callable[..., Any], tuple[str, ...] | None]
    _py_object: PylonsContext
    start_response: StartResponse

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Record each class that an application defines, at its statement (CS401)."""
        super().__init_subclass__(**kwargs)
        frame = sys._getframe(1)  # noqa: SLF001 (as logging does)
        name = cls.__qualname__.rpartition("<locals>.")[2]
        recorder.record("CS401", name, frame=class_statement_of(frame))

    def _perform_call(self, func: Callable[..., Any], args: dict[str, Any]) -> Any:
        return func(**args)

    def _inspect_call(self, func: Callable[..., Any]) -> Any:
        """Call ``func`` with those of the arguments that it asks for.

        Returns what it returns, or the ``HTTPException`` that it raised.
        """
        args = self._get_method_args()
        wanted = self._wanted_args(func)
        if wanted is not None:
            args = {name: args[name] for name in wanted if name in args}
        if self._py_object.config["pylons.tmpl_context_attach_args"]:
            for name, value in args.items():
                setattr(self._py_object.tmpl_context, name, value)
        log.debug("Calling %r with keyword args: **%r", func, args)
        try:
            return self._perform_call(func, args)
        except HTTPException as error:
            log.debug("%r raised %r", func, error, exc_info=True)
            self._py_object.request.environ["pylons.controller.exception"] = error
            return as_answer(error)

    def _wanted_args(self, func: Callable[..., Any]) -> tuple[str, ...] | None:
        function = getattr(func, "__func__", None)
        if function is None:
            return _wanted_args(func)
        cls = type(self)
        if not hasattr(cls, "_cached_argspecs"):
            cls._cached_argspecs = {}
        if function not in cls._cached_argspecs:
            cls._cached_argspecs[function] = _wanted_args(func)
        return cls._cached_argspecs[function]

    def _get_method_args(self) -> dict[str, Any]:
        """Return what an action can be called with. Override it to change that."""
        environ = self._py_object.request.environ
        return {
            **environ["pylons.routes_dict"],
            "environ": environ,
            "start_response": self.start_response,
            "pylons": self._py_object,
        }

    def _dispatch_call(self) -> Any:
        """Call the action that the route names and return its result."""
        environ = self._py_object.request.environ
        try:
            action = environ["pylons.routes_dict"]["action"]
        except KeyError:
            raise LookupError(
                "the route has no 'action', so there is no method to call:"
                f" {environ['pylons.routes_dict']!r}"
            ) from None
        name = action.replace("-", "_")
        func = getattr(self, name, None)
        if name == "start_response" or not callable(func):
            if self._py_object.config["debug"]:
                raise NotImplementedError(f"Action {action!r} is not implemented")
            return as_answer(HTTPNotFound())
        environ["pylons.action_method"] = func
        return self._inspect_call(func)

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Serve the request whose objects are in ``environ``."""
        self._py_object = environ["pylons.pylons"]
        if environ["pylons.routes_dict"].get("action", "")[:1] in ("_", "-"):
            log.debug("Private actions are not served. Returning 404 Not Found")
            answer = as_answer(HTTPNotFound())
            return _as_iterable(answer(environ, start_response))

        merging = self.start_response = _MergingStartResponse(
            self._py_object, start_response
        )
        if hasattr(self, "__before__"):
            before = self._inspect_call(self.__before__)
            if hasattr(before, "_exception"):
                self.start_response = start_response
                return self._send(self._merge(before), environ)

        response = self._dispatch_call()
        if not merging.called:
            self.start_response = start_response
            response = self._merge(response)

        if hasattr(self, "__after__"):
            after = self._inspect_call(self.__after__)
            if hasattr(after, "_exception"):
                response = self._merge(after)

        if isinstance(response, Response):
            if "paste.testing_variables" in environ:
                environ["paste.testing_variables"]["response"] = response
            return self._send(response, environ)
        return _as_iterable(response)

    def _send(self, response: Any, environ: WSGIEnvironment) -> Iterable[bytes]:
        has_body = response.status_int not in _BODILESS
        if not has_body:
            for header in ("Content-Type", "Content-Length"):
                response.headers.pop(header, None)
        start_response = start_without_host(response, environ, self.start_response)
        body = _as_iterable(response(environ, start_response))
        if has_body:
            return body
        close_iterable(body)
        return []

    def _merge(self, result: Any) -> Any:
        """Return the response of the request, with an action's ``result`` put into it.

        Where the result is a response of its own, or an exception, that is the response
        from now on, with what was set on ``pylons.response`` merged into it. Raises
        ``NotForwardedError`` where a body that shared code has set would be lost.
        """
        response = self._py_object.response
        is_exception = _is_exception(result)
        result = _as_pylons_has_it(result, self._py_object.request.environ)
        if isinstance(result, Response):
            if vars(result) is not vars(response):
                if not is_exception:
                    refuse_losing_body(response, result.app_iter)
                response = self._py_object.response = _merged(result, response)
        elif isinstance(result, str | bytes):
            response.body = response.body + body_of(result, response)
        elif result is not None:
            refuse_losing_body(response, result)
            response.app_iter = EncodedIterable.over(result, response)
        return response


class _MergingStartResponse:
    """A ``start_response`` that adds the request's own cookies and ``X-`` headers."""

    def __init__(self, objects: PylonsContext, start_response: StartResponse) -> None:
        self.called = False
        self._objects = objects
        self._start_response = start_response

    def __call__(
        self,
        status: str,
        headers: list[tuple[str, str]],
        exc_info: tuple[type[BaseException], BaseException, TracebackType]
        | tuple[None, None, None]
        | None = None,
    ) -> Callable[[bytes], object]:
        self.called = True
        # A list of our own: the application may keep its one, and use it again.
        own = [
            (name, value)
            for name, value in self._objects.response.headerlist
            if name.lower().startswith(("set-cookie", "x-"))
        ]
        return self._start_response(status, [*headers, *own], exc_info)


def _wanted_args(func: Callable[..., Any]) -> tuple[str, ...] | None:
    """Return the names of the arguments of ``func``, or ``None`` where it takes any."""
    # Not of what a decorator wraps: as in Pylons, a wrapper is called as it is declared.
    parameters = inspect.signature(func, follow_wrapped=False).parameters
    if any(
        parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values()
    ):
        return None
    return tuple(parameters)


def _merged(result: Any, response: Any) -> Any:
    """Return ``result`` with the headers and cookies of ``response``."""
    # A copy, because applications keep such objects in module globals: one visitor's
    # cookies must not stay on them. Exceptions cannot all be copied by calling them.
    cls: Any = type(result)
    merged = cls.__new__(cls)
    vars(merged).update(vars(result))
    merged.headerlist = list(result.headerlist)
    own = {*_BODY_HEADERS, *(name.lower() for name, _ in result.headerlist)}
    own.discard("set-cookie")
    for name, value in response.headerlist:
        if name.lower() not in own:
            merged.headers.add(name, value)
    return merged


def _is_exception(result: Any) -> bool:
    """Return whether ``result`` was raised, or takes the place of what was."""
    kinds = HTTPException | WerkzeugHTTPException
    return isinstance(result, kinds) or hasattr(result, "_exception")


def _as_pylons_has_it(result: Any, environ: WSGIEnvironment) -> Any:
    """Return an action's ``result`` as a response of WebOb's, text, or an iterable."""
    if isinstance(result, LocalProxy):
        result = result._get_current_object()
    if isinstance(result, HTTPException):
        result = result.wsgi_response
    elif isinstance(result, WerkzeugHTTPException):
        result = result.get_response(environ)
    if isinstance(result, LazyString):
        result = result.eval()
    if not isinstance(result, Response | WerkzeugResponse | Iterable | None):
        result = _made_by_flask(result)
    return as_webob(result) if isinstance(result, WerkzeugResponse) else result


def _made_by_flask(result: Any) -> Any:
    """Return the response that the Flask application makes of an action's ``result``.

    It is ``result`` itself where a legacy application runs alone.
    """
    record = legacy_request()
    side = None if record is None else record.flask_side
    if side is None:
        return result
    return side.lend().run(side.app.make_response, result)


def _as_iterable(result: Any) -> Iterable[bytes]:
    iterable: Iterable[bytes] = result
    return iterable
