"""What a URL is built in: a request of either framework, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flask import Flask
from routes import Mapper, URLGenerator
from werkzeug.routing import BuildError

from compatshim._flask_context import current_app_context
from compatshim.objects.errors import UrlBuildError
from compatshim.routing.matching import outer_generator, url_generator
from compatshim.routing.site import (
    SITE_KEY,
    SITE_URL_KEY,
    configure,
    host_info,
    outside_site,
    site_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from _typeshed.wsgi import WSGIEnvironment
    from werkzeug.routing import MapAdapter

    from compatshim.objects.state import ShimState
    from compatshim.routing.site import Site

__all__ = [
    "FlaskSurroundings",
    "LegacySurroundings",
    "OutsideSurroundings",
    "PylonsSurroundings",
    "no_current_route",
]

_IN_ANCHOR = "%!#$&'()*+,/:;=?@"
"""What ``Flask.url_for`` does not quote in an anchor."""

_OWN_WORDS = frozenset({"_anchor", "_external", "_method", "_scheme"})

_GENERATOR_KEY = "compatshim.url_generator"


class _Surroundings:
    """``state`` and ``environ``, and what the two routers are to be asked with."""

    __slots__ = ("environ", "state")

    def __init__(self, state: ShimState, environ: WSGIEnvironment) -> None:
        self.state = state
        self.environ = environ

    @property
    def app(self) -> Flask:
        return self.state.app

    def site(self) -> Site:
        """Return where URLs begin."""
        environ = self.environ
        site: Site | None = environ.get(SITE_KEY)
        if site is None or site.script_name != environ.get("SCRIPT_NAME", ""):
            if SITE_URL_KEY not in environ:
                configure(environ, self.state.site_url, self.state.locale_prefixes)
            site = site_of(environ)
        return site

    def flask_url_for(self, endpoint: str, values: dict[str, Any]) -> str:
        """Build as ``app.url_for`` does; raises ``BuildError``.

        Where no function of the application takes part in it, the URL adapter is asked
        straight away, which in a legacy request spares it a context of Flask.
        """
        app = self.state.app
        if (
            app.url_default_functions
            or type(app).url_for is not Flask.url_for
            or "url_for" in vars(app)
        ):
            url: str = self.call(app.url_for, endpoint, **values)
            return url
        if not _OWN_WORDS.isdisjoint(values):
            return self._build(endpoint, **values)
        try:
            return self.adapter().build(endpoint, values)
        except BuildError as error:
            return self._handle(error, endpoint, values)

    def _build(
        self,
        endpoint: str,
        *,
        _anchor: str | None = None,
        _method: str | None = None,
        _scheme: str | None = None,
        _external: bool = False,
        **values: Any,
    ) -> str:
        try:
            url = self.adapter().build(
                endpoint, values, _method, url_scheme=_scheme, force_external=_external
            )
        except BuildError as error:
            words = {
                "_anchor": _anchor,
                "_method": _method,
                "_scheme": _scheme,
                "_external": _external,
            }
            return self._handle(error, endpoint, {**values, **words})
        return url if _anchor is None else f"{url}#{quote(_anchor, safe=_IN_ANCHOR)}"

    def _handle(self, error: BuildError, endpoint: str, values: dict[str, Any]) -> str:
        if not self.app.url_build_error_handlers:
            raise error
        url: str = self.call(self.app.handle_url_build_error, error, endpoint, values)
        return url

    def call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call a function of the application in a context of Flask."""
        return function(*args, **kwargs)

    def adapter(self) -> MapAdapter:
        """Return Flask's URL adapter."""
        raise NotImplementedError

    def generator(self) -> URLGenerator:
        """Return Routes' generator, made when first asked."""
        environ = self.environ
        kept = environ.get(_GENERATOR_KEY)
        if kept is not None and kept[0].environ is environ:
            return kept[0]
        # A request inside this one may have a copy of its environ, changed since.
        origin = (self.site(), environ.get("HTTP_HOST"), environ["wsgi.url_scheme"])
        if kept is None or kept[1] != origin:
            environ["routes.cached_hostinfo"] = host_info(environ)
            mapper = self.state.mapper
            if mapper is None:
                mapper = Mapper()  # it still completes paths
            kept = environ[_GENERATOR_KEY] = (url_generator(mapper, environ), origin)
        return kept[0]

    def memory(self) -> dict[str, Any]:
        """Return the arguments of the current legacy route that new URLs inherit."""
        return {}

    def find_names(self) -> tuple[Iterable[str], Iterable[str]]:
        """Return the names that Flask and that Routes know."""
        mapper = self.state.mapper
        return self.app.view_functions, () if mapper is None else _names_of(mapper)


class FlaskSurroundings(_Surroundings):
    """A request that Flask serves, in its request context."""

    __slots__ = ("_context",)

    def __init__(self, state: ShimState, context: Any) -> None:
        self.state = state
        self._context = context
        self.environ = context.request.environ

    def adapter(self) -> MapAdapter:
        """Return Flask's URL adapter."""
        adapter: MapAdapter = self._context.url_adapter
        return adapter

    def blueprint(self) -> str | None:
        """Return the blueprint to which a relative endpoint belongs."""
        name: str | None = self._context.request.blueprint
        return name


