"""What templates and controllers need besides logic: ``h`` in every template.

Like :mod:`compatshim.demo.logic` it imports from ``compatshim.common`` only.
"""

from __future__ import annotations

import hmac
import re
import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING

from babel.dates import format_datetime
from babel.numbers import format_decimal
from babel.units import format_unit

from compatshim.common import _, config, is_flask_request, request, session, url_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

__all__ = [
    "LANGUAGES",
    "csrf_token",
    "current_language",
    "date_and_time",
    "error_message",
    "file_size",
    "is_csrf_token",
    "local_path",
    "number",
    "page_numbers",
    "requirement_name",
    "return_path",
    "served_by",
    "text_direction",
]

LANGUAGES = {"en": "English", "de": "Deutsch", "ar": "العربية"}
_RIGHT_TO_LEFT = {"ar"}
_DEFAULT_LANGUAGE = "en"

_CSRF_KEY = "csrf_token"
_UNITS = (("megabyte", 1_000_000), ("kilobyte", 1_000), ("byte", 1))
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def served_by() -> str:
    """Return which framework serves this request."""
    return "flask" if is_flask_request() else "legacy"


def current_language() -> str:
    """Return what the visitor chose, or what the browser prefers.

    Flask-Babel asks this function too, under both frameworks.
    """
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    # Not best_match(): it would rather have "en" than a "de" for "de-AT, en;q=0.5".
    for preferred in request.accept_languages.values():
        language = preferred.partition("-")[0].lower()
        if language in LANGUAGES:
            return str(language)
    return _DEFAULT_LANGUAGE


def text_direction() -> str:
    """Return ``"rtl"`` or ``"ltr"``, for the ``dir`` attribute."""
    return "rtl" if current_language() in _RIGHT_TO_LEFT else "ltr"


def csrf_token() -> str:
    """Return what a form of this session has to send back."""
    if _CSRF_KEY not in session:
        session[_CSRF_KEY] = secrets.token_urlsafe(32)
    return str(session[_CSRF_KEY])


def is_csrf_token(sent: str) -> bool:
    """Return whether ``sent`` is the token of this session."""
    expected = str(session.get(_CSRF_KEY, ""))
    return bool(expected) and hmac.compare_digest(
        expected.encode(), sent.encode(errors="replace")
    )


def local_path(target: str) -> str:
    """Return ``target`` if it is a path on this site, otherwise the home page.

    Browsers take ``//host`` and ``/\\host`` for another site, and drop tabs and line
    ends before they look.
    """
    is_local = re.fullmatch(r"/(?![/\\])[^\x00-\x20\x7f\\]*", target) is not None
    return target if is_local else url_for("pages.home")


def return_path() -> str:
    """Return where the language switch should lead back to."""
    # An error document of Pylons is a request of its own, made for another.
    asked = request.environ.get("pylons.original_request", request)
    if asked.method in {"GET", "HEAD"}:
        return str(asked.path_qs)
    return url_for("pages.home")


def error_message(status: int) -> str:
    """Return what to tell a visitor who got an error."""
    if status == HTTPStatus.FORBIDDEN:
        return _("This form has expired. Go back, reload the page and send it again.")
    if status == HTTPStatus.NOT_FOUND:
        return _("There is nothing at this address. It may have been moved or removed.")
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        largest = file_size(config["MAX_CONTENT_LENGTH"])
        return _("The file is too large: at most %(size)s.", size=largest)
    return _("This could not be done. Please try again.")


def page_numbers(current: int, pages: int) -> Iterator[int | None]:
    """Yield the pages to offer: the ends, those nearby, and ``None`` for a gap."""
    last = 0
    for page in range(1, pages + 1):
        if page in {1, pages} or abs(page - current) <= 1:
            if page - last > 1:
                yield None
            yield page
            last = page


def requirement_name(requirement: str) -> str:
    """Return ``"jinja2"`` for ``"Jinja2>=3.1"``."""
    found = _NAME.match(requirement)
    return re.sub(r"[-_.]+", "-", found.group()).lower() if found else ""


def number(value: int) -> str:
    """Return ``value`` as the visitor's language writes it."""
    return format_decimal(value, locale=current_language())


def date_and_time(value: datetime) -> str:
    """Return a moment in this machine's time, as the visitor's language writes it."""
    return format_datetime(value.astimezone(), "medium", locale=current_language())


def file_size(size: int) -> str:
    """Return a number of bytes in the largest unit that fits."""
    unit, bytes_in_it = next(unit for unit in _UNITS if size >= unit[1] or unit[1] == 1)
    value = round(size / bytes_in_it, 1) if bytes_in_it > 1 else size
    return format_unit(value, f"digital-{unit}", "short", locale=current_language())
