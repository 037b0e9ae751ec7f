"""``CompatShim``: the Flask extension that joins the two applications."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from compatshim import ini
from compatshim.deprecation.aliasing import INI_KEY, install_alias_of
from compatshim.errors import NoRequestError
from compatshim.joining import add_ini_values, config_of, join, keep_deprecations
from compatshim.legacy.configuration import PylonsConfig
from compatshim.objects.twins import flask_values
from compatshim.registrations import Registrations
from compatshim.routing.conflicts import check_routes
from compatshim.serving import is_flask_request, legacy_request

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping
    from contextlib import AbstractContextManager
    from os import PathLike

    from _typeshed.wsgi import WSGIApplication
    from flask import Flask
    from routes import Mapper

    from compatshim.objects.state import ShimState

__all__ = ["CompatShim"]


class CompatShim(Registrations):
    """Serve a legacy application and a Flask application as one.

    ``CompatShim(app, legacy=legacy_app)`` takes the place of ``app.wsgi_app``: whatever
    runs ``app`` then serves both. Flask serves what its URL map matches, the legacy
    application what its routes match beside that, and Flask answers for the rest.

    ``legacy`` is a :class:`compatshim.legacy.wsgiapp.PylonsApp`, or any WSGI application
    with its routes in ``mapper``, or any WSGI application at all: then it gets
    everything that Flask does not match. ``legacy_config`` is the configuration of a
    ``PylonsApp`` that stands inside other middleware, unless that middleware has it as
    its attribute ``config``. Without ``legacy`` the common objects work, and Flask serves
    everything. :meth:`from_ini` makes all this of an ini file.
    """

    def __init__(
        self,
        app: Flask | None = None,
        legacy: WSGIApplication | None = None,
        *,
        mapper: Mapper | None = None,
        legacy_config: MutableMapping[str, Any] | None = None,
        inner_middleware: str | None = None,
    ) -> None:
        super().__init__()
        if app is not None:
            self.init_app(
                app,
                legacy,
                mapper=mapper,
                legacy_config=legacy_config,
                inner_middleware=inner_middleware,
            )

    def init_app(
        self,
        app: Flask,
        legacy: WSGIApplication | None = None,
        *,
        mapper: Mapper | None = None,
        legacy_config: MutableMapping[str, Any] | None = None,
        inner_middleware: str | None = None,
    ) -> None:
        """Join ``app`` and ``legacy``; the arguments are those of the class.

        Raises ``AlreadyInitialisedError`` the second time for one ``app``, and
        ``WrappedApplicationError`` where ``app.wsgi_app`` is already wrapped in
        middleware, unless ``inner_middleware="flask-only"`` says that this middleware
        is for Flask's own requests. The plugins of the configuration and those that
        were registered are loaded: ``PluginError``, and ``MissingExtraError`` without
        pluggy. A store of deprecated uses that cannot be: ``DeprecationStoreError``.
        """
        state = self._join(app, legacy, mapper, legacy_config, inner_middleware)
        self._load_plugins(state)
        keep_deprecations(state)

    def _join(
        self,
        app: Flask,
        legacy: WSGIApplication | None,
        mapper: Mapper | None,
        legacy_config: MutableMapping[str, Any] | None,
        inner_middleware: str | None,
    ) -> ShimState:
        state = join(
            app,
            legacy,
            mapper,
            legacy_config,
            inner_middleware,
            aliases=self._aliases,
            helpers=self._helpers,
            hooks=self._hooks,
            locale_selectors=self._locale_selectors,
            marked_routes=self._marked_routes,
        )
        self._states.add(state)
        return state

    @classmethod
    def from_ini(
        cls,
        path: str | PathLike[str],
        app: Flask,
        legacy: WSGIApplication | None = None,
        *,
        name: str = "main",
        global_conf: Mapping[str, str] | None = None,
        mapper: Mapper | None = None,
        legacy_config: MutableMapping[str, Any] | None = None,
        inner_middleware: str | None = None,
    ) -> CompatShim:
        """Join ``app`` and the application that ``[app:name]`` of an ini file describes.

        The ini's factory (``use = egg:...``, ``paste.app_factory = ...``) makes the
        legacy application, unless ``legacy`` is given; a section without one has values
        only. The common ``config`` has the values of the file: Flask's keys are set as
        ``config.load_ini`` sets them, whatever ``app.config`` had, and the others where
        the legacy application has not set them itself. The key ``compatshim.alias``
        installs an alias (see :func:`compatshim.legacy.install_alias`) before the factory
        is imported. The further arguments are those of the class.

        Raises as ``init_app`` does, ``IniError``, ``AliasError``, ``MissingExtraError``
        without PasteDeploy, and what the factory raises.
        """
        values = ini.appconfig(path, name, global_conf)
        install_alias_of(values, INI_KEY)
        made_of_them: MutableMapping[str, Any] = {}
        if legacy is None and values.has_factory:
            legacy = ini.loadapp(path, name, global_conf)
            made_of_them = config_of(legacy)
        if legacy_config is None:
            legacy_config = config_of(legacy) or PylonsConfig()
        app.config.update(flask_values(app, values, made_of_them))
        shim = cls()
        state = shim._join(app, legacy, mapper, legacy_config, inner_middleware)
        add_ini_values(legacy_config, values)
        shim._load_plugins(state)
        keep_deprecations(state)
        return shim

    def check_routes(self) -> None:
        """Look for routes that hide others now, and not at the first request.

        What is done about them says ``COMPATSHIM_ROUTE_CONFLICTS``: ``"warn"`` logs
        them, ``"error"`` raises ``RouteConflictError``, ``"ignore"`` does not look.
        """
        check_routes(self._state("shim.check_routes()"))

    def flask_request_context(self) -> AbstractContextManager[None]:
        """Return a context manager that makes a Flask request context current.

        In a legacy request it is lent, with the same session and ``g``; in a Flask
        request it is the one that is there. So code for Flask alone, such as Flask-Login,
        works in either. Raises ``NoRequestError`` outside of requests.
        """
        if is_flask_request():
            return nullcontext()
        record = legacy_request()
        if record is None or record.flask_side is None:
            raise NoRequestError("shim.flask_request_context()")
        return record.flask_side.request_context()  # type: ignore[no-any-return]
