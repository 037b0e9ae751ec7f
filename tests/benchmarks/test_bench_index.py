"""What benchmarks/bench_index.py compares; no test here measures time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    import pytest

PLACES = ["first", "middle", "last", "missing"]


def test_each_size_is_matched_against_routes_and_the_largest_against_the_smallest(
    load: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = load("bench_index")
    compared = []

    def compare(name: str, ours: Any, theirs: Any, bar: float, pairs: int) -> None:
        assert (ours() is None) == (theirs() is None) == name.endswith("missing")
        compared.append((name, bar, pairs))

    monkeypatch.setattr(bench, "compare", compare)
    monkeypatch.setattr(bench, "BARS", {10: 1.3, 40: 0.8})
    list(bench.comparisons())
    assert compared == [
        *(
            (f"{name} / Routes, {size} routes, {place}", bar, 21)
            for size, bar in bench.BARS.items()
            for place in PLACES
            for name in ("index", "beside")
        ),
        *((f"40 / 10 routes, {place}", 1.15, 21) for place in PLACES),
    ]
