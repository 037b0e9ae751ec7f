"""Counting uses of what is to be left behind, against Python's own warnings.

Each use is one whose line was seen before, as all but the first are; what reading the
names of a watched module costs is in ``bench_deprecation.py``.
``python benchmarks/bench_recording.py`` exits with 1 if a bar is missed.
"""

from __future__ import annotations

import warnings
from functools import wraps
from typing import TYPE_CHECKING, Any

from _pairs import compare, report
from bench_urls import make_site, request_of

from compatshim import common
from compatshim.deprecation import deprecated, recorder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from _pairs import Comparison

PAIRS = 21
RECORD_BAR = 1.6
FUNCTION_BAR = 2.0
URL_BAR = 1.8
TEXT = "CS501 old: write `new()`"


def recording() -> Iterator[Comparison]:
    """Compare ``recorder.record`` with a warning that a filter hides."""

    def ours() -> None:
        recorder.record("CS501", "old", "new()")

    def theirs() -> None:
        warnings.warn(TEXT, DeprecationWarning, stacklevel=1)

    yield compare("one use / warnings.warn", ours, theirs, RECORD_BAR, PAIRS)


def warning_by_hand(function: Callable[[], Any]) -> Callable[[], Any]:
    """Return ``function`` as one marks it without a library."""

    @wraps(function)
    def wrapper() -> Any:
        warnings.warn(TEXT, DeprecationWarning, stacklevel=2)
        return function()

    return wrapper


def functions() -> Iterator[Comparison]:
    """Compare ``@deprecated`` with a decorator that warns."""

    def function() -> str:
        return "result"

    old, by_hand = deprecated(use="new()")(function), warning_by_hand(function)
    ours, theirs = (lambda: old()), (lambda: by_hand())  # noqa: PLW0108 (a caller's line)
    assert ours() == theirs()
    yield compare("@deprecated / by hand", ours, theirs, FUNCTION_BAR, PAIRS)


def urls() -> Iterator[Comparison]:
    """Compare the former name of a view's route with its endpoint."""
    site = make_site(10)
    with request_of(site, "flask"):

        def ours() -> str:
            return common.url_for(f"old_{site.middle}", id="x")

        def theirs() -> str:
            return common.url_for(f"flask.view_{site.middle}", id="x")

        assert ours() == theirs()
        yield compare("former name / endpoint", ours, theirs, URL_BAR, PAIRS)


def comparisons() -> Iterator[Comparison]:
    """Compare all of it."""
    for case in (recording, functions, urls):
        yield from case()


if __name__ == "__main__":
    warnings.simplefilter("ignore", DeprecationWarning)
    raise SystemExit(report(comparisons()))
