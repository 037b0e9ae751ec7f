"""``request.params`` where all requests are of one kind: of its URL, or of its form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from compatshim.migrate.edits import Edit
from compatshim.migrate.handed_on import COMMON
from compatshim.migrate.modules import Modules
from compatshim.migrate.occurrences import USE, kind_as_target
from compatshim.migrate.proposals import Proposal, occurrences_from
from compatshim.migrate.scopes import qualified_name
from compatshim.migrate.syntax import word_offsets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tree_sitter import Node

    from compatshim.migrate.examined import Examined
    from compatshim.migrate.known import Known
    from compatshim.migrate.routes_table import Row
    from compatshim.migrate.steps import Step

CODE = "CS122"
BEFORE = 'page = request.params.get("page", "1")\n'
AFTER = 'page = request.args.get("page", "1")\n'
WORDS = (b"params",)
NEEDS_ROUTES = True

ARGS, FORM = "args", "form"

_READING = {"GET", "HEAD"}
_POSTING = {"POST", "PUT", "PATCH"}
_AUTOMATIC = {"OPTIONS"}  # Flask answers it
_RECEIVERS = (b"self.", b"cls.", b").")  # the last one for super()
_UPLOAD = re.compile(rb"\.filename\b|\.file\b|\bFieldStorage\b")
_REPEATED = re.compile(
    rb"\.(?:params\s*\.\s*getall|(?:args|form)\s*\.\s*getlist)\s*\(\s*([^)]*?)\s*\)"
)


class _Read(NamedTuple):
    """How ``request.params`` is read.

    ``key`` is for what, where one of several values is taken; ``getall`` is the name of
    that method where it is called.
    """

    key: bytes | None = None
    getall: Node | None = None


def propose(examined: Examined, known: Known) -> Iterator[Proposal]:
    """Propose ``args`` or ``form`` for each ``params`` of the common request."""
    for occurrence, is_certain in occurrences_from(examined, (f"{COMMON}.request",)):
        path = occurrence.path
        attribute = path[-2].node
        name = attribute.child_by_field_name("attribute")
        if attribute.type != "attribute" or path[-1].field != "object" or name is None:
            continue
        if examined.tree.content(name) != "params":
            continue
        made = Proposal("request.params", occurrence.start, attribute.end_byte, path)
        read = _read(examined, path)
        if not is_certain:
            yield made._replace(reason="request is bound in another way, too")
        elif read is None:
            reason = "only [...], get(), getall() and in are the same for both"
            yield made._replace(reason=reason)
        else:
            yield _proposal(examined, known, made, read, name)


def _proposal(
    examined: Examined, known: Known, made: Proposal, read: _Read, name: Node
) -> Proposal:
    function = _function(made.path)
    instead, reason = _kind(examined, known, made.path)
    if instead is None or function is None:
        return made._replace(reason=reason)
    body = examined.source.text[function.start_byte : function.end_byte]
    if read.key is not None and _may_be_repeated(body, read.key):
        reason = "the key may be repeated, and the first value is not the last one"
        return made._replace(reason=reason)
    if instead == FORM and _UPLOAD.search(body):
        return made._replace(reason="it may be an upload, which is in request.files")
    edits = [Edit(name.start_byte, name.end_byte, instead)]
    if read.getall is not None:
        edits.append(Edit(read.getall.start_byte, read.getall.end_byte, "getlist"))
    return made._replace(edits=tuple(edits))


def _may_be_repeated(body: bytes, key: bytes) -> bool:
    """Tell whether a function asks for all values of a key, elsewhere."""
    keys = _REPEATED.findall(body)
    is_plain = all(one[:1] in (b"'", b'"') for one in (*keys, key))
    return bool(keys) and (
        not is_plain or key.strip(b"'\"") in {one.strip(b"'\"") for one in keys}
    )


def _read(examined: Examined, path: Sequence[Step]) -> _Read | None:
    """Return how what is before the leaf of ``path`` is read; ``None`` for other ways."""
    around, step = path[-3].node, path[-2]
    if around.type == "attribute" and step.field == "object":
        return _read_by_method(examined, path)
    if around.type == "subscript" and step.field == "value":
        keys = around.children_by_field_name("subscript")
        if len(keys) == 1 and kind_as_target(path[:-2]) == USE:
            return _Read(key=_text(examined, keys[0]))
    if around.type == "comparison_operator":
        operators = [child.type for child in around.children if not child.is_named]
        if operators in (["in"], ["not in"]) and around.named_children[-1] == step.node:
            return _Read()
    return None


def _read_by_method(examined: Examined, path: Sequence[Step]) -> _Read | None:
    method = path[-3].node.child_by_field_name("attribute")
    call = path[-4].node
    arguments = call.child_by_field_name("arguments")
    if call.type != "call" or path[-3].field != "function":
        return None
    if method is None or arguments is None or not arguments.named_children:
        return None
    match examined.tree.content(method):
        case "get":
            return _Read(key=_text(examined, arguments.named_children[0]))
        case "getall":
            return _Read(getall=method)
    return None


def _text(examined: Examined, node: Node) -> bytes:
    return examined.source.text[node.start_byte : node.end_byte]


def _function(path: Sequence[Step]) -> Node | None:
    """Return the innermost function around."""
    nodes = [step.node for step in path if step.type == "function_definition"]
    return nodes[-1] if nodes else None


def _kind(
    examined: Examined, known: Known, path: Sequence[Step]
) -> tuple[str | None, str | None]:
    """Return which of both the requests have, or why that is not known."""
    name = qualified_name(examined.tree, path)
    location = Modules.location_of(examined.source.path)
    views = [f"{module}:{name}" for module in known.modules.names_of(location)]
    found = [rows for view in views if (rows := known.routes.serving(view))]
    if not name or not found:
        return None, "no route of the table leads to this function"
    if _is_used_elsewhere(examined, name):
        return None, "the function is called from elsewhere, too"
    if known.is_inherited(name.rpartition(".")[0].rpartition(".")[2]):
        return None, "other classes inherit it, whose routes may take other methods"
    return _kind_by_methods(found[0])


def _kind_by_methods(rows: Iterable[Row]) -> tuple[str | None, str | None]:
    methods: set[str] = set()
    for row in rows:
        if row.methods is None:
            return None, "its routes take any method"
        methods |= row.methods
    methods = methods - _AUTOMATIC or methods
    if methods <= _READING:
        return ARGS, None
    if methods <= _POSTING:
        return FORM, None
    return None, f"its routes take {', '.join(sorted(methods))}, so both are meant"


def _is_used_elsewhere(examined: Examined, qualified: str) -> bool:
    """Tell whether the file itself calls a view, or an action by ``self``."""
    owner, _, name = qualified.rpartition(".")
    if not owner:
        return any(one.kind == USE for one in examined.scopes.occurrences(name))
    text = examined.source.text
    return any(
        text[:offset].rstrip().endswith((*_RECEIVERS, owner.encode() + b"."))
        for offset in word_offsets(text, (name.encode(),))
    )
