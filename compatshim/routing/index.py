"""Match a path against a Routes table at a cost that does not grow with the table."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary

from routes import Mapper
from routes.route import Route
from routes.util import RoutesException

from compatshim.routing._route_tables import (
    RoutesOwnTable,
    RouteTree,
    TableState,
    by_static_prefix,
    make_tree,
)

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from compatshim.routing._route_tables import Groups, RouteTable

    Found = tuple[Any, Any, list[dict[str, Any]]]

__all__ = ["ROUTES_WAYS", "IndexedMapper", "matches_as_routes", "routematch"]


_NOTHING = TableState([], -1, [])  # holds for no list


class IndexedMapper(Mapper):
    """A ``routes.Mapper`` that finds a route among ten thousand as fast as among ten.

    To be used in its place: it returns what Routes would, in the same order of
    precedence. Where it differs, it does more:

    - A route that is added after the first match (by ``connect()`` or what calls it, or
      in ``matchlist``) or removed from ``matchlist`` is so from the next match on; Routes
      waits for ``create_regs()``. Only what leaves ``matchlist`` as long as it was, with
      the same route at its end, still has to be followed by ``create_regs()``.
    - Routes may be added by one thread while others match: a match sees the table with
      or without a route, never half of it.

    With ``debug`` or ``always_scan`` on, matching takes as long as with Routes.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._regs = _Regs(RouteTree({}), _NOTHING)
        self._controllers: Any = []
        self._master_regexp: Any = None
        super().__init__(*args, **kwargs)
        # Reentrant: a route may be added while regular expressions are made.
        self.create_regs_lock = threading.RLock()

    def connect(self, *args: Any, **kargs: Any) -> None:
        """Create and connect a new route, as ``routes.Mapper.connect()`` does."""
        with self.create_regs_lock:
            super().connect(*args, **kargs)
            self._regs = self._regs._replace(state=_NOTHING)

    def redirect(
        self, match_path: str, destination_path: str, *args: Any, **kwargs: Any
    ) -> None:
        """Add a redirect route, as ``routes.Mapper.redirect()`` does."""
        with self.create_regs_lock:
            super().redirect(match_path, destination_path, *args, **kwargs)

    def _create_regs(self, clist: Any = None) -> None:
        self._controllers = self._scan_controllers() if clist is None else clist
        for routes in list(self.maxkeys.values()):
            for route in routes:
                route.makeregexp(self._controllers)
        if self.prefix:
            self._regprefix = re.compile(self.prefix + "(.*)")
        self._make_table()
        self._created_regs = True

    def _scan_controllers(self) -> Any:
        if self.directory:
            return self.controller_scan(self.directory)
        if callable(self.controller_scan):
            return self.controller_scan()
        return self.controller_scan or []

    def _make_table(self) -> None:
        matchlist = self.matchlist
        connected = list(matchlist)
        routes = [route for route in connected if not route.static]
        for route in routes:
            if not hasattr(route, "regmatch"):
                route.makeregexp(self._controllers)
        groups = by_static_prefix(routes)
        table: RouteTable | None = make_tree(groups)
        if table is None or self.debug or self.always_scan:
            self._make_master_regexp()
        else:
            self._master_regexp = None  # nobody has asked for it
        # Routes' own matching reads these.
        self._prefix2routes = groups
        self._prefix_lens = sorted({len(prefix) for prefix in groups}, reverse=True)
        if table is None:
            table = RoutesOwnTable(groups, self._master_regexp)
        self._regs = _Regs(table, TableState.of(matchlist, connected))

    def _make_master_regexp(self) -> None:
        regexps = [
            route.makeregexp(self._controllers, include_names=False)
            for route in self.matchlist
            if not route.static
        ]
        self._master_reg = "|".join(f"(?:{regexp})" for regexp in regexps)
        self._master_regexp = re.compile(self._master_reg)

    def _match(self, url: Any, environ: WSGIEnvironment | None) -> Found:
        if not self._created_regs:
            if not self.controller_scan:
                raise RoutesException(
                    "You must generate the regular expressions before matching."
                )
            self.create_regs()
        regs = self._regs
        if not regs.state.holds_for(self.matchlist):
            regs = self._renewed_regs()
        if self.debug or self.always_scan or not isinstance(url, str):
            return self._match_as_routes(url, environ)
        return _match_in(regs.table, self, url, environ)

    def _renewed_regs(self) -> _Regs:
        with self.create_regs_lock:
            if not self._regs.state.holds_for(self.matchlist):
                self._make_table()
            return self._regs

    def _match_as_routes(self, url: Any, environ: WSGIEnvironment | None) -> Found:
        if self._master_regexp is None:
            with self.create_regs_lock:
                self._make_master_regexp()
        found: Found = super()._match(url, environ)
        return found


