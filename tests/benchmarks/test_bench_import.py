"""How benchmarks/bench_import.py measures; no test here asserts a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType

    import pytest


def test_an_import_is_timed_in_a_fresh_interpreter_that_has_byte_code(
    load: Callable[[str], ModuleType],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "imported.py").write_text("print('', end='')", encoding="utf-8")
    compiled = tmp_path / "compiled"
    bench = load("bench_import")
    assert bench.import_time("imported", str(compiled), 2) > 0
    assert list(compiled.rglob("imported.*.pyc"))


def test_both_are_imported_before_they_are_compared(
    load: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = load("bench_import")
    imported = []

    def import_time(modules: str, compiled: str, interpreters: int) -> int:
        imported.append((modules, interpreters))
        return 1

    def compare_times(name: str, ours: Any, theirs: Any, bar: float) -> float:
        assert imported == [("compatshim.common", 1), ("flask, webob", 1)]
        assert (ours(1), theirs(1)) == (1, 1)
        assert imported[2:] == imported[:2]
        return bar

    monkeypatch.setattr(bench, "import_time", import_time)
    monkeypatch.setattr(bench, "compare_times", compare_times)
    assert list(bench.comparisons()) == [1.2]
