"""A store in an SQLite database."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compatshim.deprecation.stores.contents import (
    Contents,
    StoredUse,
    callers_in,
    shortened,
)
from compatshim.deprecation.stores.values import (
    as_text,
    as_time,
    from_json,
    instance_of,
)
from compatshim.deprecation.uses import Use, with_callers
from compatshim.errors import DeprecationStoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

__all__ = ["SqliteStore"]

VERSION = 1
APPLICATION = 0x43534450  # "CSDP": the database is a store, and no other program's
PATIENCE = 10.0  # seconds to wait for a process that is writing

_TABLES = """
CREATE TABLE store (started TEXT NOT NULL, dropped INTEGER NOT NULL);
CREATE TABLE uses (
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    filename TEXT NOT NULL,
    line INTEGER NOT NULL,
    module TEXT NOT NULL,
    instead TEXT NOT NULL,
    callers TEXT NOT NULL,
    since TEXT,
    removed_in TEXT,
    count INTEGER NOT NULL,
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    PRIMARY KEY (code, name, filename, line)
) WITHOUT ROWID;
"""
_SITE = "code = :code AND name = :name AND filename = :filename AND line = :line"
_ADD = """
INSERT INTO uses VALUES (:code, :name, :filename, :line, :module, :instead, :callers,
    :since, :removed_in, :count, :now, :now)
ON CONFLICT DO UPDATE SET module = :module, instead = :instead, callers = :callers,
    since = :since, removed_in = :removed_in, count = count + :count,
    last_seen = max(last_seen, :now)
"""
_SURPLUS = """
SELECT code, name, filename, line, count FROM uses
ORDER BY last_seen, count, code, name, filename, line
LIMIT max(0, (SELECT count(*) FROM uses) - :limit)
"""


class SqliteStore:
    """Keeps uses in a table of a database file, for several processes at once."""

    def __init__(self, address: str, path: str, limit: int) -> None:
        self.address = address
        self.path = os.path.realpath(path)
        self._uri = Path(self.path).as_uri()
        self._limit = limit

    def add(self, uses: Sequence[Use], now: datetime) -> None:
        """Add the increments in ``uses``, all or none of them.

        Raises ``DeprecationStoreError``.
        """
        with self._transaction("rwc") as database:
            if _is_empty(database):
                _create(database, now)
            self._check(database)
            for use in map(shortened, uses):
                _add(database, use, now)
            _forget(database, self._limit)

    def read(self) -> Contents:
        """Return what the database holds. Raises ``DeprecationStoreError``."""
        # To roll back what a killed process has left, SQLite has to write, if it may.
        with self._transaction("rw") as database:
            self._check(database)
            started, dropped = database.execute("SELECT * FROM store").fetchone()
            rows = database.execute(
                "SELECT * FROM uses ORDER BY code, name, filename, line"
            )
            uses = tuple(map(_stored_use, rows))
            return Contents(as_time(started), instance_of(dropped, int), uses)

    @contextlib.contextmanager
    def _transaction(self, mode: str) -> Iterator[sqlite3.Connection]:
        """Open the database, and commit at the end of the block, or roll back."""
        uri = f"{self._uri}?mode={mode}"
        try:
            database = sqlite3.connect(
                uri, uri=True, timeout=PATIENCE, isolation_level=None
            )
            with contextlib.closing(database):
                database.row_factory = sqlite3.Row
                database.execute("BEGIN" if mode == "rw" else "BEGIN IMMEDIATE")
                yield database
                database.execute("COMMIT")  # else closing rolls back
        except (sqlite3.Error, TypeError, ValueError) as error:
            raise DeprecationStoreError(self.address, str(error)) from error

    def _check(self, database: sqlite3.Connection) -> None:
        application, version = _pragmas(database)
        if application != APPLICATION:
            reason = "the database is not one of compatshim's: it was left alone"
            raise DeprecationStoreError(self.address, reason)
        if version != VERSION:
            reason = f"its version is {version}, and this compatshim reads {VERSION}"
            raise DeprecationStoreError(self.address, reason)


def _pragmas(database: sqlite3.Connection) -> tuple[int, int]:
    return (
        database.execute("PRAGMA application_id").fetchone()[0],
        database.execute("PRAGMA user_version").fetchone()[0],
    )


def _is_empty(database: sqlite3.Connection) -> bool:
    tables = database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    return not tables and _pragmas(database) == (0, 0)


def _create(database: sqlite3.Connection, now: datetime) -> None:
    for statement in filter(str.strip, _TABLES.split(";")):
        database.execute(statement)
    database.execute("INSERT INTO store VALUES (?, 0)", [as_text(now)])
    database.execute(f"PRAGMA application_id = {APPLICATION}")
    database.execute(f"PRAGMA user_version = {VERSION}")


def _add(database: sqlite3.Connection, use: Use, now: datetime) -> None:
    values = use.to_dict()
    known = database.execute(f"SELECT callers FROM uses WHERE {_SITE}", values)  # noqa: S608 (ours)
    callers = [caller for row in known for caller in _callers(row["callers"])]
    values["callers"] = json.dumps(with_callers(callers, use.callers))
    database.execute(_ADD, {**values, "now": as_text(now)})


def _forget(database: sqlite3.Connection, limit: int) -> None:
    surplus: Iterable[Any] = database.execute(_SURPLUS, {"limit": limit}).fetchall()
    for row in surplus:
        database.execute(f"DELETE FROM uses WHERE {_SITE}", dict(row))  # noqa: S608 (ours)
        database.execute("UPDATE store SET dropped = dropped + ?", [row["count"]])


def _stored_use(row: sqlite3.Row) -> StoredUse:
    values = dict(row)
    return StoredUse.from_dict({**values, "callers": _callers(values.get("callers"))})


def _callers(text: Any) -> list[str]:
    return callers_in(from_json(instance_of(text, str)))
