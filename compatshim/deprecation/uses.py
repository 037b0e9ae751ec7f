"""One line that uses something deprecated, and what is known of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from compatshim.deprecation.codes import CODES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from compatshim.deprecation.categories import CompatShimDeprecationWarning

__all__ = ["CALLERS_KEPT", "CallSite", "Use", "with_callers"]

CALLERS_KEPT = 5
"""How many of those who made a line run are remembered."""


class CallSite(NamedTuple):
    """A line that uses something deprecated.

    The file is an absolute path; one in ``<...>``, such as ``<template page.html>``, is
    not in the file system.
    """

    code: str
    name: str
    filename: str
    line: int


class Use:  # no dataclass: making one takes longer than importing the module does
    """What is known of one call site.

    ``module`` is the ``__name__`` of the module that the line is in, ``count`` how often
    it ran, and ``callers`` a few of those who made it run: the test (``Recorder.context``)
    or else ``file:line in function``. ``str(use)`` is one line for a log.
    """

    def __init__(
        self,
        site: CallSite,
        module: str,
        instead: str = "",
        count: int = 0,
        callers: list[str] | None = None,
        since: str | None = None,
        removed_in: str | None = None,
    ) -> None:
        self.site = site
        self.module = module
        self.instead = instead
        self.count = count
        self.callers = [] if callers is None else callers
        self.since = since
        self.removed_in = removed_in

    def __str__(self) -> str:
        """Return ``file:line: CS101 ...``, with what to write instead."""
        return f"{self.site.filename}:{self.site.line}: {self.warning()}"

    def __repr__(self) -> str:
        attributes = (f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__name__}({', '.join(attributes)})"

    def but(self, **changes: Any) -> Use:
        """Return a copy with other values of some attributes, and a list of its own."""
        return Use(**{**vars(self), "callers": list(self.callers), **changes})

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can hold; :meth:`from_dict` takes it back."""
        names = {**vars(self), **self.site._asdict(), "callers": list(self.callers)}
        del names["site"]
        return names

    @classmethod
    def from_dict(cls, names: dict[str, Any]) -> Use:
        """Return the use that :meth:`to_dict` has written."""
        names = {**names, "callers": list(names["callers"])}
        site = CallSite(*(names.pop(name) for name in CallSite._fields))
        return cls(site, **names)

    def warning(self) -> CompatShimDeprecationWarning:
        """Return a new warning about it, of the class of its code."""
        code, name = self.site.code, self.site.name
        category = CODES[code].category
        return category(code, name, self.instead, self.since, self.removed_in)


def with_callers(known: Iterable[str], others: Iterable[str]) -> list[str]:
    """Return the callers of both, each once, and not more than are kept of a use."""
    return list(dict.fromkeys([*known, *others]))[:CALLERS_KEPT]