class LegacySurroundings(_Surroundings):
    """A request that the legacy application serves, beside Flask."""

    __slots__ = ("_side",)

    def __init__(self, side: Any, environ: WSGIEnvironment) -> None:
        self.state = side.state
        self.environ = environ
        self._side = side

    def call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call a function of the application in the request context that is lent."""
        return self._side.lend().run(function, *args, **kwargs)

    def adapter(self) -> MapAdapter:
        """Return Flask's URL adapter."""
        adapter: MapAdapter = self._side.url_adapter()
        return adapter

    def blueprint(self) -> None:
        """Return ``None``: a legacy request belongs to no blueprint."""

    def site(self) -> Site:
        """Return where URLs begin, wherever in the site the request is."""
        return super().site().outer

    def generator(self) -> URLGenerator:
        """Return Routes' generator for the request."""
        generator: URLGenerator | None = outer_generator(self.environ)
        return super().generator() if generator is None else generator

    def memory(self) -> dict[str, Any]:
        """Return the arguments of the current route, where the mapper remembers them."""
        return _memory_of(self.generator())


class PylonsSurroundings:
    """A request of a legacy application that is alone."""

    __slots__ = ("environ",)

    def __init__(self, environ: WSGIEnvironment) -> None:
        self.environ = environ

    def site(self) -> Site:
        """Return where URLs begin."""
        return site_of(self.environ)

    def generator(self) -> URLGenerator:
        """Return Routes' generator for the request."""
        generator: URLGenerator | None = self.environ.get("routes.url")
        if generator is None:
            generator = url_generator(Mapper(), self.environ)
        return generator

    def memory(self) -> dict[str, Any]:
        """Return the arguments of the current route, where the mapper remembers them."""
        return _memory_of(self.generator())

    def find_names(self) -> tuple[Iterable[str], Iterable[str]]:
        """Return the names that Flask, which is not there, and that Routes know."""
        return (), _names_of(self.generator().mapper)


class OutsideSurroundings(_Surroundings):
    """No request. ``arguments`` and ``values`` are those of the call, for the error.

    Raises ``UrlBuildError`` where nothing says what absolute URLs begin with.
    """

    __slots__ = ("_site",)

    def __init__(
        self, state: ShimState, arguments: tuple[Any, ...], values: dict[str, Any]
    ) -> None:
        config = state.app.config
        site_url = state.site_url
        if not site_url and config["SERVER_NAME"]:  # with host matching
            site_url = f"//{config['SERVER_NAME']}"
        if not site_url:
            raise UrlBuildError(
                arguments[0] if arguments else None,
                values,
                "outside of a request the configuration key site_url, or Flask's"
                " SERVER_NAME, must be set.",
            )
        if site_url.startswith("//"):
            root_path = config["APPLICATION_ROOT"].rstrip("/")
            site_url = f"{config['PREFERRED_URL_SCHEME']}:{site_url}{root_path}"
        site = self._site = outside_site(site_url, state.locale_prefixes)
        environ = {
            "HTTP_HOST": site.host,
            "SCRIPT_NAME": site.root,
            "wsgi.url_scheme": site.scheme,
            "routes.cached_hostinfo": {"host": site.host, "protocol": site.scheme},
        }
        super().__init__(state, environ)

    def site(self) -> Site:
        """Return where URLs begin."""
        return self._site

    def adapter(self) -> MapAdapter:
        """Return an adapter for the site."""
        site = self._site
        return self.app.url_map.bind(
            site.host, script_name=site.root or "/", url_scheme=site.scheme
        )

    def call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Call a function of the application, which has the adapter from its context."""
        context: Any = current_app_context()
        if context is None:
            with self.app.app_context():
                return self.call(function, *args, **kwargs)
        adapter = context.url_adapter
        context.url_adapter = self.adapter()
        try:
            return function(*args, **kwargs)
        finally:
            context.url_adapter = adapter

    def blueprint(self) -> None:
        """Return ``None``: no blueprint is current."""

    def generator(self) -> URLGenerator:
        """Return Routes' generator for the site."""
        mapper = self.state.mapper
        return URLGenerator(Mapper() if mapper is None else mapper, self.environ)


def _memory_of(generator: Any) -> dict[str, Any]:
    """Return what ``routes.url_for`` would add: nothing where the mapper is explicit."""
    if generator.mapper.explicit:
        return {}
    routing_args = generator.environ.get("wsgiorg.routing_args")
    return dict(routing_args[1]) if routing_args else {}


def _names_of(mapper: Any) -> Iterable[str]:
    names: dict[str, Any] = mapper._routenames  # noqa: SLF001 (where Routes looks)
    return [name for name in names if not name.startswith("_redirect_")]


def no_current_route(values: dict[str, Any]) -> UrlBuildError:
    """Return the error for ``url.current`` where no route is current."""
    return UrlBuildError(None, values, "no route of this request is known.")
