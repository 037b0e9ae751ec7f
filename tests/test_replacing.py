"""Tests for compatshim.replacing."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from compatshim.errors import ChangedMeanwhileError
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


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away"
)
@pytest.mark.parametrize("may_give_away", [True, False])
def test_file_keeps_its_owner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, may_give_away: bool
) -> None:
    path = tmp_path / "file"
    path.touch()
    os.chown(path, 1234, 4321)
    path.chmod(0o4751)

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    if not may_give_away:
        monkeypatch.setattr(os, "chown", refuse)
    replace_file(path, "new")
    found = path.stat()
    owner = (1234, 4321) if may_give_away else (os.geteuid(), os.getegid())
    assert (found.st_uid, found.st_gid) == owner
    assert stat.S_IMODE(found.st_mode) == 0o4751
    assert path.read_text() == "new"


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


def test_bytes_are_written_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    replace_file(path, b"\xff\r\n\x1a\r", instead_of=b"old")
    assert path.read_bytes() == b"\xff\r\n\x1a\r"


def test_file_changed_meanwhile_is_left_to_who_changed_it(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"theirs")
    with pytest.raises(ChangedMeanwhileError, match="Run the command again") as raised:
        replace_file(path, b"ours", instead_of=b"what we have read")
    assert raised.value.path == str(path)
    assert [entry.read_bytes() for entry in tmp_path.iterdir()] == [b"theirs"]


def test_file_changed_while_the_new_one_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", lambda _: path.write_bytes(b"theirs"))
    with pytest.raises(ChangedMeanwhileError):
        replace_file(path, b"ours", instead_of=b"old")
    assert path.read_bytes() == b"theirs"


def test_file_taken_away_meanwhile_is_not_made_again(tmp_path: Path) -> None:
    with pytest.raises(ChangedMeanwhileError):
        replace_file(tmp_path / "file", b"ours", instead_of=b"old")
    assert list(tmp_path.iterdir()) == []
