"""Dates, numbers and money in the visitor's language, under both frameworks."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal

import pytest
from flask_babel import Babel

from compatshim import common
from compatshim.common import (
    force_locale,
    format_currency,
    get_locale,
    render,
    set_lang,
)
from compatshim.errors import NotConfiguredError, NotInitialisedError

MOMENT = datetime(2026, 11, 21, 14, 30, tzinfo=timezone.utc)

CALLS = [
    ("format_datetime", (MOMENT,), "21.11.2026, 14:30:00"),
    ("format_datetime", (MOMENT, "EEEE, d. MMMM"), "Samstag, 21. November"),
    ("format_date", (date(2026, 11, 21), "long"), "21. November 2026"),
    ("format_time", (time(14, 30), "short", False), "14:30"),
    ("format_timedelta", (timedelta(hours=-2), "second", True), "vor 2 Stunden"),
    ("format_number", (1234567,), "1.234.567"),
    ("format_decimal", (Decimal("1234.5"),), "1.234,5"),
    ("format_decimal", (1234.5, "0.00"), "1234,50"),
    ("format_currency", (1234.5, "EUR"), "1.234,50\xa0€"),
    ("format_percent", (0.25,), "25\xa0%"),
    ("format_scientific", (12345,), "1,2345E4"),
]


@pytest.fixture
def german_site(make_site):
    site = make_site({"BABEL_DEFAULT_LOCALE": "de"})
    Babel(site.app)
    return site


@pytest.mark.parametrize(("name", "arguments", "expected"), CALLS)
def test_format(german_site, name, arguments, expected):
    german_site.add("/page", lambda: getattr(common, name)(*arguments))
    assert german_site.open("/page").result == expected


@pytest.mark.parametrize(("name", "arguments", "expected"), CALLS)
def test_format_outside_of_a_request(german_site, name, arguments, expected):
    with german_site.app.app_context():
        assert getattr(common, name)(*arguments) == expected


def test_format_follows_the_language(german_site, write_template):
    write_template("page.html", "{{ format_decimal(1.5) }} {{ number|decimalformat }}")

    def view():
        german = str(render("page.html", number=1.5))
        set_lang("en")
        with force_locale("de"):
            inside = format_currency(1, "EUR")
        return german, inside, str(render("page.html", number=1.5)), str(get_locale())

    german_site.add("/page", view)
    expected = ("1,5 1,5", "1,00\xa0€", "1.5 1.5", "en")
    assert german_site.open("/page").result == expected


def test_format_of_a_script_that_gettext_calls_a_modifier(german_site):
    day = date(2026, 1, 1)

    def view():
        set_lang("sr@latin")
        return common.format_date(day, "MMMM")

    german_site.add("/page", view)
    assert german_site.open("/page").result == "januar"


def test_format_without_flask_babel_on_the_application(serve):
    def view():
        with pytest.raises(NotConfiguredError, match=r"flask_babel\.Babel\(app\)"):
            format_currency(1, "EUR")

    serve(view)


def test_format_without_an_application():
    with pytest.raises(NotInitialisedError, match="app_context"):
        format_currency(1, "EUR")
