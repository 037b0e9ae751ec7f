"""Read Python source of any age: its bytes, its text, and how the two belong together.

What is parsed is UTF-8, whatever the file is encoded in. A range of the parsed text is
mapped back to the bytes of the file, so that all the others can stay as they are.
"""

from __future__ import annotations

import codecs
import errno
import os
import re
import stat
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

__all__ = ["Inside", "Source", "Unreadable", "decode", "read_bytes", "read_source"]

_LARGEST = 16 << 20

_BOMS = (
    # The longer ones first: that of UTF-32 begins as that of UTF-16 does.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_XML = re.compile(rb"""<\?xml\s[^>]*?\bencoding\s*=\s*["']([-\w.]+)["']""")
_NO_CODE = re.compile(rb"^[ \t\f]*(?:#|$)")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_LONE_RETURN = re.compile(rb"\r(?!\n)")
_HEAD = 1024  # bytes
_NO_ENCODINGS = ("idna", "punycode", "undefined")  # of files
_BYTE_PER_CHARACTER = ("iso8859-1", "ascii")


class Inside(NamedTuple):
    """What a part of a file is told as: the code and the kind of its findings."""

    code: str
    kind: str


class Unreadable(NamedTuple):
    """A file of which nothing could be read, or not all, and why.

    ``path`` is relative to ``root``, as that of a finding is.
    """

    path: str
    reason: str
    root: str = ""

    @property
    def location(self) -> str:
        """Where it is, for people."""
        return os.path.normpath(os.path.join(self.root, self.path))


@dataclass(frozen=True)
class Source:
    """One source file.

    ``data`` are its bytes and ``bom`` those at its start that only tell the ``encoding``.
    ``text`` is what to parse: UTF-8, without the mark. Where the file does not say how it
    is encoded, or says it wrongly, ``problem`` tells so: it was read as far as possible,
    and nothing may be changed in it.
    """

    path: str
    data: bytes
    encoding: str
    bom: bytes
    text: bytes
    problem: str | None = None

    @cached_property
    def newline(self) -> str:
        r"""Which line ending most lines have: ``"\n"``, ``"\r\n"`` or ``"\r"``."""
        ends = _LINE_END.findall(self._decoded.encode())
        if not ends:
            return "\n"
        return str(max((b"\n", b"\r\n", b"\r"), key=ends.count), "ascii")

    @property
    def inside(self) -> Inside | None:
        """What is found in it is told as, where it is a part of another source."""
        return None

    @property
    def whole(self) -> Source:
        """The source of the file: this one, where it is not a part of another."""
        return self

    def within(self, start: int, end: int) -> tuple[int, int]:
        """Return the range without what is not in the file: all of this is."""
        return start, end

    def in_whole(self, start: int, end: int) -> tuple[int, int]:
        """Return where in the text of the file the range is."""
        return start, end

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return where in ``data`` the range of ``text`` from ``start`` to ``end`` is."""
        return self._offset(start), self._offset(end)

    def lines(self, start: int, end: int) -> tuple[int, int]:
        """Return the lines of the file that the range begins and ends in, from 1."""
        return self.position(start)[0], self.position(end)[0]

    def encode(self, text: str) -> bytes:
        """Return ``text`` as the file would have it, which may raise a UnicodeError."""
        return text.encode(self.encoding)

    def as_original(self, _start: int, _end: int, text: str) -> str:
        """Return ``text``, which is to stand in the range, as it is written there."""
        return text

    def reread(self, data: bytes) -> Source:
        """Return the source that other bytes of the file are."""
        return decode(self.path, data)

    def position(self, offset: int) -> tuple[int, int]:
        """Return the line of an ``offset`` of ``text``, and the column, in characters.

        Both count from 1.
        """
        line = bisect_right(self._lines, offset)
        start = self._lines[line - 1]
        if self._is_ascii:
            return line, offset - start + 1
        return line, len(self.text[start:offset].decode()) + 1

    @cached_property
    def _lines(self) -> list[int]:
        """Where the lines of ``text`` start."""
        # No "\r" stands alone in it; the last line is there even if nothing is in it.
        *before_last, _ = (self.text + b".").splitlines(keepends=True)
        return list(accumulate(map(len, before_last), initial=0))

    @cached_property
    def _is_ascii(self) -> bool:
        return self.text.isascii()

    @cached_property
    def _decoded(self) -> str:
        return self.data[len(self.bom) :].decode(self.encoding, "replace")

    def _offset(self, offset: int) -> int:
        if self.encoding == "utf-8":
            return len(self.bom) + offset
        character = len(self.text[:offset].decode())
        if self.encoding in _BYTE_PER_CHARACTER:
            return len(self.bom) + character
        return len(self.bom) + self._starts[character]

    @cached_property
    def _starts(self) -> list[int]:
        """Where each character begins, and where the last one ends."""
        decoder = codecs.getincrementaldecoder(self.encoding)("replace")
        starts = [0]
        body = self.data[len(self.bom) :]
        for index in range(len(body)):
            made = decoder.decode(body[index : index + 1], index + 1 == len(body))
            starts.extend([index + 1] * len(made))
        return starts


def read_source(path: str | os.PathLike[str]) -> Source:
    """Return the source in the file at ``path``; an ``OSError`` passes through."""
    return decode(str(path), read_bytes(path))


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """Return what is in the file at ``path``.

    It is an ``OSError`` as well if that is a pipe or a device, which might never end, or
    if it is larger than any source.
    """
    found = os.stat(path)
    if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
        raise OSError(errno.EINVAL, "it is no regular file", str(path))
    if found.st_size > _LARGEST:
        size = f"it is larger than {_LARGEST >> 20} MB"
        raise OSError(errno.EFBIG, size, str(path))
    with open(path, "rb") as file:
        return file.read()


def decode(path: str, data: bytes) -> Source:
    """Return the source that ``data`` is; ``path`` is only noted.

    It never fails. What is encoded wrongly has a ``problem``, and is read as Latin-1,
    which has a character for each byte.
    """
    bom, encoding, problem = _encoding_of(data)
    body = data[len(bom) :]
    try:
        encoded = _in_utf_8(body, encoding)
    except UnicodeError as error:
        problem = problem or f"it is not {encoding}: {error}"
        encoding = "iso8859-1"
        encoded = _in_utf_8(body, encoding)
    if b"\r" in encoded:  # the parser takes it for a blank
        encoded = _LONE_RETURN.sub(b"\n", encoded)
    return Source(path, data, encoding, bom, encoded, problem)


def _in_utf_8(body: bytes, encoding: str) -> bytes:
    text = body.decode(encoding)
    if encoding == "utf-8":
        return body
    encoded = text.encode("utf-8", "replace")
    said = _cookie(body[:_HEAD])
    if said and _cookie(encoded[: 4 * _HEAD]) != said:
        raise UnicodeError("read like that, it would not say so")
    return encoded


def _encoding_of(data: bytes) -> tuple[bytes, str, str | None]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return bom, encoding, None
    if b"\0" in data[:2]:
        encoding = "utf-16-be" if data.startswith(b"\0") else "utf-16-le"
        return b"", encoding, f"it looks like {encoding}, but has no byte order mark"
    name = _cookie(data[:_HEAD])
    if name is None:
        return b"", "utf-8", None
    try:
        encoding = _codec(name)
    except LookupError:
        return b"", "utf-8", f"its encoding {name!r} is not known"
    return b"", encoding, None


def _cookie(data: bytes) -> str | None:
    declaration = _XML.match(data)  # of a template; no Python begins like this
    if declaration:
        return declaration[1].decode("ascii")
    for line in _LINE_END.split(data, maxsplit=2)[:2]:
        found = _COOKIE.match(line)
        if found:
            return found[1].decode("ascii", "replace")
        if not _NO_CODE.match(line):
            return None
    return None


def _codec(name: str) -> str:
    """Return the name of a codec for text; it raises a LookupError where there is none."""
    for known in ("utf-8", "latin-1", "iso-8859-1", "iso-latin-1"):
        # Emacs says how lines end, too: utf-8-unix. Python understands that.
        if name.lower().replace("_", "-").startswith(f"{known}-"):
            name = known
    info = codecs.lookup(name)
    if info.name in _NO_ENCODINGS or not getattr(info, "_is_text_encoding", True):
        raise LookupError(name)
    return info.name
