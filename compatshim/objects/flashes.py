"""Flash messages of a legacy application that runs alone, as Flask keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import MutableMapping

__all__ = ["keep", "take"]

_KEY = "_flashes"


def keep(session: MutableMapping[str, Any], message: Any, category: str) -> None:
    """Add a message to the session."""
    session[_KEY] = [*session.get(_KEY, []), (category, message)]
    if hasattr(session, "save"):  # Beaker's sessions store nothing by themselves
        session.save()


def take(
    session: MutableMapping[str, Any],
    *,
    with_categories: bool = False,
    category_filter: tuple[str, ...] = (),
) -> list[Any]:
    """Remove all messages from the session, and return those that are asked for."""
    kept = session.pop(_KEY, [])
    if kept and hasattr(session, "save"):
        session.save()
    return [
        (category, message) if with_categories else message
        for category, message in kept
        if not category_filter or category in category_filter
    ]
