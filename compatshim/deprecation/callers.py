"""Whose line it was: the innermost one that is not ours, nor a proxy, nor an importer."""

from __future__ import annotations

import os
import sys
from types import FrameType, FunctionType, TracebackType
from typing import Any, NamedTuple

__all__ = [
    "Place",
    "caller_of",
    "class_statement_of",
    "current_frame",
    "forget",
    "look_past",
    "place_of",
    "remembered",
]

MODULES_KEPT = 4_096

current_frame = sys._getframe  # noqa: SLF001 (as logging does)
"""Return the frame of who calls it, or one so many calls around that."""

_PACKAGE = __name__.partition(".")[0]
_APPLICATION = f"{_PACKAGE}.demo"  # it is an application, and its lines are shown
_between = [
    "werkzeug.local",
    "jinja2",
    "mako",
    "markupsafe",
    "importlib",
    "decorator",
    "wrapt",
    "pkgutil",
    "unittest.mock",
    "_pytest.monkeypatch",
    # Of the standard library: what calls or makes what it is given.
    "abc",
    "asyncio",
    "concurrent.futures",
    "contextlib",
    "copy",
    "dataclasses",
    "enum",
    "functools",
    "inspect",
    "pydoc",
    "threading",
    "types",
    "typing",
]
# What stands between our code and the line that uses it: proxies, templates, importers.

_memories: list[dict[Any, Any]] = []


def remembered() -> dict[Any, Any]:
    """Return a dictionary for what is found out about frames, which :func:`forget` empties.

    It must be right for it to be emptied at any time.
    """
    memory: dict[Any, Any] = {}
    _memories.append(memory)
    return memory


def forget() -> None:
    """Find out anew whose line it was from now on."""
    for memory in _memories:
        memory.clear()


# A dictionary, not lru_cache(): asked for several frames of each call.
_known_modules: dict[str, bool] = remembered()


class Place(NamedTuple):
    """A line of code or of a template, and the ``__name__`` of the module it is in.

    The file is an absolute path, or something in ``<...>`` that is in no file.
    """

    filename: str
    line: int
    module: str


def look_past(module: str) -> None:
    """Never blame a line of ``module``, or of one in it, but the line that called it.

    For modules that only pass on what they are given, such as a wrapper of ``url_for``.
    """
    _between.append(module)
    forget()


def caller_of(frame: FrameType | None) -> FrameType | None:
    """Return ``frame`` or the innermost one around it that is to blame, if any is."""
    while frame is not None:
        module = frame.f_globals.get("__name__") or ""
        is_passed = _known_modules.get(module)
        if is_passed is None:
            if len(_known_modules) >= MODULES_KEPT:  # of code made again and again
                _known_modules.clear()
            is_passed = _known_modules[module] = _is_passed(module)
        if not is_passed:
            return frame
        frame = frame.f_back
    return None


def _is_passed(module: str) -> bool:
    if any(_is_in(module, package) for package in _between):
        return True
    return _is_in(module, _PACKAGE) and not _is_in(module, _APPLICATION)


def _is_in(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def class_statement_of(frame: FrameType | None) -> FrameType | None:
    """Return what :func:`caller_of` does for a line that makes or calls a class.

    What its metaclass does for it, and ``__init_subclass__``, is not to blame.
    """
    found = caller_of(frame)
    while found is not None and _makes_class(found):
        found = caller_of(found.f_back)
    return found


def _makes_class(frame: FrameType) -> bool:
    code = frame.f_code
    if code.co_name == "__init_subclass__":
        return True
    if code.co_name not in {"__new__", "__call__"} or not code.co_argcount:
        return False
    first = frame.f_locals.get(code.co_varnames[0])
    if code.co_name == "__new__":
        return isinstance(first, type) and issubclass(first, type)
    return isinstance(first, type)


def place_of(blamed: FrameType | FunctionType) -> Place:
    """Return the file and line of a frame, in a template those of the template.

    Of a function it is the definition.
    """
    if isinstance(blamed, FunctionType):
        code, names = blamed.__code__, blamed.__globals__
        filename, line = code.co_filename, code.co_firstlineno
    else:
        names = blamed.f_globals
        filename, line = _file_and_line(blamed)
    if not filename.startswith("<"):  # else it would depend on where the process runs
        filename = os.path.abspath(filename)
    return Place(filename, line, names.get("__name__") or "unknown")


def _file_and_line(frame: FrameType) -> tuple[str, int]:
    names, filename = frame.f_globals, frame.f_code.co_filename
    jinja_template = names.get("__jinja_template__")
    if jinja_template is not None:
        line = jinja_template.get_corresponding_lineno(frame.f_lineno)
        if filename == "<template>":
            filename = _without_file(jinja_template.name)
        return filename, line
    if "_template_uri" in names and "mako.exceptions" in sys.modules:
        return _mako_file_and_line(frame)
    return filename, frame.f_lineno


def _without_file(name: str | None) -> str:
    """Return how a template is shown that is in no file."""
    return f"<template {name}>" if name else "<template>"


def _mako_file_and_line(frame: FrameType) -> tuple[str, int]:
    names = frame.f_globals
    places: dict[int, tuple[str, int]]
    places = names.setdefault("__compatshim_places__", {})
    place = places.get(frame.f_lineno)
    if place is None:
        begun = _mako_module_begun(frame)
        filename, line = (
            _as_mako_says(frame)
            if begun is None
            else (names["_template_filename"], _line_in_mako_module(frame, begun))
        )
        if names["_template_filename"] is None:
            uri = names["_template_uri"]  # without a name it is an address in memory
            filename = _without_file(None if uri.startswith("memory:") else uri)
        place = places[frame.f_lineno] = filename, line
    return place


def _mako_module_begun(frame: FrameType) -> FrameType | None:
    """Return the frame of the template's module while that runs (``<%! ... %>``)."""
    outer: FrameType | None = frame
    while outer is not None:
        if outer.f_globals is frame.f_globals and outer.f_code.co_name == "<module>":
            return outer
        outer = outer.f_back
    return None


def _line_in_mako_module(frame: FrameType, module: FrameType) -> int:
    """Return the line of the template, of which Mako itself knows only afterwards."""
    loader = module.f_globals.get("__loader__")
    if loader is not None:
        source = loader.get_source(module.f_globals["__name__"])
    else:  # an older Mako, and a module that is in no file
        compiling: Any = module.f_back
        source = compiling.f_locals["source"]
    mako = sys.modules["mako.template"]
    metadata = mako.ModuleInfo.get_module_source_metadata(source, full_line_map=True)
    line: int = metadata["full_line_map"][frame.f_lineno - 1]
    return line


def _as_mako_says(frame: FrameType) -> tuple[str, int]:
    # Twice, because Mako opens a file to show what a single line is in.
    line = TracebackType(None, frame, frame.f_lasti, frame.f_lineno)
    lines = TracebackType(line, frame, frame.f_lasti, frame.f_lineno)
    found = sys.modules["mako.exceptions"].RichTraceback(Warning(), lines).traceback[0]
    return found[0], found[1]
