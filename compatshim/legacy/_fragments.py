"""Pages, and parts of pages, that are kept in a Beaker cache."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["cached_page", "key_of_def"]

_Page = TypeVar("_Page")


def cached_page(
    find_cache: Callable[[], Any],
    namespace: str,
    render: Callable[[], _Page],
    cache_key: str | None = None,
    cache_type: str | None = None,
    cache_expire: int | str | None = None,
    default_key: str = "default",
) -> _Page:
    """Return what ``render`` renders, from the cache if an option of it is given.

    ``find_cache`` returns the Beaker cache manager. ``cache_expire`` is in seconds, or
    ``"never"``. ``cache_type`` is ``"memory"`` unless given: Beaker pickles what it keeps
    in files.
    """
    if cache_key is None and cache_type is None and cache_expire is None:
        return render()
    container = find_cache().get_cache(namespace, type=cache_type or "memory")
    page: _Page = container.get_value(
        cache_key or default_key,
        createfunc=render,
        expiretime=None if cache_expire in (None, "never") else int(cache_expire),
    )
    return page


def key_of_def(def_name: str) -> str:
    """Return the key of a Mako ``<%def>`` in the cache of its template."""
    return f"def {def_name}"
