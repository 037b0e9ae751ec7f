"""Warnings about what is to be left behind, shown at the line that uses it."""

from __future__ import annotations

import sys
import warnings
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

__all__ = ["LegacyRouteWarning", "warn_at_caller", "warn_of_legacy_route"]

_PACKAGE = __name__.partition(".")[0]
_APPLICATION = f"{_PACKAGE}.demo"  # it is an application, and its lines are shown


class LegacyRouteWarning(DeprecationWarning):
    """A URL was built with the name of a legacy route that Flask serves by now.

    ``old_call`` is what was written, ``new_call`` what to write. The fault is that of
    the line to which the warning points.
    """

    def __init__(self, old_call: str, new_call: str) -> None:
        self.old_call = old_call
        self.new_call = new_call
        super().__init__(
            f"{old_call} names a legacy route that Flask serves now: write {new_call}."
        )


def warn_at_caller(warning: Warning, skipped: int = 1) -> None:
    """Show ``warning`` at the innermost line of code that is not compatshim's own.

    ``skipped`` frames, at least that of the caller, are known to be.
    """
    frame = _caller(sys._getframe(skipped + 1))  # noqa: SLF001 (as logging does)
    if frame is None:
        warnings.warn(warning, stacklevel=2)
        return
    names = frame.f_globals
    warnings.warn_explicit(
        warning,
        type(warning),
        frame.f_code.co_filename,
        frame.f_lineno,
        names.get("__name__") or "unknown",
        names.setdefault("__warningregistry__", {}),
    )


def _caller(frame: FrameType | None) -> FrameType | None:
    while frame is not None:
        module = frame.f_globals.get("__name__") or ""
        is_ours = _known_modules.get(module)
        if is_ours is None:
            is_ours = _known_modules[module] = _is_ours(module)
        if not is_ours:
            return frame
        frame = frame.f_back
    return None


# A dictionary, not lru_cache(): asked for several frames of each call.
_known_modules: dict[str, bool] = {}


def _is_ours(module: str) -> bool:
    if module == "werkzeug.local":  # what the common objects are called through
        return True
    return _is_in(module, _PACKAGE) and not _is_in(module, _APPLICATION)


def _is_in(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def warn_of_legacy_route(
    endpoint: str,
    route: str | None = None,
    controller: object = None,
    action: str | None = None,
) -> None:
    """Say at the caller's line which endpoint ``url_for`` is to be called with.

    It was called with the name of a legacy ``route``, or else with ``controller`` and
    ``action``.
    """
    warning = _legacy_route_warning(endpoint, route, controller, action)
    try:
        warn_at_caller(warning, skipped=4)  # up to the function of compatshim.common
    except LegacyRouteWarning:
        # One that is kept must not keep the frames of a traceback.
        warning.__traceback__ = warning.__context__ = None
        raise LegacyRouteWarning(warning.old_call, warning.new_call) from None


@lru_cache(maxsize=1024)
def _legacy_route_warning(
    endpoint: str, route: str | None, controller: object, action: str | None
) -> LegacyRouteWarning:
    # A page may have many links: making the text takes longer than showing it.
    old = (
        f"controller={controller!r}, action={action!r}"
        if route is None
        else repr(route)
    )
    return LegacyRouteWarning(f"url_for({old}, ...)", f"url_for({endpoint!r}, ...)")
