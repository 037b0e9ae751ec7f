"""The containers of a request's objects, and small functions around WSGI and names."""

from __future__ import annotations

import pkgutil
import sys
from copy import copy
from typing import TYPE_CHECKING, Any

from compatshim.deprecation.recorder import recorder
from compatshim.snapshots.environ import session_key
from compatshim.snapshots.response import copy_response, copy_translator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import TracebackType

    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

    from compatshim.serving import LegacyRequest

    ExcInfo = (
        tuple[type[BaseException], BaseException, TracebackType]
        | tuple[None, None, None]
    )

__all__ = [
    "AttribSafeContextObj",
    "ContextObj",
    "PylonsContext",
    "call_wsgi_application",
    "class_name_from_module_name",
    "resolve_dotted",
]

_LONGEST_REPR = 70
_MISSING: Any = object()


class ContextObj:
    """The ``tmpl_context`` of a request; a missing name is an ``AttributeError``.

    As Pylons 1.0's, with the methods of ``flask.g`` beside. ``namespace`` becomes its
    ``__dict__`` itself, not a copy, so that other objects of the request can share it:
    those are equal.
    """

    def __init__(self, namespace: dict[str, Any] | None = None) -> None:
        if namespace is not None:
            object.__setattr__(self, "__dict__", namespace)

    def get(self, name: str, default: Any = None) -> Any:
        """Return the value of ``name``, or ``default``."""
        return vars(self).get(name, default)

    def pop(self, name: str, default: Any = _MISSING) -> Any:
        """Remove ``name`` and return its value; ``KeyError`` without a ``default``."""
        if default is _MISSING:
            return vars(self).pop(name)
        return vars(self).pop(name, default)

    def setdefault(self, name: str, default: Any = None) -> Any:
        """Return the value of ``name``; set it to ``default`` first if it has none."""
        return vars(self).setdefault(name, default)

    def __contains__(self, name: object) -> bool:
        return name in vars(self)

    def __iter__(self) -> Iterator[str]:
        return iter(vars(self))

    def __eq__(self, other: object) -> bool:
        return getattr(other, "__dict__", None) is vars(self)

    def __hash__(self) -> int:
        return id(vars(self))

    def __repr__(self) -> str:
        parts = [
            f" {name}={_shortened(repr(value))}"
            for name, value in sorted(vars(self).items(), key=lambda item: item[0])
            if not name.startswith("_")
        ]
        cls = type(self)
        return f"<{cls.__module__}.{cls.__name__} at {hex(id(self))}{','.join(parts)}>"


def _shortened(text: str) -> str:
    return f"{text[:60]}...{text[-5:]}" if len(text) > _LONGEST_REPR else text


class AttribSafeContextObj(ContextObj):
    """A ``tmpl_context`` where a missing name is ``''``, as Pylons 1.0's.

    Names with two underscores in front, such as ``__html__``, stay errors: they are how
    Python asks what an object can do.
    """

    def __getattr__(self, name: str) -> Any:
        if name[:2] == "__":
            raise AttributeError(
                f"{type(self).__name__!r} object has no attribute {name!r}"
            )
        return missing_name(name)


def missing_name(name: str) -> str:
    """Return what a lax ``tmpl_context`` has for a name that nothing has set.

    The line that reads it is recorded (CS302): under Flask's ``g`` it would fail.
    """
    frame = sys._getframe(2)  # noqa: SLF001 (as logging does)
    recorder.record("CS302", f"c.{name}", f"c.get({name!r}, '')", frame)
    return ""


class PylonsContext:
    """All objects of one request, as Pylons 1.0's.

    A controller has it as ``self._py_object``. ``openers`` are functions for attributes
    that are made when first asked for.
    """

    config: Any
    request: Any
    response: Any
    app_globals: Any
    h: Any
    url: Any
    translator: Any
    tmpl_context: Any
    session: Any
    cache: Any

    def __init__(self, **openers: Callable[[], Any]) -> None:
        self._openers = openers

    def __getattr__(self, name: str) -> Any:
        opener = None if name == "_openers" else self._openers.get(name)
        if opener is None:
            raise AttributeError(
                f"{type(self).__name__!r} object has no attribute {name!r}"
            )
        value = opener()
        setattr(self, name, value)
        return value

    def copy_for(self, record: LegacyRequest) -> PylonsContext:
        """Return what ``record``, a copy of this request for a thread, has as its objects.

        What an application has added is the same object in both.
        """
        copied = copy(self)
        environ = record.environ
        environ["pylons.pylons"] = copied
        copied.tmpl_context = type(self.tmpl_context)(record.namespace)
        copied.request = request = type(self.request)(environ)
        request.tmpl_context = copied.tmpl_context
        copied.response = copy_response(self.response)
        copied.translator = copy_translator(self.translator)
        key = session_key(environ)
        if key in environ:
            copied.session = request.session = environ[key]
        elif record.open_session is not None:
            vars(copied).pop("session", None)
            openers = {**self._openers, "session": record.open_session}
            vars(copied).update(_openers=openers)
        return copied


def class_name_from_module_name(module_name: str) -> str:
    """Return the name of the class that a module stands for, as Pylons 1.0 does.

    ``with-dashes`` and ``with_dashes`` become ``WithDashes``.
    """
    return "".join(word.title() for word in module_name.replace("-", "_").split("_"))


def call_wsgi_application(
    application: WSGIApplication, environ: WSGIEnvironment, catch_exc_info: bool = False
) -> tuple[Any, ...]:
    """Call ``application`` and return ``(status, headers, app_iter)``.

    As Pylons 1.0's. The caller closes ``app_iter``; it was read and closed already where
    the application called ``start_response`` late or wrote to it. An exception
    handed to ``start_response`` is raised, or with ``catch_exc_info`` it is a fourth
    item. Raises ``RuntimeError`` where the application never called
    ``start_response``.
    """
    started: list[tuple[str, list[tuple[str, str]], ExcInfo | None]] = []
    output: list[bytes] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], exc_info: ExcInfo | None = None
    ) -> Callable[[bytes], object]:
        if exc_info is not None and exc_info[1] is not None and not catch_exc_info:
            raise exc_info[1].with_traceback(exc_info[2])
        started[:] = [(status, headers, exc_info)]
        return output.append

    app_iter: Iterable[bytes] = application(environ, start_response)
    if not started or output:
        try:
            output.extend(app_iter)
        finally:
            close_iterable(app_iter)
        app_iter = output
    if not started:
        raise RuntimeError(f"{application!r} did not call start_response")
    status, headers, exc_info = started[0]
    if catch_exc_info:
        return status, headers, app_iter, exc_info
    return status, headers, app_iter


def close_iterable(iterable: object) -> None:
    """Close a response iterable, if it can be closed."""
    close = getattr(iterable, "close", None)
    if close is not None:
        close()


def resolve_dotted(name: str) -> Any:
    """Return the object that ``package.module:Name`` stands for, as Pylons 1.0 does."""
    return pkgutil.resolve_name(name)
