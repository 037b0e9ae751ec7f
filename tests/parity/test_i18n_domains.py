"""Several domains and directories, and catalogues that are broken or missing."""

from __future__ import annotations

import logging

import flask_babel
import pytest
from flask_babel import Babel

from compatshim import CompatShim
from compatshim.common import (
    _,
    get_lang,
    lazy_gettext,
    ngettext,
    render,
    set_lang,
)
from compatshim.errors import NotInitialisedError

WARNING = lazy_gettext("Stars")


@pytest.fixture
def warnings(caplog):
    """Return a function that tells the warnings about catalogues so far."""
    caplog.set_level(logging.WARNING, "compatshim.catalogues")

    def told():
        return [
            record.getMessage()
            for record in caplog.records
            if record.name == "compatshim.catalogues"
        ]

    return told


def texts(*messages):
    return lambda: [_(message) for message in messages]


def test_application_comes_before_plugins_and_these_in_their_order(
    translate_site, write_catalogue, write_template
):
    site = translate_site({"de": {"Hello": "Hallo"}})
    write_catalogue("de", {"Hello": "x", "Stars": "Sterne"}, "stars/i18n", "stars")
    write_catalogue(
        "de", {"Hello": "y", "Stars": "z", "Theme": "Thema"}, "theme", "theme"
    )
    site.shim.add_translations("stars/i18n", "stars")
    site.shim.add_translations("theme", "theme")
    write_template("page.html", "{% trans %}Stars{% endtrans %} {{ _('Theme') }}")
    site.add(
        "/page",
        lambda: [*texts("Hello", "Stars", "Theme", "None")(), render("page.html")],
    )
    expected = ["Hallo", "Sterne", "Thema", "None", "Sterne Thema"]
    assert site.open("/page").result == expected


def test_plugin_that_comes_after_the_first_request(translate_site, write_catalogue):
    site = translate_site({"de": {"Hello": "Hallo"}})
    site.add("/page", texts("Stars"))
    before = site.open("/page").result
    write_catalogue("de", {"Stars": "Sterne"}, "stars", "stars")
    site.shim.add_translations("stars", "stars")
    assert (before, site.open("/page").result) == (["Stars"], ["Sterne"])


def test_each_catalogue_keeps_its_own_rule_for_plurals(translate_site, write_catalogue):
    site = translate_site({"fr": {("file", "files"): ("fichier", "fichiers")}}, "fr")
    polish = {("star", "stars"): ("a", "b", "c")}
    write_catalogue("pl", polish, "stars", "stars")
    site.shim.add_translations("stars", "stars")

    def view():
        set_lang(["fr", "pl"])
        files = [ngettext("file", "files", n) for n in (0, 1, 2)]
        return files, [ngettext("star", "stars", n) for n in (1, 2, 5)]

    site.add("/page", view)
    expected = (["fichier", "fichier", "fichiers"], ["a", "b", "c"])
    assert site.open("/page").result == expected


def test_adding_translations_before_there_is_an_application():
    with pytest.raises(NotInitialisedError):
        CompatShim().add_translations("translations", "stars")


@pytest.fixture
def babel_site(make_site):
    def make(config=None, **legacy_config):
        site = make_site({"BABEL_DEFAULT_LOCALE": "de", **(config or {})})
        site.legacy_config.update(legacy_config)
        Babel(site.app)
        return site

    return make


@pytest.mark.parametrize(
    ("directories", "domains"),
    [
        ("one;two", "messages;other"),
        ("one;two", "messages"),
        ("one", "messages;other"),
    ],
)
def test_directories_and_domains_of_flask_babel(
    babel_site, write_catalogue, directories, domains
):
    write_catalogue("de", {"A": "1", "B": "1"}, "one")
    write_catalogue("de", {"B": "2", "C": "2"}, "two", domains.split(";")[-1])
    write_catalogue("de", {"B": "3", "C": "2"}, "one", "other")
    site = babel_site(
        {"BABEL_TRANSLATION_DIRECTORIES": directories, "BABEL_DOMAIN": domains}
    )
    site.add("/page", lambda: [*texts("A", "B", "C")(), flask_babel.gettext("C")])
    assert site.open("/page").result == ["1", "1", "2", "2"]


