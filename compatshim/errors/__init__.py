"""Every exception that compatshim raises, with its data as attributes.

Those that also inherit from a web framework's exceptions live in
:mod:`compatshim.objects.errors`; they are reachable from here, and loaded only then, as
are those of the tools.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compatshim.errors._base import (
    CompatShimError,
    MissingExtraError,
    UnboundError,
)
from compatshim.errors._requests import (
    BodyNotReadError,
    HelperNotFoundError,
    HookResultError,
    NoRequestError,
    NotForwardedError,
    TemplateNotFoundError,
)
from compatshim.errors._sessions import (
    BeakerOptionError,
    BeakerStoreError,
    SessionTooLargeError,
    SessionUnavailableError,
    SessionValueError,
)
from compatshim.errors._setup import (
    AliasError,
    AlreadyInitialisedError,
    IniError,
    NotConfiguredError,
    NotInitialisedError,
    NotLegacyError,
    PartlyRegisteredError,
    PluginError,
    RouteConflictError,
    RouteMappingError,
    SeveralApplicationsError,
    SiteUrlError,
    WatchError,
    WrappedApplicationError,
)

if TYPE_CHECKING:
    from compatshim.errors._tools import (
        BaselineError,
        ChangedFilesError,
        ChangedMeanwhileError,
        ConfigurationError,
        DeprecationStoreError,
        HistoryFileError,
        ProgramNotFoundError,
        ReportFileError,
        ReportOptionError,
        RoutesTableError,
        StillLegacyError,
        WorkerLostError,
    )
    from compatshim.objects.errors import HTTP_EXCEPTIONS, HTTPException, UrlBuildError

__all__ = [
    "HTTP_EXCEPTIONS",
    "AliasError",
    "AlreadyInitialisedError",
    "BaselineError",
    "BeakerOptionError",
    "BeakerStoreError",
    "BodyNotReadError",
    "ChangedFilesError",
    "ChangedMeanwhileError",
    "CompatShimError",
    "ConfigurationError",
    "DeprecationStoreError",
    "HTTPException",
    "HelperNotFoundError",
    "HistoryFileError",
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
    "ProgramNotFoundError",
    "ReportFileError",
    "ReportOptionError",
    "RouteConflictError",
    "RouteMappingError",
    "RoutesTableError",
    "SessionTooLargeError",
    "SessionUnavailableError",
    "SessionValueError",
    "SeveralApplicationsError",
    "SiteUrlError",
    "StillLegacyError",
    "TemplateNotFoundError",
    "UnboundError",
    "UrlBuildError",
    "WatchError",
    "WorkerLostError",
    "WrappedApplicationError",
]

_INHERIT_FROM_FRAMEWORKS = ("HTTPException", "HTTP_EXCEPTIONS", "UrlBuildError")


def __getattr__(name: str) -> Any:
    if name in _INHERIT_FROM_FRAMEWORKS:
        import compatshim.objects.errors

        return getattr(compatshim.objects.errors, name)
    if name in __all__:  # the others have been imported
        from compatshim.errors import _tools

        return getattr(_tools, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
