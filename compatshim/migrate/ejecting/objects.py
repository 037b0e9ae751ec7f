"""What becomes of each use of the objects: request, session, c, g and config."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compatshim.deprecation.names import REQUEST_ATTRIBUTES
from compatshim.migrate.edits import Edit
from compatshim.migrate.ejecting.assigned import is_read_from, is_surely_set
from compatshim.migrate.ejecting.attributes import (
    BY_HAND,
    COUNTERPARTS,
    MAPPINGS,
    MULTIDICTS,
    SAME,
    SAME_OF_SESSION,
)
from compatshim.migrate.ejecting.uses import Read, Verdict
from compatshim.migrate.ejecting.views import functions_around, is_view

if TYPE_CHECKING:
    from compatshim.migrate.ejecting.uses import Use

__all__ = ["check_config", "check_namespace", "check_request", "check_session"]

_WHOLE = "what gets it may use it as the common one: give it what it needs of it"
_ASSIGNED = "it is assigned to: Flask's objects keep nothing of other code"
_UNKNOWN = "Flask's has no such attribute"
_NO_APPLICATION = (
    "it needs an application context, which a thread or a script has not by itself"
)
_UPLOAD = ("file", "filename", "save", "stream", "type", "value")
_OF_WEBOB = ("file", "type", "type_options", "value")
_LAX = (
    "if nothing has set it, flask.g raises AttributeError: it is never '', nor that of"
    " app_globals"
)
_LAX_ELSEWHERE = (
    "for what nothing has set, flask.g raises AttributeError there: it is never '', nor"
    " that of app_globals"
)


def check_request(use: Use) -> Verdict:
    """``request``: its attributes, by what Flask's request has."""
    read = use.attribute
    if read is None:
        return Verdict(hand=_WHOLE)
    verdict = Verdict(hand=_ASSIGNED) if read.is_written else _check_read(use, read)
    return verdict._replace(name=f"request.{read.attribute_name}")


def _check_read(use: Use, read: Read) -> Verdict:
    name = read.attribute_name
    if name in MULTIDICTS:
        return _check_multidict(read, MULTIDICTS[name])
    if name in MAPPINGS:
        return Verdict(hand="" if _is_lookup(read) else _other_mapping(read))
    if name == "files":
        return _check_files(read)
    if name in SAME:
        return Verdict(note=SAME[name])
    if name in COUNTERPARTS:
        return _check_counterpart(use, read)
    return Verdict(hand=BY_HAND.get(name, _UNKNOWN))


def _check_counterpart(use: Use, read: Read) -> Verdict:
    expression, differs_in = COUNTERPARTS[read.attribute_name]
    text = re.sub(r"\brequest\b", use.name, expression)
    if read.is_in_string and re.search(r"['\"]", text):
        return Verdict(hand=f"write {text} outside of the string")
    if "#" in read.text:
        return Verdict(hand="there is a comment in it: move that")
    if " " in text:
        text = f"({text})"
    return Verdict(
        (Edit(read.node.start_byte, read.node.end_byte, text),), note=differs_in
    )


def _check_multidict(read: Read, instead: str) -> Verdict:
    """WebOb's multidict: what is looked up in it by a key can be kept."""
    method = read.attribute
    name = "" if method is None else method.attribute_name
    edits = [_renamed(read, instead)]
    if name == "getall" and method is not None and method.call is not None:
        edits.append(_renamed(method, "getlist"))
    elif not _is_lookup(read):
        return Verdict(hand=_other_mapping(read))
    if is_read_from(_found(read), read.path, _UPLOAD):
        return Verdict(hand="uploads are in request.files")
    return Verdict(
        tuple(edits), note=REQUEST_ATTRIBUTES[read.attribute_name].differs_in
    )


def _check_files(read: Read) -> Verdict:
    """``files``: the same but for what compatshim's uploads have of WebOb's."""
    found = _found(read)
    if is_read_from(found, read.path, _OF_WEBOB):
        return Verdict(hand="Werkzeug's uploads have stream, read() and mimetype")
    if read.is_searched or (found is not None and found.attribute is not None):
        return Verdict()
    return Verdict(note="Werkzeug's uploads have neither file nor value nor type")


