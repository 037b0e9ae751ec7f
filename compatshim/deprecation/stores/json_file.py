"""A store in a file of JSON, which is replaced as a whole under a lock."""

from __future__ import annotations

import contextlib
import json
import os
import time
from typing import TYPE_CHECKING, Any

from compatshim.deprecation.stores.contents import Contents, StoredUse
from compatshim.deprecation.stores.values import (
    as_text,
    as_time,
    from_json,
    instance_of,
)
from compatshim.errors import DeprecationStoreError
from compatshim.replacing import replace_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from compatshim.deprecation.uses import Use

__all__ = ["JsonFileStore"]

VERSION = 1
PATIENCE = 10.0  # seconds to wait for a process that has the lock
PAUSE = 0.02  # seconds between two attempts to get it


class JsonFileStore:
    """Keeps uses in a file of JSON, one use per line, for several processes at once.

    Beside it stands a file with ``.lock`` at the end of its name, which is empty.
    """

    def __init__(self, address: str, path: str, limit: int) -> None:
        """Raise ``DeprecationStoreError`` where files cannot be locked (on Windows)."""
        self.address = address
        self.path = os.path.realpath(path)
        self._limit = limit
        try:
            import fcntl
        except ModuleNotFoundError:
            reason = "this platform cannot lock files: write sqlite:///..."
            raise DeprecationStoreError(address, reason) from None
        self._lockf = fcntl.lockf
        self._exclusive = fcntl.LOCK_EX | fcntl.LOCK_NB

    def add(self, uses: Sequence[Use], now: datetime) -> None:
        """Add the increments in ``uses``, all or none of them.

        Raises ``DeprecationStoreError``.
        """
        try:
            with self._lock():
                contents = self._read() or Contents(now)
                text = _render(contents.added(uses, now, self._limit))
                replace_file(self.path, text)
        except OSError as error:
            raise DeprecationStoreError(self.address, str(error)) from error

    def read(self) -> Contents:
        """Return what the file holds. Raises ``DeprecationStoreError``."""
        try:
            contents = self._read()
        except OSError as error:
            raise DeprecationStoreError(self.address, str(error)) from error
        if contents is None:
            raise DeprecationStoreError(self.address, "there is no such file")
        return contents

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        # Its end of life ends the lock, also where the process is killed; a process that
        # is forked off meanwhile has no part in it.
        path = f"{self.path}.lock"
        # What others may have put there is neither emptied nor, if a link, followed.
        handle = os.open(
            path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666
        )
        try:
            self._wait_for_lock(handle, path)
            yield
        finally:
            os.close(handle)

    def _wait_for_lock(self, handle: int, path: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while not self._get_lock(handle):
            if time.monotonic() > deadline:
                raise TimeoutError(f"another process has had {path} for too long")
            time.sleep(PAUSE)

    def _get_lock(self, handle: int) -> bool:
        try:
            self._lockf(handle, self._exclusive)
        except (BlockingIOError, PermissionError):  # as systems differ
            return False
        return True

    def _read(self) -> Contents | None:
        try:
            with open(self.path, encoding="utf-8") as file:
                text = file.read()
        except FileNotFoundError:
            return None
        except UnicodeDecodeError as error:
            raise DeprecationStoreError(self.address, f"no text: {error}") from None
        try:
            return _parse(from_json(text))
        except (ValueError, KeyError) as error:
            reason = f"the file is not one of compatshim's ({error}): it was left alone"
            raise DeprecationStoreError(self.address, reason) from None


def _render(contents: Contents) -> str:
    lines = ",\n".join(f"  {json.dumps(one.to_dict())}" for one in contents.uses)
    started = json.dumps(as_text(contents.started))
    return (
        f'{{"version": {VERSION}, "started": {started}, "dropped": {contents.dropped},'
        f' "uses": [\n{lines}\n]}}\n'
    )


def _parse(values: Any) -> Contents:
    version = instance_of(values, dict)["version"]
    if version != VERSION:
        raise ValueError(f"its version is {version!r}, and this one reads {VERSION}")
    uses = tuple(map(StoredUse.from_dict, instance_of(values["uses"], list)))
    return Contents(
        as_time(values["started"]), instance_of(values["dropped"], int), uses
    )
