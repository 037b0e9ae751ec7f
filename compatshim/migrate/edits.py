"""Edits of a source: what stands in their place, in the file's own encoding."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compatshim.migrate.sources import Source

__all__ = ["Edit", "edited_data", "edited_text", "ranges_after"]


class Edit(NamedTuple):
    """What takes the place of a range of the parsed text."""

    start: int
    end: int
    text: str


def edited_text(source: Source, edits: Sequence[Edit]) -> bytes:
    """Return the parsed text as it is to be after ``edits``, which do not overlap."""
    return _joined(source.text, edits, [edit.text.encode() for edit in edits])


def edited_data(source: Source, edits: Sequence[Edit]) -> bytes:
    """Return the bytes of the file after ``edits``: all outside of them are as before.

    What the file's encoding has no bytes for is a ``UnicodeError``.
    """
    original = sorted(
        Edit(*source.original(edit.start, edit.end), source.as_original(*edit))
        for edit in edits
    )
    return _joined(source.data, original, [source.encode(one.text) for one in original])


def ranges_after(edits: Sequence[Edit]) -> Iterator[tuple[int, int]]:
    """Yield where each of ``edits`` is in the edited text."""
    moved = 0
    for edit in edits:
        size = len(edit.text.encode())
        yield edit.start + moved, edit.start + moved + size
        moved += size - (edit.end - edit.start)


def _joined(data: bytes, edits: Sequence[Edit], texts: Sequence[bytes]) -> bytes:
    parts, end = [], 0
    for edit, text in zip(edits, texts, strict=True):
        parts += [data[end : edit.start], text]
        end = edit.end
    return b"".join([*parts, data[end:]])
