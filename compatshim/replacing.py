"""Replace a file as a whole: whoever reads it finds the old text or the new one."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

__all__ = ["replace_file"]


def replace_file(path: str | os.PathLike[str], text: str) -> None:
    """Let the file at ``path`` hold ``text``, as UTF-8 with line feeds.

    What a link leads to is replaced, not the link. The file keeps its permissions; a new
    one has those that the process gives to its files, and so has its folder. Where that
    fails, with an ``OSError``, the file is as it was.
    """
    target = Path(os.path.realpath(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        # Not by tempfile, whose files nobody else may read.
        with temporary.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            temporary.chmod(target.stat().st_mode & 0o7777)
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
