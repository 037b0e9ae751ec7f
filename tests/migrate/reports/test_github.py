"""Annotations of the audit, as lines that GitHub's runner reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from command_line import invoke

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "shop").mkdir()
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path / "shop")
    return tmp_path / "shop"


def annotations(*arguments: str) -> list[str]:
    return invoke("audit", "--format", "github", *arguments).stdout.splitlines()


def test_lines_to_the_letter(tree: Path) -> None:
    (tree / "a,b%:.py").write_text("from pylons import (\n    c)\n")
    (tree / "b.py").write_text("import pylons\ndef broken(:\n")
    first, second, third = annotations(".")
    assert first == (
        "::warning file=shop/a%2Cb%25%3A.py,line=1,endLine=2,"
        "title=CS101 Import from the legacy framework::"
        "CS101 pylons.c: write `from compatshim.common import c`"
        " (since 0.1, goes in 1.0)"
    )
    assert second.startswith("::warning file=shop/b.py,line=1,title=CS104")
    assert third.startswith(
        "::warning file=shop/b.py::Not read, or not all of it: line 2"
    )


def test_a_name_with_a_line_end(tree: Path) -> None:
    name = "a\n::error::b.py"
    (tree / name).write_text("import pylons\n")
    (line,) = annotations(".")
    assert line.startswith("::warning file=shop/a%0A%3A%3Aerror%3A%3Ab.py,line=1,")


def test_what_the_baseline_does_not_allow_is_an_error_and_comes_first(
    tree: Path,
) -> None:
    (tree / "a.py").write_text("import pylons\n")
    annotations(".", "--baseline", "known.json", "--update")
    (tree / "b.py").write_text("import pylons\n")
    first, second = annotations(".", "--baseline", "known.json")
    assert first.startswith("::error file=shop/b.py,line=1,title=CS104")
    assert second.startswith("::warning file=shop/a.py,line=1,title=CS104")


def test_nothing_found(tree: Path) -> None:
    assert annotations(".") == []