def test_directories_and_domains_that_do_not_go_together(babel_site):
    site = babel_site({"BABEL_TRANSLATION_DIRECTORIES": "a;b;c", "BABEL_DOMAIN": "x;y"})
    with site.app.app_context(), pytest.raises(ValueError, match="3 directories"):
        _("Hello")


def test_catalogues_of_flask_babel_come_before_the_legacy_ones(
    babel_site, write_catalogue, warnings
):
    write_catalogue("de", {"Hello": "Hallo"})
    write_catalogue("de", {"Hello": "x", "Bye": "Tschüss"}, "i18n", "sample")
    site = babel_site()
    site.add("/page", texts("Hello", "Bye"))
    assert site.open("/page").result == ["Hallo", "Tschüss"]
    assert warnings() == []


def test_flask_babel_without_a_folder_of_its_own(babel_site, write_catalogue, warnings):
    write_catalogue("de", {"Hello": "Hallo"}, "i18n", "sample")
    site = babel_site()
    site.add("/page", texts("Hello"))
    assert site.open("/page").result == ["Hallo"]
    assert warnings() == []


def test_code_that_asks_flask_babel_itself_finds_plugins(
    babel_site, write_catalogue, framework
):
    write_catalogue("de", {"Stars": "Sterne"}, "stars", "stars")
    site = babel_site()
    site.shim.add_translations("stars", "stars")
    site.add("/page", lambda: flask_babel.gettext("Stars"))
    with site.app.app_context():
        assert flask_babel.gettext("Stars") == "Sterne"
    assert site.open("/page").result == "Sterne"


# Broken and missing files.


def open_twice(site, other, view):
    site.add("/page", view)
    site.add("/other", view, framework=other)
    return [site.open(path).result for path in ("/page", "/other", "/page")]


