"""What benchmarks/bench_proxies.py compares; no test here measures time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    import pytest


def test_each_object_is_read_under_each_framework_and_gives_the_same(
    load: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = load("bench_proxies")
    compared = []

    def compare(name: str, ours: Any, theirs: Any, bar: float, pairs: int) -> None:
        assert ours() == theirs()
        assert set(ours()) <= {"value", "GET"}
        compared.append((name, bar, pairs))

    monkeypatch.setattr(bench, "compare", compare)
    list(bench.comparisons())
    assert compared == [
        (f"{common} / {own}", 1.15, 21)
        for common, own in [
            ("request.method", "flask.request.method"),
            ('request.args["a"]', 'flask.request.args["a"]'),
            ('session["k"]', 'flask.session["k"]'),
            ("c.user", "flask.g.user"),
            ('config["x"]', 'flask.current_app.config["x"]'),
            ("request.method", "legacy.request.method"),
            ('request.args["a"]', 'legacy.request.GET["a"]'),
            ('session["k"]', 'legacy.session["k"]'),
            ("c.user", "legacy.tmpl_context.user"),
            ('config["x"]', 'legacy.config["x"]'),
        ]
    ]
