"""Every exception that compatshim raises, with its data as attributes.

Those that also inherit from a web framework's exceptions live in
:mod:`compatshim.objects.errors`; they are reachable from here, and loaded only then.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from compatshim.objects.errors import HTTP_EXCEPTIONS, HTTPException, UrlBuildError

__all__ = [
    "HTTP_EXCEPTIONS",
    "AlreadyInitialisedError",
    "BeakerOptionError",
    "BeakerStoreError",
    "BodyNotReadError",
    "CompatShimError",
    "HTTPException",
    "HelperNotFoundError",
    "HookResultError",
    "IniError",
    "MissingExtraError",
    "NoRequestError",
    "NotConfiguredError",
    "NotForwardedError",
    "NotInitialisedError",
    "NotLegacyError",
    "PartlyRegisteredError",
    "PluginError",
    "RouteConflictError",
    "RouteMappingError",
    "SessionTooLargeError",
    "SessionUnavailableError",
    "SessionValueError",
    "SeveralApplicationsError",
    "SiteUrlError",
    "TemplateNotFoundError",
    "UnboundError",
    "UrlBuildError",
    "WrappedApplicationError",
]

_INHERIT_FROM_FRAMEWORKS = ("HTTPException", "HTTP_EXCEPTIONS", "UrlBuildError")


class CompatShimError(Exception):
    """The base of every exception class in this module.

    They can be pickled, and so come out of a process pool, where their data can.
    """

    def __reduce__(self) -> tuple[Any, ...]:
        # Python would call the class with what is in ``args``, which is the message.
        return made_again, (type(self), self.args, self._data())

    def _data(self) -> dict[str, Any]:
        """Return the attributes that a copy is to have."""
        return dict(vars(self))


def made_again(
    cls: type[CompatShimError], args: tuple[Any, ...], data: dict[str, Any]
) -> CompatShimError:
    """Return the exception that was pickled; for pickle only."""
    error = cls.__new__(cls)
    error.args = args
    for name, value in data.items():
        setattr(error, name, value)
    return error


class UnboundError(CompatShimError, RuntimeError, TypeError, AttributeError):
    """An object was used while there is nothing that it could stand for.

    It is a ``RuntimeError``, as Flask's proxies raise, a ``TypeError``, as Pylons'
    did, and an ``AttributeError``, so that ``hasattr`` is false and ``getattr`` takes
    its default.
    """


class NoRequestError(UnboundError):
    """A common object was used while no request of either framework is current.

    ``object_name`` is the name of the common object, such as ``"request"``.
    """

    def __init__(self, object_name: str) -> None:
        self.object_name = object_name
        super().__init__(
            f"{object_name!r} was used outside of a request: neither a Flask request"
            " context nor a legacy request is current. A running server makes one for"
            " each request. In a test or a shell, push one:"
            " 'with app.test_request_context(\"/\"):' for Flask, or 'with"
            ' compatshim.testing.legacy_request_context(app, "/"):\' for the legacy'
            " side. In a thread, start it with compatshim.common.copy_current_context."
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


class NotForwardedError(CompatShimError, AttributeError):
    """What was asked for cannot be had under the framework that is serving.

    ``attribute`` is what was used (``"response.body_file"``), ``framework`` who is
    serving (``"flask"`` or ``"legacy"``), ``instead`` what to write.
    """

    def __init__(self, attribute: str, framework: str, instead: str) -> None:
        self.attribute = attribute
        self.framework = framework
        self.instead = instead
        super().__init__(
            f"{attribute!r} is not available while {framework} is serving. {instead}"
        )


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


class BodyNotReadError(CompatShimError, RuntimeError):
    """The body of a request was read in a copy of it, and the request had not read it."""

    def __init__(self) -> None:
        super().__init__(
            "A function copied by copy_current_context cannot read the body of the"
            " request, which is a stream that belongs to the request itself. Read it"
            " there first (request.form, request.files, request.json, request.body of"
            " compatshim.common), then call copy_current_context."
        )


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


class HookResultError(CompatShimError, TypeError):
    """A function of ``shim.after_request`` returned no response.

    ``function`` is that function, and ``result`` what it returned.
    """

    def __init__(self, function: object, result: object) -> None:
        self.function = function
        self.result = result
        name = getattr(function, "__qualname__", repr(function))
        super().__init__(
            f"The after_request function {name!r} returned {result!r}: it must return"
            " the response that it was given, or another one."
        )


class IniError(CompatShimError, ValueError):
    """An ini file, or what it names, is not there or not as it must be.

    ``path`` is the file, ``line`` the number of the line, or ``None`` where the file as
    a whole is meant, and ``reason`` what is wrong with it.
    """

    def __init__(self, path: str, line: int | None, reason: str) -> None:
        self.path = path
        self.line = line
        self.reason = reason
        place = path if line is None else f"{path}:{line}"
        super().__init__(f"{place}: {reason}")


class MissingExtraError(UnboundError):
    """A feature needs a library that is an optional extra of compatshim.

    ``feature`` is what was used, ``extra`` the name to install.
    """

    def __init__(self, feature: str, extra: str) -> None:
        self.feature = feature
        self.extra = extra
        super().__init__(f"{feature} needs: pip install 'compatshim[{extra}]'")


class SessionValueError(CompatShimError, TypeError):
    """A value was put into the session that would not come back as it was.

    ``key`` is the session's key, ``value_type`` the type that is refused, and ``path``
    where it stands: ``"session['cart'][0]"``.
    """

    def __init__(self, key: object, value_type: type, path: str, reason: str) -> None:
        self.key = key
        self.value_type = value_type
        self.path = path
        super().__init__(
            f"{path} cannot be kept in the session: {value_type.__qualname__!r} {reason}."
            " What comes back as it was: str, int, float, bool, None, bytes, uuid.UUID,"
            " markupsafe.Markup, aware datetimes of whole seconds, and lists, tuples and"
            " dicts with str keys of these. Convert it, such as by str(value) or"
            " value.isoformat(), or keep it elsewhere and its id in the session."
        )


class SessionUnavailableError(CompatShimError):
    """The store of the sessions failed, and is not to be done without.

    ``action`` is what failed (``"read"``, ``"stored"``, ``"renewed"``), ``interface``
    the name of the session interface's class. The store's own exception is the
    ``__cause__``.
    """

    def __init__(self, action: str, interface: str) -> None:
        self.action = action
        self.interface = interface
        super().__init__(
            f"The session could not be {action}: the store of {interface} does not"
            " answer as it should. Nothing of the session was stored in this request."
            ' With COMPATSHIM_SESSION_UNAVAILABLE = "empty" in app.config, pages are'
            " served with an empty session instead, and what they write is dropped."
        )


class SessionTooLargeError(CompatShimError, ValueError):
    """A session does not fit into the cookie that is to hold all of it.

    ``problem`` is what the session's library says.
    """

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(
            f"The session was not stored: {problem}. Browsers keep some 4000 bytes:"
            " put large values into a database and their ids into the session, or keep"
            " sessions in a store, such as beaker.session.type = ext:redis."
        )


class HelperNotFoundError(CompatShimError, AttributeError, KeyError):
    """``h`` has no helper of this name.

    ``name`` is what was asked for. An ``AttributeError``, so that ``hasattr`` is false,
    and a ``KeyError``. ``find_names`` returns the names of all helpers.
    """

    def __init__(self, name: object, find_names: Callable[[], Iterable[str]]) -> None:
        super().__init__(name)
        self.name = name  # type: ignore[assignment]  # an item may be asked for by any
        self._find_names: Callable[[], Iterable[str]] | None = find_names

    def _data(self) -> dict[str, Any]:
        # What was found, not where. Python itself keeps the ``name``.
        found = {"name": self.name, "nearest": self.nearest}
        return {**vars(self), **found, "_find_names": None}

    @cached_property
    def nearest(self) -> tuple[str, ...]:
        """The helpers whose names are most like ``name``, the nearest first."""
        from difflib import get_close_matches

        # Only where somebody looks: it compares with every helper.
        names = () if self._find_names is None else self._find_names()
        return tuple(get_close_matches(str(self.name), names))

    def __str__(self) -> str:
        text = f"h has no helper {self.name!r}."
        nearest = self.nearest
        if nearest:
            text += f" Like it: {', '.join(map(repr, nearest))}."
        return f"{text} A function becomes one with @shim.helper."


class TemplateNotFoundError(CompatShimError, LookupError):
    """A template is in none of the places where its library looks for it.

    What is raised is an exception of that library, too: of
    ``jinja2.TemplateNotFound``, or of ``mako.exceptions.TemplateLookupException``.
    ``template_name`` is the template that was asked for, by code or by another template,
    and ``places`` are the folders, and loaders of other kinds, that were searched.
    """

    def __init__(self, template_name: str, places: Iterable[str]) -> None:
        self.template_name = template_name
        self.places = tuple(dict.fromkeys(places))

    def __str__(self) -> str:
        searched = ", ".join(self.places) or "nothing, no folder is set up"
        return (
            f"The template {self.template_name!r} was not found. Searched: {searched}."
        )


class BeakerOptionError(CompatShimError, ValueError):
    """The ``beaker.session.*`` keys of a configuration make no Beaker session.

    ``problem`` is what Beaker says of them.
    """

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(
            f"Beaker cannot make sessions of this configuration: {problem}. The keys"
            " are those that the legacy site gave to beaker.middleware"
            ".SessionMiddleware: beaker.session.type, .data_dir, .url, .key, .secret,"
            " ... ."
        )


class BeakerStoreError(CompatShimError, ConnectionError):
    """The store of the Beaker sessions did not do its work.

    It is an ``OSError``, as what other stores raise: memcached's clients raise nothing.
    ``problem`` is what went wrong.
    """

    def __init__(self, problem: str) -> None:
        self.problem = problem
        super().__init__(
            f"{problem}: see that the servers in beaker.session.url run, and that a"
            " session is no larger than they take."
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
    """A blueprint of a plugin could not be registered, and what was of it remains."""

    def __str__(self) -> str:
        return (
            f"{self.summary} Mend it, or take it out of compatshim.plugins"
            " (COMPATSHIM_PLUGINS in app.config). Flask cannot take back what it has of"
            " the plugin's blueprints, so the site does not start without it."
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


def __getattr__(name: str) -> Any:
    if name in _INHERIT_FROM_FRAMEWORKS:
        import compatshim.objects.errors

        return getattr(compatshim.objects.errors, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
