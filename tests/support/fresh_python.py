"""A Python that has loaded nothing yet."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def printed_by(code: str, folder: Path | None = None) -> str:
    """Return what ``code`` prints, run in ``folder``; it must not fail."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
