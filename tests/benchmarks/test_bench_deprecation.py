"""What benchmarks/bench_deprecation.py compares; no test here measures time."""

from __future__ import annotations

import sys
import warnings
from typing import TYPE_CHECKING, Any

from compatshim.deprecation import LegacyImportWarning, recorder

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    import pytest


def test_watched_reads_are_recorded_and_others_are_not(
    load: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = load("bench_deprecation")
    recorder.clear()
    counts = []

    def count(name: str, read: Callable[[], object]) -> None:
        before = sum(use.count for use in recorder.uses())
        read()
        counts.append((name, sum(use.count for use in recorder.uses()) - before))

    def compare(name: str, ours: Any, theirs: Any, bar: float, pairs: int) -> None:
        assert ours() == theirs() == ("value",) * 10
        assert (bar, pairs) in {(1.05, 21), (4, 21)}
        count(name, ours)

    warnings.simplefilter("ignore", LegacyImportWarning)
    monkeypatch.setattr(bench, "compare", compare)
    monkeypatch.setattr(bench, "against_microsecond", count)
    try:
        list(bench.comparisons())
    finally:
        sys.modules.pop("watched", None)
        sys.modules.pop("unwatched", None)
    assert counts == [
        ("a name imported from a watched module / another", 0),
        ("another name of a watched module / another", 0),
        ("watched.request / a microsecond", 10),
        ("pylons.request / a microsecond", 10),
        ("i18n._ / a microsecond", 10),
    ]


def test_time_of_one_read(
    load: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch of 5 calls, of 10 reads each, that takes 30 microseconds."""
    bench = load("bench_deprecation")
    monkeypatch.setattr(bench, "batch_time", lambda read, batch: 30_000)
    assert bench.time_of_reads(print, batch=5, reads=1) == 600
    assert bench.time_of_reads(print, batch=5, reads=2) == 1200
