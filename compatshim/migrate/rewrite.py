"""Rewrite the files below some PATHs: which change and how, and what is left to people."""

from __future__ import annotations

import difflib
import os
import stat
from typing import TYPE_CHECKING, NamedTuple

from compatshim.errors import ChangedMeanwhileError
from compatshim.migrate.audit import is_suspect
from compatshim.migrate.catalogue import Catalogue
from compatshim.migrate.consumers import Consumers
from compatshim.migrate.kinds import PYTHON, TEMPLATE, is_template, kind_of
from compatshim.migrate.rewriting import Rewriting, rewrite_source
from compatshim.migrate.sources import Unreadable, decode, read_bytes
from compatshim.migrate.trees import files_in
from compatshim.replacing import replace_file

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

    from compatshim.migrate.known import Known
    from compatshim.migrate.sources import Source

__all__ = ["Rewritten", "diff", "rewrite", "rewritten", "suspects", "write"]

_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


class Rewritten(NamedTuple):
    """A file and what it is to be; ``problem`` says why it cannot be written, if so."""

    path: str
    rewriting: Rewriting
    problem: str | None = None


def rewrite(
    paths: Iterable[str],
    *,
    strings: bool = False,
    templates: bool = False,
    own: Mapping[str, Mapping[str, str]] | None = None,
    rules: Sequence[str] = (),
    routes: str | None = None,
) -> Iterator[Rewritten | Unreadable]:
    """Yield the files below ``paths`` that change, or have what is left as it is.

    With ``strings``, names in strings that say what to patch are rewritten, too, and with
    ``templates`` the Python of templates. ``own``
    are legacy packages of the user's, as for :class:`Catalogue`; ``rules`` are the codes
    of opt-in rules, and ``routes`` is the path of the table of routes for these. Nothing
    is written. What cannot be read is yielded, too.
    """
    catalogue = Catalogue(own)
    paths = list(paths)
    consumers = Consumers(paths, catalogue)
    told: list[Unreadable] = []
    known = _known(paths, catalogue, rules, routes) if rules else None
    for source in suspects(paths, catalogue, words=known.words if known else ()):
        if isinstance(source, Unreadable):
            told.append(source)
            yield source
            continue
        rewriting = rewrite_source(
            source, catalogue, strings=strings, consumers=consumers
        )
        if known is not None:
            rewriting = known.apply(rewriting)
        if rewriting.is_changed or rewriting.refusals:
            yield rewritten(rewriting, paths)
    if templates:
        yield from _rewritten_templates(paths, catalogue, told)


def _known(
    paths: Sequence[str], catalogue: Catalogue, rules: Sequence[str], routes: str | None
) -> Known:
    from compatshim.migrate.known import Known

    return Known(paths, catalogue, rules, routes)


def _rewritten_templates(
    paths: list[str], catalogue: Catalogue, told: Container[Unreadable]
) -> Iterator[Rewritten | Unreadable]:
    from compatshim.migrate.templates.rewriting import rewrite_template

    for source in suspects(paths, catalogue, TEMPLATE):
        if isinstance(source, Unreadable):
            if source not in told:
                yield source
            continue
        rewriting = rewrite_template(source, catalogue)
        if rewriting.is_changed or rewriting.refusals:
            yield rewritten(rewriting, paths)


def suspects(
    paths: Iterable[str],
    catalogue: Catalogue,
    kind: str = PYTHON,
    *,
    words: Iterable[bytes] = (),
) -> Iterator[Source | Unreadable]:
    """Yield the files below ``paths`` that have a word of ``catalogue`` in them.

    They are those of one ``kind``; one of ``words`` will do, too. What cannot be read is
    yielded as well.
    """
    unreadable: list[Unreadable] = []
    files = files_in(
        paths,
        lambda path, why: unreadable.append(Unreadable(path, why)),
        is_template if kind == TEMPLATE else None,
    )
    yield from unreadable
    for file in files:
        if kind_of(file.path) != kind:  # it was named, not found
            continue
        try:
            data = read_bytes(file.location)
        except OSError as error:
            yield Unreadable(file.location, error.strerror or str(error))
            continue
        if is_suspect(data, catalogue) or any(word in data for word in words):
            yield decode(file.location, data)


def rewritten(rewriting: Rewriting, paths: Iterable[str]) -> Rewritten:
    """Return ``rewriting`` as a file below one of ``paths``, which it may not be."""
    location = rewriting.source.path
    roots = [_root(path) for path in paths]
    problem = _problem(location, roots) if rewriting.is_changed else None
    return Rewritten(location, rewriting, problem)


def write(rewritten: Rewritten) -> str | None:
    """Write the file as a whole; return why it was left as it was, or ``None``."""
    source = rewritten.rewriting.source
    if rewritten.problem is not None:
        return rewritten.problem
    try:
        replace_file(rewritten.path, rewritten.rewriting.data, instead_of=source.data)
    except ChangedMeanwhileError:
        return "it was changed meanwhile"
    except OSError as error:
        return error.strerror or str(error)
    return None


def diff(rewritten: Rewritten) -> bytes:
    """Return a unified diff, in the file's own bytes, so that it can be applied.

    Of a file in UTF-16 or UTF-32 it is one in UTF-8, to read.
    """
    source = rewritten.rewriting.source
    before, after = source.data, rewritten.rewriting.data
    if source.encoding.startswith(("utf-16", "utf-32")):
        before, after = (
            data[len(source.bom) :].decode(source.encoding).encode()
            for data in (before, after)
        )
    path = os.fsencode(os.path.relpath(rewritten.path).replace(os.sep, "/"))
    lines = difflib.diff_bytes(
        difflib.unified_diff,
        _lines(before),
        _lines(after),
        b"a/" + path,
        b"b/" + path,
        lineterm=b"\n",
    )
    return b"".join(map(_ended, lines))


def _lines(data: bytes) -> list[bytes]:
    return [line + b"\n" for line in data.split(b"\n")[:-1]] + [
        line for line in data.split(b"\n")[-1:] if line
    ]


def _ended(line: bytes) -> bytes:
    return line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"


def _root(path: str) -> str:
    """Return the real folder that nothing outside of is changed for ``path``."""
    return os.path.realpath(
        path if os.path.isdir(path) else os.path.dirname(path) or "."
    )


def _problem(location: str, roots: Iterable[str]) -> str | None:
    """Return why the file may not be written, or ``None``."""
    place = os.path.realpath(location)
    if not any(os.path.commonpath((place, root)) == root for root in roots):
        return f"it is a link to {place}, which is not below any PATH"
    if not os.stat(place).st_mode & _WRITABLE or not os.access(place, os.W_OK):
        return "it is read-only"
    return None
