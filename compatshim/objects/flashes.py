"""Flash messages: what is kept of one, and where Flask keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import MutableMapping

__all__ = ["FlashedMessage", "as_text", "is_kept", "keep", "pop", "take"]

_KEY = "_flashes"


class FlashedMessage:
    """One message with its ``category``, as webhelpers' ``pop_messages`` gives them."""

    __slots__ = ("category", "message")

    def __init__(self, category: str, message: str) -> None:
        self.category = category
        self.message = message

    def __str__(self) -> str:
        return str(self.message)

    def __html__(self) -> str:
        return escape(self.message)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, FlashedMessage):
            return NotImplemented
        return (self.category, self.message) == (other.category, other.message)

    def __hash__(self) -> int:
        return hash((self.category, self.message))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.category!r}, {self.message!r})"


def as_text(message: Any) -> str:
    """Return the text that is kept of ``message``: a ``str``, or ``Markup`` as it is.

    So a translation that is made anew at each use is kept in the language of the page
    that said it, and is not taken for markup.
    """
    if isinstance(message, Markup):
        return Markup(message)  # noqa: S704 (it is, or is a kind of it)
    return str(message)


def keep(session: MutableMapping[str, Any], message: Any, category: str) -> None:
    """Add a message to the session of a legacy application that runs alone."""
    session[_KEY] = [*session.get(_KEY, []), (category, message)]
    _save(session)


def is_kept(session: MutableMapping[str, Any], message: Any, category: str) -> bool:
    """Return whether the same message waits for the next page already."""
    return any(
        (category, message) == tuple(kept)
        and isinstance(kept[1], Markup) is isinstance(message, Markup)
        for kept in session.get(_KEY, [])
    )


def take(
    session: MutableMapping[str, Any],
    *,
    with_categories: bool = False,
    category_filter: tuple[str, ...] = (),
) -> list[Any]:
    """Remove all messages from the session, and return those that are asked for."""
    return [
        (category, message) if with_categories else message
        for category, message in _pop(session)
        if not category_filter or category in category_filter
    ]


def pop(session: MutableMapping[str, Any]) -> list[FlashedMessage]:
    """Remove all messages from the session, and return them."""
    return [FlashedMessage(category, message) for category, message in _pop(session)]


def _pop(session: MutableMapping[str, Any]) -> list[Any]:
    if _KEY not in session:
        return []
    kept: list[Any] = session.pop(_KEY)
    _save(session)
    return kept


def _save(session: MutableMapping[str, Any]) -> None:
    if hasattr(session, "save"):  # Beaker's sessions store nothing by themselves
        session.save()
