"""``request``: one view of a request, with both vocabularies, under every framework."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, NoReturn

import flask

from compatshim.errors import NotForwardedError
from compatshim.legacy.controllers.util import Request as PylonsRequest
from compatshim.objects.errors import http_exception
from compatshim.objects.state import state_of
from compatshim.parsing.authorization import Authorization
from compatshim.parsing.bodies import FORM_TYPES
from compatshim.routing import legacy_rule
from compatshim.serving import is_flask_request

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment
    from werkzeug.datastructures import ImmutableMultiDict, MultiDict
    from werkzeug.routing import Rule

    from compatshim.parsing.uploads import Upload

__all__ = ["Request"]

_LIMITS = ("max_content_length", "max_form_memory_size", "max_form_parts")


class Request(PylonsRequest):
    """A request as shared code sees it, the same under every framework.

    WebOb's names (``params``, ``GET``, ``POST``, ``body``, ``path_qs`` ...) have WebOb's
    semantics, also those that both libraries know. All others are Werkzeug's and
    Flask's (``args``, ``form``, ``files``, ``get_json``, ``view_args`` ...) with theirs:
    what they say is the request as the client sent it, while assigning to WebOb's names
    changes ``environ``. Attributes set here stay with the request, as WebOb keeps
    them: in ``environ``.
    """

    _framework: Any = None
    _werkzeug_request: flask.Request | None = None
    _sent_query = ""

    def __init__(
        self,
        environ: WSGIEnvironment,
        framework: Any = None,
        werkzeug_request: flask.Request | None = None,
        **webob_attributes: Any,
    ) -> None:
        """Make the view of the request of ``environ``.

        ``framework`` is who serves: a module of ``compatshim.frameworks``;
        ``werkzeug_request`` the request that Flask has made, if it has. Further
        arguments are set as attributes, as WebOb does.
        """
        self.__dict__.update(
            _framework=framework,
            _werkzeug_request=werkzeug_request,
            _sent_query=environ.get("QUERY_STRING", ""),
        )
        super().__init__(environ, **webob_attributes)

    @property
    def werkzeug_request(self) -> flask.Request:
        """The Flask request object over the same ``environ``."""
        request = self._werkzeug_request
        if request is None:
            request = self._make_werkzeug_request()
            self.__dict__["_werkzeug_request"] = request
        return request

    def _make_werkzeug_request(self) -> flask.Request:
        request: Any = super().werkzeug_request
        if not isinstance(request, flask.Request):  # no application has made it
            has_app = flask.has_app_context()
            request_class = (
                flask.current_app.request_class if has_app else flask.Request
            )
            request = request_class(self.environ, populate_request=False)
        request.query_string = self._sent_query.encode("latin-1")
        found: flask.Request = request
        return found

    def _refuse(self, code: int, text: str | None) -> NoReturn:
        raise http_exception(code, text) from None

    def __getattr__(self, name: str) -> Any:
        adhoc = self.environ.get("webob.adhoc_attrs", {})
        if name in adhoc:
            return adhoc[name]
        if hasattr(type(self), name):
            # Python asks here, too, where a property of ours has failed.
            return object.__getattribute__(self, name)
        try:
            return self._read(name)
        except AttributeError:
            raise NotForwardedError(
                f"request.{name}",
                "flask" if is_flask_request() else "legacy",
                "Neither WebOb nor Flask has a request attribute of this name.",
            ) from None

    def _read(self, name: str) -> Any:
        try:
            return getattr(self.werkzeug_request, name)
        except UnicodeError:
            self._refuse(400, "The query string is not UTF-8.")

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _LIMITS:
            setattr(self.werkzeug_request, name, value)
            return
        # Werkzeug's names stay what the client sent: it notes some when it is made.
        if hasattr(type(self), name):
            self.werkzeug_request  # noqa: B018
        super().__setattr__(name, value)

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError(
            "A request cannot be pickled: it is a part of its server's connection."
            " Take what is needed from it, such as dict(request.params)."
        )

    def copy(self) -> Request:
        """Return a copy with an ``environ`` of its own, as WebOb's."""
        self.make_body_seekable()
        environ = self.environ.copy()
        PylonsRequest(environ).copy_body()
        return self._over(environ)

    def copy_get(self) -> Request:
        """Return a copy that is a GET request without a body, as WebOb's."""
        environ = self.environ.copy()
        PylonsRequest(environ, method="GET", content_type=None, body=b"")
        return self._over(environ)

    def _over(self, environ: WSGIEnvironment) -> Request:
        own = self.werkzeug_request
        request = type(own)(environ, populate_request=False)
        request.url_rule, request.view_args = own.url_rule, own.view_args
        return type(self)(environ, self._framework, request)

    # The body, whoever reads it first.

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """The query parameters as Werkzeug's ``args``: a repeated key's first value."""
        return self._read("args")  # type: ignore[no-any-return]

    @property
    def form(self) -> ImmutableMultiDict[str, str]:
        """The form fields as Werkzeug's ``form``: a repeated key's first value."""
        self._form()
        return self.werkzeug_request.form

    @property
    def files(self) -> ImmutableMultiDict[str, Upload]:
        """The uploads as Werkzeug's ``files``, also those where no file was chosen."""
        return self._form().files  # type: ignore[return-value]  # they are of our class

    @property
    def values(self) -> Any:
        """The query parameters and form fields as Werkzeug's ``values``."""
        self._form()
        return self._read("values")

    @property
    def data(self) -> bytes:
        """The body, but for a form: that is ``b""``, as Werkzeug's ``data``."""
        return self.get_data(parse_form_data=True)  # type: ignore[no-any-return]

    def get_data(
        self,
        cache: bool = True,
        as_text: bool = False,
        parse_form_data: bool = False,
    ) -> Any:
        """Return the body, as Werkzeug's ``get_data``; it is always kept.

        Unlike there, it is whole also after a form was read out of it.
        """
        body: bytes = b""
        if parse_form_data and self.werkzeug_request.mimetype in FORM_TYPES:
            self._form()
        else:
            body = self.body
        return body.decode(errors="replace") if as_text else body

    def get_json(
        self, force: bool = False, silent: bool = False, cache: bool = True
    ) -> Any:
        """Return what the body says in JSON, as Flask's ``get_json``."""
        request = self.werkzeug_request
        if not (force or request.is_json):
            return request.get_json(silent=silent, cache=cache)
        self.make_body_seekable()
        try:
            return request.get_json(force=force, silent=silent, cache=cache)
        finally:
            self.make_body_seekable()

    @property
    def stream(self) -> Any:
        """The body as a stream, as Werkzeug's ``stream``: it is ``body_file``."""
        return self.body_file

    # What the router has found.

    def _publish_view_args(self) -> None:
        arguments = self.werkzeug_request.view_args
        environ = self.environ
        if arguments and not {"wsgiorg.routing_args", "paste.urlvars"} & environ.keys():
            environ["wsgiorg.routing_args"] = ((), dict(arguments))

    @PylonsRequest.urlvars.getter  # type: ignore[untyped-decorator]  # WebOb's
    def urlvars(self) -> dict[str, Any]:
        """Return the arguments of the route by name, as WebOb's."""
        self._publish_view_args()
        return super().urlvars  # type: ignore[no-any-return]

    @property
    def urlargs(self) -> tuple[Any, ...]:
        """The arguments of the route by position, as WebOb's."""
        arguments = super().urlargs
        # Routes puts its URL generator there.
        return arguments if isinstance(arguments, tuple) else ()

    @urlargs.setter
    def urlargs(self, arguments: tuple[Any, ...]) -> None:
        self._publish_view_args()  # they stay beside these
        PylonsRequest.urlargs.__set__(self, arguments)

    @urlargs.deleter
    def urlargs(self) -> None:
        PylonsRequest.urlargs.__delete__(self)

    @property
    def route_dict(self) -> dict[str, Any]:
        """The arguments of the route by name, as Pylons'."""
        return self.urlvars  # type: ignore[no-any-return]

    @property
    def view_args(self) -> dict[str, Any] | None:
        """The arguments of the route by name, as Flask's."""
        arguments = self.werkzeug_request.view_args
        return legacy_rule.view_args(self.environ) if arguments is None else arguments

    @property
    def url_rule(self) -> Rule | None:
        """The rule that the URL matched, as Flask's: a legacy route is shown as one."""
        return self.werkzeug_request.url_rule or legacy_rule.url_rule(self.environ)

    @property
    def endpoint(self) -> str | None:
        """The name of what serves the URL, as Flask's.

        Of a legacy route it is its name, or else ``"controller.action"``.
        """
        rule = self.werkzeug_request.url_rule
        return legacy_rule.endpoint(self.environ) if rule is None else rule.endpoint

    @property
    def blueprint(self) -> str | None:
        """The part of ``endpoint`` before its last dot, as Flask's."""
        return (self.endpoint or "").rpartition(".")[0] or None

    @property
    def blueprints(self) -> list[str]:
        """``blueprint`` and those around it, as Flask's."""
        name = self.blueprint
        names = []
        while name:
            names.append(name)
            name = name.rpartition(".")[0]
        return names

    # What Pylons puts on its request.

    def _application_language(self) -> str:
        state = state_of(flask.current_app) if flask.has_app_context() else None
        config = {} if state is None else state.legacy_config
        options = config.get("pylons.request_options", {})
        return str(options.get("language", super()._application_language()))

    @property
    def link(self) -> Any:
        """``url_for``, with ``current`` for the URL of this route."""
        return self._framework.link

    @property
    def session(self) -> Any:
        """``compatshim.common.session``."""
        return self._framework.session()

    @property
    def config(self) -> Any:
        """``compatshim.common.config``."""
        return self._framework.config()

    @PylonsRequest.authorization.getter  # type: ignore[untyped-decorator]  # WebOb's
    def authorization(self) -> Authorization | None:
        """Return who the client says it is: WebOb's tuple, with Werkzeug's names."""
        return Authorization.of(self.environ.get("HTTP_AUTHORIZATION"))
