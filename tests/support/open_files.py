"""What this process has open that only a request or a body of it can have opened."""

from __future__ import annotations

import gc
import os
import stat


def files_without_a_name() -> int:
    """Return how many files are open that no folder lists: those of `tempfile`.

    Threads of other tests may be opening files meanwhile; theirs have names. What
    earlier tests have left as garbage is closed before it can count.
    """
    gc.collect()
    return sum(map(_has_no_name, os.listdir("/dev/fd")))


def _has_no_name(descriptor: str) -> bool:
    try:
        status = os.fstat(int(descriptor))
    except OSError:  # Closed since: what listed the descriptors had one itself.
        return False
    return stat.S_ISREG(status.st_mode) and status.st_nlink == 0
