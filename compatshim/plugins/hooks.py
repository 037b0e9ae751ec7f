"""The hooks: what a plugin may bring, and when it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, MutableMapping
    from os import PathLike

    import click
    from _typeshed.wsgi import WSGIApplication
    from flask import Blueprint
    from routes import Mapper

    Directory = str | PathLike[str]

__all__ = ["PROJECT", "Hooks", "hookimpl"]

PROJECT = "compatshim"

hookimpl = pluggy.HookimplMarker(PROJECT)
"""Marks the functions of a plugin that are hooks."""

_hookspec = pluggy.HookspecMarker(PROJECT)


class Hooks:
    """Every hook. A plugin has those that it needs, with the arguments that it needs.

    Plugins are asked in the order in which they are configured, and where two bring the
    same thing, the first one's is used. But for ``compatshim_identify``, each hook is
    called once, at the start, in an application context. A relative directory is below
    the folder of the plugin's module.
    """

    @_hookspec
    def compatshim_config(self, config: MutableMapping[str, Any]) -> None:
        """Change the common configuration.

        It is called for all plugins before the other hooks are.
        """

    @_hookspec
    def compatshim_helpers(self) -> Mapping[str, Any] | None:
        """Return helpers by their names in ``h``; they override those of the site."""

    @_hookspec
    def compatshim_template_dirs(self) -> Iterable[Directory] | None:
        """Return folders of templates, which override those of the site."""

    @_hookspec
    def compatshim_public_dirs(self) -> Iterable[Directory] | None:
        """Return folders of files to serve, at their paths below the site's root.

        Only where no route of either side takes the path.
        """

    @_hookspec
    def compatshim_translations(
        self,
    ) -> tuple[Directory, str] | Iterable[tuple[Directory, str]] | None:
        """Return ``(directory, domain)``, or several.

        ``<directory>/<locale>/LC_MESSAGES/<domain>.mo`` is searched after the
        catalogues of the site.
        """

    @_hookspec
    def compatshim_commands(self) -> Iterable[click.Command] | None:
        """Return commands for ``flask``."""

    @_hookspec
    def compatshim_middleware(
        self, wsgi_app: WSGIApplication, config: MutableMapping[str, Any]
    ) -> WSGIApplication:
        """Return WSGI middleware around ``wsgi_app``, which is both sides.

        A request passes that of the first plugin first.
        """
        raise NotImplementedError

    @_hookspec
    def compatshim_error_log_middleware(
        self, wsgi_app: WSGIApplication, config: MutableMapping[str, Any]
    ) -> WSGIApplication:
        """Return WSGI middleware that reports what ``wsgi_app`` raises.

        It is called with each unhandled exception of either side, which ``wsgi_app``
        raises; what it answers goes nowhere.
        """
        raise NotImplementedError

    @_hookspec
    def compatshim_routes_before(self, mapper: Mapper) -> None:
        """Connect legacy routes that come before the site's, on either side.

        Not called where the legacy application has no Routes mapper.
        """

    @_hookspec
    def compatshim_routes_after(self, mapper: Mapper) -> None:
        """Connect legacy routes that come after the site's, as Routes orders them.

        Not called where the legacy application has no Routes mapper.
        """

    @_hookspec
    def compatshim_blueprints(self) -> Iterable[Blueprint] | None:
        """Return Flask blueprints. Their rules come before all routes of the site.

        Called after the hooks for legacy routes.
        """

    @_hookspec
    def compatshim_identify(self, request: Any) -> str | tuple[str, Any] | None:
        """Return who makes a request: a name, or a name and the user's object.

        ``None`` lets the next plugin say. It is called before each request of either
        side; ``request`` is the common one.
        """
