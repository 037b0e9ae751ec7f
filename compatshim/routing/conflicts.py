"""Routes that stand in each other's way: found at start-up, before they are missed.

``COMPATSHIM_ROUTE_CONFLICTS`` says what is done about them: ``"warn"`` writes them to
the log ``compatshim.routing``, ``"error"`` raises, ``"ignore"`` does not look.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, NamedTuple

from compatshim.errors import RouteConflictError
from compatshim.routing.origins import Precedence
from compatshim.routing.path_patterns import REST
from compatshim.routing.shadows import find_shadows
from compatshim.routing.table import all_routes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from compatshim.objects.state import ShimState
    from compatshim.routing.shadows import Shadowed
    from compatshim.routing.table import RouteEntry

__all__ = ["Conflict", "check_routes", "conflicts_of", "find_conflicts"]

CONFIG_KEY = "COMPATSHIM_ROUTE_CONFLICTS"

_MODES = ("warn", "error", "ignore")
_SHOWN = 20  # of what one message names

log = logging.getLogger("compatshim.routing")


class Conflict(NamedTuple):
    """Routes that one other hides.

    ``kind`` is ``"shadowed"``: it is of the same origin, and no replacement of them has
    been declared; or ``"catch-all"``: it is a Flask core rule that matches everything.
    """

    kind: str
    by: RouteEntry
    hidden: tuple[RouteEntry, ...]

    @property
    def advice(self) -> str:
        """What to do about it."""
        if self.kind == "catch-all":
            return (
                f"{self.by.title} matches every path. Let it take less, or delete the"
                " legacy routes that it hides"
            )
        if self.by.framework == self.hidden[0].framework:
            return "it is never reached: delete it, or what shadows it"
        return (
            "delete it, or declare with shim.replaces() that the Flask view replaces it"
        )

    def __str__(self) -> str:
        if self.kind == "catch-all":
            rules = _listed([route.rule for route in self.hidden])
            return f"{len(self.hidden)} legacy routes ({rules}): {self.advice}."
        hidden = self.hidden[0]
        return f"{hidden.title} is shadowed by {self.by.title}: {self.advice}."


def find_conflicts(state: ShimState) -> list[Conflict]:
    """Return the conflicts among all routes of both sides."""
    return conflicts_of(state, find_shadows(all_routes(state)).values())


def conflicts_of(state: ShimState, shadowed: Iterable[Shadowed]) -> list[Conflict]:
    """Return those of ``shadowed`` that nobody has asked for."""
    catch_alls: dict[int, tuple[RouteEntry, list[RouteEntry]]] = {}
    conflicts = []
    for one in shadowed:
        if not one.is_hidden or _is_declared(state, one):
            continue
        by = _culprit(one)
        if by is None:
            continue
        if _is_catch_all(by) and one.route.framework == "legacy":
            catch_alls.setdefault(id(by.source), (by, []))[1].append(one.route)
        else:
            conflicts.append(Conflict("shadowed", by, (one.route,)))
    return [
        *(
            Conflict("catch-all", by, tuple(hidden))
            for by, hidden in catch_alls.values()
        ),
        *conflicts,
    ]


def _culprit(shadowed: Shadowed) -> RouteEntry | None:
    """Return the first route of the same origin; an extension may replace a core one."""
    origin = shadowed.route.origin
    if any(shadow.by.origin != origin for shadow in shadowed.shadows):
        return None
    return shadowed.shadows[0].by


def _is_catch_all(entry: RouteEntry) -> bool:
    return entry.precedence == Precedence.FLASK_CORE and any(
        pattern[0].kind == REST for pattern in entry.paths.claims
    )


def _is_declared(state: ShimState, shadowed: Shadowed) -> bool:
    """Return whether one of those that hide a legacy route is declared to replace it."""
    route = shadowed.route
    if route.framework == "flask":
        return False
    defaults = route.source.defaults
    controller, action = defaults.get("controller"), defaults.get("action") or "index"
    return any(
        state.successors.is_declared(shadow.by.endpoint, route.name, controller, action)
        for shadow in shadowed.shadows
        if shadow.by.framework == "flask"
    )


def check_routes(state: ShimState) -> None:
    """Report the conflicts as the application wants it; once, unless it is an error.

    Raises ``RouteConflictError`` where there are any and it wants ``"error"``, and
    ``ValueError`` where it wants what there is not.
    """
    mode = state.app.config.get(CONFIG_KEY, "warn")
    if mode not in _MODES:
        raise ValueError(f"{CONFIG_KEY} is {mode!r}: it may be one of {_MODES}.")
    conflicts = [] if mode == "ignore" else find_conflicts(state)
    if conflicts and mode == "error":
        raise RouteConflictError(conflicts, _listed(_lines(conflicts), "\n"))
    state.are_routes_checked = True
    if conflicts:
        log.warning(
            "%d route conflicts in %r ('flask compatshim routes --conflicts' lists"
            ' them; %s = "ignore" turns this off):\n%s',
            len(conflicts),
            state.app.name,
            CONFIG_KEY,
            _listed(_lines(conflicts), "\n"),
        )


def _lines(conflicts: Iterable[Conflict]) -> list[str]:
    return [f"  {conflict}" for conflict in conflicts]


def _listed(texts: Sequence[str], separator: str = ", ") -> str:
    shown = list(texts[:_SHOWN])
    if len(texts) > len(shown):
        shown.append(f"  ... and {len(texts) - len(shown)} more".lstrip())
    return separator.join(shown)
