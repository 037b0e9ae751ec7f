"""What a CompatShim knows of the two applications that it joins."""

from __future__ import annotations

from functools import cached_property
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import flask

from compatshim.errors import MissingExtraError, NotInitialisedError
from compatshim.objects.config import Config

if TYPE_CHECKING:
    from collections.abc import Callable, MutableMapping

    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment
    from flask import Flask
    from flask.ctx import RequestContext

__all__ = ["ShimState", "current_state", "state_of"]

_EXTENSION = "compatshim"


class ShimState:
    """One Flask application, the legacy application beside it, and what they share.

    ``legacy_config`` is the legacy application's own configuration (an empty mapping
    where it has none) and ``mapper`` its Routes mapper, or ``None``;
    ``aliases`` maps old route names to Flask endpoints.
    """

    def __init__(
        self,
        app: Flask,
        legacy_app: WSGIApplication | None,
        mapper: Any,
        legacy_config: MutableMapping[str, Any],
        aliases: dict[str, str],
    ) -> None:
        self.app = app
        self.legacy_app = legacy_app
        self.mapper = mapper
        self.aliases = aliases
        self.legacy_config = legacy_config
        self.config = Config(app.config, legacy_config)
        self.make_request_context: Callable[[WSGIEnvironment], RequestContext] = (
            app.request_context
        )
        self.template_globals: dict[str, Any] = {}
        self._app_globals = SimpleNamespace()
        self._helpers = SimpleNamespace()
        app.extensions[_EXTENSION] = self

    @property
    def app_globals(self) -> Any:
        """The application-wide object: the legacy application's, if it has one."""
        app_globals = self.legacy_config.get("pylons.app_globals")
        return self._app_globals if app_globals is None else app_globals

    @property
    def helpers(self) -> Any:
        """The template helpers: the legacy application's, if it has any."""
        helpers = self.legacy_config.get("pylons.h")
        return self._helpers if helpers is None else helpers

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
