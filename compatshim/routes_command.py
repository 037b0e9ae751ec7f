"""``flask compatshim routes`` and ``compatshim routes``: all routes in one table.

Some libraries are imported where they are needed: the command line imports this module
for its options, and ``compatshim --help`` for what it says, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from compatshim.objects.state import ShimState
    from compatshim.routing.conflicts import Conflict
    from compatshim.routing.shadows import Shadow, Shadowed
    from compatshim.routing.table import RouteEntry

__all__ = ["FORMATS", "flask_command", "render_routes", "routes_options"]

FORMATS = ("text", "json", "csv")

_AUTOMATIC = ("HEAD", "OPTIONS")  # Flask adds them to every rule
_GAP = "  "
_LEAST = 12  # characters of a column


def routes_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of the command to a click command's function."""
    for add in reversed(
        (
            click.option(
                "--format",
                "format_name",
                type=click.Choice(FORMATS),
                default=FORMATS[0],
                show_default=True,
                help="How to print them.",
            ),
            click.option(
                "--shadowed", is_flag=True, help="Only those that others stand before."
            ),
            click.option(
                "--conflicts", is_flag=True, help="Only those that are in conflict."
            ),
        )
    ):
        function = add(function)
    return function


def flask_command() -> click.Command:
    """Return the command for ``app.cli``."""
    from flask import current_app
    from flask.cli import with_appcontext

    from compatshim.objects.state import current_state

    @click.command("routes", short_help="Show the routes of both sides.")
    @routes_options
    @with_appcontext
    def routes(format_name: str, *, shadowed: bool, conflicts: bool) -> None:
        """Show every route of both sides, who serves it, and what shadows it.

        The first that matches a request serves it.
        """
        state = current_state(f"the table of routes of {current_app.name!r}")
        click.echo(
            render_routes(state, format_name, shadowed=shadowed, conflicts=conflicts),
            nl=False,
        )

    return routes


class _Row(NamedTuple):
    """A route, what stands before it, and the conflict that it is in."""

    route: RouteEntry
    shadowed: Shadowed | None
    conflict: Conflict | None

    @property
    def shadows(self) -> list[Shadow]:
        return self.shadowed.shadows if self.shadowed else []


def render_routes(
    state: ShimState, format_name: str, *, shadowed: bool, conflicts: bool
) -> str:
    """Return the table in one of ``FORMATS``.

    With ``shadowed``, of the routes only from which others take requests, and with
    ``conflicts`` only of those that are in conflict.
    """
    rows = [
        row
        for row in _rows(state)
        if (row.shadows or not shadowed) and (row.conflict or not conflicts)
    ]
    if format_name == "json":
        import json

        return json.dumps([_as_dict(row, state) for row in rows], indent=2) + "\n"
    if format_name == "csv":
        return _as_csv(rows, state)
    return "".join(f"{line}\n" for line in _as_text(rows, _width()))


def _rows(state: ShimState) -> list[_Row]:
    from compatshim.routing.conflicts import conflicts_of
    from compatshim.routing.shadows import find_shadows
    from compatshim.routing.table import all_routes

    entries = all_routes(state)
    shadows = find_shadows(entries)
    conflicts = {
        id(route): conflict
        for conflict in conflicts_of(state, shadows.values())
        for route in conflict.hidden
    }
    return [
        _Row(entry, shadows.get(place), conflicts.get(id(entry)))
        for place, entry in enumerate(entries)
    ]


def _as_dict(row: _Row, state: ShimState) -> dict[str, Any]:
    from compatshim.route_views import arguments_of, replaced_by_route, view_of

    route = row.route
    return {
        **_plain(route),
        "arguments": arguments_of(route),
        "view": view_of(state, route),
        "replaces": replaced_by_route(state, route),
        "shadowed_by": [
            {
                **_plain(shadow.by),
                "takes": None if shadow.methods is None else sorted(shadow.methods),
            }
            for shadow in row.shadows
        ],
        "hidden": bool(row.shadowed and row.shadowed.is_hidden),
        "conflict": row.conflict.kind if row.conflict else None,
    }


