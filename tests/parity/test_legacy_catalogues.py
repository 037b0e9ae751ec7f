"""Translations where Flask-Babel is not there, nor Babel: the legacy catalogues."""

from __future__ import annotations

import struct
from importlib.util import find_spec

import pytest

from compatshim.common import (
    _,
    add_fallback,
    force_locale,
    format_number,
    get_lang,
    ngettext,
    render,
    set_lang,
)
from compatshim.errors import MissingExtraError, NotConfiguredError
from compatshim.legacy.i18n import LanguageError


def compiled(messages):
    """Return a catalogue as msgfmt would write it."""
    messages = {"": "Content-Type: text/plain; charset=UTF-8\n", **messages}
    pairs = [(key.encode(), messages[key].encode()) for key in sorted(messages)]
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    tables, strings = (b"", b""), b""
    for pair in pairs:
        rows = []
        for text in pair:
            place = 28 + 16 * len(pairs) + len(strings)
            rows.append(struct.pack("<II", len(text), place))
            strings += text + b"\0"
        tables = (tables[0] + rows[0], tables[1] + rows[1])
    return head + tables[0] + tables[1] + strings


@pytest.fixture
def site(make_site, tmp_path):
    places = {
        "i18n/de/LC_MESSAGES/sample.mo": {
            "Hello": "Hallo",
            "file\0files": "Datei\0Dateien",
        },
        "i18n/fr/LC_MESSAGES/sample.mo": {"Hello": "Bonjour"},
        "stars/de/LC_MESSAGES/stars.mo": {"Stars": "Sterne"},
    }
    for name, messages in places.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_bytes(compiled(messages))
    site = make_site({"COMPATSHIM_LOCALES": "de fr"}, {"lang": "de"})
    site.shim.add_translations("stars", "stars")
    return site


def test_messages(site, write_template):
    write_template("page.html", "{% trans %}Hello{% endtrans %} {{ _('Stars') }}")

    def view():
        german = _("Hello"), ngettext("file", "files", 2), _("Stars"), get_lang()
        set_lang("fr")
        add_fallback("de")
        french = _("Hello"), _("Stars"), str(render("page.html"))
        with force_locale("de"):
            inside = _("Hello")
        with pytest.raises(LanguageError):
            set_lang("it")
        return german, french, inside, get_lang()

    site.add("/page", view)
    assert site.open("/page").result == (
        ("Hallo", "Dateien", "Sterne", ["de"]),
        ("Bonjour", "Sterne", "Bonjour Sterne"),
        "Hallo",
        ["fr"],
    )


def test_browser_chooses(site):
    site.add("/page", get_lang)
    headers = {"Accept-Language": "it, fr-CH;q=0.5"}
    assert site.open("/page", headers=headers).result == ["fr"]


def test_job(site):
    with site.app.app_context(), force_locale("fr"):
        assert _("Hello") == "Bonjour"


def test_numbers_need_flask_babel(site):
    is_there = find_spec("flask_babel") is not None
    expected = NotConfiguredError if is_there else MissingExtraError
    with site.app.app_context(), pytest.raises(expected, match="format_number"):
        format_number(1)
