"""Tell a Flask view's module that it still reads requests as WebOb does; on demand."""

from __future__ import annotations

import inspect
import sys
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import flask

from compatshim.deprecation.callers import caller_of, remembered
from compatshim.deprecation.names import REQUEST_ATTRIBUTES
from compatshim.deprecation.recorder import recorder
from compatshim.ini import asbool
from compatshim.legacy.controllers import WSGIController

if TYPE_CHECKING:
    from types import CodeType, FrameType

__all__ = ["request_class"]

_PROXIES = ("werkzeug.local", "compatshim.scoped")
CODE_OBJECTS_KEPT = 4_096

# By the code that reads: whether controllers are defined in its module. The code object is
# kept, so that no other one can have its identity.
_with_controllers: dict[int, tuple[bool, CodeType]] = remembered()


def request_class(plain: Any) -> Any:
    """Return the class of the common request under Flask: ``plain``, or one that records.

    The latter where ``COMPATSHIM_WARN_LEGACY_ATTRIBUTES`` is true. It records (CS301)
    each read of an attribute that only WebOb has by a module that only Flask runs: that
    of the view which serves, unless controllers are defined in it, too. Code elsewhere
    may be shared, and so do all modules read without the key.
    """
    is_wanted = flask.current_app.config.get("COMPATSHIM_WARN_LEGACY_ATTRIBUTES")
    return _recording(plain) if is_wanted and asbool(is_wanted) else plain


@lru_cache
def _recording(plain: Any) -> Any:
    class Request(plain):
        __doc__ = plain.__doc__

        def __getattribute__(self, name: str) -> Any:
            if name in REQUEST_ATTRIBUTES:
                frame = _reader(sys._getframe(1))  # noqa: SLF001 (as logging does)
                if frame is not None and _is_of_view(frame, self.endpoint):
                    instead = REQUEST_ATTRIBUTES[name].instead
                    recorder.record("CS301", f"request.{name}", instead, frame)
            return super().__getattribute__(name)

    Request.__module__ = plain.__module__
    return Request


def _reader(frame: FrameType | None) -> FrameType | None:
    """Return whose line reads through the proxy, unless that is a library's or ours."""
    while frame is not None and frame.f_globals.get("__name__") in _PROXIES:
        frame = frame.f_back
    return frame if frame is not None and caller_of(frame) is frame else None


def _is_of_view(frame: FrameType, endpoint: str | None) -> bool:
    view: Any = flask.current_app.view_functions.get(endpoint or "")
    view = getattr(view, "view_class", None) or inspect.unwrap(view)
    module = frame.f_globals.get("__name__")
    return getattr(view, "__module__", None) == module and not _has_controllers(frame)


def _has_controllers(frame: FrameType) -> bool:
    """Return whether the module that ``frame`` is of, and which serves, defines any."""
    code = frame.f_code
    known = _with_controllers.get(id(code))
    if known is None:
        if len(_with_controllers) >= CODE_OBJECTS_KEPT:  # of code made again and again
            _with_controllers.clear()
        names = frame.f_globals
        known = (
            any(_is_controller(value, names) for value in list(names.values())),
            code,
        )
        _with_controllers[id(code)] = known
    return known[0]


def _is_controller(value: Any, names: dict[str, Any]) -> bool:
    return (
        issubclass(type(value), type)  # isinstance() would ask what a proxy stands for
        and issubclass(value, WSGIController)
        and value.__module__ == names.get("__name__")
    )
