"""The way from the root to a byte, in whatever order bytes are asked for."""

from __future__ import annotations

import tracemalloc
from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import given, strategies as st

from compatshim.migrate.steps import scope_chain
from compatshim.migrate.syntax import Tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

_PIECES = (
    "import pylons\n",
    "\n\n",
    "class Page(object):\n    def show(self, c=1):\n        return [c for c in d]\n",
    "x = f'{pylons.request!r}' + `pylons`\n",
    "def broken(:\n    from pylons import request\n",
    "  # \N{LATIN SMALL LETTER E WITH ACUTE}\n",
    "@decorated\n",
    "print 'caf\N{LATIN SMALL LETTER E WITH ACUTE}'; del a\n",
)


def _nodes_around(node: Node, offset: int) -> Iterator[tuple[str, int, int]]:
    """Yield what has the byte at ``offset`` in it, by looking at all children."""
    yield node.type, node.start_byte, node.end_byte
    for child in node.children:
        if child.start_byte <= offset < child.end_byte:
            yield from _nodes_around(child, offset)
            return


@given(st.lists(st.sampled_from(_PIECES), min_size=1).map("".join), st.data())
def test_paths_are_the_same_in_any_order(source: str, data: st.DataObject) -> None:
    text = source.encode()
    tree = Tree(text)
    offsets = st.integers(0, len(text) - 1)
    for offset in data.draw(st.lists(offsets, max_size=20)):
        path = tree.path_at(offset)
        found = [(one.type, one.node.start_byte, one.node.end_byte) for one in path]
        assert found == list(_nodes_around(tree.root, offset))
        for parent, step in pairwise(path):
            if step.field is not None:
                assert step.node in parent.node.children_by_field_name(step.field)


def test_names_that_are_asked_for_twice() -> None:
    tree = Tree(b"c = abc + c.c  # \xc3\xa9 c\n_c = c_")
    assert tree.offsets([b"c"]) == [0, 10, 12, 20]
    assert tree.offsets([b"c", b"abc", b"d"]) == [0, 4, 10, 12, 20]
    assert tree.offsets([b"c"]) == [0, 10, 12, 20]


def test_a_way_through_thousands_of_scopes_is_no_more_than_its_steps() -> None:
    depth = 5000
    tree = Tree(b"lambda: " * depth + b"x")
    tracemalloc.start()
    try:
        path = tree.path_at(len(tree.text) - 1)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(scope_chain(path)) == depth + 1
    assert peak < 10_000_000  # scopes that are kept by each step are 100 MB
