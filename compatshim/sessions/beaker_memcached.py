"""Beaker's memcached store, which says when memcached does not do its work.

The clients of memcached report a server that is down as a key that is missing, and a
value that was not kept by an answer that Beaker does not look at.
"""

from __future__ import annotations

from typing import Any

from beaker.cache import clsmap

from compatshim.errors import BeakerStoreError

__all__ = ["memcached_namespace"]


def memcached_namespace(*args: Any, **kwargs: Any) -> Any:
    """Return Beaker's namespace manager for memcached, with a client that raises."""
    namespace = clsmap["ext:memcached"](*args, **kwargs)
    namespace.mc = _Client(namespace.mc)
    return namespace


class _Client:
    """Does as ``client``, and raises ``BeakerStoreError`` where that says nothing."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def get(self, key: str) -> Any:
        value = self._client.get(key)
        if value is None:
            self._check_that_it_answers()
        return value

    def set(self, key: str, value: Any, **options: Any) -> None:
        if not self._client.set(key, value, **options):
            raise BeakerStoreError("memcached did not keep the session")

    def delete(self, key: str) -> None:
        if not self._client.delete(key):
            self._check_that_it_answers()

    def _check_that_it_answers(self) -> None:
        if not self._client.set("compatshim_is_there", "1", time=1):
            raise BeakerStoreError("memcached does not answer")
