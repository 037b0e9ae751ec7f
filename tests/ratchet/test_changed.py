"""Which files are in a change, asked of a real git."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from compatshim.errors import ChangedFilesError
from compatshim.ratchet.changed import changed_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Git = Callable[..., str]


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    """Return a function that runs git in a folder, untouched by anybody's settings."""
    for name in list(os.environ):
        if name.startswith("GIT_"):  # a hook of git may be running these tests
            monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ada@example.org")

    def run(*arguments: str, folder: Path = tmp_path / "project") -> str:
        done = subprocess.run(
            ["git", *arguments],
            cwd=folder,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    return run


@pytest.fixture
def project(tmp_path: Path, git: Git) -> Path:
    """Return a repository whose branch is one commit away from ``main``."""
    folder = tmp_path / "project"
    folder.mkdir()
    git("init", "--quiet", "--initial-branch=main")
    for name in ("kept.py", "edited.py", "deleted.py", "moved.py"):
        (folder / name).write_text(f"# {name}\n" + "line = 1\n" * 20)
    (folder / ".gitignore").write_text("*.pyc\n")
    git("add", ".")
    git("commit", "--quiet", "-m", "first")
    git("switch", "--quiet", "-c", "topic")
    (folder / "edited.py").write_text("changed = True\n")
    (folder / "deleted.py").unlink()
    git("mv", "moved.py", "renamed.py")
    git("add", ".")
    git("commit", "--quiet", "-m", "second")
    return folder


def test_committed_changes_without_what_is_deleted(project: Path) -> None:
    assert changed_files("main", project) == {"edited.py", "renamed.py"}


def test_staged_unstaged_and_untracked_files_too(project: Path, git: Git) -> None:
    (project / "staged.py").write_text("")
    git("add", "staged.py")
    (project / "kept.py").write_text("unstaged = True\n")
    (project / "folder").mkdir()
    (project / "folder" / "untracked.py").write_text("")
    (project / "ignored.pyc").write_text("")
    assert changed_files("main", project) == {
        "edited.py",
        "folder/untracked.py",
        "kept.py",
        "renamed.py",
        "staged.py",
    }


def test_nothing_differs(project: Path) -> None:
    assert changed_files("HEAD", project) == set()


def test_what_the_ref_has_done_since_is_not_in_the_change(
    project: Path, git: Git
) -> None:
    git("switch", "--quiet", "main")
    (project / "kept.py").write_text("on_main = True\n")
    git("commit", "--quiet", "-am", "third")
    git("switch", "--quiet", "topic")
    assert changed_files("main", project) == {"edited.py", "renamed.py"}


def test_names_are_those_of_the_files_whatever_they_are(project: Path) -> None:
    names = {"a b.py", "ä,%:.py", 'quo"te\\.py', "line\nbreak.py", "-rf.py"}
    for name in names:
        (project / name).write_text("")
    assert changed_files("topic", project) == names


@pytest.mark.skipif(os.name != "posix", reason="file names are text there")
def test_name_that_is_no_text(project: Path) -> None:
    name = os.fsdecode(b"latin-\xe9.py")
    (project / name).write_text("")
    assert changed_files("topic", project) == {name}


def test_paths_are_relative_to_the_root_and_below_it(project: Path) -> None:
    root = project / "package"
    root.mkdir()
    (root / "module.py").write_text("")
    (project / "beside.py").write_text("")
    assert changed_files("main", root) == {"module.py"}


def test_renamed_into_the_root(project: Path, git: Git) -> None:
    root = project / "package"
    root.mkdir()
    git("mv", "kept.py", "package/kept.py")
    assert changed_files("main", root) == {"kept.py"}


def test_settings_of_git_do_not_matter(project: Path, git: Git) -> None:
    git("config", "diff.external", "false")
    git("config", "diff.noprefix", "true")
    git("config", "diff.renames", "false")
    git("config", "status.showUntrackedFiles", "no")
    git("config", "color.ui", "always")
    (project / "untracked.py").write_text("")
    assert changed_files("main", project) == {
        "edited.py",
        "renamed.py",
        "untracked.py",
    }


def test_a_tag_and_a_commit_are_refs(project: Path, git: Git) -> None:
    git("tag", "-a", "v1", "-m", "v1", "main")
    commit = git("rev-parse", "main")
    assert changed_files("v1", project) == changed_files(commit, project)
    assert changed_files("v1", project) == {"edited.py", "renamed.py"}


@pytest.mark.parametrize("ref", ["origin/main", "--output=stolen", "main:kept.py", ""])
def test_ref_that_is_not_there(project: Path, ref: str) -> None:
    with pytest.raises(ChangedFilesError) as caught:
        changed_files(ref, project)
    assert caught.value.ref == ref
    assert caught.value.root == str(project)
    assert repr(ref) in str(caught.value)
    assert ("git fetch" if ref else "such as origin/main") in str(caught.value)
    assert not (project / "stolen").exists()


def test_folder_that_is_in_no_repository(tmp_path: Path, git: Git) -> None:
    with pytest.raises(ChangedFilesError, match="not a git repository") as caught:
        changed_files("main", tmp_path)
    assert caught.value.ref == "main"


def test_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ChangedFilesError, match="there is no such folder"):
        changed_files("main", tmp_path / "absent")


def test_git_is_not_installed(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ChangedFilesError, match="git is not installed"):
        changed_files("main", project)


def test_shallow_clone_without_the_parting_commit(
    project: Path, tmp_path: Path, git: Git
) -> None:
    git("switch", "--quiet", "main")
    (project / "kept.py").write_text("on_main = True\n")
    git("commit", "--quiet", "-am", "third")
    clone = tmp_path / "clone"
    address = project.as_uri()
    git("clone", "--quiet", "--depth=1", "--no-single-branch", address, str(clone))
    git("switch", "--quiet", "topic", folder=clone)
    with pytest.raises(ChangedFilesError, match="shallow") as caught:
        changed_files("origin/main", clone)
    assert "fetch-depth: 0" in caught.value.reason

    git("fetch", "--quiet", "--unshallow", folder=clone)
    assert changed_files("origin/main", clone) == {"edited.py", "renamed.py"}


def test_shallow_clone_of_one_branch_only(
    project: Path, tmp_path: Path, git: Git
) -> None:
    clone = tmp_path / "clone"
    git("clone", "--quiet", "--depth=1", "--branch=topic", project.as_uri(), str(clone))
    with pytest.raises(ChangedFilesError, match=r"no such ref.*git fetch origin main"):
        changed_files("origin/main", clone)


def test_histories_that_share_nothing(project: Path, git: Git) -> None:
    git("switch", "--quiet", "--orphan", "alone")
    git("commit", "--quiet", "--allow-empty", "-m", "alone")
    with pytest.raises(ChangedFilesError, match="shares no commit with HEAD"):
        changed_files("main", project)


def test_branch_without_a_commit(project: Path, git: Git) -> None:
    git("switch", "--quiet", "--orphan", "alone")
    with pytest.raises(ChangedFilesError, match="HEAD"):
        changed_files("main", project)
