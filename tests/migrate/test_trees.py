from __future__ import annotations

import errno
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from compatshim.migrate.trees import files_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def make(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("import pylons\n")


def found(*paths: Path | str) -> list[str]:
    unreadable: list[str] = []
    files = files_in(map(str, paths), lambda path, _why: unreadable.append(path))
    assert not unreadable
    return [one.path for one in files]


def test_python_files_below_a_folder(tmp_path: Path) -> None:
    make(
        tmp_path,
        "a.py",
        "b/c.py",
        "b/d/e.pyw",
        "f.wsgi",
        "g.txt",
        "h.html",
        "py",
        "b/.i.py",
    )
    assert found(tmp_path) == ["a.py", "b/.i.py", "b/c.py", "b/d/e.pyw", "f.wsgi"]


def test_scripts_that_say_python(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("#!/usr/bin/env python2\nimport pylons\n")
    (tmp_path / "shell").write_text("#!/bin/sh\n# python\n")
    (tmp_path / "empty").write_text("")
    assert found(tmp_path) == ["run"]


def test_what_is_never_looked_at(tmp_path: Path) -> None:
    make(tmp_path, "a.py", ".git/b.py", ".hg/c.py", "__pycache__/d.py", "env/e.py")
    make(tmp_path, "env/pyvenv.cfg")
    assert found(tmp_path) == ["a.py"]
    # but what is named is
    assert found(tmp_path / "env") == ["e.py"]


def test_a_file_that_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "lib/a.txt")
    (tmp_path / ".gitignore").write_text("*.txt\n")
    monkeypatch.chdir(tmp_path)
    assert found("lib/a.txt") == ["lib/a.txt"]
    assert found("./lib/a.txt") == ["lib/a.txt"]


def test_nothing_twice(tmp_path: Path) -> None:
    make(tmp_path, "lib/a.py", "b.py")
    assert found(tmp_path, tmp_path / "lib", tmp_path / "b.py") == ["b.py", "lib/a.py"]
    assert found(tmp_path / "lib", tmp_path) == ["a.py", "b.py"] or found(
        tmp_path / "lib", tmp_path
    ) == ["b.py", "a.py"]


class TestLinks:
    def test_a_file_is_there_once_by_its_own_name(self, tmp_path: Path) -> None:
        make(tmp_path, "z.py")
        (tmp_path / "a.py").symlink_to("z.py")
        (tmp_path / "b.py").symlink_to("a.py")
        assert found(tmp_path) == ["z.py"]

    def test_what_is_elsewhere_once(self, tmp_path: Path) -> None:
        make(tmp_path, "other/x.py", "tree/a.py")
        (tmp_path / "tree/b.py").symlink_to("../other/x.py")
        (tmp_path / "tree/c.py").symlink_to("../other/x.py")
        assert found(tmp_path / "tree") == ["a.py", "b.py"]

    def test_a_loop(self, tmp_path: Path) -> None:
        make(tmp_path, "b/a.py")
        (tmp_path / "b/up").symlink_to("..")
        (tmp_path / "b/here").symlink_to(".")
        assert found(tmp_path) == ["b/a.py"]

    def test_a_folder_elsewhere_once(self, tmp_path: Path) -> None:
        make(tmp_path, "other/x.py", "tree/a.py")
        (tmp_path / "tree/b").symlink_to("../other")
        (tmp_path / "tree/c").symlink_to("../other")
        assert found(tmp_path / "tree") == ["a.py", "b/x.py"]

    def test_to_itself(self, tmp_path: Path) -> None:
        make(tmp_path, "b.py")
        (tmp_path / "a.py").symlink_to("a.py")
        (tmp_path / "folder").symlink_to("folder")
        (tmp_path / "c.py").symlink_to("d.py")
        (tmp_path / "d.py").symlink_to("c.py")
        assert found(tmp_path) == ["b.py"]

    def test_to_what_might_never_end(self, tmp_path: Path) -> None:
        make(tmp_path, "b.py")
        os.mkfifo(tmp_path / "pipe.py")
        os.mkfifo(tmp_path / "pipe")
        (tmp_path / "a.py").symlink_to("/dev/zero")
        (tmp_path / "c.py").symlink_to("pipe.py")
        assert found(tmp_path) == ["b.py"]

    def test_to_nothing(self, tmp_path: Path) -> None:
        (tmp_path / "a.py").symlink_to("nothing.py")
        assert found(tmp_path) == []


def test_names_of_any_bytes(tmp_path: Path) -> None:
    names = (b"a\xff/b\xfe.py", b"new\nline.py", b"\xe4.py")
    for name in names:
        make(tmp_path, os.fsdecode(name))
    assert sorted(found(tmp_path)) == sorted(map(os.fsdecode, names))


IGNORES = {
    ".gitignore": "gen_*.py\n/build/\n!gen_kept.py\nsub/deep/*.py\n# *\n\n",
    "sub/.gitignore": "!gen_two.py\nlocal.py\n",
}
NAMES = (
    "a.py",
    "gen_one.py",
    "gen_kept.py",
    "build/b.py",
    "sub/build/c.py",
    "sub/gen_two.py",
    "sub/gen_three.py",
    "sub/local.py",
    "sub/deep/d.py",
    "sub/deep/deeper/e.py",
    "local.py",
)


class TestGitignore:
    @pytest.fixture
    def tree(self, tmp_path: Path) -> Path:
        make(tmp_path, *NAMES)
        for name, text in IGNORES.items():
            (tmp_path / name).write_text(text)
        return tmp_path

    def test_as_git_does(self, tree: Path) -> None:
        ours = found(tree)
        git = ["git", "-C", str(tree)]
        subprocess.run([*git, "init", "-q"], check=True)
        done = subprocess.run(
            [*git, "ls-files", "-o", "--exclude-standard", "*.py"],
            check=True,
            capture_output=True,
            text=True,
        )
        assert ours == sorted(done.stdout.split())
        assert ours == found(tree)

    def test_what_the_folders_above_say(self, tree: Path) -> None:
        assert found(tree / "sub") == [
            "build/c.py",
            "deep/d.py",
            "deep/deeper/e.py",
            "gen_three.py",
            "gen_two.py",
        ]
        (tree / ".git/info").mkdir(parents=True)
        assert found(tree / "sub") == ["build/c.py", "deep/deeper/e.py", "gen_two.py"]
        (tree / ".git/info/exclude").write_text("deeper\n")
        assert found(tree / "sub") == ["build/c.py", "gen_two.py"]


def test_gitignore_that_might_never_end(tmp_path: Path) -> None:
    make(tmp_path, "a.py")
    os.mkfifo(tmp_path / ".gitignore")
    assert found(tmp_path) == ["a.py"]


def test_gitignore_of_any_bytes(tmp_path: Path) -> None:
    make(tmp_path, "a.py", os.fsdecode(b"b\xff.py"))
    (tmp_path / ".gitignore").write_bytes(b"b\xff.py\r\n[\n")
    assert found(tmp_path) == ["a.py"]


def test_a_folder_that_cannot_be_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, "a/b.py", "c.py")
    scandir = os.scandir

    def refuse(folder: str) -> Iterator[os.DirEntry[str]]:
        if folder.endswith("/a"):  # not by its mode: root may list everything
            raise PermissionError(errno.EACCES, "Permission denied", folder)
        return scandir(folder)

    monkeypatch.setattr(os, "scandir", refuse)
    told: list[tuple[str, str]] = []
    files = files_in([str(tmp_path)], lambda *one: told.append(one))
    assert [one.path for one in files] == ["c.py"]
    assert told == [(f"{tmp_path}/a", "Permission denied")]


def test_however_deep_the_folders_are(tmp_path: Path) -> None:
    deep = ""
    for _ in range(600):
        deep += "d/"
        (tmp_path / deep).mkdir()
    make(tmp_path, f"{deep}x.py")
    assert found(tmp_path) == [f"{deep}x.py"]