class _Regs(NamedTuple):
    """What was made of ``matchlist``, and what it was then."""

    table: RouteTable
    state: TableState


def _match_in(
    table: RouteTable, mapper: Any, url: str, environ: WSGIEnvironment | None
) -> Found:
    """Do what ``routes.Mapper._match()`` does, with the routes that ``table`` names."""
    if mapper.prefix:
        if not re.match(mapper._regprefix, url):  # noqa: SLF001 (made by create_regs)
            return None, None, []
        url = re.sub(mapper._regprefix, r"\1", url) or "/"  # noqa: SLF001
    environ = environ or mapper.environ
    for route in table.candidates(url):
        if type(route) is Route and not (
            route.conditions or mapper.sub_domains or "match" in route.__dict__
        ):
            match = _match_path(route, url)
        else:
            match = route.match(
                url,
                environ,
                mapper.sub_domains,
                mapper.sub_domains_ignore,
                mapper.domain_match,
            )
        if match or isinstance(match, dict):
            return match, route, []
    return None, None, []


def _match_path(route: Route, url: str) -> dict[str, Any] | None:
    """Do what ``routes.Route.match()`` does where only the path counts."""
    found = None if route.static else route.regmatch.match(url)
    if found is None:
        return None
    arguments: dict[str, Any] = found.groupdict()
    for name, default in route.defaults.items():
        if name not in arguments or (default and not arguments[name]):
            arguments[name] = default
    return arguments


class _Beside(NamedTuple):
    """The tree for a mapper that stays as it is, and what it was made of."""

    groups: Groups
    tree: RouteTree | None


_beside: WeakKeyDictionary[Any, _Beside] = WeakKeyDictionary()


ROUTES_WAYS = (Mapper._match, IndexedMapper._match)  # noqa: SLF001
"""The functions that match as Routes does."""


def matches_as_routes(mapper: Any) -> bool:
    """Return whether ``mapper`` matches as Routes does, and not in a way of its own."""
    return getattr(mapper.routematch, "__func__", None) is Mapper.routematch and (
        getattr(mapper._match, "__func__", None) in ROUTES_WAYS  # noqa: SLF001 (no other way)
    )


def routematch(mapper: Any, url: str, environ: WSGIEnvironment) -> Any:
    """Return what ``mapper.routematch(url, environ)`` does, as fast as if it were indexed.

    For any ``routes.Mapper``: the index stands beside it, and is renewed whenever
    ``create_regs()`` has been called. A mapper that matches in a way of its own is asked.
    """
    tree = _tree_beside(mapper)
    if tree is None:
        return mapper.routematch(url, environ)
    match, route, _ = _match_in(tree, mapper, url, environ)
    return None if route is None else (match, route)


def _tree_beside(mapper: Any) -> RouteTree | None:
    names = vars(mapper)
    # Without regular expressions, Routes makes them now.
    if not names["_created_regs"] or names["always_scan"] or names["debug"]:
        return None
    groups = names["_prefix2routes"]  # made anew by each create_regs
    beside = _beside.get(mapper)
    if beside is None or beside.groups is not groups:
        tree = make_tree(groups) if _has_no_table(mapper) else None
        beside = _beside[mapper] = _Beside(groups, tree)
    return beside.tree


def _has_no_table(mapper: Any) -> bool:
    """Return whether ``mapper`` is one of Routes', that matches as Routes does."""
    return (
        matches_as_routes(mapper)
        and getattr(mapper._match, "__func__", None) is Mapper._match  # noqa: SLF001 (no other way)
    )
