"""The check of a result before it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from compatshim.migrate import rewriting
from compatshim.migrate.catalogue import Catalogue
from compatshim.migrate.edits import Edit
from compatshim.migrate.sources import decode
from compatshim.migrate.syntax import Tree
from compatshim.migrate.verifying import is_same_outside, parses_as_before

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest.importorskip("tree_sitter_python")

BEFORE = b"from pylons import c\nx = 1\ndef f():\n    pass\n"
RANGE = [(0, 20)]


def same(after: bytes, *, end: int = 31) -> bool:
    return is_same_outside(Tree(BEFORE), RANGE, Tree(after), [(0, end)])


def test_only_the_statement_is_another_one() -> None:
    assert same(b"from compatshim.common import c" + BEFORE[20:])


@pytest.mark.parametrize(
    "after",
    [
        b"from compatshim.common import c\nx = 2\ndef f():\n    pass\n",
        b"from compatshim.common import c\ny = 1\ndef f():\n    pass\n",
        b"from compatshim.common import c\nx = 1\ndef f():\n    pass\n    pass\n",
        b"from compatshim.common import c\nx = 1\ndef f():\n    pass\npass\n",
        b"from compatshim.common import c\nif x == 1:\n  def f():\n    pass\n",
        b"from compatshim.common import c\nx = 1\n",
        b"from compatshim.common import (\nx = 1\ndef f():\n    pass\n",
    ],
)
def test_anything_else_is_another_one(after: bytes) -> None:
    assert not same(after)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (b"import a\n", b"import b\n", True),
        (b"import a\n", b"import b c\n", False),
        (b"print 1\n", b"print 2\n", True),  # of Python 2
        (b"x = '\\d'\n", b"y = '\\d'\n", True),  # a warning is none of ours
        (b"\0", b"\0", True),
    ],
)
def test_python_parses_it_as_before(
    before: bytes, after: bytes, expected: bool
) -> None:
    assert parses_as_before(before, after) is expected


def _rewritten_with(edit: Edit, monkeypatch: pytest.MonkeyPatch) -> rewriting.Rewriting:
    monkeypatch.setattr(rewriting, "import_edits", lambda *_: [edit])
    return rewriting.rewrite_source(decode("file.py", BEFORE), Catalogue())


@pytest.mark.parametrize(
    "wrong",
    [
        Edit(0, 20, "from compatshim.common import (c"),
        Edit(0, 21, "from compatshim.common import c "),
    ],
)
def test_rewriting_gives_up_what_is_another_program(
    wrong: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever makes the edits: these forget a parenthesis and a line's end."""
    result = _rewritten_with(wrong, monkeypatch)
    assert result.data == BEFORE
    assert [tuple(one) for one in result.refusals] == [
        (1, "CS101", "all of it", "the result would have been another program")
    ]


def test_rewriting_gives_up_what_is_decoded_as_something_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As where an encoding begins each part with a mark."""
    monkeypatch.setattr(rewriting, "edited_data", lambda *_: b"\xef\xbb\xbf" + BEFORE)
    edit = Edit(0, 20, "from compatshim.common import c")
    result = _rewritten_with(edit, monkeypatch)
    assert result.data == BEFORE
    assert [one.reason for one in result.refusals] == [
        "its encoding does not let parts of it be replaced"
    ]


def test_many_uses_are_looked_up_in_few_steps() -> None:
    """Each node is compared with the range next to it, and not with all of them."""

    class Ranges(list[tuple[int, int]]):
        looked_at = 0

        def __getitem__(self, index: Any) -> Any:
            self.looked_at += 1
            return super().__getitem__(index)

        def __iter__(self) -> Iterator[tuple[int, int]]:
            for one in super().__iter__():
                self.looked_at += 1
                yield one

    line = b"from pylons import c\n"
    tree = Tree(line * 500)
    ranges = Ranges((start, start + 20) for start in range(0, 500 * 21, 21))
    assert is_same_outside(tree, ranges, tree, ranges)
    assert ranges.looked_at < 500 * 100
