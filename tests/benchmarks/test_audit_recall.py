"""That benchmarks/audit_recall.py tells what only one of two parsers has seen."""

from __future__ import annotations

import sysconfig
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

pytest.importorskip("tree_sitter_python")


def test_packages_of_the_standard_library(
    load: Callable[[str], ModuleType], capsys: pytest.CaptureFixture[str]
) -> None:
    standard = Path(sysconfig.get_path("stdlib"))
    recall = load("audit_recall")
    assert recall.main([str(standard / name) for name in ("json", "wsgiref")]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.endswith("files: 0 files differ")


def test_what_one_of_them_has_not_seen(
    load: Callable[[str], ModuleType],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    (tmp_path / "a.py").write_text("import os.path as p\nfrom .os import x\n")
    (tmp_path / "b.py").write_text("no Python at all\n")
    recall = load("audit_recall")
    monkeypatch.setattr(
        recall, "_ours", lambda _path, modules: [(name, "y", None) for name in modules]
    )
    assert recall.main([str(tmp_path)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        f"{tmp_path}/a.py: missed (('os.path', '', 'p'),),"
        " made up (('os.path', 'y', None),)",
        "1 names in 1 files: 1 files differ",
    ]
