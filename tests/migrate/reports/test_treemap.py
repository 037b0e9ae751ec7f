"""The picture of the tree: nothing overlaps, nothing is left out, sizes are lines."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from compatshim.migrate.reports._squares import Box, squarified
from compatshim.migrate.reports._treemap import (
    Cell,
    Leaf,
    cells_of,
    density_of,
    tree_of,
)

SIZES = st.lists(st.integers(1, 10_000), min_size=1, max_size=40)
NAMES = st.sampled_from(["shop", "lib", "a", "b", "views.py", "é x"])
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)


@given(SIZES, st.integers(10, 1000), st.integers(10, 1000))
def test_parts_fill_the_box_in_proportion(
    sizes: list[int], width: int, height: int
) -> None:
    box = Box(5, 7, width, height)
    parts = squarified(sorted(sizes, reverse=True), box)
    assert len(parts) == len(sizes)
    for part, size in zip(parts, sorted(sizes, reverse=True), strict=True):
        assert part.area == pytest.approx(box.area * size / sum(sizes), rel=1e-6)
        assert part.x >= 5 - 1e-6
        assert part.y >= 7 - 1e-6
        assert part.x + part.width <= 5 + width + 1e-6
        assert part.y + part.height <= 7 + height + 1e-6
    for index, one in enumerate(parts):
        assert not any(_overlap(one, other) for other in parts[index + 1 :])


def _overlap(one: Box, other: Box) -> bool:
    across = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    down = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return across > 1e-6 and down > 1e-6


def test_the_example_of_the_paper() -> None:
    """Bruls, Huizing and van Wijk, figure 3: 6, 6, 4, 3, 2, 2, 1 in a box of 6 by 4."""
    parts = squarified([6, 6, 4, 3, 2, 2, 1], Box(0, 0, 6, 4))
    assert [tuple(round(number, 2) for number in part) for part in parts] == [
        (0, 0, 3, 2),
        (0, 2, 3, 2),
        (3, 0, 1.71, 2.33),
        (4.71, 0, 1.29, 2.33),
        (3, 2.33, 1.2, 1.67),
        (4.2, 2.33, 1.2, 1.67),
        (5.4, 2.33, 0.6, 1.67),
    ]


def test_nothing_to_divide() -> None:
    assert squarified([], Box(0, 0, 10, 10)) == []
    assert cells_of(tree_of([]), 100, 100) == []


def pictured(cells: list[Cell]) -> list[Cell]:
    return [cell for cell in cells if cell.shade is not None]


@given(st.dictionaries(PATHS, st.integers(0, 5000), max_size=30))
def test_every_line_is_in_the_picture(lines: dict[str, int]) -> None:
    # A file cannot have the path of a folder.
    paths = [
        path for path in lines if not any(one.startswith(f"{path}/") for one in lines)
    ]
    cells = cells_of(tree_of(Leaf(path, lines[path], 0) for path in paths), 960, 560)
    parts = pictured(cells)
    for index, one in enumerate(parts):
        assert not any(_overlap(one.box, other.box) for other in parts[index + 1 :])
    total = sum(
        int(cell.title.rpartition(" in ")[2].split()[0].replace(",", ""))
        for cell in parts
    )
    assert total == sum(lines[path] for path in paths)


def test_files_and_folders_with_their_names() -> None:
    leaves = [
        Leaf("shop/controllers/cart.py", 300, 24, "file-1"),
        Leaf("shop/lib/base.py", 200, 0),
        Leaf("shop/lib/util.py", 100, 1, "file-2"),
    ]
    cells = cells_of(tree_of(leaves), 600, 400)
    assert {(cell.label, cell.shade, cell.key) for cell in cells} == {
        ("controllers/", None, ""),
        ("cart.py", 4, "file-1"),
        ("lib/", None, ""),
        ("base.py", 0, ""),
        ("util.py", 1, "file-2"),
    }
    titles = [cell.title for cell in cells]
    assert "shop/lib/: 1 legacy name in 300 lines" in titles
    assert "shop/controllers/cart.py: 24 legacy names in 300 lines" in titles


def test_what_is_too_small_is_one_box() -> None:
    leaves = [Leaf("big.py", 100_000, 5)]
    leaves += [Leaf(f"small_{number}.py", 3, 1) for number in range(50)]
    cells = cells_of(tree_of(leaves), 300, 300)
    assert [cell.title for cell in cells] == [
        "big.py: 5 legacy names in 100,000 lines",
        "50 files more: 50 legacy names in 150 lines",
    ]


def test_a_small_folder_is_one_box() -> None:
    leaves = [Leaf("big.py", 5_000, 0)]
    leaves += [Leaf(f"lib/{number}.py", 10, 1) for number in range(5)]
    cells = cells_of(tree_of(leaves), 200, 200)
    assert cells[1].title == "lib/ (5 files): 5 legacy names in 50 lines"
    assert cells[1].shade == 4


def test_a_label_that_has_no_room_is_shortened_or_left_out() -> None:
    (cell,) = cells_of(tree_of([Leaf("a_very_long_name.py", 1, 0)]), 70, 30)
    assert cell.label == "a_very_l\N{HORIZONTAL ELLIPSIS}"
    (cell,) = cells_of(tree_of([Leaf("a_very_long_name.py", 1, 0)]), 40, 30)
    assert cell.label == ""
    (cell,) = cells_of(tree_of([Leaf("a.py", 1, 0)]), 20, 30)
    assert cell.label == ""


@pytest.mark.parametrize(
    ("names", "lines", "expected"),
    [(3, 100, 3), (1, 0, 100), (0, 0, 0), (1, 400, 0.25)],
)
def test_density(names: int, lines: int, expected: float) -> None:
    assert density_of(names, lines) == expected


def test_however_deep_the_folders_are() -> None:
    """Nobody sees what is deeper, but its lines are counted."""
    leaves = [Leaf("d/" * depth + "x.py", 10, 1) for depth in range(1200)]
    tree = tree_of(leaves)
    assert (tree.files, tree.lines, tree.names) == (1200, 12_000, 1200)
    cells = cells_of(tree, 960, 560)
    assert cells[0].title.startswith("d/: 1,199 legacy names")
