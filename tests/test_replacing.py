"""Tests for compatshim.replacing."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from compatshim.replacing import replace_file

if TYPE_CHECKING:
    from pathlib import Path


def test_file_in_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file"
    replace_file(path, "a\nö\n")
    assert path.read_bytes() == "a\nö\n".encode()
    assert [entry.name for entry in path.parent.iterdir()] == ["file"]


def test_new_file_has_the_permissions_of_any_other(tmp_path: Path) -> None:
    replace_file(tmp_path / "ours", "")
    (tmp_path / "any").touch()
    ours, other = (tmp_path / "ours").stat(), (tmp_path / "any").stat()
    assert stat.S_IMODE(ours.st_mode) == stat.S_IMODE(other.st_mode)


def test_file_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.touch()
    path.chmod(0o640)
    replace_file(path, "new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("old")
    (tmp_path / "link").symlink_to("file")
    replace_file(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_text() == "new"


def test_file_is_as_it_was_where_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("old")

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        replace_file(tmp_path / "file", "new")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]
