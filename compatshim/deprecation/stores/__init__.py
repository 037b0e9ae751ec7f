"""Where a running site keeps what it counts, to say what is still used in production.

Nothing in here is imported by a site that is not told to keep its counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from compatshim.errors import DeprecationStoreError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from compatshim.deprecation.stores.contents import Contents
    from compatshim.deprecation.uses import Use

__all__ = ["LIMIT", "Store", "open_store"]

LIMIT = 10_000
"""How many call sites a store holds unless told otherwise."""

_SQLITE = "sqlite:///"
_SQLITE_HEADER = b"SQLite format 3\0"


class Store(Protocol):
    """Keeps uses for several processes at once, at ``path``, which is absolute.

    Both methods may raise ``DeprecationStoreError``, and then the store is as it was.
    """

    address: str
    path: str

    def add(self, uses: Sequence[Use], now: datetime) -> None:
        """Add the increments in ``uses``, all or none of them."""

    def read(self) -> Contents:
        """Return what the store holds."""


def open_store(address: str, limit: int = LIMIT) -> Store:
    """Return the store at ``address``: ``sqlite:///`` and a path, or the path of a file.

    A file is one of JSON, unless there is an SQLite database already. A relative path is
    one of the present working directory. Raises ``DeprecationStoreError`` for the
    address of something else.
    """
    path = address.removeprefix(_SQLITE)
    if not path:
        raise DeprecationStoreError(address, "its address has no path")
    if path != address or _is_database(address):
        from compatshim.deprecation.stores.sqlite import SqliteStore

        return SqliteStore(address, path, limit)
    if "://" in address:
        reason = f"write {_SQLITE} and the path of a database, or the path of a file"
        raise DeprecationStoreError(address, reason)
    from compatshim.deprecation.stores.json_file import JsonFileStore

    return JsonFileStore(address, address, limit)


def _is_database(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            return file.read(len(_SQLITE_HEADER)) == _SQLITE_HEADER
    except OSError:
        return False
