"""Which routes of a table are worth trying for a path, in Routes' order.

Routes keeps its routes under their static prefixes and tries those of the longest one
first. Before that, it asks one regular expression of all routes whether any matches at
all, which takes the longer the more there are. The table here is a tree of path segments
in its place. A table never changes: a new one is made and put in its place.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import chain, takewhile
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from compatshim.routing._route_segments import is_told_by_its_path, path_segments

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Groups = Mapping[str, Sequence[Any]]

__all__ = [
    "RouteTable",
    "RouteTree",
    "RoutesOwnTable",
    "TableState",
    "by_static_prefix",
    "make_tree",
]


class TableState(NamedTuple):
    """What a mapper's ``matchlist`` was when something was made of its routes."""

    matchlist: list[Any]
    length: int
    last: list[Any]

    @classmethod
    def of(cls, matchlist: list[Any], routes: list[Any]) -> TableState:
        """Return the state of ``matchlist`` in which it had just these ``routes``."""
        return cls(matchlist, len(routes), routes[-1:])

    def holds_for(self, matchlist: list[Any]) -> bool:
        """Return whether no route has been added or removed since.

        Not seen is what leaves it as long as it was, with the same route at its end.
        """
        return (
            matchlist is self.matchlist
            and len(matchlist) == self.length
            and matchlist[-1:] == self.last
        )


class RouteTable(Protocol):
    """Tell which routes to try."""

    def candidates(self, url: str) -> Iterable[Any]:
        """Return all routes that may match ``url``, in the order to try them."""


_MANY = 4
_ARGUMENT = re.compile(r"\(\?P<\w+>")


def by_static_prefix(routes: Iterable[Any]) -> dict[str, list[Any]]:
    """Return the routes under their static prefixes, as Routes keeps them."""
    groups: dict[str, list[Any]] = {}
    for route in routes:
        parts = takewhile(lambda part: isinstance(part, str), route.routelist)
        prefix = "".join(parts)
        if route.minimization and not prefix.startswith("/"):
            prefix = "/" + prefix
        groups.setdefault(prefix.rstrip("/"), []).append(route)
    return groups


def make_tree(groups: Groups) -> RouteTree | None:
    """Return the tree of a table, or ``None`` if it has routes that do not fit in one."""
    told = all(is_told_by_its_path(route) for route in chain(*groups.values()))
    return RouteTree(groups) if told else None


class RoutesOwnTable:
    """Routes' own way, for tables that do not fit in a tree.

    ``any_route`` is the regular expression that matches what one of the routes does.
    """

    def __init__(self, groups: Groups, any_route: re.Pattern[str]) -> None:
        self._groups = groups
        self._lengths = sorted({len(prefix) for prefix in groups}, reverse=True)
        self._any_route = any_route

    def candidates(self, url: str) -> Iterable[Any]:
        """Return the routes whose static prefix ``url`` has, if any route matches it."""
        if not self._any_route.match(url):
            return ()
        return chain.from_iterable(
            self._groups.get(url[:length], ()) for length in self._lengths
        )


class RouteTree:
    """A tree of path segments, with routes where what is told of their paths ends.

    A route is known by its rank, its place in the order in which Routes tries routes.
    """

    def __init__(self, groups: Groups) -> None:
        self._routes: list[Any] = []
        self._root = _Node()
        self._repetitions: dict[str, _Repetition] = {}
        self._depth = 0
        lengths = sorted({len(prefix) for prefix in groups})
        for prefix in sorted(groups, key=len, reverse=True):
            first = len(self._routes)
            for route in groups[prefix]:
                self._add(route, prefix)
            times = len(lengths) - lengths.index(len(prefix))
            if times > 1 and any(map(_calls_function, groups[prefix])):
                repetition = _Repetition(first, len(self._routes), times)
                self._repetitions[prefix] = repetition
        self._root.settle(self._routes)

    def _add(self, route: Any, prefix: str) -> None:
        segments, complete = path_segments(route, prefix)
        node = self._root
        for text, whole in segments:
            node = (node.whole if whole else node.begun).setdefault(text, _Node())
        (node.ended if complete else node.reached).append(len(self._routes))
        self._routes.append(route)
        self._depth = max(self._depth, len(segments))

    def candidates(self, url: str) -> Iterable[Any]:
        """Return the routes whose segments agree with those of ``url``."""
        ranks = self._ranks(url)
        if len(ranks) > 1:
            ranks.sort()
        if self._repetitions and url in self._repetitions:
            ranks = self._repetitions[url].apply(ranks)
        return map(self._routes.__getitem__, ranks)

    def _ranks(self, url: str) -> list[int]:
        ranks: list[int] = []
        # "$" matches before a line break too. What is deeper than the tree stays uncut.
        nodes = [self._root]
        for segment in url.rstrip("\n").split("/", self._depth):
            children: list[_Node] = []
            for node in nodes:
                if node.reached:
                    ranks += node.reached_by(url)
                if segment in node.whole:
                    children.append(node.whole[segment])
                if node.beginnings is not None:
                    children += node.beginnings.of(segment)
            if not children:
                return ranks
            nodes = children
        for node in nodes:
            ranks += node.reached_by(url)
            ranks += node.ended
        return ranks


