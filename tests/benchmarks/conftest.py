"""The files of benchmarks/, which is no package: they import each other by name."""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

_FOLDER = Path(__file__).parents[2] / "benchmarks"

# These are in the extra "benchmarks" only.
_LIBRARIES = {"matplotlib": "test_plot.py", "libcst": "test_audit.py"}
collect_ignore = [test for name, test in _LIBRARIES.items() if not find_spec(name)]


@pytest.fixture(autouse=True)
def collect_no_garbage(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep benchmarks from what takes half a second where all tests' objects are."""
    monkeypatch.setattr(gc, "collect", lambda: 0)
    monkeypatch.setattr(gc, "freeze", lambda: None)  # it would hold for all tests


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    """Return a function that imports a benchmark, in which nothing is timed."""

    def load_module(name: str) -> ModuleType:
        monkeypatch.syspath_prepend(str(_FOLDER))
        for loaded in ("_pairs", name):
            monkeypatch.delitem(sys.modules, loaded, raising=False)
        return import_module(name)

    return load_module
