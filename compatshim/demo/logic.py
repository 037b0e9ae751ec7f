"""What the catalogue can do: called by the legacy controllers and the Flask API alike.

Of the web it knows ``compatshim.common`` only, so it runs unchanged under either
framework, and goes on doing so when a caller is migrated.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from compatshim.common import _, app_globals, url_for
from compatshim.demo.scan import normalised

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compatshim.demo.store import Counts, Package, Store

__all__ = [
    "PAGE_SIZE",
    "NotFoundError",
    "SearchPage",
    "ValidationError",
    "csv_lines",
    "package_as_dict",
    "package_list",
    "package_page",
    "package_search",
    "package_show",
    "package_update",
    "recently_edited",
    "totals",
]

PAGE_SIZE = 12

_LONGEST_SUMMARY = 200
_LONGEST_NOTES = 5000
_LONGEST_TAG = 30
_MOST_TAGS = 8
_CSV_COLUMNS = ("name", "version", "summary", "author", "licence", "homepage", "tags")
# A spreadsheet would take a cell that begins with one of these for a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class NotFoundError(Exception):
    """No such package; ``name`` is what was asked for."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"There is no package {name!r}.")


class ValidationError(Exception):
    """What was sent cannot be kept; ``errors`` has a message for each field."""

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = errors
        super().__init__("; ".join(errors.values()))


@dataclass(frozen=True)
class SearchPage:
    """One page of what a search found; pages are counted from 1."""

    query: str
    number: int
    pages: int
    count: int
    packages: list[Package]


def _store() -> Store:
    store: Store = app_globals.store
    return store


def package_list() -> list[str]:
    """Return the names of all packages."""
    return _store().names()


def package_search(query: str, limit: int, offset: int) -> tuple[int, list[Package]]:
    """Return how many packages have all words of ``query``, and some of them."""
    store = _store()
    return store.count(query), store.search(query, limit, offset)


def package_page(query: str, number: int) -> SearchPage:
    """Return a page of search results, the nearest one if there is no such page."""
    count = _store().count(query)
    pages = max(1, -(-count // PAGE_SIZE))
    number = min(max(1, number), pages)
    packages = _store().search(query, PAGE_SIZE, (number - 1) * PAGE_SIZE)
    return SearchPage(query, number, pages, count, packages)


def package_show(name: str) -> Package:
    """Return a package, or raise :exc:`NotFoundError`."""
    package = _store().get(normalised(name))
    if package is None:
        raise NotFoundError(name)
    return package


def package_update(name: str, form: Mapping[str, str], upload: Any = None) -> Package:
    """Keep an edit, or raise :exc:`ValidationError` or :exc:`NotFoundError`.

    ``form`` has ``summary``, ``notes``, ``tags`` (with commas between them) and
    perhaps ``remove_attachment``; ``upload`` is a file sent with the form.
    """
    package = package_show(name)
    summary = " ".join(form.get("summary", "").split())
    notes = form.get("notes", "").replace("\r\n", "\n").strip()
    tags = _tags(form.get("tags", ""))
    errors = _errors(summary, notes, tags)
    if errors:
        raise ValidationError(errors)
    attachment = package.attachment
    if form.get("remove_attachment"):
        attachment = None
    # A browser sends an empty part for a file that was not chosen.
    if upload is not None and upload.filename:
        attachment = _store().keep_attachment(upload.filename, upload.read())
    _store().update(
        package.name, summary=summary, notes=notes, tags=tags, attachment=attachment
    )
    return package_show(package.name)


def _tags(text: str) -> list[str]:
    tags = (" ".join(tag.split()).lower() for tag in re.split("[,،]", text))
    return list(dict.fromkeys(tag for tag in tags if tag))


def _errors(summary: str, notes: str, tags: list[str]) -> dict[str, str]:
    errors = {}
    if not summary:
        errors["summary"] = _("A summary is needed.")
    elif len(summary) > _LONGEST_SUMMARY:
        errors["summary"] = _(
            "At most %(limit)s characters, please.", limit=_LONGEST_SUMMARY
        )
    if len(notes) > _LONGEST_NOTES:
        errors["notes"] = _(
            "At most %(limit)s characters, please.", limit=_LONGEST_NOTES
        )
    if len(tags) > _MOST_TAGS or any(len(tag) > _LONGEST_TAG for tag in tags):
        errors["tags"] = _(
            "At most %(count)s tags of %(limit)s characters, please.",
            count=_MOST_TAGS,
            limit=_LONGEST_TAG,
        )
    return errors


def recently_edited(limit: int = 5) -> list[Package]:
    """Return the packages that were edited last, the latest first."""
    return _store().recently_edited(limit)


def totals() -> Counts:
    """Return how much the catalogue holds."""
    return _store().counts()


def package_as_dict(package: Package) -> dict[str, Any]:
    """Return a package as the API shows it."""
    attachment = None
    if package.attachment is not None:
        attachment = {
            "filename": package.attachment.filename,
            "size": package.attachment.size,
            "url": url_for("attachments.download", name=package.name),
        }
    return {
        "name": package.name,
        "title": package.title,
        "version": package.version,
        "summary": package.summary,
        "author": package.author,
        "licence": package.licence,
        "homepage": package.homepage,
        "requires": list(package.requires),
        "notes": package.notes,
        "tags": list(package.tags),
        "attachment": attachment,
        "edited_at": package.edited_at and package.edited_at.isoformat(),
        "url": url_for("package_read", name=package.name),
    }


def csv_lines(query: str) -> Iterator[str]:
    """Yield a CSV file with what a search finds, line by line."""
    yield _csv_line(_CSV_COLUMNS)
    for package in _store().iterate(query):
        yield _csv_line(
            (
                package.name,
                package.version,
                package.summary,
                package.author,
                package.licence,
                package.homepage,
                ", ".join(package.tags),
            )
        )


def _csv_line(cells: tuple[str, ...]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(
        f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell for cell in cells
    )
    return line.getvalue()
