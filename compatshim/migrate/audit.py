"""An audit: from files to findings, in this process or in several."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from compatshim.migrate.catalogue import Catalogue
from compatshim.migrate.distributions import may_be_named_in
from compatshim.migrate.kinds import PYTHON, SETTINGS, all_kinds, is_setup_py, kind_of
from compatshim.migrate.sources import Unreadable, decode, read_bytes
from compatshim.migrate.syntax import has_word
from compatshim.migrate.trees import files_in
from compatshim.migrate.workers import in_processes, suitable_processes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from compatshim.migrate.findings import Finding
    from compatshim.migrate.sources import Source
    from compatshim.migrate.trees import File

__all__ = ["Audit", "FileAudit", "ReadFile", "audit", "audit_source", "is_suspect"]

_FILES_PER_TASK = 32
_UTF_16 = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")


class ReadFile(NamedTuple):
    """A file that was looked at, and how many lines it has."""

    root: str
    path: str
    lines: int


class FileAudit(NamedTuple):
    """What was found in one file, or in some, and why it may not be all."""

    findings: tuple[Finding, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    read: tuple[ReadFile, ...] = ()


@dataclass(frozen=True)
class Audit:
    """What was found in all files, by path and line.

    ``files`` is how many were looked at, ``read`` are those whose bytes could be read.
    ``unreadable`` are those of which not all could be read.
    """

    findings: tuple[Finding, ...]
    files: int
    unreadable: tuple[Unreadable, ...]
    read: tuple[ReadFile, ...] = ()


def audit(
    paths: Iterable[str],
    *,
    own: Mapping[str, Mapping[str, str]] | None = None,
    jobs: int | None = None,
    flow: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Audit:
    """Look for legacy names in the files that are or are below ``paths``.

    ``own`` are legacy packages of the user's, as for :class:`Catalogue`. ``jobs`` is the
    number of processes; without it, what suits the number of files. With ``flow`` also
    what reaches a file through others is found, in a second pass. ``progress`` is
    called with the number of files that are done and that of all.
    """
    unreadable: list[Unreadable] = []
    files = files_in(
        paths, lambda path, why: unreadable.append(Unreadable(path, why)), all_kinds
    )
    findings: list[Finding] = []
    read: list[ReadFile] = []
    done = 0
    for count, found in _each(files, own or {}, jobs):
        done += count
        findings += found.findings
        unreadable += found.unreadable
        read += found.read
        if progress is not None:
            progress(done, len(files))
    if flow:
        from compatshim.migrate.following import follow

        python = [file for file in files if kind_of(file.path) == PYTHON]
        findings += follow(python, Catalogue(own))
    findings.sort(key=lambda one: one.place)
    return Audit(
        tuple(findings), len(files), tuple(sorted(unreadable)), tuple(sorted(read))
    )


def is_suspect(data: bytes, catalogue: Catalogue) -> bool:
    """Tell whether a file with these bytes may have anything legacy in it."""
    if data.startswith(_UTF_16) or b"\0" in data[:2]:
        return True
    return any(
        all(part in data for part in parts) and has_word(data, parts[0])
        for parts in catalogue.package_parts
    )


def audit_source(
    source: Source, catalogue: Catalogue, path: str, root: str = ""
) -> FileAudit:
    """Look for legacy names in one source."""
    from compatshim.migrate.examined import Examined
    from compatshim.migrate.ignoring import without_ignored
    from compatshim.migrate.rules import findings_in

    if kind_of(path) != PYTHON:
        return _audit_other(source, catalogue, path, root)
    examined = Examined(source, catalogue, path, root)
    findings = without_ignored(source, findings_in(examined))
    if is_setup_py(path):
        findings += _audit_other(source, catalogue, path, root).findings
    problem = source.problem
    if problem is None and examined.tree.errors:
        line = source.position(examined.tree.errors[0].start_byte)[0]
        problem = f"line {line} cannot be parsed"
    unreadable = (Unreadable(path, problem, root),) if problem else ()
    return FileAudit(tuple(findings), unreadable)


def _audit_other(
    source: Source, catalogue: Catalogue, path: str, root: str
) -> FileAudit:
    """Look for legacy names in a template or in settings."""
    from compatshim.migrate.ignoring import without_ignored
    from compatshim.migrate.other_files import OtherFile
    from compatshim.migrate.rules import findings_in_other

    file = OtherFile(source, catalogue, path, root)
    findings = without_ignored(source, findings_in_other(file))
    problem = file.problem
    unreadable = (Unreadable(path, problem, root),) if problem else ()
    return FileAudit(tuple(findings), unreadable)


def _each(
    files: Sequence[File], own: Mapping[str, Mapping[str, str]], jobs: int | None
) -> Iterator[tuple[int, FileAudit]]:
    """Yield what was found, with the number of files that it was found in."""
    tasks = [
        files[first : first + _FILES_PER_TASK]
        for first in range(0, len(files), _FILES_PER_TASK)
    ]
    processes = min(jobs or suitable_processes(len(files)), len(tasks))
    if processes <= 1:
        catalogue = Catalogue(own)
        for file in files:
            yield 1, _audit_file(file, catalogue)
        return
    yield from in_processes(partial(_audit_files, own), tasks, processes)


def _audit_files(
    own: Mapping[str, Mapping[str, str]], files: Sequence[File]
) -> tuple[int, FileAudit]:
    catalogue = Catalogue(own)
    audits = [_audit_file(file, catalogue) for file in files]
    findings = tuple(found for one in audits for found in one.findings)
    unreadable = tuple(found for one in audits for found in one.unreadable)
    read = tuple(found for one in audits for found in one.read)
    return len(files), FileAudit(findings, unreadable, read)


def _audit_file(file: File, catalogue: Catalogue) -> FileAudit:
    try:
        data = read_bytes(file.location)
    except OSError as error:
        reason = error.strerror or str(error)
        return FileAudit(unreadable=(Unreadable(file.path, reason, file.root),))
    read = (ReadFile(file.root, file.path, _lines(data)),)
    is_setting = kind_of(file.path) == SETTINGS or is_setup_py(file.path)
    if not (is_suspect(data, catalogue) or (is_setting and may_be_named_in(data))):
        return FileAudit(read=read)
    source = decode(file.location, data)
    return audit_source(source, catalogue, file.path, file.root)._replace(read=read)


def _lines(data: bytes) -> int:
    return max(data.count(b"\n"), data.count(b"\r"), bool(data))
