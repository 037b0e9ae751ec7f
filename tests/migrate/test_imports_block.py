"""Imports are written so that they fit, and mean what they say."""

from __future__ import annotations

import ast
import textwrap

import pytest
from hypothesis import example, given, settings, strategies as st

from compatshim.migrate.imports_block import Item, Layout, Style, layout_of, render

NAMES = st.text("abcdefgh", min_size=1, max_size=30).filter(str.isidentifier)
COMMENTS = st.sampled_from(["", "", "", "# why", "# a, b)"])
ITEMS = st.lists(
    st.builds(
        Item,
        NAMES.map("x".__add__),
        NAMES.map("y".__add__),
        COMMENTS.map(lambda comment: (comment,) if comment else ()),
        COMMENTS,
    ),
    min_size=1,
    max_size=20,
)
PLAIN = ITEMS.map(lambda items: [Item(one.name, one.bound) for one in items])
LAYOUTS = st.builds(
    Layout,
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["\t", "  ", "    "]),
)
INDENTS = st.sampled_from(["", "    ", "\t"])


def _meaning(text: str, indent: str) -> list[tuple[str, str | None]]:
    code = f"if 1:\n{indent}{text}\n" if indent else f"{text}\n"
    (statement,) = ast.parse(code).body
    if isinstance(statement, ast.If):
        (statement,) = statement.body
    assert isinstance(statement, ast.ImportFrom)
    return [(one.name, one.asname) for one in statement.names]


@settings(deadline=None)
@given(st.one_of(ITEMS, PLAIN), LAYOUTS, INDENTS, st.booleans(), COMMENTS)
def test_it_imports_what_it_was_given(
    items: list[Item], layout: Layout, indent: str, broken: bool, comment: str
) -> None:
    style = Style(layout, 79, "\n")
    text = render(
        "from a.b import", items, style, indent, broken=broken, comment=comment
    )
    assert _meaning(text, indent) == [(one.name, one.bound) for one in items]
    for item in items:
        assert all(above in text for above in item.above)
        assert item.beside in text
    assert comment in text


@settings(deadline=None)
@given(PLAIN, LAYOUTS, INDENTS)
# The last line has a comma and a parenthesis at its end, and is 80 wide with both.
@example(
    [Item("x" * 40, "a"), Item("y" * 30, "b"), Item("z" * 21, "c")],
    Layout(hanging=False, one_per_line=False, closed_below=False),
    "",
)
def test_lines_fit(items: list[Item], layout: Layout, indent: str) -> None:
    text = render("from a import", items, Style(layout, 79, "\n"), indent)
    for line in (indent + text).splitlines():
        assert len(line.expandtabs(8)) <= 79 or line.count(" as ") == 1


@settings(deadline=None)
@given(PLAIN, LAYOUTS, INDENTS)
def test_layout_is_found_again(items: list[Item], layout: Layout, indent: str) -> None:
    """What is wrapped in a style has that style: rewriting twice changes nothing."""
    text = render("from a import", items, Style(layout, 79, "\n"), indent, broken=True)
    found = layout_of(text, indent)
    if found is not None:
        style = Style(found, 79, "\n")
        assert render("from a import", items, style, indent, broken=True) == text


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("from a import b, c", None),
        ("from a import (b, c)", Layout(False, False, False, False, False)),
        ("from a import b, \\\n  c", Layout(True, step="  ", one_per_line=False)),
        ("from a import (\n\tb,\n\tc,\n)", Layout(step="\t")),
        (
            "from a import (  # why\n  b,\n  c)",
            Layout(False, True, True, False, False, "  "),
        ),
    ],
)
def test_layout(statement: str, expected: Layout | None) -> None:
    assert layout_of(textwrap.dedent(statement)) == expected
