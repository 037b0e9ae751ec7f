"""What an identifier is where it stands: a use, an import, a binding, and in which scope."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from compatshim.migrate.steps import COMPREHENSIONS, PARAMETERS, scope_chain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tree_sitter import Node

    from compatshim.migrate.steps import Scope, Step

__all__ = [
    "BINDING",
    "BINDS",
    "DELETE",
    "GLOBAL",
    "IMPORT",
    "NONLOCAL",
    "UNCLEAR",
    "USE",
    "Occurrence",
    "is_backtick",
    "kind_as_target",
    "occurrence_at",
]

USE = "use"
IMPORT = "import"
BINDING = "binding"
DELETE = "delete"
GLOBAL = "global"
NONLOCAL = "nonlocal"
UNCLEAR = "unclear"
"""It is in what the parser could not read."""

BINDS = (IMPORT, BINDING, DELETE)

_PATTERNS = (
    "pattern_list",
    "tuple_pattern",
    "list_pattern",
    "list_splat_pattern",
    "dictionary_splat_pattern",
    "parenthesized_expression",
    # Python 2's "except X, (a, b)", "with x as (a, b)" and "del (a, b)" have these.
    "tuple",
    "list",
    "expression_list",
)
_EXCEPTS = ("except_clause", "except_group_clause")
_STATEMENTS = {
    "global_statement": GLOBAL,
    "nonlocal_statement": NONLOCAL,
    "delete_statement": DELETE,
}
# By the type of the parent: the field in which an identifier is no name of a scope.
_NO_NAMES = {"attribute": "attribute", "keyword_argument": "name"}
# By the type of the parent: the field that holds a target.
_TARGETS = {
    "assignment": "left",
    "augmented_assignment": "left",
    "named_expression": "name",
    "for_statement": "left",
    "for_in_clause": "left",
    "function_definition": "name",
    "class_definition": "name",
    "default_parameter": "name",
    "typed_default_parameter": "name",
}


class Occurrence(NamedTuple):
    """One place that has a name as a name: not an attribute, a keyword or in a string.

    ``kind`` is :data:`USE`, :data:`IMPORT`, :data:`BINDING` or another of these; ``scope``
    the one that the name is looked up, or bound, in. ``path`` leads to it from the root,
    ``chain`` are the scopes around it, the innermost first.
    """

    kind: str
    scope: Scope
    start: int
    end: int
    path: tuple[Step, ...]
    chain: tuple[Scope, ...]


def occurrence_at(path: tuple[Step, ...]) -> Occurrence | None:
    """Return the occurrence at the end of ``path``, if that is a name as a name."""
    kind = _kind(path)
    if kind is None:
        return None
    leaf = path[-1].node
    chain = scope_chain(path)
    scope = _scope(path, kind, chain)
    return Occurrence(kind, scope, leaf.start_byte, leaf.end_byte, path, chain)


def is_backtick(path: Sequence[Step]) -> bool:
    """Tell whether a string is none, but Python 2's "repr" of an expression."""
    return path[-2].node.children[0].text == b"`"


def _scope(path: Sequence[Step], kind: str, chain: Sequence[Scope]) -> Scope:
    if kind == USE:
        return chain[1] if _is_evaluated_outside(path) else chain[0]
    if path[-2].type == "named_expression":
        return next(scope for scope in chain if scope.kind not in COMPREHENSIONS)
    return chain[0]


def _is_evaluated_outside(path: Sequence[Step]) -> bool:
    """Tell whether a use is not in the innermost of the scopes around it.

    The default of a parameter and its annotation belong to the scope around the function,
    what the first "for" of a comprehension goes through to that around the comprehension.
    """
    position = path[-1].scope_position
    if not position:  # a module, or an ERROR that has parameters
        return False
    scope, below = path[position], path[position + 1 :]
    if scope.type in COMPREHENSIONS:
        return _is_gone_through(scope.node, below)
    if below[0].type in PARAMETERS:
        return any(step.field in ("value", "type") for step in below)
    return False


def _is_gone_through(comprehension: Node, below: Sequence[Step]) -> bool:
    clauses = (
        child for child in comprehension.children if child.type == "for_in_clause"
    )
    first = next(clauses, None)
    fields = [step.field for step in below[1:2]]
    return below[0].node == first and fields == ["right"]


def _kind(path: Sequence[Step]) -> str | None:
    """Return what an identifier is; ``None`` where it is no name of a scope."""
    if len(path) == 1:
        return USE
    parent, leaf = path[-2], path[-1]
    if parent.type == "ERROR":
        return UNCLEAR
    if parent.type == "keyword_pattern" or (
        leaf.field is not None and _NO_NAMES.get(parent.type) == leaf.field
    ):
        return None
    if parent.type in ("dotted_name", "aliased_import"):
        return _kind_in_dotted(path)
    if parent.type in ("as_pattern", "splat_pattern"):  # of a case
        return BINDING if leaf.field is None and _in_case(path) else USE
    return kind_as_target(path)


def _in_case(path: Sequence[Step]) -> bool:
    return any(step.type == "case_pattern" for step in path)


def _kind_in_dotted(path: Sequence[Step]) -> str | None:
    leaf = path[-1].node
    for position in range(len(path) - 1, -1, -1):
        if path[position].type not in ("import_statement", "import_from_statement"):
            continue
        if path[position + 1].field != "name":
            return None
        imported = path[position + 1]
        if imported.type == "aliased_import":
            return IMPORT if path[-1].field == "alias" else None
        return IMPORT if leaf.start_byte == imported.node.start_byte else None
    dotted = path[-2].node
    if _in_case(path):
        is_single = dotted.named_child_count == 1
        is_class = path[-3].type == "class_pattern"
        return BINDING if is_single and not is_class else USE
    return USE if leaf.start_byte == dotted.start_byte else None


def kind_as_target(path: Sequence[Step]) -> str:
    """Return what is done to what is at the end of ``path``: used, bound or deleted."""
    position = len(path) - 1
    while position > 1 and path[position - 1].type in _PATTERNS:
        position -= 1
    step, around = path[position], path[position - 1]
    if around.type in _STATEMENTS:
        return _STATEMENTS[around.type]
    if around.type in PARAMETERS or around.type == "as_pattern_target":
        return BINDING
    if around.type == "typed_parameter":
        return USE if step.field == "type" else BINDING
    if _TARGETS.get(around.type) == step.field and step.field is not None:
        return BINDING
    if around.type in _EXCEPTS and _is_second(around.node, step.node):
        return BINDING
    return USE


def _is_second(clause: Node, node: Node) -> bool:
    """Tell whether ``node`` is the target of Python 2's "except Error, target:"."""
    kinds = [
        child.type for child in clause.children if child.end_byte <= node.start_byte
    ]
    return kinds[-1] == ","
