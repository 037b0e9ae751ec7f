"""The table that ``compatshim routes --format json`` makes: who serves, who replaces."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from compatshim.errors import RoutesTableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["RoutesTable", "Row", "read_routes"]

_KEYS = ("arguments", "endpoint", "framework", "methods", "name", "replaces", "view")
_OF_METHOD_VIEWS = ("get", "post", "put", "patch", "delete")


class Row(NamedTuple):
    """One route, as the table has it; ``methods`` is ``None`` where it takes any."""

    framework: str
    endpoint: str
    name: str | None
    view: str | None
    methods: frozenset[str] | None
    arguments: frozenset[str]
    replaces: frozenset[tuple[str, str]]


class RoutesTable:
    """The routes of both sides, asked for what a call or a function means."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = tuple(rows)
        self._endpoints: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._of_views: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows:
            for pair in row.replaces:
                self._endpoints[pair].add(row.endpoint)
            if row.view is not None:
                self._of_views[row.view].append(row)

    def endpoints_for(self, controller: str, action: str) -> frozenset[str]:
        """Return the endpoints of Flask that replace a controller and action."""
        return frozenset(self._endpoints.get((controller, action), ()))

    def arguments_of(self, endpoint: str) -> frozenset[str]:
        """Return the arguments of all rules that an endpoint of Flask has."""
        return frozenset().union(
            *(
                row.arguments
                for row in self.rows
                if (row.framework, row.endpoint) == ("flask", endpoint)
            )
        )

    def is_legacy_name(self, name: str) -> bool:
        """Tell whether a legacy route is called ``name``."""
        return any(row.framework == "legacy" and row.name == name for row in self.rows)

    def serving(self, view: str) -> list[Row]:
        """Return the routes that the function ``view`` serves, ``"shop.views:read"``.

        With those that may lead to it, because the path decides on the action.
        """
        owner, _, name = view.rpartition(".")
        found = list(self._of_views.get(view, ()))
        if name in _OF_METHOD_VIEWS:
            only = frozenset({name.upper()})
            found += (
                row._replace(methods=only) for row in self._of_views.get(owner, ())
            )
        return [*found, *(self._open_to(owner) if found and ":" in owner else ())]

    def _open_to(self, owner: str) -> Iterator[Row]:
        """Yield the legacy routes that may lead to any action of a controller."""
        controllers = {
            row.endpoint.rpartition("/")[0]
            for view, rows in self._of_views.items()
            if view.rpartition(".")[0] == owner
            for row in rows
        }
        controllers.add("{controller}")
        for row in self.rows:
            is_open = row.framework == "legacy" and row.view is None
            if is_open and row.endpoint.rpartition("/")[0] in controllers:
                yield row


def read_routes(path: str) -> RoutesTable:
    """Return the table in the file at ``path``; raises ``RoutesTableError``."""
    try:
        with open(path, "rb") as file:
            rows = json.load(file)
    except OSError as error:
        reason = f"it cannot be read: {error.strerror or error}"
        raise RoutesTableError(path, None, reason) from None
    except ValueError as error:
        raise RoutesTableError(path, None, f"it is not JSON: {error}") from None
    if not isinstance(rows, list):
        raise RoutesTableError(path, None, "it is not a list of routes")
    return RoutesTable(_row(path, number, row) for number, row in enumerate(rows, 1))


def _row(path: str, number: int, row: Any) -> Row:
    missing = [key for key in _KEYS if not isinstance(row, dict) or key not in row]
    if missing:
        reason = f"route {number} in it has no {missing[0]!r}"
        raise RoutesTableError(path, None, reason)
    try:
        return Row(
            str(row["framework"]),
            str(row["endpoint"]),
            row["name"],
            row["view"],
            None if row["methods"] is None else frozenset(row["methods"]),
            frozenset(row["arguments"]),
            frozenset(
                (one["controller"], one["action"])
                for one in row["replaces"]
                if one["controller"] is not None
            ),
        )
    except (KeyError, TypeError) as error:
        reason = f"route {number} in it has not the form of one: {error!r}"
        raise RoutesTableError(path, None, reason) from None
