"""Eject the files below some PATHs: from ``compatshim.common`` to Flask and Flask-Babel."""

from __future__ import annotations

import os
import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from compatshim.errors import StillLegacyError
from compatshim.migrate.audit import audit
from compatshim.migrate.consumers import Consumers
from compatshim.migrate.ejecting.ejection import (
    Ejection,
    eject_source,
    named_in_strings,
)
from compatshim.migrate.ejecting.extension import EXTENSION
from compatshim.migrate.ejecting.names import CommonNames, HandedOn
from compatshim.migrate.ejecting.page_strings import RENDERERS, needs_in_strings
from compatshim.migrate.ejecting.pages import Page, pages_in
from compatshim.migrate.ejecting.plans import DIFFERS, STAYS
from compatshim.migrate.examined import Examined
from compatshim.migrate.objections import Refusal
from compatshim.migrate.projects import marked_root, project_root
from compatshim.migrate.rewrite import Rewritten, rewritten, suspects
from compatshim.migrate.rewriting import Rewriting
from compatshim.migrate.sources import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from compatshim.migrate.findings import Finding
    from compatshim.migrate.sources import Source

__all__ = ["Ejected", "eject", "legacy_uses"]

_NAME = "compatshim.CompatShim"
_LAST = "it goes last: what else is listed here needs it yet"
_ELSEWHERE = "it goes last: {place}, which is below no PATH, needs it yet"

_BABEL = b"flask_babel"
_SET_UP = re.compile(rb"\bBabel\b")
_NOT_SET_UP = "no file of the project sets it up: it needs flask_babel.Babel(app)"

_NO_FINDINGS: Mapping[str, Finding] = MappingProxyType({})


class Ejected(NamedTuple):
    """A file and what it is to be; ``notes`` say where a changed line differs a little."""

    rewritten: Rewritten
    notes: tuple[Refusal, ...]


def legacy_uses(
    paths: Iterable[str],
    own: Mapping[str, Mapping[str, str]] | None = None,
    *,
    force: bool = False,
) -> dict[str, Finding]:
    """Return the first legacy use of each file that an audit finds any in, by its place.

    Raise ``StillLegacyError`` if there is one, unless it is to ``force``.
    """
    findings = audit(paths, own=own).findings
    if findings and not force:
        first = findings[0]
        raise StillLegacyError(len(findings), f"{_location(first)}:{first.line}")
    return {os.path.realpath(_location(one)): one for one in reversed(findings)}


def _location(finding: Finding) -> str:
    return os.path.join(finding.root, finding.path)


def eject(
    paths: Iterable[str], legacy: Mapping[str, Finding] = _NO_FINDINGS
) -> Iterator[Ejected | Page | Unreadable]:
    """Yield the files below ``paths`` that change, or that need a hand.

    Those of ``legacy`` are left as they are. Nothing is written. The extension
    ``CompatShim(app)`` is taken out where it is the only thing left: when nothing below
    ``paths`` needs a hand.
    """
    paths = list(paths)
    pages = list(pages_in(paths))
    catalogue = CommonNames()
    unreadable: list[Unreadable] = []
    sources: list[Source] = []
    for source in suspects(paths, catalogue, words=RENDERERS):
        if isinstance(source, Unreadable):
            unreadable.append(source)
        else:
            sources.append(source)

    root = marked_root(paths)
    project = paths if root is None else [str(root)]
    names = HandedOn(sources)
    consumers = [Consumers(places, names) for places in (paths, project)]

    def ejected(source: Source, *, drops_extension: bool = False) -> Ejection:
        use = legacy.get(os.path.realpath(source.path))
        if use is not None:
            reason = f"{use.full_name} is legacy: Flask does not serve what uses it"
            refusal = Refusal(use.line, STAYS, "all of it", reason)
            return Ejection(Rewriting(source, source.data, (refusal,)))
        return eject_source(
            source,
            catalogue,
            lambda name: any(one.take(source.path, name) for one in consumers),
            renders=not pages,
            drops_extension=drops_extension,
        )

    found = _with_babel([ejected(source) for source in sources], project)
    files = [rewritten(one.rewriting, paths) for one in found]
    is_last = (
        not (pages or unreadable)
        and not any(one.keeps for one in found)
        and not any(file.problem or file.rewriting.refusals for file in files)
    )
    yield from unreadable
    reason: str | None = _LAST
    if is_last and any(one.extensions for one in found):
        place = _needed_by(paths, sources)
        reason = None if place is None else _ELSEWHERE.format(place=place)
    yield from _results(found, paths, ejected, reason)
    yield from pages


def _with_babel(found: list[Ejection], project: list[str]) -> list[Ejection]:
    """Note in the first file that Flask-Babel is nowhere set up, if it gets needed."""
    needy = next((one for one in found if _gets_babel(one.rewriting)), None)
    if needy is None:
        return found
    sources = suspects(project, CommonNames(), words=(b"Babel",))
    if any(
        not isinstance(source, Unreadable) and _SET_UP.search(source.text)
        for source in sources
    ):
        return found
    note = Refusal(1, DIFFERS, "flask_babel", _NOT_SET_UP)
    return [
        one._replace(notes=(note, *one.notes)) if one is needy else one for one in found
    ]


def _gets_babel(one: Rewriting) -> bool:
    return one.is_changed and _BABEL in one.data and _BABEL not in one.source.data


def _results(
    found: list[Ejection],
    paths: list[str],
    ejected: Callable[..., Ejection],
    reason: str | None,
) -> Iterator[Ejected]:
    """Yield what has anything to tell; ``reason`` says why the extension stays, if so."""
    for ejection in found:
        one = ejection
        if one.extensions and reason is None:
            one = ejected(one.rewriting.source, drops_extension=True)
        elif one.extensions:
            kept = [
                Refusal(line, EXTENSION, _NAME, reason or _LAST)
                for line in one.extensions
            ]
            refusals = tuple(sorted((*one.rewriting.refusals, *kept)))
            one = one._replace(rewriting=one.rewriting._replace(refusals=refusals))
        if one.rewriting.is_changed or one.rewriting.refusals:
            yield Ejected(rewritten(one.rewriting, paths), one.notes)


def _needed_by(paths: list[str], sources: list[Source]) -> str | None:
    """Return a file of the project, below none of ``paths``, that needs compatshim."""
    root = str(project_root(paths))
    ours = {os.path.realpath(source.path) for source in sources}
    for source in suspects([root], CommonNames(), words=RENDERERS):
        if isinstance(source, Unreadable) or os.path.realpath(source.path) in ours:
            continue
        examined = Examined(source, CommonNames(), source.path)
        in_strings = (*named_in_strings(examined), *needs_in_strings(examined))
        if examined.imports or in_strings:
            return os.path.relpath(source.path)
    return next((os.path.relpath(page.path) for page in pages_in([root])), None)
