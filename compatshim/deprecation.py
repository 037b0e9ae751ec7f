"""Warnings about what is to be left behind, shown at the line that uses it."""

from __future__ import annotations

import sys
import warnings
from functools import lru_cache, wraps
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "DeprecatedHelperWarning",
    "LegacyRouteWarning",
    "deprecated",
    "warn_at_caller",
    "warn_of_legacy_route",
]

_Function = TypeVar("_Function", bound="Callable[..., Any]")

_PACKAGE = __name__.partition(".")[0]
_APPLICATION = f"{_PACKAGE}.demo"  # it is an application, and its lines are shown
_BETWEEN = ("werkzeug.local", "jinja2", "mako", "markupsafe")
"""What stands between our code and the line that uses it: proxies, and templates."""


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


class DeprecatedHelperWarning(DeprecationWarning):
    """A helper was called that will go, or a function that is no helper.

    ``name`` is its name, ``instead`` what to write, ``removed_in`` the version that will
    not have it any more, or ``None``. The fault is that of the line to which the warning
    points, in a template or in Python code.
    """

    def __init__(self, name: str, instead: str, removed_in: str | None = None) -> None:
        self.name = name
        self.instead = instead
        self.removed_in = removed_in
        when = f" and will be removed in {removed_in}" if removed_in else ""
        super().__init__(f"{name}() is deprecated{when}: write {instead}.")


def deprecated(
    instead: str, *, removed_in: str | None = None
) -> Callable[[_Function], _Function]:
    """Let each call of a helper be a ``DeprecatedHelperWarning`` at the caller's line.

    In a template that is the line of the template. ``instead`` is what to write there.
    """

    def mark(function: _Function) -> _Function:
        @wraps(function)
        def helper(*args: Any, **kwargs: Any) -> Any:
            warn_at_caller(
                DeprecatedHelperWarning(function.__name__, instead, removed_in)
            )
            return function(*args, **kwargs)

        return helper  # type: ignore[return-value]

    return mark


def warn_at_caller(warning: Warning, skipped: int = 1) -> None:
    """Show ``warning`` at the innermost line of code that is not compatshim's own.

    A line of a Jinja2 or Mako template is shown as such. ``skipped`` frames, at least
    that of the caller, are known to be ours.
    """
    frame = _caller(sys._getframe(skipped + 1))  # noqa: SLF001 (as logging does)
    if frame is None:
        warnings.warn(warning, stacklevel=2)
        return
    names = frame.f_globals
    place = _place_of(frame)
    warnings.warn_explicit(
        warning,
        type(warning),
        place.filename,
        place.line,
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
    if any(_is_in(module, package) for package in _BETWEEN):
        return True
    return _is_in(module, _PACKAGE) and not _is_in(module, _APPLICATION)


def _is_in(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


class _Place(NamedTuple):
    filename: str
    line: int


def _place_of(frame: FrameType) -> _Place:
    """Return the file and line of ``frame``: those of the template if it is one's."""
    names = frame.f_globals
    jinja_template = names.get("__jinja_template__")
    if jinja_template is not None:
        line = jinja_template.get_corresponding_lineno(frame.f_lineno)
        filename = frame.f_code.co_filename
        if filename == "<template>":  # it is in no file
            filename = jinja_template.name or filename
        return _Place(filename, line)
    if "_template_uri" in names and "mako.exceptions" in sys.modules:
        return _mako_place(frame)
    return _Place(frame.f_code.co_filename, frame.f_lineno)


def _mako_place(frame: FrameType) -> _Place:
    places: dict[int, _Place] = frame.f_globals.setdefault("__compatshim_places__", {})
    place = places.get(frame.f_lineno)
    if place is None:
        # Twice, because Mako opens a file to show what a single line is in.
        line = TracebackType(None, frame, frame.f_lasti, frame.f_lineno)
        lines = TracebackType(line, frame, frame.f_lasti, frame.f_lineno)
        mako = sys.modules["mako.exceptions"]
        found = mako.RichTraceback(Warning(), lines).traceback[0]
        place = places[frame.f_lineno] = _Place(found[0], found[1])
    return place


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
