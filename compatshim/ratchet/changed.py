"""Which files are in a change: what git says that differs from a ref."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from compatshim.errors import ChangedFilesError
from compatshim.ratchet.git import run_git

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

__all__ = ["changed_files"]

_SHALLOW = (
    "this clone is shallow, and the commit where the two branches part is not in it."
    " Fetch the whole history: fetch-depth: 0 for actions/checkout, GIT_DEPTH: 0 for"
    " GitLab, or 'git fetch --unshallow'"
)


def changed_files(ref: str, root: Path) -> frozenset[str]:
    """Return the files below ``root`` that differ from ``ref``, or are not known to git.

    The paths are relative to ``root``, with slashes. What is compared is the working
    tree with the commit where its branch and ``ref`` parted, as a pull request shows it:
    what was committed on ``ref`` since then is not in the change. Renamed files have
    their new name, deleted ones are left out, and ignored ones, too.

    Raises ``ChangedFilesError`` where git, the repository, the ref or a common ancestor
    is missing.
    """
    git = _Git(ref, root)
    base = git.parting_commit()
    compared = git.output(
        "diff", "--name-only", "-z", "--relative", "--find-renames", "--no-ext-diff",
        "--diff-filter=d", base, "--",
    )  # fmt: skip
    unknown = git.output("ls-files", "--others", "--exclude-standard", "-z")
    return frozenset(filter(None, (compared + unknown).split("\0")))


class _Git:
    """Asks git about one ref, in one folder."""

    def __init__(self, ref: str, root: Path) -> None:
        self._ref = ref
        self._root = root

    def parting_commit(self) -> str:
        """Return the commit from which the ref and the checked out branch come."""
        commit = self._commit()
        done = self._run("merge-base", commit, "HEAD")
        if done.returncode == 0:
            return done.stdout.strip()
        if done.stderr.strip():
            raise self._error(done.stderr.strip())
        shallow = self.output("rev-parse", "--is-shallow-repository").strip() == "true"
        raise self._error(_SHALLOW if shallow else "it shares no commit with HEAD")

    def output(self, *arguments: str) -> str:
        """Return what git says, or raise with what it complains of."""
        done = self._run(*arguments)
        if done.returncode:
            raise self._error(done.stderr.strip())
        return done.stdout

    def _commit(self) -> str:
        self.output("rev-parse", "--git-dir")
        if not self._ref:
            raise self._error("it names nothing: give a branch, such as origin/main")
        name = f"{self._ref}^{{commit}}"
        done = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", name)
        if done.returncode:
            raise self._error(
                "this clone has no such ref. Fetch it first, such as by 'git fetch"
                " origin main', or in CI by fetching the whole history (fetch-depth: 0"
                " for actions/checkout, GIT_DEPTH: 0 for GitLab)"
            )
        return done.stdout.strip()

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        try:
            return run_git(self._root, *arguments)
        except FileNotFoundError:
            missing = (
                "git is not installed, or not on PATH"
                if self._root.is_dir()
                else "there is no such folder"
            )
            raise self._error(missing) from None

    def _error(self, reason: str) -> ChangedFilesError:
        return ChangedFilesError(self._ref, os.fspath(self._root), reason)
