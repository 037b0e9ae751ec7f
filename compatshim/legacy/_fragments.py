"""Pages, and parts of pages, that are kept in a Beaker cache."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["cached_page"]

_Page = TypeVar("_Page")


def cached_page(
    find_cache: Callable[[], Any],
    namespace: str,
    render: Callable[[], _Page],
    cache_key: str | None = None,
    cache_type: str | None = None,
    cache_expire: int | str | None = None,
    *,
    def_name: str | None = None,
    language: str = "",
) -> _Page:
    """Return what ``render`` renders, from the cache if an option of it is given.

    ``find_cache`` returns the Beaker cache manager. ``cache_expire`` is in seconds, or
    ``"never"``. ``cache_type`` is ``"memory"`` unless given: Beaker pickles what it keeps
    in files. A ``<%def>`` of a Mako template has a key of its own unless one is given.
    A ``language`` is a part of the key: templates of two may have one name.
    """
    if cache_key is None and cache_type is None and cache_expire is None:
        return render()
    key = cache_key or ("default" if def_name is None else f"def {def_name}")
    container = find_cache().get_cache(namespace, type=cache_type or "memory")
    page: _Page = container.get_value(
        f"{language} {key}" if language else key,
        createfunc=render,
        expiretime=None if cache_expire in (None, "never") else int(cache_expire),
    )
    return page
