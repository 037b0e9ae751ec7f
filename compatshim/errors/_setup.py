"""How a site is put together: applications, modules, configuration, routes, plugins."""

from __future__ import annotations

from typing import Any

from compatshim.errors._base import CompatShimError, FileError, UnboundError

__all__ = [
    "AliasError",
    "AlreadyInitialisedError",
    "IniError",
    "NotConfiguredError",
    "NotInitialisedError",
    "NotLegacyError",
    "PartlyRegisteredError",
    "PluginError",
    "RouteConflictError",
    "RouteMappingError",
    "SeveralApplicationsError",
    "SiteUrlError",
    "WatchError",
    "WrappedApplicationError",
]


class NotInitialisedError(UnboundError):
    """No application is in context, or it has no CompatShim.

    ``app_name`` is its name, or ``None`` where no application is in context.
    """

    def __init__(self, app_name: str | None, wanted: str) -> None:
        self.app_name = app_name
        if app_name is None:
            text = (
                f"{wanted} needs an application: push one with 'with"
                " app.app_context():'."
            )
        else:
            text = (
                f"{wanted} needs a CompatShim, and the Flask application {app_name!r}"
                " has none: call CompatShim(app, legacy=legacy_app) where it is made."
            )
        super().__init__(text)


class SeveralApplicationsError(UnboundError):
    """No application is in context, and this process has more than one.

    ``app_names`` are the names of the Flask applications that have a CompatShim.
    """

    def __init__(self, app_names: list[str], wanted: str) -> None:
        self.app_names = app_names
        super().__init__(
            f"{wanted} needs an application, and this process has several:"
            f" {', '.join(map(repr, app_names))}. Push the one that is meant with 'with"
            " app.app_context():'."
        )


class AlreadyInitialisedError(CompatShimError, RuntimeError):
    """``init_app`` was called for an application that already has a CompatShim.

    ``app_name`` is the name of the Flask application.
    """

    def __init__(self, app_name: str) -> None:
        self.app_name = app_name
        super().__init__(
            f"The Flask application {app_name!r} already has a CompatShim: call"
            " init_app once for each application, where it is made."
        )


class WrappedApplicationError(CompatShimError, RuntimeError):
    """``app.wsgi_app`` was wrapped in middleware before ``init_app``.

    ``app_name`` is the name of the Flask application, ``middleware`` what wraps it.
    """

    def __init__(self, app_name: str, middleware: object) -> None:
        self.app_name = app_name
        self.middleware = middleware
        super().__init__(
            f"app.wsgi_app of the Flask application {app_name!r} is already wrapped in"
            f" {middleware!r}: that middleware would see Flask's requests only, and"
            " could change their paths after the dispatcher has chosen who serves."
            " Call init_app first and wrap app.wsgi_app afterwards, so that it covers"
            ' both sides, or pass inner_middleware="flask-only" if Flask alone is meant.'
        )


class NotLegacyError(CompatShimError, TypeError):
    """An application was taken for a legacy one, and no ``PylonsApp`` is in it.

    ``application`` is what was given.
    """

    def __init__(self, application: object) -> None:
        self.application = application
        super().__init__(
            f"{application!r} is neither a Flask application with a CompatShim nor a"
            " PylonsApp, nor middleware that refers to one: pass the PylonsApp itself."
        )


class NotConfiguredError(UnboundError):
    """An object of a legacy request was used that the application does not configure.

    ``object_name`` is the name of the object, such as ``"session"``.
    """

    def __init__(self, object_name: str, instead: str) -> None:
        self.object_name = object_name
        super().__init__(
            f"{object_name!r} was used, but this application configures none. {instead}"
        )


class IniError(FileError):
    """An ini file, or what it names, is not there or not as it must be.

    ``path`` is the file, ``line`` the number of the line, or ``None`` where the file as
    a whole is meant, and ``reason`` what is wrong with it.
    """


