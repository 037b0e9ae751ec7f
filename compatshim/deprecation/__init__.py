"""What is to be left behind: told at the line that uses it, counted, and held by CI.

``recorder`` counts every use and announces each call site once, as a warning, to its
listeners and to ``first_occurrence`` (a signal, where blinker is installed). ``CODES`` is
the table of what there is to announce.

Where to look: ``codes`` and ``names`` are tables, ``uses``, ``recorder``, ``announcing``
and ``callers`` say what was used where. ``watching`` (with ``watched_names``, ``finding``
and ``aliasing``) tells of the modules of a legacy framework, ``marking`` and ``renaming``
of what somebody has deprecated (``declarations``). ``increments`` and ``process_end`` are
for those who keep the counts: ``children`` for the process that has started this one,
``stores`` for a running site.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

from compatshim.deprecation.callers import look_past
from compatshim.deprecation.categories import (
    CompatShimDeprecationWarning,
    DeprecatedNameWarning,
    LegacyAttributeWarning,
    LegacyControllerWarning,
    LegacyImportWarning,
    LegacyUrlWarning,
    LimitReachedWarning,
)
from compatshim.deprecation.codes import CODES, Code
from compatshim.deprecation.recorder import Recorder, recorder
from compatshim.deprecation.uses import CallSite, Use

if TYPE_CHECKING:
    from compatshim.deprecation.declarations import Declaration, overdue
    from compatshim.deprecation.marking import deprecated
    from compatshim.deprecation.renaming import deprecated_alias, deprecated_names
    from compatshim.deprecation.signals import first_occurrence
    from compatshim.deprecation.watching import Watch, watch

__all__ = [
    "CODES",
    "CallSite",
    "Code",
    "CompatShimDeprecationWarning",
    "Declaration",
    "DeprecatedNameWarning",
    "LegacyAttributeWarning",
    "LegacyControllerWarning",
    "LegacyImportWarning",
    "LegacyUrlWarning",
    "LimitReachedWarning",
    "Recorder",
    "Use",
    "Watch",
    "deprecated",
    "deprecated_alias",
    "deprecated_names",
    "first_occurrence",
    "look_past",
    "overdue",
    "recorder",
    "watch",
]

# What a site does not need by itself is loaded when it is asked for.
_LOADED_LATER = {
    "Declaration": "declarations",
    "Watch": "watching",
    "deprecated": "marking",
    "deprecated_alias": "renaming",
    "deprecated_names": "renaming",
    "first_occurrence": "signals",  # blinker is optional
    "overdue": "declarations",
    "watch": "watching",
}

if "COMPATSHIM_DEPRECATION_DIRECTORY" in os.environ:  # children.VARIABLE
    from compatshim.deprecation import children

    children.report_if_asked()


def __getattr__(name: str) -> Any:
    if name in _LOADED_LATER:
        return getattr(import_module(f"{__name__}.{_LOADED_LATER[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
