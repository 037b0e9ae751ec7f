"""What benchmarks/bench_routing.py compares and prints; no test here measures time."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType

PLACES = ["first", "middle", "last", "half moved", "missing"]
# What has bars: Flask has to be asked before a legacy page in a half moved section.
BARRED = {"bare-flask": PLACES[:4], "bare-pylons": PLACES[:3]}

ROW = re.compile(
    r"(flask|legacy), ([\d,]+) routes, ([a-z ]+?) +[\d.]+ us"
    r"(?: +\d+\.\d\d \[\d+\.\d\d, \d+\.\d\d\]){3}"
)


@pytest.fixture
def bench(load: Callable[[str], ModuleType]) -> ModuleType:
    return load("bench_routing")


@pytest.fixture
def compared(
    bench: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> list[tuple[str, float, int]]:
    """Return what is compared, where each takes 3 % longer than the other."""
    found = []

    def compare(name: str, ours: Any, theirs: Any, bar: float, pairs: int) -> Any:
        assert len(ours) == len(theirs) == sys.modules["bench_routing"].INSTANCES
        assert len({ask() for ask in (*ours, *theirs)}) <= 2
        found.append((name, bar, pairs))
        return sys.modules["_pairs"].Comparison(name, 1.03, 1.02, 1.04, bar, 51.5)

    monkeypatch.setattr(bench, "compare", compare)
    return found


def test_every_way_is_compared_with_the_framework_alone_and_each_bar_has_its_line(
    bench: ModuleType,
    compared: list[tuple[str, float, int]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert bench.main(["--sizes", "10", "40", "--pairs", "7"]) == 1
    no_bar = float("inf")
    in_table = [
        (
            f"{peer} / {alone}, {size} routes, {place}",
            bar if peer == "compatshim" and place in BARRED[alone] else no_bar,
            7,
        )
        for size, legacy_bar in [(10, 1.25), (40, no_bar)]
        for alone, bar in [("bare-flask", 1.03), ("bare-pylons", legacy_bar)]
        for place in PLACES
        for peer in ("compatshim", "ask-both", "flask-first")
    ]
    beside = [
        *(
            (f"compatshim / ask-both, {size} routes, {place}", 1 / 3, 7)
            for size in (10, 40)
            for place in BARRED["bare-pylons"]
        ),
        *(
            (f"{side} {place}, 40 / 10 routes", 1.15, 7)
            for side in ("flask", "legacy")
            for place in PLACES
        ),
    ]
    assert compared == in_table + beside

    table, _, bars = capsys.readouterr().out.partition("\n\n")
    heading, *rows = table.splitlines()
    assert heading.split()[-4:] == ["alone", "compatshim", "ask-both", "flask-first"]
    ratio = "1.03 [1.02, 1.04]"
    first = f"flask, 10 routes, first 50.0 us {ratio} {ratio} {ratio}"
    assert " ".join(rows[0].split()) == first
    found = [ROW.fullmatch(row) for row in rows]
    assert [row.groups() for row in found if row] == [
        (side, size, place)
        for size in ("10", "40")
        for side in ("flask", "legacy")
        for place in PLACES
    ]

    *lines, last = bars.splitlines()
    with_bar = [one for one in in_table if one[1] != no_bar] + beside
    for (name, bar, _), line in zip(with_bar, lines, strict=True):
        verdict = "MISSED" if bar == 1 / 3 else "met"
        expected = f"{name} 1.030 [1.020, 1.040] bar {bar:.2f} {verdict} 51.5 us"
        assert " ".join(line.split()) == f"{expected} per call"
    assert last == "6 of the bars missed"


@pytest.mark.parametrize(
    ("side", "size", "place", "bar"),
    [
        *(("flask", size, "last", 1.03) for size in (10, 100, 1_000, 10_000)),
        *(("flask", 10, place, 1.03) for place in BARRED["bare-flask"]),
        *(("legacy", 10, place, 1.25) for place in BARRED["bare-pylons"]),
        *(("legacy", 10_000, place, 0.6) for place in BARRED["bare-pylons"]),
        ("legacy", 1_000, "last", float("inf")),
        ("legacy", 10, "half moved", float("inf")),
        ("flask", 10, "missing", float("inf")),
    ],
)
def test_the_bars_of_the_full_sizes(
    bench: ModuleType, side: str, size: int, place: str, bar: float
) -> None:
    assert bench.Case(side, size, place).bar == bar
    assert bench.SIZES == (10, 100, 1_000, 10_000)
    assert bench.PAIRS >= 21


def test_a_run_that_really_measures_prints_a_table_and_bars(
    bench: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(sys.modules["_pairs"], "calls_for", lambda function: 1)
    assert bench.main(["--sizes", "1", "10", "--pairs", "6"]) in (0, 1)
    table, _, bars = capsys.readouterr().out.partition("\n\n")
    assert len([row for row in table.splitlines() if ROW.fullmatch(row)]) == 20
    verdicts = re.findall(r" bar \d\.\d\d  (?:met|MISSED) +\d+\.\d us per call\n", bars)
    assert len(verdicts) == 27


def test_the_picture_has_a_panel_for_each_side_and_a_line_for_each_way(
    bench: ModuleType,
    compared: list[tuple[str, float, int]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    drawn = []
    monkeypatch.setattr(bench, "check_matplotlib", lambda: None)
    monkeypatch.setattr(bench, "draw", lambda *given: drawn.append(given))
    picture = tmp_path / "routing.png"
    bench.main(["--sizes", "10", "40", "--plot", str(picture)])
    assert compared[0][2] == 21
    ((panels, path),) = drawn
    assert path == picture
    assert list(panels) == ["Flask view", "legacy action"]
    for panel, alone in zip(
        panels.values(), ("bare-flask", "bare-pylons"), strict=True
    ):
        assert panel[alone] == pytest.approx({10: 50.0, 40: 50.0})
        assert {peer: times for peer, times in panel.items() if peer != alone} == {
            "compatshim": {10: 51.5, 40: 51.5},
            "ask-both": {10: 51.5, 40: 51.5},
            "flask-first": {10: 51.5, 40: 51.5},
        }


def test_no_picture_without_matplotlib_is_said_before_anything_is_measured(
    bench: ModuleType,
    compared: list[tuple[str, float, int]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys.modules["_plot"], "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match=r"pip install 'compatshim\[benchmarks\]'"):
        bench.main(["--sizes", "1", "--plot", "routing.png"])
    assert compared == []
