"""The picture of benchmarks/_plot.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType

PANELS = {
    "Flask view": {
        "bare-flask": {10: 50.0, 10_000: 51.0},
        "compatshim": {10: 51.0, 10_000: 52.0},
    },
    "legacy action": {
        "bare-pylons": {10: 60.0, 10_000: 600.0},
        "compatshim": {10: 70.0, 10_000: 71.0},
        "ask-both": {10: 200.0, 10_000: 1_400.0},
        "flask-first": {10: 190.0, 10_000: 900.0},
    },
}


@pytest.fixture
def plot(load: Callable[[str], ModuleType]) -> ModuleType:
    return load("_plot")


def test_it_is_a_picture(plot: ModuleType, tmp_path: Path) -> None:
    plot.check_matplotlib()
    plot.draw(PANELS, tmp_path / "routing.png")
    assert (tmp_path / "routing.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")


def test_each_line_and_both_axes_are_named(plot: ModuleType, tmp_path: Path) -> None:
    plot.draw(PANELS, tmp_path / "routing.svg")
    # matplotlib draws letters as outlines, and says in a comment what they spell.
    drawn = (tmp_path / "routing.svg").read_text(encoding="utf-8")
    for title, peers in PANELS.items():
        assert f"<!-- {title} -->" in drawn
        for peer in peers:
            assert f"<!-- {peer} -->" in drawn
    for text in ("routes on each side", "microseconds for a request", "10,000", "500"):
        assert f"<!-- {text} -->" in drawn
