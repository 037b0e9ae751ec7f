"""Names of a module that are read through us, so that each line that does is counted."""

from __future__ import annotations

import sys
from opcode import opmap
from typing import TYPE_CHECKING, Any

from compatshim.deprecation.callers import caller_of, current_frame, remembered
from compatshim.deprecation.names import import_line
from compatshim.deprecation.recorder import recorder

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, FrameType, ModuleType

    from compatshim.deprecation.uses import Use

    _CodeOf = Callable[[FrameType], str | None]

__all__ = ["except_code_of", "watched_name"]

INSTRUCTIONS_KEPT = 16_384

_PACKAGE = __name__.partition(".")[0]
_APPLICATION = f"{_PACKAGE}.demo"
# The instructions that read attributes; the last of the imports is how stars do from
# Python 3.12 on.
_IMPORT_FROM = opmap["IMPORT_FROM"]
_IMPORTS = [
    _IMPORT_FROM,
    *(opmap.get(name) for name in ("IMPORT_STAR", "CALL_INTRINSIC_1")),
]
_ATTRIBUTES = [opmap.get(name) for name in ("LOAD_ATTR", "LOAD_METHOD")]
# What comes between two names in ``import a.b.c as d``.
_ON_THE_WAY = [opmap.get(name) for name in ("SWAP", "ROT_TWO")]

_repeat = recorder.repeat

# What is known of each instruction that has read a name: the use that it is, or None where
# it does not count; and whether it reads for the code around it, as templates' do.
# The code object is kept, so that no other one can have its identity.
_readers: dict[tuple[str, int, int], tuple[Use | None, bool, CodeType]] = remembered()
# What looks an object up by its name, for no one's use of that name.
_LOOKING_UP = ["importlib", "inspect", "pickle", "copyreg", "cloudpickle", "dill"]
_excepted = list(_LOOKING_UP)


def except_code_of(packages: list[str]) -> None:
    """Count no read by a module in or around one of ``packages``, nor by our own code."""
    _excepted[:] = [*_LOOKING_UP, *packages]
    _readers.clear()


def watched_name(
    owner: type,
    values: dict[str, Any],
    name: str,
    shown_as: str,
    instead: str,
    *,
    is_module: bool = False,
) -> property:
    """Return what stands for ``name`` on ``owner``, the class of a module.

    ``values`` is the namespace of that module. The name is shown as ``shown_as``, to be
    replaced by ``instead``. ``from m import x`` and ``from m import *`` read attributes as
    ``m.x`` does, and so does ``import m.x as y``. Of a module's name only the imports count:
    what else is read are the names in it. A property comes before the module's own
    namespace, and reading the other names takes no longer than it does without.
    """
    code_of = _code_of_module if is_module else _code
    own = _data_descriptor(owner.__base__, name)
    if own is None:
        write, delete = _writers(values, name)
    else:  # it comes before the namespace, too
        values, write, delete = {}, own.__set__, getattr(own, "__delete__", None)

    # A closure: half of the time goes into looking things up.
    def read(module: ModuleType) -> Any:
        frame = current_frame(1)
        reader = _readers.get((shown_as, id(frame.f_code), frame.f_lasti))
        if reader is None:
            _record(frame, shown_as, instead, code_of)
        elif reader[0] is not None:
            _repeat(reader[0], frame)
        elif reader[1]:
            _repeat_around(frame, shown_as, instead, code_of)
        try:
            return values[name]
        except KeyError:  # the module may make it when it is asked
            return getattr(super(owner, module), name)

    return property(read, write, delete)


def _writers(
    values: dict[str, Any], name: str
) -> tuple[Callable[[ModuleType, Any], None], Callable[[ModuleType], None] | None]:
    """Return what sets and deletes ``name``, as it is done in a usual module."""

    def write(_: ModuleType, value: Any) -> None:
        values[name] = value

    def delete(_: ModuleType) -> None:
        try:
            del values[name]
        except KeyError:
            raise AttributeError(name) from None

    return write, delete


