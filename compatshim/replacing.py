"""Replace a file as a whole: whoever reads it finds the old text or the new one."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

__all__ = ["replace_file"]


def replace_file(
    path: str | os.PathLike[str],
    content: str | bytes,
    *,
    instead_of: bytes | None = None,
) -> None:
    """Let the file at ``path`` hold ``content``; text is UTF-8 with line feeds.

    What a link leads to is replaced, not the link. The file keeps its permissions, and its
    owner as far as the process may give files away; a new one has those that the process
    gives to its files, and so has its folder. Where that fails, with an ``OSError``, the
    file is as it was.

    ``instead_of`` is what the file has to hold still when it is replaced; where somebody
    else has changed it, or taken it away, it is left to them: ``ChangedMeanwhileError``.
    """
    target = Path(os.path.realpath(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    data = content if isinstance(content, bytes) else content.encode()
    try:
        # Not by tempfile, whose files nobody else may read.
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            _take_after(target.stat(), temporary)
        if instead_of is not None:
            _check_still_holds(target, instead_of)
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _take_after(old: os.stat_result, new: Path) -> None:
    """Give ``new`` the owner and the permissions of what it is to replace."""
    made = new.stat()
    if (old.st_uid, old.st_gid) != (made.st_uid, made.st_gid):
        # Whoever is not root gives a file to groups of their own only.
        with contextlib.suppress(OSError):
            os.chown(new, -1, old.st_gid)
        with contextlib.suppress(OSError):
            os.chown(new, old.st_uid, -1)
    new.chmod(old.st_mode & 0o7777)  # after chown(), which takes some of them away


def _check_still_holds(target: Path, data: bytes) -> None:
    try:
        if target.read_bytes() == data:
            return
    except FileNotFoundError:
        pass
    from compatshim.errors import ChangedMeanwhileError

    raise ChangedMeanwhileError(str(target))
