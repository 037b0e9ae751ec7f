"""compatshim.legacy.i18n.translation."""

from __future__ import annotations

import pytest
import webob

from compatshim import legacy
from compatshim.common import text_direction
from compatshim.errors import NoRequestError
from compatshim.legacy import i18n
from compatshim.legacy.i18n import LanguageError, _, add_fallback, get_lang, set_lang
from compatshim.legacy.i18n.translation import _get_translator


@pytest.fixture
def speak(translated, make_app, make_controller):
    """Return what a function returns in a request of an application with catalogues."""

    def speak(function, **options):
        results = []
        app = make_app(
            make_controller(lambda self: results.append(function())),
            **{"pylons.paths": translated["pylons.paths"], **options},
        )
        webob.Request.blank("/index").get_response(app)
        return results[0]

    return speak


def texts():
    return [
        i18n.gettext("Hello"),
        i18n.ugettext("Hello"),
        _("Hello"),
        i18n.N_("Hello"),
        i18n.gettext_noop("Hello"),
        i18n.ngettext("file", "files", 1),
        i18n.ungettext("file", "files", 2),
        i18n.pgettext("menu", "Open"),
        i18n.npgettext("menu", "tab", "tabs", 2),
        str(i18n.lazy_gettext("Hello")),
        str(i18n.lazy_ugettext("Hello")),
        str(i18n.lazy_ngettext("file", "files", 2)),
        str(i18n.lazy_ungettext("file", "files", 1)),
    ]


UNTRANSLATED = [
    *["Hello"] * 5,
    "file",
    "files",
    "Open",
    "tabs",
    "Hello",
    "Hello",
    "files",
    "file",
]
FRENCH = [
    *["Bonjour"] * 3,
    "Hello",
    "Hello",
    "fichier",
    "fichiers",
    "Ouvrir",
    "onglets",
    "Bonjour",
    "Bonjour",
    "fichiers",
    "fichier",
]


def test_outside_of_a_request_text_is_untranslated():
    assert texts() == UNTRANSLATED
    assert get_lang() is None


def test_without_a_language_text_is_untranslated(speak):
    assert speak(lambda: (texts(), get_lang())) == (UNTRANSLATED, None)


def test_the_application_s_language(speak):
    assert speak(lambda: (texts(), get_lang()), lang="fr") == (FRENCH, ["fr"])


def test_set_lang(speak):
    def french():
        set_lang("fr")
        return texts(), get_lang()

    assert speak(french) == (FRENCH, ["fr"])


@pytest.mark.parametrize("name", ["../i18n/fr", "/fr", ".", ".."])
def test_name_that_leads_out_of_the_folder_of_languages(translated, speak, name):
    def foreign():
        with pytest.raises(LanguageError):
            set_lang(name)
        with pytest.raises(LanguageError):
            set_lang(["fr", name], set_environ=False, pylons_config=translated)

    speak(foreign)


def test_set_lang_back_to_none(speak):
    def nothing():
        set_lang(None)
        return _("Hello"), get_lang()

    assert speak(nothing, lang="fr") == ("Hello", None)


def test_further_languages_are_fallbacks(speak):
    def several():
        set_lang(["fr", "de"])
        return _("Hello"), _("Bye"), get_lang()

    assert speak(several) == ("Bonjour", "Tschüss", ["fr", "de"])


def test_add_fallback_stays_with_the_request(speak):
    def with_fallback():
        set_lang("fr")
        add_fallback("de")
        return _("Hello"), _("Bye")

    assert speak(with_fallback) == ("Bonjour", "Tschüss")
    assert speak(lambda: (set_lang("fr"), _("Bye"))[1]) == "Bye"
    assert speak(lambda: _("Bye"), lang="fr") == "Bye"


def test_a_translator_without_setting_it(translated, speak):
    found = set_lang("fr", set_environ=False, pylons_config=translated)
    assert found.gettext("Hello") == "Bonjour"
    assert _get_translator("fr", pylons_config=translated) is not found
    legacy.translator._push_object(found)
    assert _("Hello") == "Bonjour"
    legacy.translator._pop_object(found)
    assert _("Hello") == "Hello"


def test_a_language_without_a_catalogue(speak):
    with pytest.raises(LanguageError, match="'xx'"):
        speak(lambda: set_lang("xx"))
    assert speak(lambda: (set_lang("xx", fallback=True), _("Hello"))[1]) == "Hello"


@pytest.mark.parametrize(
    ("name", "direction"),
    [("he", "rtl"), ("fr", "ltr"), ("legal terms", "ltr"), ("x", "ltr"), ("", "ltr")],
)
def test_direction_of_a_language_of_any_name(speak, name, direction):
    """The folder of a site's own wording need not have the name of a locale."""

    def ask():
        set_lang(name, fallback=True)
        return text_direction()

    assert speak(ask) == direction


def test_set_lang_outside_of_a_request(translated):
    with pytest.raises(NoRequestError):
        set_lang("fr", pylons_config=translated)
