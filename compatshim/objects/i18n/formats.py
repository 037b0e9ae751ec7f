"""Flask-Babel's functions for dates, numbers and money, in the current locale."""

# ruff: noqa: A002 (the names of the arguments are Flask-Babel's)

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import flask

from compatshim.errors import (
    MissingExtraError,
    NotConfiguredError,
    NotInitialisedError,
)

if TYPE_CHECKING:
    from datetime import date, datetime, time, timedelta
    from decimal import Decimal

    from babel import Locale

    Number = float | Decimal | str

__all__ = [
    "format_currency",
    "format_date",
    "format_datetime",
    "format_decimal",
    "format_number",
    "format_percent",
    "format_scientific",
    "format_time",
    "format_timedelta",
    "get_locale",
]


def _flask_babel(wanted: str) -> Any:
    # Importing compatshim.common imports this module, and mostly nobody calls it.
    from compatshim.objects.i18n.babel import uses_babel

    if uses_babel():
        import flask_babel

        return flask_babel
    if find_spec("flask_babel") is None:
        raise MissingExtraError(wanted, "babel")
    if not flask.has_app_context():
        raise NotInitialisedError(None, wanted)
    raise NotConfiguredError(
        "Flask-Babel", f"{wanted} needs flask_babel.Babel(app), where app is made."
    )


def get_locale() -> Locale:
    """Return the current locale, with all that Babel knows of it.

    This and the other functions here need Flask-Babel and an application context. Raises
    ``MissingExtraError``, ``NotConfiguredError`` or ``NotInitialisedError``.
    """
    locale: Locale = _flask_babel("get_locale").get_locale()
    return locale


def format_datetime(
    datetime: datetime | None = None, format: str | None = None, rebase: bool = True
) -> str:
    """Return a date and time, by default now, in the user's time zone.

    ``format`` is ``"short"``, ``"medium"``, ``"long"``, ``"full"`` or a pattern of
    Babel's. Without ``rebase`` the time zone stays as it is.
    """
    babel = _flask_babel("format_datetime")
    return str(babel.format_datetime(datetime, format, rebase))


def format_date(
    date: date | datetime | None = None, format: str | None = None, rebase: bool = True
) -> str:
    """Return a date, by default today, otherwise as :func:`format_datetime`."""
    return str(_flask_babel("format_date").format_date(date, format, rebase))


def format_time(
    time: time | datetime | None = None, format: str | None = None, rebase: bool = True
) -> str:
    """Return a time of day, by default now, otherwise as :func:`format_datetime`."""
    return str(_flask_babel("format_time").format_time(time, format, rebase))


def format_timedelta(
    datetime_or_timedelta: datetime | timedelta,
    granularity: str = "second",
    add_direction: bool = False,
    threshold: float = 0.85,
) -> str:
    """Return how long something lasts, or how long ago it was: ``"2 hours"``."""
    babel = _flask_babel("format_timedelta")
    return str(
        babel.format_timedelta(
            datetime_or_timedelta, granularity, add_direction, threshold
        )
    )


def format_number(number: Number) -> str:
    """Return a number with the separators of the locale."""
    return str(_flask_babel("format_number").format_number(number))


def format_decimal(number: Number, format: str | None = None) -> str:
    """Return a decimal number, in a pattern of Babel's if one is given."""
    return str(_flask_babel("format_decimal").format_decimal(number, format))


def format_currency(
    number: Number,
    currency: str,
    format: str | None = None,
    currency_digits: bool = True,
    format_type: str = "standard",
) -> str:
    """Return an amount of money: ``currency`` is its code, such as ``"EUR"``."""
    babel = _flask_babel("format_currency")
    return str(
        babel.format_currency(number, currency, format, currency_digits, format_type)
    )


def format_percent(number: Number, format: str | None = None) -> str:
    """Return a number as per cent: ``0.5`` is ``"50%"``."""
    return str(_flask_babel("format_percent").format_percent(number, format))


def format_scientific(number: Number, format: str | None = None) -> str:
    """Return a number in scientific notation."""
    return str(_flask_babel("format_scientific").format_scientific(number, format))
