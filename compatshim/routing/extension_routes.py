"""The legacy routes of extensions, which come before what is core on either side."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from compatshim.routing._route_tables import TableState, by_static_prefix, make_tree
from compatshim.routing.index import ROUTES_WAYS
from compatshim.routing.matching import answered, question_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from _typeshed.wsgi import WSGIEnvironment

    from compatshim.parsing.forms import Form
    from compatshim.routing._route_tables import Groups, RouteTable
    from compatshim.routing.matching import LegacyMatch
    from compatshim.routing.origins import MarkedRoutes

__all__ = ["ExtensionRoutes"]


class ExtensionRoutes:
    """The routes of ``mapper`` that are in ``marked``, in the order that Routes has.

    A core route of the same mapper may stand before one of an extension, so they are
    asked by themselves. Routes that come later are seen.
    """

    def __init__(self, mapper: Any, marked: MarkedRoutes) -> None:
        self._mapper = mapper
        self._marked = marked
        self._made: _Made | None = None

    def exist(self) -> bool:
        """Return whether there are any."""
        return self._marked.version != 0 and self._table() is not None

    def match(
        self,
        path: str,
        environ: WSGIEnvironment,
        read: Callable[[WSGIEnvironment], Form | None],
    ) -> LegacyMatch | None:
        """Return the answer of the first that matches ``path``, a text, or ``None``.

        The form of a POST request is read by ``read``, but only where the path is that
        of a route with conditions. A route for ``GET`` also takes ``HEAD``, which is
        not to reach another page than ``GET`` does.
        """
        possible = self._possible(path)
        if not possible:
            return None
        if any(route.conditions for route in possible):
            questions = [question_of(environ, read)]
            if questions[0]["REQUEST_METHOD"] == "HEAD":
                questions.append({**questions[0], "REQUEST_METHOD": "GET"})
        else:
            questions = [environ]
        for question in questions:
            found = self._first(possible, path, question)
            if found is not None:
                return answered(found, self._mapper, environ)
        return None

    def _possible(self, path: str) -> list[Any]:
        """Return the routes that match as far as the path is concerned."""
        if self._mapper.always_scan:
            self._mapper.create_regs()
        table, url = self._table(), self._without_prefix(path)
        if table is None or url is None:
            return []
        return [route for route in table.candidates(url) if route.regmatch.match(url)]

    def _first(self, routes: list[Any], path: str, environ: WSGIEnvironment) -> Any:
        mapper = self._mapper
        if getattr(mapper._match, "__func__", None) not in ROUTES_WAYS:  # noqa: SLF001
            found = mapper.routematch(path, environ)  # it has a way of its own
            return found if found and found[1] in self._marked else None
        url = self._without_prefix(path)
        for route in routes:
            match = route.match(
                url,
                environ,
                mapper.sub_domains,
                mapper.sub_domains_ignore,
                mapper.domain_match,
            )
            if match or isinstance(match, dict):
                return match, route
        return None

    def _without_prefix(self, path: str) -> str | None:
        prefix = self._mapper.prefix
        if not prefix:
            return path
        found = re.match(f"{prefix}(.*)", path)
        return None if found is None else found[found.re.groups] or "/"

    def _table(self) -> RouteTable | None:
        made = self._made
        if made is None or not made.holds_for(self._mapper, self._marked):
            made = self._made = self._make()
        return made.table

    def _make(self) -> _Made:
        # Read in this order, whatever comes meanwhile is seen the next time.
        mapper, version = self._mapper, self._marked.version
        matchlist = mapper.matchlist
        connected = list(matchlist)
        routes = [
            route for route in connected if route in self._marked and not route.static
        ]
        if not all(hasattr(route, "regmatch") for route in routes):
            mapper.create_regs()
        regs = _regs_of(mapper)
        groups = by_static_prefix(routes)
        table = (make_tree(groups) or _PrefixTable(groups)) if routes else None
        return _Made(table, version, regs, TableState.of(matchlist, connected))


class _Made(NamedTuple):
    """What was made of a mapper's routes, and of what."""

    table: RouteTable | None
    version: int
    regs: Any
    state: TableState

    def holds_for(self, mapper: Any, marked: MarkedRoutes) -> bool:
        return (
            self.version == marked.version
            and self.state.holds_for(mapper.matchlist)
            and self.regs is _regs_of(mapper)
        )


def _regs_of(mapper: Any) -> Any:
    """Return what ``create_regs()`` makes anew whenever it is called."""
    return getattr(mapper, "_prefix2routes", None)


class _PrefixTable:
    """Routes' own order, for routes that do not fit in a tree."""

    def __init__(self, groups: Groups) -> None:
        self._groups = groups
        self._lengths = sorted({len(prefix) for prefix in groups}, reverse=True)

    def candidates(self, url: str) -> Iterable[Any]:
        return chain.from_iterable(
            self._groups.get(url[:length], ()) for length in self._lengths
        )
