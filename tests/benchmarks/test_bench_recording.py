"""What benchmarks/bench_recording.py compares; no test here measures time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from compatshim.deprecation import recorder

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # as the command does
def test_only_our_half_is_counted_and_gives_the_same(
    load: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = load("bench_recording")
    compared = []

    def compare(name: str, ours: Any, theirs: Any, bar: float, pairs: int) -> None:
        recorder.clear()
        result = theirs()
        assert recorder.uses() == []
        assert ours() == result
        (use,) = recorder.uses()
        assert (use.count, use.site.filename) == (1, bench.__file__)
        compared.append((name, use.site.code, bar))

    monkeypatch.setattr(bench, "compare", compare)
    list(bench.comparisons())
    assert compared == [
        ("one use / warnings.warn", "CS501", 1.6),
        ("@deprecated / by hand", "CS501", 2.0),
        ("former name / endpoint", "CS201", 1.8),
    ]