BROKEN = {
    "empty": b"",
    "no catalogue": b"this is a text",
    "cut": bytes.fromhex("de120495" + "00" * 4 + "05000000" + "1c000000" * 2),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_broken_file_is_one_warning(
    translate_site, write_catalogue, warnings, other, content
):
    site = translate_site({"de": {"Hello": "Hallo"}})
    path = write_catalogue("de", {"Stars": "Sterne"}, "stars", "stars")
    path.write_bytes(content)
    site.shim.add_translations("stars", "stars")
    seen = open_twice(site, other, texts("Hello", "Stars"))
    assert seen == [["Hallo", "Stars"]] * 3
    (warning,) = warnings()
    assert str(path) in warning


@pytest.mark.parametrize("rule", ["n/0", "(n", "1" * 2000])
def test_rule_for_plurals_that_cannot_be_used(
    translate_site, write_catalogue, warnings, rule
):
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo

    site = translate_site({"de": {"Hello": "Hallo"}})
    path = write_catalogue("de", {}, "stars", "stars")
    catalogue = Catalog(locale="de")
    catalogue.add(("star", "stars"), ("Stern", "Sterne"))
    catalogue._plural_expr = rule
    with path.open("wb") as file:
        write_mo(file, catalogue)
    site.shim.add_translations("stars", "stars")
    site.add("/page", lambda: (_("Hello"), ngettext("star", "stars", 2)))
    assert site.open("/page").result == ("Hallo", "stars")
    (warning,) = warnings()
    assert str(path) in warning


def test_broken_file_of_the_application(translate_site, catalogues, warnings, tmp_path):
    site = translate_site({"de": {"Hello": "Hallo"}})
    (path,) = tmp_path.glob("*/de/LC_MESSAGES/*.mo")
    path.write_bytes(b"broken")
    site.add("/page", lambda: (_("Hello"), get_lang()))
    response = site.open("/page")
    assert (response.response.status_code, response.result) == (200, ("Hello", ["de"]))
    (warning,) = warnings()
    assert str(path) in warning


def test_missing_file_is_one_warning(translate_site, warnings, other, tmp_path):
    site = translate_site({"de": {"Hello": "Hallo"}})
    site.shim.add_translations("stars", "stars")
    seen = open_twice(site, other, texts("Hello", "Stars"))
    assert seen == [["Hallo", "Stars"]] * 3
    (warning,) = warnings()
    assert str(tmp_path / "stars" / "de" / "LC_MESSAGES" / "stars.mo") in warning


def test_missing_file_that_is_looked_for_again_is_no_second_warning(
    translate_site, warnings
):
    site = translate_site({"de": {"Hello": "Hallo"}, "fr": {"Hello": "Bonjour"}})
    site.shim.add_translations("stars", "stars")

    def view():
        set_lang(["fr", "de"])
        return _("Stars"), set_lang("fr"), _("Stars")

    site.add("/page", view)
    site.open("/page")
    assert len(warnings()) == 2


def test_missing_catalogues_of_the_default_language(
    translate_site, catalogues, warnings, tmp_path
):
    site = translate_site({}, "de")
    site.add("/page", texts("Hello"))
    assert site.open("/page").result == ["Hello"]
    (warning,) = warnings()
    place = {
        "flask-babel": "translations/de/LC_MESSAGES/messages.mo",
        "legacy catalogues": "i18n/de/LC_MESSAGES/sample.mo",
    }[catalogues]
    assert str(tmp_path / place) in warning


@pytest.mark.parametrize("lang", ["en", "en_GB"])
def test_language_of_the_texts_themselves_needs_no_file(translate_site, warnings, lang):
    site = translate_site({"de": {"Hello": "Hallo"}}, lang)

    def view():
        set_lang("en")
        return _("Hello")

    site.add("/page", view)
    assert site.open("/page").result == "Hello"
    assert warnings() == []


def test_texts_in_another_language_than_english(translate_site, warnings):
    site = translate_site({"en": {"Hallo": "Hello"}}, "de")
    site.app.config["COMPATSHIM_SOURCE_LOCALE"] = "de"
    site.add("/page", lambda: (_("Hallo"), set_lang("en"), _("Hallo")))
    assert site.open("/page").result == ("Hallo", None, "Hello")
    assert warnings() == []


# Variants of a language.


@pytest.mark.parametrize(
    ("asked", "folders"),
    [
        ("pt_BR", ["pt_BR", "pt"]),
        ("pt-br", ["pt_BR"]),
        ("pt_BR", ["pt"]),
        ("zh_Hans_CN", ["zh_Hans_CN", "zh_Hans", "zh_CN", "zh"]),
        ("zh_Hans_CN", ["zh_CN", "zh"]),
        ("sr@latin", ["sr@latin", "sr"]),
        ("sr_Latn", ["sr@latin", "sr"]),
        ("sr@latin", ["sr_Latn", "sr"]),
        ("sr_RS@latin", ["sr_RS@latin", "sr@latin"]),
        ("ca_ES@valencia", ["ca_ES@valencia", "ca@valencia", "ca"]),
    ],
)
def test_catalogues_of_a_variant(translate_site, asked, folders):
    """The first has the text; what only the others have, is theirs."""
    messages = {
        folder: {"Hello": folder, f"only {folder}": folder} for folder in folders
    }
    site = translate_site(messages, None)

    def view():
        set_lang(asked)
        return [_("Hello"), *(_(f"only {folder}") for folder in folders)]

    site.add("/page", view)
    assert site.open("/page").result == [folders[0], *folders]


@pytest.mark.parametrize(
    ("asked", "lang"),
    [
        ("pt-br", "pt_BR"),
        ("zh_Hans_CN", "zh_Hans_CN"),
        ("zh-hans-cn", "zh_Hans_CN"),
        ("sr@latin", "sr@latin"),
        ("sr_Latn", "sr_Latn"),
        ("de_DE.UTF-8", "de_DE"),
    ],
)
def test_name_of_a_variant(translate_site, asked, lang):
    site = translate_site({lang: {"Hello": "x"}}, None)
    site.add("/page", lambda: (set_lang(asked), get_lang(), _("Hello")))
    assert site.open("/page").result == (None, [lang], "x")


def test_chinese_as_it_was_called_before(babel_site, write_catalogue):
    """Babel says which script is meant; only with it."""
    write_catalogue("zh_Hant_TW", {"Hello": "你好"})
    site = babel_site()
    site.add("/page", lambda: (set_lang("zh_TW"), _("Hello"), get_lang()))
    assert site.open("/page").result == (None, "你好", ["zh_TW"])
