"""Copies of what a legacy request sets its answer on."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gettext import NullTranslations

__all__ = ["copy_response", "copy_translator"]


def copy_response(response: Any) -> Any:
    """Return a copy of a WebOb response, which may be changed apart from it.

    Unlike WebOb's ``copy()`` it does not read a body that is a stream: the copy's body
    is empty then.
    """
    copied = copy(response)
    copied.headerlist = list(copied.headerlist)
    attributes = vars(copied)
    attributes.pop("_cache_control_obj", None)  # it writes to the other's headers
    body = copied.app_iter
    # Not by the property, which drops the Content-Length, and which ours may refuse.
    attributes["_app_iter"] = list(body) if isinstance(body, list | tuple) else []
    return copied


def copy_translator(translator: NullTranslations) -> NullTranslations:
    """Return a copy to which fallbacks can be added apart."""
    copied = copy(translator)
    fallback = vars(copied).get("_fallback")
    if fallback is not None:
        vars(copied)["_fallback"] = copy_translator(fallback)
    return copied