def _data_descriptor(cls: type | None, name: str) -> Any:
    """Return what ``cls`` has by that name if setting and deleting go through it."""
    namespaces = (vars(base) for base in getattr(cls, "__mro__", ()))
    found = next((names[name] for names in namespaces if name in names), None)
    return found if hasattr(type(found), "__set__") else None


def _record(frame: FrameType, shown_as: str, instead: str, code_of: _CodeOf) -> None:
    code = code_of(frame)
    reader: FrameType | None = frame
    while reader is not None and _reads_for_others(reader):
        _remember(shown_as, reader, None, for_others=True)
        reader = reader.f_back
    if reader is None:
        return
    use = None
    if code is not None and not _is_excepted(reader):
        use = recorder.record(code, shown_as, import_line(instead), reader)
    _remember(shown_as, reader, use)


def _remember(
    shown_as: str, frame: FrameType, use: Use | None, *, for_others: bool = False
) -> None:
    if len(_readers) >= INSTRUCTIONS_KEPT:  # of code made again and again
        _readers.clear()
    key = (shown_as, id(frame.f_code), frame.f_lasti)
    _readers[key] = use, for_others, frame.f_code


def _repeat_around(
    frame: FrameType, shown_as: str, instead: str, code_of: _CodeOf
) -> None:
    """Count a read by ``frame`` for code around it."""
    outer = frame.f_back
    while outer is not None:
        reader = _readers.get((shown_as, id(outer.f_code), outer.f_lasti))
        if reader is None:
            _record(frame, shown_as, instead, code_of)
            return
        if reader[0] is not None:
            _repeat(reader[0], outer)
        if not reader[1]:
            return
        outer = outer.f_back


def _code(frame: FrameType) -> str | None:
    """Return the code for how ``frame`` reads a name, or ``None`` where it only seems to.

    A function in C that it calls reads names, too: pickling an object does.
    """
    instruction = frame.f_code.co_code[frame.f_lasti]
    if instruction in _IMPORTS:
        return "CS101"
    if instruction in _ATTRIBUTES or _is_getattr(frame):
        return "CS102"
    return None


def _code_of_module(frame: FrameType) -> str | None:
    """Return the code for how ``frame`` imports a module, or ``None`` where it does not.

    In ``import a.b.c as d`` that is ``c``, and not ``b``.
    """
    code, read = frame.f_code.co_code, frame.f_lasti
    is_named = code[read] == _IMPORT_FROM and code[read + 2] not in _ON_THE_WAY
    return "CS101" if is_named else None


def _is_getattr(frame: FrameType) -> bool:
    """Return whether the call that ``frame`` waits for is that of ``getattr``.

    Then what is called is written where the call begins.
    """
    from dis import get_instructions, hasconst  # seldom needed

    places = _places(frame.f_code)
    call = places[frame.f_lasti // 2]
    return any(
        instruction.argval == "getattr"
        and instruction.opcode not in hasconst
        and places[instruction.offset // 2] == call
        for instruction in get_instructions(frame.f_code)
    )


def _places(code: CodeType) -> list[tuple[int | None, ...]]:
    """Return where the expression of each instruction begins, or else in which line."""
    if sys.version_info >= (3, 11):
        return [(line, column) for line, _, column, _ in code.co_positions()]
    return [
        (line,) for start, end, line in code.co_lines() for _ in range(start, end, 2)
    ]


def _reads_for_others(frame: FrameType) -> bool:
    return not _is_excepted(frame) and caller_of(frame) is not frame


def _is_excepted(frame: FrameType) -> bool:
    module = frame.f_globals.get("__name__") or ""
    if _is_in(module, _PACKAGE):
        return not _is_in(module, _APPLICATION)
    return any(
        _is_in(module, package) or _is_in(package, module) for package in _excepted
    )


def _is_in(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")