class SiteUrlError(CompatShimError, ValueError):
    """The configuration key ``site_url`` is no URL that a site can have.

    ``site_url`` is its value.
    """

    def __init__(self, site_url: str) -> None:
        self.site_url = site_url
        super().__init__(
            f"site_url is {site_url!r}: it must be an absolute URL of http or https"
            " without user, query and fragment, such as 'https://example.org' or, with a"
            " root path, 'https://example.org/data'."
        )


class RouteConflictError(CompatShimError, RuntimeError):
    """Routes hide others, and ``COMPATSHIM_ROUTE_CONFLICTS`` is ``"error"``.

    ``conflicts`` are the :class:`compatshim.routing.conflicts.Conflict` tuples.
    """

    def __init__(self, conflicts: list[Any], listed: str) -> None:
        self.conflicts = conflicts
        super().__init__(
            f"{len(conflicts)} route conflicts:\n{listed}\nResolve them, or set"
            ' COMPATSHIM_ROUTE_CONFLICTS = "warn" in app.config; "flask compatshim'
            ' routes --conflicts" lists them.'
        )


class RouteMappingError(CompatShimError, ValueError):
    """The configuration key ``legacy_route_mappings`` cannot be read.

    ``value`` is its value, ``problem`` what is wrong with it.
    """

    def __init__(self, value: object, problem: str) -> None:
        self.value = value
        self.problem = problem
        super().__init__(
            f"legacy_route_mappings cannot be read: {problem}. Write the old names of"
            " routes with Flask's endpoints, such as 'home:home.index about:home.about',"
            " or a mapping of these."
        )


class PluginError(CompatShimError, RuntimeError):
    """A plugin could not be loaded, or one of its hooks failed.

    ``plugin`` is its name, ``hook`` the name of the hook, or ``None`` where it was not
    yet asked, and ``problem`` what went wrong; ``summary`` says all three. An exception
    of the plugin's own is the ``__cause__``.
    """

    def __init__(self, plugin: str, hook: str | None, problem: str) -> None:
        self.plugin = plugin
        self.hook = hook
        self.problem = problem
        what = "cannot be loaded" if hook is None else f"failed in {hook}()"
        self.summary = f"The plugin {plugin!r} {what}: {problem}."
        super().__init__(
            f"{self.summary} Mend it, or take it out of"
            " compatshim.plugins (COMPATSHIM_PLUGINS in app.config). With"
            ' compatshim.plugin_errors = log (COMPATSHIM_PLUGIN_ERRORS = "log") the site'
            " starts without a plugin that fails."
        )


class PartlyRegisteredError(PluginError):
    """A plugin failed, and Flask has rules or a blueprint of it already."""

    def __str__(self) -> str:
        return (
            f"{self.summary} Mend it, or take it out of compatshim.plugins"
            " (COMPATSHIM_PLUGINS in app.config). Flask cannot take back the rules and"
            " blueprints that it has of the plugin, so the site does not start without it."
        )


class AliasError(CompatShimError, ValueError):
    """A name cannot be an alias of ``compatshim.legacy``.

    ``alias`` is the name, ``reason`` what is in the way.
    """

    def __init__(self, alias: object, reason: str) -> None:
        self.alias = alias
        self.reason = reason
        super().__init__(
            f"{alias!r} cannot be an alias of compatshim.legacy: {reason}. What asks for"
            " the alias is compatshim.legacy.install_alias(), the environment variable"
            " COMPATSHIM_ALIAS or compatshim.alias in an ini file."
        )


class WatchError(CompatShimError, ValueError):
    """A module, or a name of it, cannot be watched.

    ``module`` is the name of the module, ``attribute`` the name in it, or ``None`` where
    the module as a whole is meant, and ``reason`` what is wrong.
    """

    def __init__(self, module: str, attribute: str | None, reason: str) -> None:
        self.module = module
        self.attribute = attribute
        self.reason = reason
        what = repr(module if attribute is None else f"{module}.{attribute}")
        super().__init__(f"{what} cannot be watched: {reason}.")
