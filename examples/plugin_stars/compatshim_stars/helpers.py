"""The stars of a visitor, which are in the session that both sides share."""

from __future__ import annotations

from compatshim.common import session

__all__ = ["is_starred", "starred", "toggle"]

_KEY = "stars"


def starred() -> list[str]:
    """Return the names of the packages that have a star, in alphabetical order."""
    return sorted(session.get(_KEY, []))


def is_starred(name: str) -> bool:
    """Return whether a package has a star."""
    return name in session.get(_KEY, [])


def toggle(name: str) -> None:
    """Give a star to a package, or take it back."""
    session[_KEY] = sorted({*session.get(_KEY, [])} ^ {name})
