"""The legacy routes of extensions, which come before what is core on either side."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from routes import Mapper

from compatshim.routing._route_tables import by_static_prefix, make_tree
from compatshim.routing.index import IndexedMapper
from compatshim.routing.matching import answered, question_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from _typeshed.wsgi import WSGIEnvironment

    from compatshim.parsing.forms import Form
    from compatshim.routing._route_tables import Groups, RouteTable
    from compatshim.routing.matching import LegacyMatch
    from compatshim.routing.origins import MarkedRoutes

__all__ = ["ExtensionRoutes"]

_KNOWN_WAYS = (Mapper._match, IndexedMapper._match)  # noqa: SLF001


class ExtensionRoutes:
    """The routes of ``mapper`` that are in ``marked``, in the order that Routes has.

    A core route of the same mapper may stand before one of an extension, so they are
    asked by themselves. Routes that come later are seen.
    """

    def __init__(self, mapper: Any, marked: MarkedRoutes) -> None:
        self._mapper = mapper
        self._marked = marked
        self._made = _Made((0, 0), None)

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
        table, url = self._table(), self._without_prefix(path)
        if table is None or url is None:
            return []
        if self._mapper.always_scan:
            self._mapper.create_regs()
        return [route for route in table.candidates(url) if route.regmatch.match(url)]

    def _first(self, routes: list[Any], path: str, environ: WSGIEnvironment) -> Any:
        mapper = self._mapper
        if getattr(mapper._match, "__func__", None) not in _KNOWN_WAYS:  # noqa: SLF001
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
        mapper, made = self._mapper, self._made
        version = (self._marked.version, len(mapper.matchlist))
        if made.version != version:
            self._made = made = _Made(version, self._make_table())
        return made.table

    def _make_table(self) -> RouteTable | None:
        mapper, marked = self._mapper, self._marked
        routes = [
            route for route in mapper.matchlist if route in marked and not route.static
        ]
        if not routes:
            return None
        if not all(hasattr(route, "regmatch") for route in routes):
            mapper.create_regs()
        groups = by_static_prefix(routes)
        return make_tree(groups) or _PrefixTable(groups)


class _Made(NamedTuple):
    version: tuple[int, int]
    table: RouteTable | None


class _PrefixTable:
    """Routes' own order, for routes that do not fit in a tree."""

    def __init__(self, groups: Groups) -> None:
        self._groups = groups
        self._lengths = sorted({len(prefix) for prefix in groups}, reverse=True)

    def candidates(self, url: str) -> Iterable[Any]:
        return chain.from_iterable(
            self._groups.get(url[:length], ()) for length in self._lengths
        )