def _calls_function(route: Any) -> bool:
    return bool(route.conditions) and "function" in route.conditions


class _Repetition:
    """How often Routes tries the routes of one prefix for a path that is that prefix.

    Once for each length of prefix that is not below the path's: cut to any of them, the
    path is the same. It shows where a route's condition function is called in vain.
    """

    __slots__ = ("_first", "_stop", "_times")

    def __init__(self, first: int, stop: int, times: int) -> None:
        self._first = first
        self._stop = stop
        self._times = times

    def apply(self, ranks: list[int]) -> list[int]:
        repeated = [rank for rank in ranks if self._first <= rank < self._stop]
        others = [rank for rank in ranks if rank >= self._stop]
        return repeated * self._times + others


class _Node:
    """A place in the tree: its children by the next segment, and the routes here.

    ``whole`` has the children by a segment, ``begun`` by the beginning of one. Routes in
    ``reached`` match whatever follows here, those in ``ended`` only paths that end here.
    Where there are many in ``reached``, ``gate`` matches what one of them does: trying
    them one by one takes longer.
    """

    __slots__ = ("beginnings", "begun", "ended", "gate", "reached", "whole")

    def __init__(self) -> None:
        self.whole: dict[str, _Node] = {}
        self.begun: dict[str, _Node] = {}
        self.beginnings: _Beginnings | None = None
        self.reached: list[int] = []
        self.ended: list[int] = []
        self.gate: re.Pattern[str] | None = None

    def reached_by(self, url: str) -> Sequence[int]:
        """Return the ranks in ``reached``, if one of their routes may match ``url``."""
        return self.reached if self.gate is None or self.gate.match(url) else ()

    def settle(self, routes: Sequence[Any]) -> None:
        """Make what only looking up needs, once all ``routes`` are there."""
        if self.begun:
            self.beginnings = _Beginnings(self.begun)
        if len(self.reached) >= _MANY:
            self.gate = _any_of([routes[rank] for rank in self.reached])
        for child in chain(self.whole.values(), self.begun.values()):
            child.settle(routes)


def _any_of(routes: Iterable[Any]) -> re.Pattern[str]:
    """Return the regular expression that matches whatever one of ``routes`` does."""
    regexps = (_ARGUMENT.sub("(?:", route.regexp) for route in routes)
    return re.compile("|".join(f"(?:{regexp})" for regexp in regexps))


class _Beginnings:
    """Find the children whose text a segment begins with, however many there are."""

    __slots__ = ("_found", "_next", "_only", "_texts")

    def __init__(self, children: Mapping[str, _Node]) -> None:
        self._texts = sorted(children)
        # The longest of the texts that begin this one, or -1, and all their children.
        self._next: list[int] = []
        self._found: list[tuple[_Node, ...]] = []
        for place, text in enumerate(self._texts):
            before = self._longest(text, place - 1)
            self._next.append(before)
            self._found.append((*self._at(before), children[text]))
        # Most often there is an argument alone, which any segment begins.
        self._only = self._found[0] if self._texts == [""] else None

    def of(self, segment: str) -> tuple[_Node, ...]:
        if self._only is not None:
            return self._only
        # Whatever begins the segment sorts before it, and begins what stands between.
        return self._at(self._longest(segment, bisect_right(self._texts, segment) - 1))

    def _longest(self, segment: str, place: int) -> int:
        while place >= 0 and not segment.startswith(self._texts[place]):
            place = self._next[place]
        return place

    def _at(self, place: int) -> tuple[_Node, ...]:
        return self._found[place] if place >= 0 else ()
