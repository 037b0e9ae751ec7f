"""What benchmarks/bench_urls.py compares; no test here measures time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from compatshim.common import is_flask_request

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

FLASK_NAMES = ("Flask endpoint", "old name", "old action")
BARS = {
    "legacy name": 1.1,
    "legacy name, changing": 1.1,
    "Flask endpoint": 1.2,
    "old name": 1.6,
    "old action": 1.6,
}
# In a legacy request, Flask has no url_for to compare with.
NAMES = {"flask": list(BARS), "legacy": list(BARS)[:2]}


@pytest.mark.filterwarnings(
    "ignore::compatshim.deprecation.LegacyUrlWarning"  # as the command does
)
def test_each_url_is_built_by_both_at_each_size_and_the_largest_against_the_smallest(
    load: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = load("bench_urls")
    compared = []

    def compare(name: str, ours: Any, theirs: Any, bar: float, pairs: int) -> None:
        built = (ours(), theirs())
        number = "0" if "changing" in name else "x"
        prefix = "flask" if name.startswith(FLASK_NAMES) else "legacy"
        if "largest" in name:  # of 8 routes and of 4, the one in the middle
            assert built == (f"/{prefix}/4/{number}", f"/{prefix}/2/{number}")
        else:
            assert is_flask_request() is ("flask serves" in name)
            middle = "2" if name.endswith(" 4 routes") else "4"
            assert built == (f"/{prefix}/{middle}/{number}",) * 2
        compared.append((name, bar, pairs))

    monkeypatch.setattr(bench, "compare", compare)
    monkeypatch.setattr(bench, "SIZES", (4, 8))
    list(bench.comparisons())
    assert compared == [
        *(
            (f"{name}, {side} serves, {size} routes", BARS[name], 21)
            for size in (4, 8)
            for side, names in NAMES.items()
            for name in names
        ),
        *(
            (f"{name}, {side} serves, largest / smallest", 1.15, 21)
            for side, names in NAMES.items()
            for name in names
        ),
    ]