def _found(read: Read) -> Read | None:
    """Return what is looked up by ``[...]`` or by ``.get(...)``."""
    method = read.attribute
    if method is not None and method.attribute_name == "get":
        return method.call
    return read.item


def _is_lookup(read: Read) -> bool:
    """Tell whether something is looked up in a mapping by its key, and nothing more."""
    if read.is_searched:
        return True
    if read.item is not None:
        return not read.item.is_written
    method = read.attribute
    if method is None or method.attribute_name != "get" or method.call is None:
        return False
    given = method.call.arguments
    return given.is_whole and not set(given.keywords) - {"default"}


def _other_mapping(read: Read) -> str:
    method = read.attribute
    if method is None:
        return "Flask has another class for it: look up what is needed by its keys"
    return f"Werkzeug's class has another {method.attribute_name}()"


def check_session(use: Use) -> Verdict:
    """``session``: as a mapping it is Flask's; ``save()`` marks it as modified."""
    read = use.attribute
    if read is None:
        is_sure = use.value.item is not None or use.value.is_searched
        return Verdict(hand="" if is_sure else _WHOLE)
    name = read.attribute_name
    full_name = f"session.{name}"
    if name in SAME_OF_SESSION:
        return Verdict(name=full_name)
    if name in ("save", "persist") and read.call is not None:
        around = read.call.around
        given = read.call.arguments
        is_plain = given.is_whole and not given.positional and not given.keywords
        if is_plain and around is not None and around.type == "expression_statement":
            node = read.call.node
            text = f"{use.name}.modified = True"
            return Verdict((Edit(node.start_byte, node.end_byte, text),))
    return Verdict(
        hand="it is Beaker's; Flask's session is a dictionary with modified and"
        " permanent",
        name=full_name,
    )


def check_namespace(use: Use) -> Verdict:
    """``c`` and ``g``: one namespace, which is ``flask.g``'s, without what fills it up."""
    read = use.attribute
    if read is None:
        is_sure = use.value.is_searched or _is_set_in(use.value)
        return Verdict(note="" if is_sure else _LAX_ELSEWHERE)
    around = read.around
    is_read_first = around is not None and around.type == "augmented_assignment"
    if read.is_written and not is_read_first:
        return Verdict()
    name = read.attribute_name
    is_method = name in ("get", "pop", "setdefault") and read.call is not None
    if is_method or is_surely_set(read):
        return Verdict()
    return Verdict(note=_LAX, name=f"{use.name}.{name}")


def _is_set_in(read: Read) -> bool:
    """Tell whether it is the object of ``setattr()``."""
    if len(read.path) < 3 or read.path[-3].type != "call":  # noqa: PLR2004 (call, arguments, name)
        return False
    call = Read(read.examined, read.path[:-2])
    function = call.node.child_by_field_name("function")
    name = "" if function is None else read.examined.tree.content(function)
    return name == "setattr" and call.arguments.positional[:1] == [read.node]


def check_config(use: Use) -> Verdict:
    """``config``: ``current_app.config`` in functions, for Flask's own kind of keys."""
    if not functions_around(use.path):
        return Verdict(
            hand="it is read while the module is imported, when no application is"
            " current: read it in a function"
        )
    keys, is_sure = _config_keys(use.value)
    if not is_sure:
        return Verdict(
            hand="write flask.current_app.config, if what it is asked for is in there"
        )
    for key in keys:
        if not key.isupper():
            return Verdict(
                hand=f"{key!r} is a key of the legacy configuration: put it into"
                " app.config by a name in capitals"
            )
    note = "" if is_view(use.path) else _NO_APPLICATION
    return Verdict((use.renamed("current_app.config"),), note=note)


def _config_keys(read: Read) -> tuple[list[str], bool]:
    """Return the keys that are looked up, and whether they are all known."""
    node = None
    if read.item is not None:
        node = read.item.node.child_by_field_name("subscript")
    elif read.is_searched and read.around is not None:
        node = read.around.children[0]
    elif read.attribute is not None and read.attribute.call is not None:
        call = read.attribute.call
        if read.attribute.attribute_name in ("get", "setdefault", "pop"):
            node = next(iter(call.arguments.positional), None)
    key = read.literal(node)
    return ([], False) if key is None else ([key], True)


def _renamed(read: Read, text: str) -> Edit:
    name = read.last_name or read.node
    return Edit(name.start_byte, name.end_byte, text)
