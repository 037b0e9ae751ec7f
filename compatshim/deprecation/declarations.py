"""Which names their owners have deprecated, and which of them are to be gone by now."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from compatshim.deprecation.recorder import recorder

if TYPE_CHECKING:
    from types import FrameType, FunctionType

__all__ = ["Declaration", "declare", "is_reached", "overdue"]

_RELEASE = re.compile(r"\s*v?(?:(?P<epoch>\d+)!)?(?P<numbers>\d+(?:\.\d+)*)")

_declared: dict[tuple[str, str], Declaration] = {}


class Declaration(NamedTuple):
    """A name that its owner, the module ``module``, has deprecated.

    ``since`` and ``removed_in`` are versions of that one; ``use`` is what to write.
    """

    module: str
    name: str
    use: str = ""
    since: str | None = None
    removed_in: str | None = None

    def record(
        self, code: str, frame: FrameType | None, otherwise: FunctionType | None = None
    ) -> None:
        """Record a use at ``frame``, or where nobody is to blame at ``otherwise``."""
        recorder.record(
            code,
            self.name,
            self.use,
            frame,
            since=self.since,
            removed_in=self.removed_in,
            otherwise=otherwise,
        )


def declare(
    module: str, name: str, use: str, since: str | None, removed_in: str | None
) -> Declaration:
    """Return a declaration that :func:`overdue` knows of."""
    declared = Declaration(module, name, use, since, removed_in)
    _declared[module, name] = declared
    return declared


def overdue(package: str, version: str) -> list[Declaration]:
    """Return the names of ``package`` that are past their ``removed_in`` in ``version``.

    That is of what ``deprecated``, ``deprecated_alias`` and ``deprecated_names`` have
    marked in the modules imported so far. A test that there are none makes sure that
    what was announced is done.
    """
    return [
        declared
        for declared in list(_declared.values())
        if f"{declared.module}.".startswith(f"{package}.")
        and declared.removed_in is not None
        and is_reached(declared.removed_in, version)
    ]


def is_reached(wanted: str, version: str) -> bool:
    """Return whether ``version`` is ``wanted``, one before its release, or a later one."""
    return _release(wanted) <= _release(version)


def _release(version: str) -> tuple[int, list[int]]:
    """Return the epoch and the numbers, without what tells an alpha or a patch apart."""
    found = _RELEASE.match(version)
    if found is None:
        raise ValueError(f"{version!r} is not a version, such as '2.0'")
    numbers = [int(number) for number in found["numbers"].split(".")]
    while numbers and numbers[-1] == 0:  # 1.0 is 1
        numbers.pop()
    return int(found["epoch"] or 0), numbers
