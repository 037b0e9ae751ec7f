"""What the made-up trees of benchmarks/audit.py are like: as legacy code is."""

from __future__ import annotations

import ast
import re
import statistics
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType

LEGACY = {"pylons", "routes", "webob", "paste", "beaker", "webhelpers"}
LEGACY_WORD = re.compile(rf"\b(?:{'|'.join(sorted(LEGACY))})\b")


@pytest.fixture
def trees(load: Callable[[str], ModuleType]) -> ModuleType:
    return load("_legacy_trees")


def legacy_statements(tree: ast.AST) -> list[ast.Import | ast.ImportFrom]:
    """Return the legacy imports in ``tree``, each of which has one module."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        and (getattr(node, "module", None) or node.names[0].name).split(".")[0]
        in LEGACY
    ]


def parsed(texts: list[str]) -> list[ast.Module]:
    """Return the trees of those that are also Python 3."""
    found = []
    for text in texts:
        with suppress(SyntaxError):
            found.append(ast.parse(text))
    return found


def test_the_shares_are_those_that_were_counted(
    trees: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trees, "_SIZES", statistics.NormalDist(6, 0.5))  # of 400 bytes
    texts = [text for _, text in islice(trees.texts(), 5_000)]
    modules = parsed([text for text in texts if LEGACY_WORD.search(text)])
    by_file = [found for module in modules if (found := legacy_statements(module))]
    assert len(by_file) == pytest.approx(0.2 * 0.9 * len(texts), rel=0.1)
    several = sum(len(found) > 1 for found in by_file)
    assert several == pytest.approx(len(by_file) / 3, rel=0.1)

    statements = [one for found in by_file for one in found]
    names = [
        (getattr(one, "module", None) or "", alias.name, alias.asname)
        for one in statements
        for alias in one.names
    ]
    assert len(names) > 1_500
    aliased = [name for name in names if name[2]]
    assert len(aliased) == pytest.approx(0.2 * len(names), rel=0.15)
    assert sum(name[2] == "c" for name in aliased) > 0.4 * len(aliased)
    context = sum(name[:2] == ("pylons", "tmpl_context") for name in names)
    assert context == pytest.approx(0.12 * len(names), rel=0.4)

    inside = sum(one.col_offset > 0 for one in statements)
    in_try = sum(
        len(legacy_statements(node))
        for module in modules
        for node in ast.walk(module)
        if isinstance(node, ast.Try)
    )
    assert 0 < in_try < 0.015 * len(statements)
    assert inside - in_try == pytest.approx(0.05 * len(statements), rel=0.4)


def test_most_files_have_no_legacy_word_and_some_have_nothing_else(
    trees: ModuleType,
) -> None:
    texts = [text for _, text in islice(trees.texts(), 1_000)]
    assert sum(bool(LEGACY_WORD.search(text)) for text in texts) == 240
    assert sum("print " in text for text in texts) == 90
    assert len(parsed(texts[:200])) == 182
    sizes = [len(text) for text in texts]
    assert 2_000 < statistics.median(sizes) < 4_000
    assert max(sizes) > 30_000


def test_each_hundred_files_are_alike_and_each_run_makes_the_same(
    trees: ModuleType, tmp_path: Path
) -> None:
    first, second = ([len(text) for _, text in islice(trees.texts(), 200)], [])
    assert sum(first[:100]) == pytest.approx(sum(first[100:]), rel=0.05)
    for name in ("a", "b"):
        trees.make_tree(tmp_path / name, 45)
        files = sorted(path for path in (tmp_path / name).rglob("*") if path.is_file())
        second.append(
            [(path.relative_to(tmp_path / name), path.read_bytes()) for path in files]
        )
    assert second[0] == second[1]
    assert len(second[0]) == 45
