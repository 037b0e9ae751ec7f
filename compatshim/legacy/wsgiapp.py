"""The WSGI application that serves a legacy application's requests."""

from __future__ import annotations

import codecs
import importlib
import logging
from typing import TYPE_CHECKING, Any

from webob.exc import HTTPBadRequest, HTTPNotFound

from compatshim.legacy import _request_config
from compatshim.legacy._errors import as_answer
from compatshim.legacy._objects import make_objects
from compatshim.legacy._routing import redirection, route_request
from compatshim.legacy.configuration import config as current_config
from compatshim.legacy.util import class_name_from_module_name, resolve_dotted
from compatshim.lifetime import run_legacy
from compatshim.parsing.bodies import close_files
from compatshim.serving import (
    LEGACY_REQUEST_KEY,
    LegacyRequest,
    legacy_request,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

__all__ = ["PylonsApp"]

log = logging.getLogger(__name__)

_request_config.install()


class PylonsApp:
    """A legacy application as a WSGI application, as Pylons 1.0's ``PylonsApp``.

    Override its methods to change how requests are set up, resolved and dispatched. It
    finds the route itself, unless a ``RoutesMiddleware`` in front or CompatShim's
    dispatcher has found it already. ``config`` is the application's configuration,
    otherwise the one in use. Raises ``ValueError`` where the configured request charset
    is not UTF-8, the only one that WebOb 1.8 decodes.
    """

    def __init__(self, config: Any = None, **kwargs: Any) -> None:
        # Pylons accepts, and ignores, keyword arguments of older versions.
        del kwargs
        self.config = config = config or current_config.current_conf()
        self.helpers = config["pylons.h"]
        self.globals = config.get("pylons.app_globals")
        self.environ_config = config["pylons.environ_config"]
        self.package_name = config["pylons.package"]
        self.request_options = config["pylons.request_options"]
        self.response_options = config["pylons.response_options"]
        self.controller_classes: dict[str, Any] = {}
        config.setdefault("lang", None)
        charset = self.request_options["charset"]
        if codecs.lookup(charset).name != "utf-8":
            raise ValueError(
                f"pylons.request_options has the charset {charset!r}, but WebOb 1.8"
                " decodes requests as UTF-8 only: remove it, and use"
                " request.decode(charset) where clients do send another one"
            )

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Serve a request, all of it in a context of its own.

        Calls :meth:`setup_app_env`, :meth:`load_test_env` (in tests only),
        :meth:`resolve` and :meth:`dispatch`, in this order.
        """
        record = legacy_request()
        is_known = environ.get(LEGACY_REQUEST_KEY) is record
        if record is None or not is_known:
            record = LegacyRequest(environ)

            def finish(_: object) -> None:
                close_files(record.environ)

            return run_legacy(record, self._serve, start_response, finish)
        if record.objects is None:
            # The dispatcher has opened this request, and its context, for us. Middleware
            # in between may have copied the environ.
            record.go_on_with(environ)
            return self._serve(environ, start_response)
        return self._serve_again(record, environ, start_response)

    def _serve_again(
        self,
        record: LegacyRequest,
        environ: WSGIEnvironment,
        start_response: StartResponse,
    ) -> Iterable[bytes]:
        """Serve another pass of ``record``, such as an error document or a forward."""
        outer = environ.get("pylons.pylons")
        try:
            return run_legacy(record.again(environ), self._serve, start_response)
        finally:
            if outer is not None:
                # A forward shares its environ with the action that forwards.
                environ[LEGACY_REQUEST_KEY] = record
                environ["pylons.pylons"] = outer

    def _serve(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        record = legacy_request()
        if record is not None:
            start_response = record.starting(start_response)
        try:
            match = route_request(
                self.config.get("routes.map"), environ, self.config.get("site_url")
            )
        except UnicodeError:
            bad_request: Iterable[bytes] = HTTPBadRequest(
                "The path of the URL is not UTF-8."
            )(environ, start_response)
            return bad_request
        location = redirection(match, environ)
        if match is not None and location is not None:
            headers = [("Content-Type", "text/plain; charset=utf8")]
            start_response(
                match.route.redirect_status, [*headers, ("Location", location)]
            )
            return []
        self.setup_app_env(environ, start_response)
        try:
            return self._respond(environ, start_response)
        finally:
            # It refers to the request, which refers to environ.
            environ.pop("pylons.pylons", None)

    def _respond(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        testing = environ.get("paste.testing_variables")
        if testing is not None:
            self.load_test_env(environ)
        controller = self.resolve(environ, start_response)
        response = self.dispatch(controller, environ, start_response)
        if callable(response):
            if testing is not None:
                testing["response"] = response
            response = response(environ, start_response)
        if response is None:
            raise TypeError(
                f"{controller!r} returned None and no response: did you forget to"
                " return one?"
            )
        iterable: Iterable[bytes] = response
        return iterable

    def setup_app_env(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> None:
        """Make the request's objects and register them, as in Pylons 1.0."""
        del start_response
        environ["pylons.pylons"] = make_objects(self, environ)
        environ["pylons.environ_config"] = self.environ_config
        self.register_globals(environ)

    def register_globals(self, environ: WSGIEnvironment) -> None:
        """Make ``environ["pylons.pylons"]`` what the proxies stand for.

        Called at the end of :meth:`setup_app_env`. Override it, as in Pylons 1.0, to
        change the objects before they are used.
        """
        record = legacy_request()
        if record is not None:
            record.objects = environ["pylons.pylons"]

    def resolve(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Any | None:
        """Return the controller for the route's arguments, or ``None``."""
        del start_response
        match = environ["wsgiorg.routing_args"][1]
        environ["pylons.routes_dict"] = match
        controller = match.get("controller", match.get("responder"))
        if not controller:
            return None
        log.debug("Resolved URL to controller: %r", controller)
        return self.find_controller(controller)

    def find_controller(self, controller: Any) -> Any:
        """Return the controller of this name, as Pylons 1.0 finds it.

        ``"package.module:Name"`` is imported from there; any other name is a module in
        the application's ``controllers`` package, which names its controller in
        ``__controller__`` or else has a ``NameController``. What is no string is the
        controller itself. Raises ``ImportError`` and ``AttributeError`` as importing
        does.
        """
        if not isinstance(controller, str):
            return controller
        if controller not in self.controller_classes:
            self.controller_classes[controller] = self._import_controller(controller)
        return self.controller_classes[controller]

    def _import_controller(self, name: str) -> Any:
        if "." in name or ":" in name:
            return resolve_dotted(name)
        path = f"{self.package_name}.controllers.{name.replace('/', '.')}"
        module = importlib.import_module(path)
        class_name = class_name_from_module_name(name.rpartition("/")[2]) + "Controller"
        return getattr(module, getattr(module, "__controller__", class_name))

    def dispatch(
        self,
        controller: Any | None,
        environ: WSGIEnvironment,
        start_response: StartResponse,
    ) -> Any:
        """Call the controller and return what it returns.

        A class is instantiated first; without a controller the response is a 404.
        """
        if not controller:
            log.debug("No controller found, returning 404 Not Found")
            return as_answer(HTTPNotFound())(environ, start_response)
        if "responder" in environ["pylons.routes_dict"]:
            return controller(environ["pylons.pylons"].request)
        if isinstance(controller, type):
            controller = controller()
        environ["pylons.controller"] = controller
        application: Callable[..., Any] = controller
        return application(environ, start_response)

    def load_test_env(self, environ: WSGIEnvironment) -> None:
        """Show the request's objects to WebTest, in ``paste.testing_variables``."""
        objects = environ["pylons.pylons"]
        testing = environ["paste.testing_variables"]
        testing["req"] = objects.request
        testing["response"] = objects.response
        testing["tmpl_context"] = objects.tmpl_context
        testing["app_globals"] = testing["g"] = objects.app_globals
        testing["h"] = objects.h
        testing["config"] = self.config
        for name in ("session", "cache"):
            if hasattr(objects, name):
                testing[name] = getattr(objects, name)
