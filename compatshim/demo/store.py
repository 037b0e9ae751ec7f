"""The catalogue on disk: one SQLite file, and a folder for the attachments.

Each call opens a connection and closes it, so that any thread may call.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, NamedTuple

from werkzeug.utils import secure_filename

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from compatshim.demo.scan import ScannedPackage

__all__ = ["Attachment", "Counts", "Package", "Store"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS package (
    name TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    version TEXT NOT NULL,
    summary TEXT NOT NULL,
    author TEXT NOT NULL,
    licence TEXT NOT NULL,
    homepage TEXT NOT NULL,
    requires TEXT NOT NULL,
    notes TEXT NOT NULL DEFAULT '',
    tags TEXT NOT NULL DEFAULT '',
    attachment_key TEXT,
    attachment_filename TEXT,
    attachment_size INTEGER,
    edited_at TEXT
) WITHOUT ROWID
"""

# What people wrote stays; what the machine knows better is refreshed.
_REFRESH = """
INSERT INTO package
    (name, title, version, summary, author, licence, homepage, requires)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (name) DO UPDATE SET
    title = excluded.title,
    version = excluded.version,
    summary = CASE WHEN edited_at IS NULL THEN excluded.summary ELSE summary END,
    author = excluded.author,
    licence = excluded.licence,
    homepage = excluded.homepage,
    requires = excluded.requires
"""

_MOST_WORDS = 10

_MATCH_WORD = (
    "(name LIKE ? ESCAPE '\\' OR title LIKE ? ESCAPE '\\'"
    " OR summary LIKE ? ESCAPE '\\' OR tags LIKE ? ESCAPE '\\')"
)


@dataclass(frozen=True)
class Attachment:
    """A file that someone added: kept under ``key``, offered as ``filename``."""

    key: str
    filename: str
    size: int


@dataclass(frozen=True)
class Package:
    """One package of the catalogue."""

    name: str
    title: str
    version: str
    summary: str
    author: str
    licence: str
    homepage: str
    requires: tuple[str, ...]
    notes: str = ""
    tags: tuple[str, ...] = ()
    attachment: Attachment | None = None
    edited_at: datetime | None = None


class Counts(NamedTuple):
    """How much there is."""

    packages: int
    edited: int
    attachments: int


class Store:
    """The catalogue in ``folder``, which must exist."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.attachments = folder / "attachments"
        self.attachments.mkdir(mode=0o700, exist_ok=True)
        with self._connection() as connection:
            # Readers do not wait for a writer, nor a writer for readers.
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(_SCHEMA)

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self.folder / "catalogue.sqlite3")
        connection.row_factory = sqlite3.Row
        try:
            with connection:
                yield connection
        finally:
            connection.close()

    def refresh(self, packages: Iterable[ScannedPackage]) -> None:
        """Take over what is installed now; edits of what is gone are kept."""
        rows = [(*package[:7], json.dumps(package.requires)) for package in packages]
        names = json.dumps([row[0] for row in rows])
        with self._connection() as connection:
            connection.executemany(_REFRESH, rows)
            connection.execute(
                "DELETE FROM package WHERE edited_at IS NULL"
                " AND name NOT IN (SELECT value FROM json_each(?))",
                (names,),
            )

    def names(self) -> list[str]:
        with self._connection() as connection:
            rows = connection.execute("SELECT name FROM package ORDER BY name")
            return [row["name"] for row in rows]

    def get(self, name: str) -> Package | None:
        with self._connection() as connection:
            row = connection.execute(
                "SELECT * FROM package WHERE name = ?", (name,)
            ).fetchone()
        return None if row is None else _package(row)

    def count(self, query: str) -> int:
        where, values = _where(query)
        with self._connection() as connection:
            row = connection.execute(
                f"SELECT count(*) FROM package WHERE {where}",  # noqa: S608
                values,
            ).fetchone()
        return int(row[0])

    def search(self, query: str, limit: int, offset: int) -> list[Package]:
        """Return packages that have every word of ``query``, in order of name."""
        where, values = _where(query)
        with self._connection() as connection:
            rows = connection.execute(
                f"SELECT * FROM package WHERE {where}"  # noqa: S608
                " ORDER BY name LIMIT ? OFFSET ?",
                [*values, limit, offset],
            )
            return [_package(row) for row in rows]

    def iterate(self, query: str, batch: int = 100) -> Iterator[Package]:
        """Yield what :meth:`search` finds; no connection is open between batches."""
        where, values = _where(query)
        last = ""
        while True:
            with self._connection() as connection:
                rows = connection.execute(
                    f"SELECT * FROM package WHERE {where}"  # noqa: S608
                    " AND name > ? ORDER BY name LIMIT ?",
                    [*values, last, batch],
                ).fetchall()
            for row in rows:
                yield _package(row)
            if len(rows) < batch:
                return
            last = rows[-1]["name"]

    def recently_edited(self, limit: int) -> list[Package]:
        with self._connection() as connection:
            rows = connection.execute(
                "SELECT * FROM package WHERE edited_at IS NOT NULL"
                " ORDER BY edited_at DESC, name LIMIT ?",
                (limit,),
            )
            return [_package(row) for row in rows]

    def counts(self) -> Counts:
        with self._connection() as connection:
            row = connection.execute(
                "SELECT count(*), count(edited_at), count(attachment_key) FROM package"
            ).fetchone()
        return Counts(*row)

    def update(
        self,
        name: str,
        *,
        summary: str,
        notes: str,
        tags: Iterable[str],
        attachment: Attachment | None,
    ) -> None:
        """Write an edit; a file that is no longer attached is removed."""
        before = self.get(name)
        file: tuple[str | None, str | None, int | None] = (None, None, None)
        if attachment is not None:
            file = (attachment.key, attachment.filename, attachment.size)
        with self._connection() as connection:
            connection.execute(
                "UPDATE package SET summary = ?, notes = ?, tags = ?,"
                " attachment_key = ?, attachment_filename = ?, attachment_size = ?,"
                " edited_at = ? WHERE name = ?",
                (
                    summary,
                    notes,
                    ", ".join(tags),
                    *file,
                    datetime.now(timezone.utc).isoformat(),
                    name,
                ),
            )
        if before and before.attachment and before.attachment != attachment:
            self.attachment_path(before.attachment).unlink(missing_ok=True)

    def keep_attachment(self, filename: str, content: bytes) -> Attachment:
        """Write a file under a generated name: the sender's never touches the disk."""
        safe = secure_filename(filename) or "attachment"
        attachment = Attachment(secrets.token_hex(16), safe, len(content))
        self.attachment_path(attachment).write_bytes(content)
        return attachment

    def attachment_path(self, attachment: Attachment) -> Path:
        return self.attachments / attachment.key


def _where(query: str) -> tuple[str, list[str]]:
    words = query.split()[:_MOST_WORDS]
    values = []
    for word in words:
        escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        values += [f"%{escaped}%"] * 4
    return " AND ".join([_MATCH_WORD] * len(words)) or "1", values


def _package(row: sqlite3.Row) -> Package:
    fields: dict[str, Any] = dict(row)
    key = fields.pop("attachment_key")
    filename = fields.pop("attachment_filename")
    size = fields.pop("attachment_size")
    fields["attachment"] = Attachment(key, filename, size) if key else None
    fields["requires"] = tuple(json.loads(fields["requires"]))
    fields["tags"] = tuple(filter(None, fields["tags"].split(", ")))
    if fields["edited_at"] is not None:
        fields["edited_at"] = datetime.fromisoformat(fields["edited_at"])
    return Package(**fields)
