"""Who reads names without spelling them out: ``locals()``, ``eval()``, annotations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compatshim.migrate.once import once
from compatshim.migrate.scopes import IMPORT, USE, Occurrence
from compatshim.migrate.searching import in_quotes, is_in, matches
from compatshim.migrate.steps import scope_chain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from compatshim.migrate.examined import Examined, LegacyImport
    from compatshim.migrate.steps import Scope, Step

__all__ = [
    "binder_of_names",
    "calls_by_name",
    "is_read_in_text",
    "is_still_needed",
    "reader_of_names",
    "reads_names",
]

_OF_SCOPE = ("locals", "vars", "dir")
_BINDERS = ("exec", "execfile")
_ALL = (*_OF_SCOPE, *_BINDERS, "eval", "globals")
_NO_ARGUMENTS = re.compile(rb"\s*\(\s*\)")
_TYPING = ("cast", "TypeVar", "NewType")


def reader_of_names(examined: Examined, scope: Scope) -> str | None:
    """Return what asks for all names of ``scope``: ``"locals() in line 3"``, or ``None``.

    What is evaluated asks for those of a function; in a module, one more does no harm.
    """
    is_module = scope.kind == "module"
    names = (*_OF_SCOPE, "globals") if is_module else (*_OF_SCOPE, "eval")
    return _first_call(examined, names, scope)


def binder_of_names(examined: Examined, scopes: Iterable[Scope]) -> str | None:
    """Return what may bind any name in one of ``scopes``, or ``None``."""
    found = (_first_call(examined, _BINDERS, scope) for scope in scopes)
    return next(filter(None, found), None)


def calls_by_name(examined: Examined) -> list[tuple[Step, ...]]:
    """Return the ways to all that may read or bind any name."""
    return [call.path for name in _ALL for call in _calls(examined, name)]


def is_still_needed(examined: Examined, one: LegacyImport, rewritten: set[int]) -> bool:
    """Tell whether a name of a module is needed for more than the uses ``rewritten``."""
    for other in examined.scopes.occurrences(one.bound):
        if other.kind == IMPORT or other.start in rewritten:
            continue
        found = examined.scopes.scope_of(other)
        # A class has the name from around it until it binds that itself.
        is_own = found is not None and found.kind != "class_definition"
        if other.kind != USE or not is_own or found == one.scope:
            return True
    return _is_in_text(examined, one.bound) or reads_names(examined, one.scope)


def reads_names(examined: Examined, scope: Scope) -> bool:
    """Tell whether something in ``scope`` may read any name of it."""
    return any(
        scope in call.chain
        for name in _ALL
        for call in _calls(examined, name)
        if name not in _OF_SCOPE or call.scope == scope
    )


def _is_in_text(examined: Examined, name: str) -> bool:
    """Tell whether a string or a comment has ``name`` as a name of the module."""
    text = examined.source.text
    return is_in(text, in_quotes(name)) or is_read_in_text(examined, name)


@once
def is_read_in_text(examined: Examined, name: str) -> bool:
    """Tell whether a doctest, an annotation or a ``# type:`` comment has ``name``."""
    text = examined.source.text
    in_line = rf"(?:>>>|#\s*type:).*(?<![\w.]){re.escape(name)}(?!\w)"
    return any(matches(in_line, text, (">>>", "type:"))) or any(
        _is_type(examined, offset) for offset in examined.tree.offsets((name.encode(),))
    )


def _is_type(examined: Examined, offset: int) -> bool:
    """Tell whether there is a string there that annotates, or is given to ``cast()``."""
    path = examined.tree.path_at(offset)
    if path[-1].type != "string_content":
        return False
    kinds = [step.type for step in path]
    if "type" in kinds:
        return True
    if "call" not in kinds:
        return False
    call = path[len(kinds) - 1 - kinds[::-1].index("call")].node
    function = call.child_by_field_name("function")
    called = examined.tree.content(function) if function is not None else ""
    return called.rpartition(".")[2] in _TYPING


@once
def _calls(examined: Examined, name: str) -> list[Occurrence]:
    """Return the calls of a built-in function; of one that looks at a scope, of that."""
    text = examined.source.text
    calls = [
        one
        for one in examined.scopes.occurrences(name)
        if one.kind == USE
        and (name not in _OF_SCOPE or _NO_ARGUMENTS.match(text, one.end))
        and examined.scopes.scope_of(one) is None
    ]
    return [*calls, *_exec_statements(examined)] if name == "exec" else calls


def _exec_statements(examined: Examined) -> Iterator[Occurrence]:
    """Yield those of Python 2."""
    for offset in examined.tree.offsets((b"exec",)):
        path = examined.tree.path_at(offset)
        if path[-1].type == "exec":
            end, chain = offset + len("exec"), scope_chain(path)
            yield Occurrence(USE, chain[0], offset, end, path, chain)


def _first_call(examined: Examined, names: Iterable[str], scope: Scope) -> str | None:
    """Return the first call of one of ``names`` that is right in ``scope``, and where."""
    calls = (call for name in names for call in _calls(examined, name))
    for call in calls:
        if call.scope == scope:
            name = examined.source.text[call.start : call.end].decode()
            return f"{name}() in line {examined.source.position(call.start)[0]}"
    return None
