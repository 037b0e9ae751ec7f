"""What git knows of a project, asked without changing anything."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

__all__ = ["current_commit", "repository_of", "run_git"]


def run_git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run git in ``folder``, and return how it ended and what it said.

    Raises ``FileNotFoundError`` where there is no git, or no such folder.
    """
    return subprocess.run(  # noqa: S603 (no shell)
        ["git", *arguments],  # noqa: S607 (the git of whoever runs this)
        cwd=folder,
        check=False,
        capture_output=True,
        encoding="utf-8",
        # As os.fsdecode names files, so that any of them can be found again.
        errors="surrogateescape",
        env={**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"},
    )


def current_commit(root: Path) -> str:
    """Return what is checked out in ``root``, or ``""`` where git cannot tell."""
    try:
        done = run_git(root, "rev-parse", "HEAD")
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def repository_of(folder: Path) -> Path | None:
    """Return the top of the working tree that ``folder`` is in, if it is in one."""
    folder = Path(os.path.realpath(folder))
    for path in (folder, *folder.parents):
        if (path / ".git").exists():  # a file, in a worktree
            return path
    return None
