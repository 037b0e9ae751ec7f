"""What becomes of each use of the functions: what they do, and what Flask's do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compatshim.migrate.ejecting.uses import NOT_CALLED, SPLAT, Verdict, Wrap
from compatshim.migrate.ejecting.views import (
    functions_around,
    is_after_request,
    is_inside,
    is_view,
)

if TYPE_CHECKING:
    from tree_sitter import Node

    from compatshim.migrate.ejecting.uses import Read, Use

__all__ = [
    "check_abort",
    "check_copy",
    "check_redirect",
    "check_render",
    "check_stream",
]

_STATUSES = frozenset(
    {*range(400, 419), 422, 423, 424, 428, 429, 431, 451, *range(500, 506)}
) - {402, 407}
"""Those that Werkzeug has an exception for in all of its versions."""


_NAMESPACES = (
    ("compatshim.common", "c"),
    ("compatshim.common", "g"),
    ("compatshim.common", "tmpl_context"),
    ("flask", "g"),
)
_AFTER_REQUEST = "what Flask's raises here is a 500: return another response"
_UNTIL_LEFT = ("try_statement", "with_statement")


def check_abort(use: Use) -> Verdict:
    """``abort``: the same for the statuses that Werkzeug has an exception for."""
    call = use.value.call
    if call is None:
        return Verdict(hand=NOT_CALLED)
    if is_after_request(call.path):
        return Verdict(hand=_AFTER_REQUEST)
    objection = _objection_to_abort(call)
    if objection is not None:
        return Verdict(hand=objection)
    return Verdict(call.arguments.renamed(detail="description"))


def _objection_to_abort(call: Read) -> str | None:
    """Return why Flask's takes something else than what is given, or ``None``."""
    given = call.arguments
    if not given.is_whole:
        return SPLAT
    if not given.positional:
        return "the status comes first"
    code, *details = given.positional
    if len(details) > 1 or set(given.keywords) - {"detail", "description"}:
        return "Flask's has no headers or comment: abort with a response"
    if len(details) + len(given.keywords) > 1:
        return "Flask's takes one description: give it that alone"
    text = call.examined.tree.content(code)
    if code.type != "integer" or not text.isdigit() or int(text) not in _STATUSES:
        return (
            "Flask's abort has no other statuses than those of errors that Werkzeug"
            " knows: make sure that this is one"
        )
    return None


def check_redirect(use: Use) -> Verdict:
    """``redirect``: it raises, and Flask's returns; ``abort`` raises what that returns.

    Where a view does nothing but return it, that is the same.
    """
    call = use.value.call
    if call is None:
        return Verdict(hand=NOT_CALLED)
    given = call.arguments
    if not given.is_whole:
        return Verdict(hand=SPLAT)
    location = next(iter(given.positional), given.keywords.get("location"))
    literal = call.literal(location)
    if literal is not None and literal.startswith(("//", "\\")):
        return Verdict(hand="common's leads to a path of this site, Flask's to another")
    if is_after_request(call.path):
        return Verdict(hand=_AFTER_REQUEST)
    note = ""
    if literal is None and not _builds_url(use, location):
        note = (
            "common's leads to this site only; Flask's leads to another one where the"
            " location begins with two slashes or a backslash"
        )
    if _is_answer(call) and not is_inside(call.path, _UNTIL_LEFT):
        return Verdict(note=note)
    if _is_caught(call):
        note = note or "what abort raises has a response and no code: e.code is None"
    node = call.node
    wrap = Wrap(node.start_byte, node.end_byte, "abort(", ")")
    return Verdict(wraps=(wrap,), imports=("flask.abort",), note=note)


def _builds_url(use: Use, location: Node | None) -> bool:
    if location is None or location.type != "call":
        return False
    function = location.child_by_field_name("function")
    name = "" if function is None else use.examined.tree.content(function)
    return name in ("url_for", "url")


def check_render(use: Use) -> Verdict:
    """``render``: ``render_template``, where its result is only sent."""
    call = use.value.call
    if call is None:
        return Verdict(hand=NOT_CALLED)
    given = call.arguments
    options = {"template_name", "extra_vars", "cache_key", "cache_type", "cache_expire"}
    is_sure = len(given.positional) == 1 and not given.has_list_splat
    if not is_sure or options & set(given.keywords):
        return Verdict(
            hand="render_template takes the name of the template and variables by their"
            " names"
        )
    if not _is_sent(call):
        return Verdict(
            hand="Flask's returns text, which is escaped elsewhere: Markup it"
        )
    if is_view(call.path):
        return Verdict()
    return Verdict(note="Flask's returns text where this returned Markup")


def check_stream(use: Use) -> Verdict:
    """``streaming_response``: a ``Response`` of ``stream_with_context``."""
    call = use.value.call
    if call is None:
        return Verdict(hand=NOT_CALLED)
    given = call.arguments
    if (
        not given.is_whole
        or len(given.positional) != 1
        or set(given.keywords) - {"mimetype", "headers"}
    ):
        return Verdict(
            hand="write Response(stream_with_context(data), mimetype=..., headers=...)"
        )
    data = given.positional[0]
    after = ")"
    if "mimetype" not in given.keywords:
        after += ', mimetype="application/octet-stream"'
    wrap = Wrap(data.start_byte, data.end_byte, "stream_with_context(", after)
    return Verdict((use.renamed("Response"),), (wrap,), ("flask.Response",))


def check_copy(use: Use) -> Verdict:
    """``copy_current_context``: the same request, but a namespace of its own."""
    examined = use.examined
    imported = {
        (one.module, one.name)
        for statement in examined.statements
        for one in statement.names
    }
    if not imported.isdisjoint(_NAMESPACES):
        return Verdict(
            hand="flask.g is empty in what Flask's copies: give it what it needs"
        )
    return Verdict(
        note="flask.g is empty in what Flask's copies, and the session is the request's"
    )


def _is_sent(read: Read) -> bool:
    """Tell whether a value is only returned, perhaps with a status, or made a response."""
    position = len(read.path) - 2
    while read.path[position].type in (
        "expression_list",
        "tuple",
        "parenthesized_expression",
    ):
        position -= 1
    around = read.path[position].node
    if around.type == "argument_list":
        function = read.path[position - 1].node.child_by_field_name("function")
        name = b"" if function is None else function.text or b""
        return name.rpartition(b".")[2] == b"make_response"
    return around.type == "return_statement"


def _is_answer(read: Read) -> bool:
    """Tell whether it is what a view, and nothing around that, returns."""
    is_returned = read.path[-2].type == "return_statement"
    return is_returned and is_view(read.path) and not _is_called(read)


def _is_caught(read: Read) -> bool:
    """Tell whether a ``try`` around it may look at what is raised."""
    return any(
        step.type == "try_statement" and b"HTTPException" in (step.node.text or b"")
        for step in read.path
    )


def _is_called(read: Read) -> bool:
    """Tell whether the file uses the function around: others get what it returns, too."""
    function = read.path[functions_around(read.path)[-1]].node
    name = function.child_by_field_name("name")
    return name is not None and read.examined.scopes.is_used(
        read.examined.tree.content(name)
    )
