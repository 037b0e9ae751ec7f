"""Divide a box among sizes, so that the parts are as square as they can be.

The squarified treemap of Bruls, Huizing and van Wijk (2000): boxes are laid in rows along
the shorter side, and a row ends where one more would make its boxes longer and thinner.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Box", "squarified"]


class Box(NamedTuple):
    """A rectangle, from its top left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def area(self) -> float:
        """Its width times its height."""
        return self.width * self.height


def squarified(sizes: Sequence[float], box: Box) -> list[Box]:
    """Return a part of ``box`` for each of ``sizes``, in proportion.

    The sizes are above 0; sorted, the largest first, they look best.
    """
    scale = box.area / sum(sizes) if sizes else 0
    areas = [size * scale for size in sizes]
    boxes: list[Box] = []
    while len(boxes) < len(areas):
        row = _row(areas[len(boxes) :], min(box.width, box.height))
        laid, box = _laid(row, box)
        boxes += laid
    return boxes


def _row(areas: Sequence[float], side: float) -> Sequence[float]:
    """Return as many of ``areas`` as make a good row along ``side``."""
    total = areas[0]
    worst = _worst(total, areas[0], areas[0], side)
    for count, area in enumerate(areas[1:], start=1):
        low = min(areas[count - 1], area)
        high = max(areas[0], area)
        following = _worst(total + area, low, high, side)
        if following > worst:
            return areas[:count]
        total, worst = total + area, following
    return areas


def _worst(total: float, low: float, high: float, side: float) -> float:
    """Return how long for its width the thinnest box of a row is."""
    if not side or not total or not low:
        return float("inf")
    square = (total / side) ** 2
    return max(high / square, square / low)


def _laid(row: Sequence[float], box: Box) -> tuple[list[Box], Box]:
    """Lay a row along the shorter side; return it, and what is left of the box."""
    total = sum(row)
    boxes = []
    if box.width >= box.height:
        width = min(box.width, total / box.height) if box.height else 0
        y = box.y
        for area in row:
            height = box.height * area / total if total else 0
            boxes.append(Box(box.x, y, width, height))
            y += height
        left = Box(box.x + width, box.y, box.width - width, box.height)
    else:
        height = min(box.height, total / box.width) if box.width else 0
        x = box.x
        for area in row:
            width = box.width * area / total if total else 0
            boxes.append(Box(x, box.y, width, height))
            x += width
        left = Box(box.x, box.y + height, box.width, box.height - height)
    return boxes, left
