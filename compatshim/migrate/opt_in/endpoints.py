"""``url_for(controller=..., action=...)``: the endpoint that replaces the route."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from compatshim.migrate.edits import Edit
from compatshim.migrate.helper_reads import URL_FUNCTIONS, helper_reads
from compatshim.migrate.proposals import Proposal, by_imported_name, occurrences_from

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from compatshim.migrate.examined import Examined
    from compatshim.migrate.known import Known
    from compatshim.migrate.routes_table import RoutesTable
    from compatshim.migrate.steps import Step

CODE = "CS121"
BEFORE = 'url_for(controller="package", action="read", id=name)\n'
AFTER = 'url_for("dataset.read", id=name)\n'
WORDS = (b"url",)
NEEDS_ROUTES = True

_PLAIN = re.compile(r"""[uU]?(['"])([^'"\\{}]*)\1""")
_REBOUND = "the name of the function is bound in another way, too"


class _Call(NamedTuple):
    """A call: the nodes of its arguments, and those that are given by a name."""

    arguments: tuple[Node, ...]
    keywords: dict[str, Node]


def propose(examined: Examined, known: Known) -> Iterator[Proposal]:
    """Propose the endpoint for each call that spells a controller and action."""
    for occurrence, is_certain in occurrences_from(examined, URL_FUNCTIONS):
        call = _call(examined, occurrence.path, len(occurrence.path) - 1)
        if call is not None:
            made = _proposal(examined, known.routes, call, occurrence.path)
            if made is not None:
                reason = made.reason or (None if is_certain else _REBOUND)
                yield made._replace(reason=reason)
    for read in helper_reads(examined, known):
        call = _call(examined, read.use.path, len(read.use.path) - 2)
        if call is None or read.after:
            continue
        made = _proposal(examined, known.routes, call, read.use.path)
        if made is not None:
            yield _with_import(
                made,
                by_imported_name(examined, URL_FUNCTIONS[0], read.use, read.reason),
            )


def _with_import(made: Proposal, imported: Proposal) -> Proposal:
    return made._replace(
        start=imported.start,
        reason=made.reason or imported.reason,
        edits=(*imported.edits, *made.edits),
        moves=imported.moves,
    )


def _call(examined: Examined, path: Sequence[Step], called: int) -> _Call | None:
    """Return the call of what is at ``called`` in ``path``, if it is one by values."""
    node = path[called - 1].node
    if node.type != "call" or path[called].field != "function":
        return None
    inner = node.child_by_field_name("arguments")
    if inner is None or inner.type != "argument_list":
        return None
    arguments = tuple(inner.named_children)
    keywords = {
        examined.tree.content(name): argument
        for argument in arguments
        if argument.type == "keyword_argument"
        and (name := argument.child_by_field_name("name")) is not None
    }
    is_by_values = all(
        one.type in ("keyword_argument", "dictionary_splat", "comment")
        for one in arguments
    )
    is_meant = is_by_values and ("controller" in keywords or "action" in keywords)
    return _Call(arguments, keywords) if is_meant else None


def _proposal(
    examined: Examined, routes: RoutesTable, call: _Call, path: Sequence[Step]
) -> Proposal | None:
    """Return what becomes of a call; ``None`` where no endpoint replaces its route."""
    start = path[-1].node.start_byte
    end = call.arguments[-1].end_byte
    texts: dict[str, str | None] = {
        name: _literal(examined, call.keywords[name])
        for name in ("controller", "action")
        if name in call.keywords
    }
    name = ", ".join(examined.tree.content(call.keywords[name]) for name in texts)
    made = Proposal(f"url_for({name}, ...)", start, end, path)
    controller = texts.get("controller")
    reason = _unclear(call, texts)
    if reason is not None or controller is None:
        return made._replace(reason=reason)
    action = texts.get("action") or "index"
    endpoints = sorted(routes.endpoints_for(controller.removeprefix("/"), action))
    if not endpoints:
        return None
    if len(endpoints) > 1:
        listed = ", ".join(endpoints)
        return made._replace(reason=f"several endpoints replace it: {listed}")
    reason = _objection(routes, endpoints[0], call, controller)
    if reason is not None:
        return made._replace(reason=reason)
    return made._replace(edits=tuple(_edits(examined, call, endpoints[0])))


def _unclear(call: _Call, texts: dict[str, str | None]) -> str | None:
    if "controller" not in texts:
        return "its controller is that of the current route: write it"
    for name, text in texts.items():
        if text is None:
            return f"its {name} is not a plain text"
    kinds = {one.type for one in call.arguments}
    if "dictionary_splat" in kinds:
        return "nobody can tell what is in its **"
    if "comment" in kinds:
        return "there is a comment in it: move that"
    return None


def _objection(
    routes: RoutesTable, endpoint: str, call: _Call, controller: str
) -> str | None:
    if routes.is_legacy_name(endpoint):
        return f"a legacy route is called {endpoint!r}, too"
    asked = routes.arguments_of(endpoint)
    for name in sorted(asked & set(call.keywords)):
        value = call.keywords[name].child_by_field_name("value")
        if value is not None and value.type == "none":
            return f"Routes leaves out {name}=None, and the endpoint asks for it"
    missing = sorted(asked - set(call.keywords))
    # Routes remembers the arguments of the current route, unless there is a slash.
    if missing and not controller.startswith("/"):
        return f"the current route may fill in {', '.join(missing)}: write it"
    return None


def _literal(examined: Examined, keyword: Node) -> str | None:
    value = keyword.child_by_field_name("value")
    found = _PLAIN.fullmatch(examined.tree.content(value)) if value else None
    return found[2] if found else None


def _edits(examined: Examined, call: _Call, endpoint: str) -> Iterator[Edit]:
    """Yield the edits: the endpoint comes first, and both keywords go."""
    controller = call.keywords["controller"]
    quote = examined.tree.content(controller)[-1]
    text = f"{quote}{endpoint}{quote}"
    gone = [
        call.keywords[name]
        for name in ("controller", "action")
        if name in call.keywords
    ]
    first = call.arguments[0]
    if first in gone:
        yield Edit(first.start_byte, first.end_byte, text)
    else:
        yield Edit(first.start_byte, first.start_byte, f"{text}, ")
    for before, one in zip(call.arguments, call.arguments[1:], strict=False):
        if one in gone:
            yield Edit(before.end_byte, one.end_byte, "")