def _plain(route: RouteEntry) -> dict[str, Any]:
    return {
        "rule": route.rule,
        "methods": None if route.methods is None else list(route.methods),
        "endpoint": route.endpoint,
        "name": route.name,
        "framework": route.framework,
        "origin": route.origin,
        "plugin": route.plugin,
    }


def _as_csv(rows: Iterable[_Row], state: ShimState) -> str:
    import csv
    import io

    out = io.StringIO()
    writer: Any = None
    for row in rows:
        values = _as_dict(row, state)
        values["methods"] = " ".join(values["methods"] or ["*"])
        values["arguments"] = " ".join(values["arguments"])
        values["replaces"] = "; ".join(map(_replaced_text, values["replaces"]))
        values["shadowed_by"] = "; ".join(map(_shadow_text, row.shadows))
        if writer is None:
            writer = csv.DictWriter(out, list(values), lineterminator="\n")
            writer.writeheader()
        writer.writerow(values)
    return out.getvalue()


def _replaced_text(replaced: Mapping[str, str | None]) -> str:
    if replaced["controller"] is None:
        return str(replaced["route"])
    return f"{replaced['controller']}/{replaced['action']}"


def _shadow_text(shadow: Shadow) -> str:
    methods = (
        "" if shadow.methods is None else f"{', '.join(sorted(shadow.methods))} by "
    )
    return f"{methods}{shadow.by.title}"


def _as_text(rows: Sequence[_Row], width: int) -> Iterator[str]:
    if not rows:
        yield "No routes."
        return
    header = ("Rule", "Methods", "Endpoint", "Framework", "Origin")
    cells = [_cells(row.route) for row in rows]
    widths = _fit(
        [max(map(len, column)) for column in zip(header, *cells, strict=True)], width
    )
    yield from _lines(header, widths)
    yield _GAP.join("-" * wide for wide in widths)
    for row, texts in zip(rows, cells, strict=True):
        yield from _lines(texts, widths)
        for shadow in row.shadows:
            yield from _wrapped(f"shadowed: {_shadow_text(shadow)}", width)
        if row.conflict is not None:
            yield from _wrapped(f"CONFLICT: {row.conflict.advice}", width)


def _cells(route: RouteEntry) -> tuple[str, ...]:
    if route.methods is None:
        methods = "any"
    else:
        asked = [method for method in route.methods if method not in _AUTOMATIC]
        methods = ", ".join(asked or route.methods)
    origin = route.origin
    if route.plugin not in (None, origin):
        origin = f"{origin} {route.plugin}"
    return route.rule, methods, route.endpoint, route.framework, origin


def _fit(wanted: list[int], width: int) -> list[int]:
    """Return widths of columns that fit; the longest ones lose most."""
    widths = list(wanted)
    too_much = sum(widths) + len(_GAP) * (len(widths) - 1) - width
    while too_much > 0 and max(widths) > _LEAST:
        widths[widths.index(max(widths))] -= 1
        too_much -= 1
    return widths


def _lines(texts: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    """Yield the lines of one row; what is too long for its column goes on below."""
    columns = [_pieces(text, wide) for text, wide in zip(texts, widths, strict=True)]
    for number in range(max(map(len, columns))):
        pieces = [column[number] if number < len(column) else "" for column in columns]
        padded = [piece.ljust(wide) for piece, wide in zip(pieces, widths, strict=True)]
        yield _GAP.join(padded).rstrip()


def _pieces(text: str, width: int) -> list[str]:
    """Cut ``text`` to ``width``, after a separator where there is one in reach."""
    pieces = []
    while len(text) > width:
        ends = [text.rfind(separator, 0, width) + 1 for separator in "/., "]
        end = max(ends) if max(ends) > width // 2 else width
        pieces.append(text[:end])
        text = text[end:]
    return [*pieces, text]


def _wrapped(text: str, width: int) -> Iterator[str]:
    indent = " " * 4
    yield from click.wrap_text(
        text, width, initial_indent=indent, subsequent_indent=indent * 2
    ).splitlines()


def _width() -> int:
    import shutil

    return max(shutil.get_terminal_size((80, 24)).columns, 60)
