"""What ``routes.request_config()`` is in a request.

Routes keeps one object for each thread, which every request in it would have to fill
and empty. Here each request has its own, made when it is asked for: requests that are
nested, interleaved in one thread (greenlets, streamed bodies) or continued in another
do not see each other's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from routes import request_config

from compatshim.legacy.controllers.util import redirect
from compatshim.routing.handing_over import ask
from compatshim.routing.matching import site_generator
from compatshim.routing.site import host_info
from compatshim.serving import is_flask_request, legacy_request

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed.wsgi import WSGIEnvironment

    from compatshim.serving import LegacyRequest

__all__ = ["RequestConfig", "install", "use_flask_request"]

_KEY = "compatshim.request_config"


class RequestConfig:
    """The attributes of Routes' own request config, for one request.

    ``mapper``, ``mapper_dict``, ``route``, ``host``, ``protocol``, ``redirect`` and
    ``environ``; setting the latter asks ``mapper``, if it is set, which route it is.
    ``environ`` may be a copy of the request's, with the root of the site's URLs.
    """

    mapper_dict: dict[str, Any] | None
    route: Any
    host: str
    protocol: str
    environ: WSGIEnvironment

    def __init__(
        self,
        generator: Any,
        mapper_dict: dict[str, Any] | None = None,
        route: Any = None,
    ) -> None:
        """Take over what ``generator`` knows, the ``URLGenerator`` of the request if any."""
        self.redirect = redirect
        mapper = getattr(generator, "mapper", None)
        if mapper is None:
            return
        self.mapper = mapper
        self.mapper_dict = mapper_dict
        self.route = route
        self._begin(generator.environ)

    @property
    def mapper(self) -> MapperInRequest:
        """The mapper, which builds URLs for this request."""
        names = vars(self)
        if "mapper" not in names:
            raise AttributeError("mapper")
        return MapperInRequest(names["mapper"], names.get("environ", {}))

    @mapper.setter
    def mapper(self, mapper: Any) -> None:
        vars(self)["mapper"] = mapper

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if name == "environ":
            self._begin(value)
            self._match(value)

    def _begin(self, environ: WSGIEnvironment) -> None:
        vars(self).update(host_info(environ), environ=environ)

    def _match(self, environ: WSGIEnvironment) -> None:
        mapper = vars(self).get("mapper")
        if mapper is not None and "PATH_INFO" in environ:
            found = ask(mapper, environ)
            self.mapper_dict, self.route = found[:2] if found else (None, None)


class MapperInRequest:
    """A mapper that builds URLs for one request.

    ``routes.url_for`` does not say which one it is, and the mapper would take
    ``SCRIPT_NAME`` from the request that was the last one in this thread.
    """

    __slots__ = ("_environ", "_mapper")

    def __init__(self, mapper: Any, environ: WSGIEnvironment) -> None:
        self._mapper = mapper
        self._environ = environ

    def __getattr__(self, name: str) -> Any:
        return getattr(self._mapper, name)

    def generate(self, *routes: Any, **values: Any) -> str | None:
        """Build a path as ``routes.Mapper.generate`` does."""
        url: str | None = self._mapper.generate(
            *routes, **{"_environ": self._environ, **values}
        )
        return url


def _none() -> RequestConfig | None:
    return None


_of_flask_request: Callable[[], RequestConfig | None] = _none


def use_flask_request(find: Callable[[], RequestConfig | None]) -> None:
    """Let ``find`` return the config of the Flask request that is served, if it has one."""
    global _of_flask_request  # noqa: PLW0603 (the legacy side knows nothing of Flask)
    _of_flask_request = find


def _current_config() -> Any:
    """Return the config of the request that is served, else Routes' own."""
    record = legacy_request()
    if is_flask_request():
        config = _of_flask_request()
    else:
        config = None if record is None else _of_legacy_request(record)
    return request_config(original=True) if config is None else config


def _of_legacy_request(record: LegacyRequest) -> RequestConfig:
    environ = record.environ
    routed_by = environ.get("routes.url")
    kept = environ.get(_KEY)
    if kept is None or kept[0] is not record or kept[1] is not routed_by:
        arguments = environ.get("wsgiorg.routing_args", (None, None))[1]
        route = environ.get("routes.route")
        config = RequestConfig(site_generator(environ), arguments, route)
        kept = environ[_KEY] = (record, routed_by, config)
    return kept[2]


def install() -> None:
    """Let ``routes.request_config()`` answer for the request that is current.

    Routes asks the ``request_local`` of its own object for it, which is documented, but
    holds for one thread only; on the class it holds for all of them. Outside of requests
    everything is as Routes has it.
    """
    cls = type(request_config(original=True))
    cls.request_local = staticmethod(_current_config)
