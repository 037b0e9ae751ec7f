"""Every exception that compatshim raises, with its data as attributes.

Those that also inherit from a web framework's exceptions live in
:mod:`compatshim.objects.errors`; they are reachable from here, and loaded only then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from compatshim.objects.errors import HTTP_EXCEPTIONS, HTTPException, UrlBuildError

__all__ = [
    "HTTP_EXCEPTIONS",
    "AlreadyInitialisedError",
    "CompatShimError",
    "HTTPException",
    "MissingExtraError",
    "NoRequestError",
    "NotConfiguredError",
    "NotForwardedError",
    "NotInitialisedError",
    "UnboundError",
    "UrlBuildError",
    "WrappedApplicationError",
]

_INHERIT_FROM_FRAMEWORKS = ("HTTPException", "HTTP_EXCEPTIONS", "UrlBuildError")


class CompatShimError(Exception):
    """The base of every exception class in this module."""


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


class MissingExtraError(UnboundError):
    """A feature needs a library that is an optional extra of compatshim.

    ``feature`` is what was used, ``extra`` the name to install.
    """

    def __init__(self, feature: str, extra: str) -> None:
        self.feature = feature
        self.extra = extra
        super().__init__(f"{feature} needs: pip install 'compatshim[{extra}]'")


def __getattr__(name: str) -> Any:
    if name in _INHERIT_FROM_FRAMEWORKS:
        import compatshim.objects.errors

        return getattr(compatshim.objects.errors, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
