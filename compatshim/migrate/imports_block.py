"""Write an import of several names, in the style that the file has."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["Item", "Layout", "Style", "layout_of", "render"]


class Item(NamedTuple):
    """One name of an import: what is imported, by which name, and its comments.

    ``above`` are those on lines of their own, ``beside`` the one that ends its line. It
    ``is_exported`` where its own name is its alias, which says so to type checkers.
    """

    name: str
    bound: str
    above: tuple[str, ...] = ()
    beside: str = ""
    is_exported: bool = False

    @property
    def text(self) -> str:
        """The name as it is written."""
        if self.name == self.bound and not self.is_exported:
            return self.name
        return f"{self.name} as {self.bound}"

    def joined(self, other: Item) -> Item:
        """Return the item with the comments of another one, too; none of them twice."""
        beside = dict.fromkeys(one for one in (self.beside, other.beside) if one)
        above = dict.fromkeys((*self.above, *other.above))
        return self._replace(
            above=tuple(above),
            beside="  ".join(beside),
            is_exported=self.is_exported or other.is_exported,
        )


@dataclass(frozen=True)
class Layout:
    """How a long import is broken into lines.

    With ``backslash`` there are no parentheses. ``hanging`` is what begins on the line
    after the parenthesis; otherwise names stand below each other, right of it. ``step`` is
    how much further in a hanging line begins; ``closed_below`` a parenthesis on a line of
    its own.
    """

    backslash: bool = False
    hanging: bool = True
    one_per_line: bool = True
    trailing_comma: bool = True
    closed_below: bool = True
    step: str = "    "


@dataclass(frozen=True)
class Style:
    """How the imports of a file are written: broken by ``layout`` beyond ``width``."""

    layout: Layout
    width: int
    newline: str


def layout_of(statement: str, indent: str = "") -> Layout | None:
    """Return how ``statement``, an import that begins after ``indent``, is broken.

    That is ``None`` for one that is on one line and has no parentheses.
    """
    names = re.split(r"\bimport\b", re.sub(r"#.*", "", statement), maxsplit=1)[-1]
    lines = [line.rstrip() for line in names.splitlines()]
    text = names.strip()
    if not text.startswith("("):
        if "\\" not in text:
            return None
        return Layout(backslash=True, one_per_line=False, step=_step(lines, indent))
    hanging = lines[0].strip() == "("
    filled = [line.strip(" \t()") for line in lines]
    counts = [len([name for name in line.split(",") if name]) for line in filled]
    return Layout(
        hanging=hanging,
        one_per_line=max(counts) <= 1 < len(lines),
        trailing_comma=text.removesuffix(")").rstrip().endswith(","),
        closed_below=len(lines) > 1 and lines[-1].strip() == ")",
        step=_step(lines, indent) if hanging else "    ",
    )


def render(
    head: str,
    items: Sequence[Item],
    style: Style,
    indent: str = "",
    *,
    broken: bool = False,
    comment: str = "",
) -> str:
    """Return the import that begins with ``head``: ``"from x import"``.

    It is on one line if it fits there, unless it is to be ``broken``, or has comments.
    ``comment`` is the one beside its first line.
    """
    line = f"{head} {', '.join(item.text for item in items)}"
    layout = style.layout
    if comment or any(item.above or item.beside for item in items):
        if not (layout.hanging and layout.one_per_line) or layout.backslash:
            layout = Layout(step=layout.step)
        return style.newline.join(_hanging(head, items, layout, indent, comment))
    if not broken and _width(indent + line) <= style.width:
        return line
    return style.newline.join(_broken(head, items, style, indent))


def _broken(
    head: str, items: Sequence[Item], style: Style, indent: str
) -> Iterable[str]:
    layout = style.layout
    if layout.backslash:
        return _filled(f"{head} ", items, style, indent, indent + layout.step, " \\")
    if not layout.hanging:
        return _beside_the_parenthesis(head, items, style, indent)
    if layout.one_per_line:
        return _hanging(head, items, layout, indent, "")
    return _hanging_filled(head, items, style, indent)


def _hanging(
    head: str, items: Sequence[Item], layout: Layout, indent: str, comment: str
) -> Iterator[str]:
    yield f"{head} ({_beside(comment)}"
    inner = indent + layout.step
    closed_below = layout.closed_below or bool(items[-1].beside)
    for number, item in enumerate(items, 1):
        for above in item.above:
            yield inner + above
        comma = "," if number < len(items) or layout.trailing_comma else ""
        end = ")" if number == len(items) and not closed_below else ""
        yield f"{inner}{item.text}{comma}{end}{_beside(item.beside)}"
    if closed_below:
        yield f"{indent})"


def _hanging_filled(
    head: str, items: Sequence[Item], style: Style, indent: str
) -> Iterator[str]:
    inner = indent + style.layout.step
    yield f"{head} ("
    yield from _closed(_filled(inner, items, style, "", inner, ""), style, indent)


def _beside_the_parenthesis(
    head: str, items: Sequence[Item], style: Style, indent: str
) -> Iterator[str]:
    inner = indent + " " * len(f"{head} (")
    if style.layout.one_per_line:
        style = replace(style, width=0)
    lines = _filled(f"{head} (", items, style, indent, inner, "")
    yield from _closed(lines, style, indent)


def _closed(lines: Sequence[str], style: Style, indent: str) -> Iterator[str]:
    *others, last = lines
    yield from others
    if style.layout.closed_below:
        yield last
        yield f"{indent})"
    else:
        yield f"{last})"


def _filled(
    first: str,
    items: Sequence[Item],
    style: Style,
    before_first: str,
    inner: str,
    broken_by: str,
) -> list[str]:
    """Return lines with as many of ``items`` as there is room for; one at least."""
    lines: list[str] = []
    line, is_empty = first, True
    layout = style.layout
    trailing_comma = layout.trailing_comma and not layout.backslash
    for number, item in enumerate(items, 1):
        text = item.text + ("," if number < len(items) or trailing_comma else "")
        before = "" if lines else before_first
        room = style.width - len(broken_by) - 1  # for a parenthesis
        if not is_empty and _width(f"{before}{line} {text}") > room:
            lines.append(line + broken_by)
            line, is_empty = inner, True
        line += text if is_empty else f" {text}"
        is_empty = False
    return [*lines, line]


def _step(lines: Iterable[str], indent: str) -> str:
    for line in list(lines)[1:]:
        inner = line[: len(line) - len(line.lstrip())]
        if line.strip(" \t()") and inner.startswith(indent) and inner != indent:
            return inner.removeprefix(indent)
    return "    "


def _beside(comment: str) -> str:
    return f"  {comment}" if comment else ""


def _width(line: str) -> int:
    return len(line.expandtabs(8))
