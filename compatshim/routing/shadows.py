"""Which routes keep others from being reached.

Found is what the texts of the rules tell for certain, of paths that do not begin with
several slashes. Not found are: what hosts,
sub-domains, converters of the application's own, condition functions and the arguments
that ``minimization`` lets out decide; a route that several others hide together, each a
part of its paths; and of two Flask rules of one origin, all but those that are alike,
since Werkzeug tries the more particular one first.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from compatshim.routing.path_patterns import PART, REST, TEXT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from compatshim.routing.path_patterns import Pattern, Segment
    from compatshim.routing.table import RouteEntry

__all__ = ["Shadow", "Shadowed", "find_shadows"]

_AUTOMATIC = frozenset({"HEAD", "OPTIONS"})  # Flask adds them to every rule


class Shadow(NamedTuple):
    """A route that takes requests from another: those of ``methods``, ``None`` for all."""

    by: RouteEntry
    methods: frozenset[str] | None


class Shadowed(NamedTuple):
    """A route, and what stands before it.

    ``is_hidden`` is whether nothing of it is left; for a route that takes any method,
    whether ``GET`` is not.
    """

    route: RouteEntry
    shadows: list[Shadow]
    is_hidden: bool


def find_shadows(entries: Sequence[RouteEntry]) -> dict[int, Shadowed]:
    """Return what is shadowed, by its place in ``entries``, from ``all_routes()``."""
    index = _Index()
    for place, entry in enumerate(entries):
        for pattern in entry.paths.claims:
            index.add(pattern, place)
    found = {}
    for place, entry in enumerate(entries):
        shadows = list(_shadows_of(place, entries, index))
        if shadows:
            found[place] = Shadowed(entry, shadows, _is_hidden(entry, shadows))
    return found


def _shadows_of(
    place: int, entries: Sequence[RouteEntry], index: _Index
) -> Iterator[Shadow]:
    entry = entries[place]
    if not entry.paths.reach:
        return
    covering = [set(index.covering(pattern)) for pattern in entry.paths.reach]
    for other in sorted(set.intersection(*covering) - {place}):
        by = entries[other]
        if _comes_before(by, entry, is_earlier=other < place):
            methods = _common_methods(by, entry)
            if methods is None or methods:
                yield Shadow(by, methods)


def _comes_before(by: RouteEntry, entry: RouteEntry, *, is_earlier: bool) -> bool:
    if by.precedence != entry.precedence:
        return by.precedence > entry.precedence
    if by.framework == "legacy":
        return is_earlier
    if _written(by) != _written(entry):
        return False
    winner = _winner(by, entry)
    return is_earlier if winner is None else winner is by.source


def _written(entry: RouteEntry) -> list[tuple[str, str]]:
    """Return the parts of a Flask rule by which Werkzeug tells rules apart."""
    first = entry.paths.reach[0]
    return [(segment.kind, segment.source) for segment in first]


def _winner(by: RouteEntry, entry: RouteEntry) -> object:
    """Return the rule that Werkzeug chooses of two alike, or ``None`` if in doubt."""
    samples = [segment.sample for segment in entry.paths.reach[0]]
    methods = _common_methods(by, entry)
    if methods is None:
        methods = frozenset(entry.methods or by.methods or ["GET"])
        methods = methods - _AUTOMATIC or methods
    if None in samples or not methods:
        return None
    url_map = entry.source.map
    path = "/" + "/".join(sample or "" for sample in samples)
    # Whatever goes wrong, such as a converter that needs a request: it is in doubt.
    with suppress(Exception):
        rule, _ = url_map.bind("localhost").match(path, min(methods), return_rule=True)
        if rule is by.source or rule is entry.source:
            return rule
    return None


def _common_methods(by: RouteEntry, entry: RouteEntry) -> frozenset[str] | None:
    """Return the methods that ``by`` takes from ``entry``, ``None`` for all."""
    if by.methods is None:
        return None
    theirs, ours = frozenset(by.methods), entry.methods
    if ours is None:
        return theirs - _AUTOMATIC or theirs
    wanted = frozenset(ours) - _AUTOMATIC or frozenset(ours)
    return None if wanted <= theirs else wanted & theirs


def _is_hidden(entry: RouteEntry, shadows: Iterable[Shadow]) -> bool:
    taken: set[str] = set()
    for shadow in shadows:
        if shadow.methods is None:
            return True
        taken |= shadow.methods
    if entry.methods is None:
        return "GET" in taken
    return set(entry.methods) - _AUTOMATIC <= taken


class _Index:
    """A tree of patterns, to find those that match whatever another one matches."""

    def __init__(self) -> None:
        self._root = _Node()

    def add(self, pattern: Pattern, place: int) -> None:
        node = self._root
        for segment in pattern:
            node = node.child(segment)
        node.places.append(place)

    def covering(self, pattern: Pattern) -> Iterator[int]:
        """Yield the places of the patterns that cover ``pattern``."""
        nodes = [self._root]
        for number, segment in enumerate(pattern):
            for node in nodes:
                yield from node.places_of_rest(pattern[number:])
            nodes = [child for node in nodes for child in node.covering(segment)]
        for node in nodes:
            yield from node.places


class _Node:
    """A place in the tree: its children by kind and source, and the rules that end here."""

    __slots__ = ("_any", "_parts", "_rests", "_texts", "places")

    def __init__(self) -> None:
        self.places: list[int] = []
        self._texts: dict[str, _Node] = {}
        self._any: _Node | None = None
        self._parts: dict[str, tuple[Segment, _Node]] = {}
        self._rests: dict[str, _Node] = {}

    def child(self, segment: Segment) -> _Node:
        """Return the node for what follows ``segment``, made if there is none."""
        if segment.kind == TEXT:
            return self._texts.setdefault(segment.source, _Node())
        if segment.kind == REST:
            return self._rests.setdefault(segment.source, _Node())
        if segment.kind == PART:
            return self._parts.setdefault(segment.source, (segment, _Node()))[1]
        self._any = self._any or _Node()
        return self._any

    def covering(self, segment: Segment) -> Iterator[_Node]:
        """Yield the children that take whatever ``segment`` is, slashes apart."""
        if segment.kind == REST:
            return
        if segment.kind == TEXT:
            yield from self._covering_text(segment.source)
        elif segment.kind == PART and segment.source in self._parts:
            yield self._parts[segment.source][1]
        if self._any is not None and _is_something(segment):
            yield self._any

    def _covering_text(self, text: str) -> Iterator[_Node]:
        if text in self._texts:
            yield self._texts[text]
        for part, node in self._parts.values():
            if part.accepts is not None and part.accepts(text):
                yield node

    def places_of_rest(self, pattern: Pattern) -> Iterator[int]:
        """Yield the rules that end here and take all that ``pattern`` may be."""
        for source, node in self._rests.items():
            if source == "*" or _is_something(pattern[0]):
                yield from node.places


def _is_something(segment: Segment) -> bool:
    """Return whether ``segment`` is never empty."""
    if segment.kind == REST:
        return segment.source == "+"
    return segment.kind != TEXT or segment.source != ""
