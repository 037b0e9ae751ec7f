"""The body of a request, for a copy of it."""

from __future__ import annotations

import os
from io import BufferedReader, BytesIO, RawIOBase
from typing import TYPE_CHECKING, Any

from compatshim.errors import BodyNotReadError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

__all__ = ["copy_body"]

_IN_MEMORY = 500 * 1024  # bytes, as Werkzeug keeps an upload


def copy_body(body: Any, *, is_kept: bool) -> Any:
    """Return what a copy of a request has in the place of ``body``.

    A body that ``is_kept``, for being read again, is a file with a position and an end of
    its own: long ones are the same on the disk. Any other raises ``BodyNotReadError``
    when it is read.
    """
    if not is_kept or body.closed:
        return _NotRead()
    # The first two without moving in it: several threads may copy a copy at a time.
    if isinstance(body, BytesIO):
        return BytesIO(body.getvalue())
    if isinstance(getattr(body, "raw", None), _SameFile):
        return BufferedReader(_SameFile(body.fileno()))
    position = body.tell()
    body.seek(0)
    content = body.read(_IN_MEMORY + 1)
    is_long = len(content) > _IN_MEMORY
    if is_long and not hasattr(os, "pread"):  # Windows
        content += body.read()
        is_long = False
    own = BufferedReader(_SameFile(body.fileno())) if is_long else BytesIO(content)
    body.seek(position)
    return own


class _SameFile(RawIOBase):
    """A file that somebody else reads too, and may close."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = os.dup(descriptor)
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        content = os.pread(self._descriptor, len(view), self._position)
        view[: len(content)] = content
        self._position += len(content)
        return len(content)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        end = os.fstat(self._descriptor).st_size
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: end}
        self._position = start[whence] + offset
        return self._position

    def close(self) -> None:
        if not self.closed:
            os.close(self._descriptor)
        super().close()


class _NotRead(RawIOBase):
    """A body that the request itself has not kept."""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        raise BodyNotReadError
