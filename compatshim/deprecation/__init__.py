"""What is to be left behind: told at the line that uses it, counted, and held by CI.

``recorder`` counts every use and announces each call site once, as a warning, to its
listeners and to ``first_occurrence`` (a signal, where blinker is installed). ``CODES`` is
the table of what there is to announce.
"""

from __future__ import annotations

import os
from typing import Any

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
from compatshim.deprecation.declarations import Declaration, overdue
from compatshim.deprecation.marking import deprecated
from compatshim.deprecation.recorder import CallSite, Recorder, Use, recorder
from compatshim.deprecation.renaming import deprecated_alias, deprecated_names
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

if "COMPATSHIM_DEPRECATION_DIRECTORY" in os.environ:  # children.VARIABLE
    from compatshim.deprecation import children

    children.report_if_asked()


def __getattr__(name: str) -> Any:
    if name == "first_occurrence":  # blinker is optional, and seldom asked for
        from compatshim.deprecation.signals import first_occurrence

        return first_occurrence
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
