"""The way from the root to a byte, in whatever order bytes are asked for."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import given, strategies as st

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
        found = [(one.type, one.start_byte, one.end_byte) for one, _ in path]
        assert found == list(_nodes_around(tree.root, offset))
        for (parent, _), (node, field) in pairwise(path):
            assert field is None or node in parent.children_by_field_name(field)


def test_names_that_are_asked_for_twice() -> None:
    tree = Tree(b"c = abc + c.c  # \xc3\xa9 c\n_c = c_")
    assert tree.offsets([b"c"]) == [0, 10, 12, 20]
    assert tree.offsets([b"c", b"abc", b"d"]) == [0, 4, 10, 12, 20]
    assert tree.offsets([b"c"]) == [0, 10, 12, 20]
