"""What a CompatShim knows of the two applications that it joins."""

from __future__ import annotations

import gc
import weakref
from functools import cached_property
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import flask

from compatshim.errors import (
    MissingExtraError,
    NotInitialisedError,
    SeveralApplicationsError,
)
from compatshim.ini import asbool
from compatshim.legacy._engines import mako_lookup
from compatshim.locale_prefix import LocalePrefixes
from compatshim.locales import as_locale_list
from compatshim.objects.config import Config
from compatshim.objects.helpers import HelperRegistry, Helpers
from compatshim.objects.twins import join_twins
from compatshim.routing.replacements import Successors

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, MutableMapping

    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment
    from flask import Flask
    from flask.ctx import RequestContext

    from compatshim.catalogues import Catalogues
    from compatshim.hooks import Hooks
    from compatshim.routing.origins import Origins

__all__ = ["ShimState", "current_state", "outside_state", "state_of"]

_EXTENSION = "compatshim"

_states: weakref.WeakSet[ShimState] = weakref.WeakSet()


class ShimState:
    """One Flask application, the legacy application beside it, and what they share.

    ``legacy_config`` is the legacy application's own configuration (an empty mapping
    where it has none) and ``mapper`` its Routes mapper, or ``None``;
    ``aliases`` maps old route names to Flask endpoints; ``origins`` says which rules
    and routes are extensions'; ``helpers`` are the application's own template helpers.
    """

    def __init__(
        self,
        app: Flask,
        legacy_app: WSGIApplication | None,
        mapper: Any,
        legacy_config: MutableMapping[str, Any],
        aliases: dict[str, str],
        origins: Origins,
        helpers: Mapping[str, Any],
    ) -> None:
        self.app = app
        self.legacy_app = legacy_app
        self.mapper = mapper
        self.aliases = aliases
        self.origins = origins
        self.successors = Successors(app, aliases, (legacy_config, app.config))
        self.are_routes_checked = False
        self.hooks: Hooks | None = None
        self.locale_selectors: list[Callable[[], Any]] = []
        self.babel: Any = None  # what is known of the application's Flask-Babel
        self.translations: Catalogues  # objects.i18n.install() sets both
        self.translator: Any
        self.legacy_config = legacy_config
        join_twins(app, legacy_config)
        self.config = Config(app.config, legacy_config, app.default_config)
        self.make_request_context: Callable[[WSGIEnvironment], RequestContext] = (
            app.request_context
        )
        self._locale_prefixes: tuple[Any, LocalePrefixes | None] | None = None
        self.template_globals: dict[str, Any] = {}
        self._app_globals = SimpleNamespace()
        self.helpers = HelperRegistry(helpers, lambda: legacy_config.get("pylons.h"))
        self.h = Helpers(self.helpers)
        self.template_directories: list[str] = []
        self.plugins: Any = None  # those of compatshim.plugins, where there are any
        self.public_files: Any = None  # theirs
        app.extensions[_EXTENSION] = self
        _states.add(self)

    @property
    def site_url(self) -> str:
        """What absolute URLs of the site begin with, or ``''`` if that is not known.

        ``//`` and Flask's ``SERVER_NAME``, which has no scheme, where the configuration
        has no ``site_url``.
        """
        app = self.app
        config = app.config
        site_url = self.legacy_config.get("site_url")
        if site_url is None:
            site_url = config.get("site_url")
        if site_url:
            return str(site_url)
        server_name = config["SERVER_NAME"]
        if not server_name or app.url_map.host_matching:
            return ""
        return f"//{server_name}"

    @property
    def locale_prefixes(self) -> LocalePrefixes | None:
        """The locales that paths may begin with, or ``None``: as the configuration is now.

        Raises ``ValueError`` where ``COMPATSHIM_LOCALE_ROOT_PATH`` has no place for them.
        """
        config = self.app.config
        if not config.get("COMPATSHIM_LOCALE_PREFIX"):
            return None
        options = (
            asbool(config["COMPATSHIM_LOCALE_PREFIX"]),
            self.offered_locales,
            config.get("COMPATSHIM_LOCALE_ROOT_PATH"),
        )
        if self._locale_prefixes is None or self._locale_prefixes[0] != options:
            is_on, locales, root_path = options
            prefixes = LocalePrefixes(locales, root_path) if is_on else None
            self._locale_prefixes = options, prefixes
        return self._locale_prefixes[1]

    @property
    def offered_locales(self) -> tuple[str, ...]:
        """The locales among which visitors may choose."""
        return as_locale_list(self.app.config.get("COMPATSHIM_LOCALES") or ())

    def _value(self, key: str) -> Any:
        """Return the value of a legacy key in the common configuration."""
        value = self.legacy_config.get(key)
        return self.app.config.get(key) if value is None else value

    @property
    def app_globals(self) -> Any:
        """The application-wide object: the legacy application's, if it has one."""
        app_globals = self.legacy_config.get("pylons.app_globals")
        return self._app_globals if app_globals is None else app_globals

    @property
    def mako_lookup(self) -> Any:
        """What finds Mako templates: ``app_globals.mako_lookup``, or one for the site.

        The latter looks in the folders of ``pylons.paths``. Those of plugins
        (``template_directories``) are searched first by either.
        """
        paths = self._value("pylons.paths")
        return mako_lookup(self.app_globals, paths, self.template_directories)

    @cached_property
    def cache(self) -> Any:
        """The Beaker cache manager: ``app_globals.cache``, or one for the site.

        The latter is made of the ``beaker.cache.*`` keys of the configuration and keeps
        values in memory by default: Beaker's files are pickled.
        """
        cache = getattr(self.app_globals, "cache", None)
        if cache is not None:
            return cache
        try:
            from beaker.cache import CacheManager
            from beaker.util import parse_cache_config_options
        except ImportError:
            raise MissingExtraError("cache", "beaker") from None
        options = {"cache.type": "memory"}
        for key, value in self.config.items():
            if key.startswith("beaker.cache."):
                options[key.removeprefix("beaker.")] = value
        return CacheManager(**parse_cache_config_options(options))

    @property
    def strict_tmpl_context(self) -> bool:
        """Whether ``c`` raises for a missing name; where not, it answers ``''``."""
        return bool(self.legacy_config.get("pylons.strict_tmpl_context", True))


def state_of(app: Flask) -> ShimState | None:
    """Return the state that ``CompatShim.init_app`` made for ``app``, or ``None``."""
    return app.extensions.get(_EXTENSION)


def current_state(wanted: str) -> ShimState:
    """Return the state of the application in context.

    Raises ``NotInitialisedError``, naming what is ``wanted``, where no application is
    in context or it has no CompatShim.
    """
    if not flask.has_app_context():
        raise NotInitialisedError(None, wanted)
    state = state_of(flask.current_app)
    if state is None:
        raise NotInitialisedError(flask.current_app.name, wanted)
    return state


def outside_state(wanted: str) -> ShimState:
    """Return the state of the application in context, or else of the only one there is.

    Raises as :func:`current_state` does, and ``SeveralApplicationsError`` where none is
    in context and this process has several.
    """
    if flask.has_app_context():
        return current_state(wanted)
    if len(_states) > 1:
        # Those that nobody uses any more, but that are still to be collected.
        gc.collect()
    states = list(_states)
    if not states:
        raise NotInitialisedError(None, wanted)
    if len(states) > 1:
        raise SeveralApplicationsError(
            sorted(state.app.name for state in states), wanted
        )
    return states[0]
