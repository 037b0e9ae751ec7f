"""Run a Python program in this process as ``python`` would, to its very end."""

from __future__ import annotations

import atexit
import builtins
import contextlib
import importlib.util
import os
import shutil
import sys
import sysconfig
import threading
import traceback
from importlib.machinery import PathFinder, SourceFileLoader
from types import CodeType, ModuleType, TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from compatshim.errors import ProgramNotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec

__all__ = ["Ending", "Program", "find_program", "run"]


class Program(NamedTuple):
    """What is to be run, and what Python says of it in ``sys`` and ``__main__``."""

    name: str
    """What ``sys.argv`` begins with."""

    folder: str
    """What ``sys.path`` begins with."""

    load: Callable[[], CodeType]
    """Reads and compiles it, and raises what Python shows where that fails."""

    names: dict[str, Any]
    """What ``__main__`` has from the start."""


class Ending(NamedTuple):
    """How a program has ended: ``error`` is what it raised, already shown."""

    error: BaseException | None = None

    @property
    def is_success(self) -> bool:
        """Whether the exit code is 0."""
        if isinstance(self.error, SystemExit):
            return self.error.code in (None, 0)
        return self.error is None

    def leave(self) -> NoReturn:
        """End this process as Python does after such an error."""
        if self.error is None:
            raise SystemExit
        if not isinstance(self.error, SystemExit):
            # Raised on, because Python ends by a signal after a KeyboardInterrupt.
            sys.excepthook = _show_nothing
        raise self.error


def find_program(target: str, *, is_module: bool = False) -> Program:
    """Return the program that ``python target`` or ``python -m target`` runs.

    ``target`` may also be the name of a command that is written in Python (a console
    script), beside this Python or on ``PATH``. Raises ``ProgramNotFoundError``.
    """
    if is_module:
        return _find_module(target)
    path = target if os.path.exists(target) else _find_command(target)
    full_path = os.path.abspath(path)
    spec = PathFinder.find_spec("__main__", [full_path])
    if spec is not None:  # a folder or an archive
        return _program_of(spec, path, full_path, package="")
    return _script(path)


def _script(path: str) -> Program:
    full_path = os.path.abspath(path)
    loader = SourceFileLoader("__main__", full_path)

    def load() -> CodeType:
        data = loader.get_data(full_path)
        return compile(data, full_path, "exec", dont_inherit=True)

    names = {
        "__file__": full_path,
        "__cached__": None,
        "__loader__": loader,
        "__package__": None,
        "__spec__": None,
    }
    return Program(path, os.path.dirname(os.path.realpath(path)), load, names)


def _find_command(name: str) -> str:
    if os.path.basename(name) != name:
        raise ProgramNotFoundError(name, "there is no such file")
    scripts = sysconfig.get_path("scripts")
    path = shutil.which(name, path=scripts) or shutil.which(name)
    if path is None:
        reason = "there is no such file, and no command of this name on PATH"
        raise ProgramNotFoundError(name, reason)
    with open(path, "rb") as file:
        # The second line is where the interpreter is if its path is too long.
        if b"python" not in file.readline(1000) + file.readline(1000):
            raise ProgramNotFoundError(name, f"{path} is not written in Python")
    return path


def _find_module(name: str) -> Program:
    try:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.submodule_search_locations is not None:
            name = f"{name}.__main__"
            spec = importlib.util.find_spec(name)
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        raise ProgramNotFoundError(name, f"{type(error).__name__}: {error}") from error
    if spec is None:
        raise ProgramNotFoundError(name, "there is no such module")
    return _program_of(spec, spec.origin or name, os.getcwd(), package=spec.parent)


def _program_of(
    spec: ModuleSpec, name: str, folder: str, package: str | None
) -> Program:
    def load() -> CodeType:
        loader: Any = spec.loader
        code: CodeType | None = loader.get_code(spec.name)
        if code is None:
            raise ImportError(f"No code object available for {spec.name}")
        return code

    names = {
        "__file__": spec.origin,
        "__cached__": spec.cached,
        "__loader__": spec.loader,
        "__package__": package,
        "__spec__": spec,
    }
    return Program(name, folder, load, names)


def run(program: Program, arguments: Sequence[str]) -> Ending:
    """Run ``program`` until also its threads and ``atexit`` functions have ended.

    What it raises is shown as Python shows it, without a line of ours. A process that is
    forked off it ends in here: this returns only to the process that has called it.
    """
    process = os.getpid()
    _prepare(program, arguments)
    ending = _execute(program)
    if os.getpid() != process:
        ending.leave()
    if isinstance(ending.error, SystemExit) and not _is_number(ending.error.code):
        print(ending.error.code, file=sys.stderr)  # noqa: T201 (as Python does)
        ending = Ending(SystemExit(1))
    _wait_for_the_end()
    return ending


def _prepare(program: Program, arguments: Sequence[str]) -> None:
    sys.argv = [program.name, *arguments]
    if not (getattr(sys.flags, "safe_path", False) or sys.flags.isolated):
        sys.path[0] = program.folder
    main = ModuleType("__main__")
    vars(main).update(program.names, __builtins__=builtins)
    sys.modules["__main__"] = main


def _execute(program: Program) -> Ending:
    code = None
    try:
        code = program.load()
        exec(code, vars(sys.modules["__main__"]))  # noqa: S102 (that is what we are for)
    except SystemExit as error:
        return Ending(error)
    except BaseException as error:  # noqa: BLE001 (shown, and then raised on)
        below_us = error.__traceback__
        while below_us is not None and below_us.tb_frame.f_code is not code:
            below_us = below_us.tb_next
        error.__traceback__ = below_us
        with contextlib.suppress(KeyboardInterrupt):  # somebody is impatient
            sys.excepthook(type(error), error, below_us)
        return Ending(error)
    return Ending()


def _wait_for_the_end() -> None:
    """Do what Python does next, in the same order, so that nothing runs after us."""
    # These two have no public names. Joining the threads one by one would wait forever
    # for those of an executor, which are told in here that there is no more to do.
    try:
        threading._shutdown()  # type: ignore[attr-defined]  # noqa: SLF001
    except BaseException:  # noqa: BLE001 (Ctrl+C, say: Python shows it and goes on)
        traceback.print_exc()
    atexit._run_exitfuncs()  # noqa: SLF001


def _is_number(code: object) -> bool:
    return code is None or isinstance(code, int)


def _show_nothing(
    kind: type[BaseException], error: BaseException, below_us: TracebackType | None
) -> None:
    del kind, error, below_us
