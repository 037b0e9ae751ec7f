"""What becomes of the functions for messages: what is flashed, and plurals."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from compatshim.migrate.ejecting.uses import NOT_CALLED, SPLAT, Verdict

if TYPE_CHECKING:
    from tree_sitter import Node

    from compatshim.migrate.ejecting.uses import Use
    from compatshim.migrate.examined import Examined

__all__ = ["check_flash", "check_ngettext", "check_npgettext", "check_ungettext"]

_TEXTS = ("_", "gettext", "ngettext", "npgettext", "pgettext", "ugettext", "ungettext")


def check_flash(use: Use) -> Verdict:
    """``flash``: Flask's, without ``ignore_duplicate`` and ``pop_messages``."""
    call = use.value.call
    if call is None:
        return Verdict(hand="write flask.get_flashed_messages(), or call it")
    given = call.arguments
    if not given.is_whole or set(given.keywords) - {"message", "category"}:
        return Verdict(hand="Flask's takes a message and a category, and nothing else")
    category = next(iter(given.positional[1:]), given.keywords.get("category"))
    name = call.literal(category)
    if category is not None and (category.type == "none" or name == ""):
        return Verdict(hand="Flask's keeps that as the category: leave it out")
    message = next(iter(given.positional), given.keywords.get("message"))
    if message is None or not _is_text(use.examined, message):
        return Verdict(
            note="common's keeps the text of what it is given; Flask's keeps that"
            " itself, and not every session can store it"
        )
    if category is not None and name is None:
        return Verdict(note="Flask's keeps None as a category, common's 'message'")
    return Verdict()


def _is_text(examined: Examined, node: Node) -> bool:
    """Tell whether an expression is a text, and no lazy one or another object."""
    if node.type in ("string", "concatenated_string"):
        return True
    if node.type == "binary_operator":
        left = node.child_by_field_name("left")
        return left is not None and _is_text(examined, left)
    function = node.child_by_field_name("function") if node.type == "call" else None
    if function is None:
        return False
    if function.type == "attribute":
        owner = function.child_by_field_name("object")
        return owner is not None and _is_text(examined, owner)
    name = examined.tree.content(function)
    return name == "str" or any(
        one.bound == name and one.name in _TEXTS for one in examined.imports
    )


def check_ngettext(use: Use) -> Verdict:
    """``ngettext``: Flask-Babel's always fills in, also what common's leaves alone."""
    return _check_plural(use, fills_number=True)


def check_npgettext(use: Use) -> Verdict:
    """``npgettext``: as ``ngettext``, after the context."""
    return _check_plural(use, fills_number=True, first=1)


def check_ungettext(use: Use) -> Verdict:
    """``ungettext``: it fills in only what it is given by name."""
    return _check_plural(use, fills_number=False)


def _check_plural(use: Use, *, fills_number: bool, first: int = 0) -> Verdict:
    call = use.value.call
    given = None if call is None else call.arguments
    if call is None or given is None:
        return Verdict(hand=NOT_CALLED)
    if not given.is_whole:
        return Verdict(hand=SPLAT)
    if set(given.keywords) - {"context", "singular", "plural", "n"}:
        return Verdict(given.renamed(n="num"))
    texts = [call.literal(node) for node in given.positional[first : first + 2]]
    pattern = r"[^%]*(%\(num\)[sd][^%]*)*" if fills_number else r"[^%]*"
    if len(texts) == 2 and all(  # noqa: PLR2004 (singular and plural)
        text is not None and re.fullmatch(pattern, text) for text in texts
    ):
        return Verdict(given.renamed(n="num"))
    return Verdict(
        hand="Flask-Babel's fills in %(num)s and nothing else may stand there: give"
        " what is to be filled in by name"
    )
