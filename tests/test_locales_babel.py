"""Names of locales, against what Babel knows of them."""

from __future__ import annotations

import pytest
from babel import Locale
from babel.localedata import locale_identifiers

from compatshim.locales import negotiate, parse_locale_name, text_direction

# Babel tells lines that run from top to bottom, too; in HTML that is no direction.
LOCALES = [name for name in locale_identifiers() if "_Mong" not in name]


def test_direction_of_every_locale():
    told = {name: text_direction(name) for name in LOCALES}
    assert told == {name: Locale.parse(name).text_direction for name in LOCALES}


def test_name_of_every_locale_stays_as_it_is():
    assert [str(parse_locale_name(name)) for name in LOCALES] == LOCALES


@pytest.mark.parametrize("name", LOCALES)
def test_every_locale_is_found_by_its_name_as_browsers_write_it(name):
    parsed = parse_locale_name(name)
    if not parsed.modifier:
        assert negotiate(name.replace("_", "-").lower(), ("xx", name)) == name


@pytest.mark.parametrize(
    "name", ["", "d", "../de", "de/..", "de\n", "de_", "de__DE", "a" * 99, "de@", "dé"]
)
def test_what_is_no_name(name):
    with pytest.raises(ValueError, match="not the name of a locale"):
        parse_locale_name(name)
