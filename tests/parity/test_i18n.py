"""``_`` and its family, with Flask-Babel's catalogues and with the legacy ones."""

from __future__ import annotations

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask_babel import Babel, get_locale

from compatshim import legacy
from compatshim.common import (
    N_,
    _,
    force_locale,
    get_lang,
    gettext,
    lazy_gettext,
    lazy_ngettext,
    lazy_ugettext,
    lazy_ungettext,
    ngettext,
    npgettext,
    pgettext,
    render,
    request,
    set_lang,
    ugettext,
    ungettext,
)
from compatshim.legacy.i18n import LanguageError

# Pylons' own functions are there on the legacy side.
legacy_only = pytest.mark.parametrize("framework", ["legacy"])

HELLO = lazy_gettext("Hello")
FILES = lazy_ngettext("%(num)d file", "%(num)d files", 2, num=2)

MESSAGES = {
    "de": {
        "Hello": "Grüß Gott",
        "Hello %(name)s": "Hallo %(name)s",
        "100%": "hundert%",
        ("file", "files"): ("Datei", "Dateien"),
        ("%(num)d file", "%(num)d files"): ("%(num)d Datei", "%(num)d Dateien"),
    },
    "fr": {"Hello": "Bonjour"},
    "pt_BR": {"Hello": "Olá"},
}
IN_CONTEXT = {
    ("menu", "Open"): "Öffnen",
    ("menu", ("tab", "tabs")): ("Reiter", "Reiter_n"),
}


def write_catalogues(root, folder, domain):
    for lang, messages in MESSAGES.items():
        catalogue = Catalog(locale=lang)
        for message, translation in messages.items():
            catalogue.add(message, translation)
        if lang == "de":
            for (context, message), translation in IN_CONTEXT.items():
                catalogue.add(message, translation, context=context)
        path = root / folder / lang / "LC_MESSAGES" / f"{domain}.mo"
        path.parent.mkdir(parents=True)
        with path.open("wb") as file:
            write_mo(file, catalogue)


@pytest.fixture(params=["flask-babel", "legacy catalogues"])
def make_translated_site(request, make_site, tmp_path):
    """Return a function that makes a site whose visitors have a language."""

    def make(lang="de"):
        if request.param == "flask-babel":
            write_catalogues(tmp_path, "translations", "messages")
            site = make_site()
            Babel(site.app, locale_selector=lambda: lang)
        else:
            write_catalogues(tmp_path, "i18n", "sample")
            site = make_site(legacy_config={"lang": lang})
        return site

    return make


@pytest.fixture
def translate(make_translated_site):
    """Return what a function returns in a view of a site in German."""

    def run(function, lang="de"):
        site = make_translated_site(lang)
        site.add("/page", function)
        return site.open("/page").result

    return run


@pytest.mark.parametrize(
    "function", [_, gettext, ugettext, lazy_gettext, lazy_ugettext]
)
@pytest.mark.parametrize(
    ("message", "values", "expected"),
    [
        ("Hello", {}, "Grüß Gott"),
        ("Hello %(name)s", {"name": "Ä"}, "Hallo Ä"),
        ("Hello %(name)s", {}, "Hallo %(name)s"),
        ("100%", {}, "hundert%"),
        ("not translated", {}, "not translated"),
    ],
)
def test_message(translate, function, message, values, expected):
    assert translate(lambda: str(function(message, **values))) == expected


@pytest.mark.parametrize(
    "function", [ngettext, ungettext, lazy_ngettext, lazy_ungettext]
)
@pytest.mark.parametrize(
    ("n", "values", "expected"),
    [(1, {}, "Datei"), (2, {}, "Dateien"), (0, {}, "Dateien")],
)
def test_plural(translate, function, n, values, expected):
    def view():
        return str(function("file", "files", n, **values))

    assert translate(view) == expected


def test_plural_with_its_number(translate):
    def view():
        return ngettext("%(num)d file", "%(num)d files", 3, num=3)

    assert translate(view) == "3 Dateien"


def test_message_in_a_context(translate):
    assert translate(lambda: (pgettext("menu", "Open"), pgettext("door", "Open"))) == (
        "Öffnen",
        "Open",
    )


@pytest.mark.parametrize(("n", "expected"), [(1, "Reiter"), (5, "Reiter_n")])
def test_plural_in_a_context(translate, n, expected):
    assert translate(lambda: npgettext("menu", "tab", "tabs", n)) == expected


def test_marked_message_stays_as_it_is(translate):
    assert translate(lambda: N_("Hello")) == "Hello"


def test_lazy_message_made_at_import_is_translated_when_used(translate):
    def view():
        return str(HELLO), f"{HELLO}!", HELLO + "?", str(FILES), HELLO == "Grüß Gott"

    assert translate(view) == (
        "Grüß Gott",
        "Grüß Gott!",
        "Grüß Gott?",
        "2 Dateien",
        True,
    )


def test_lazy_message_in_a_template(translate, write_template):
    write_template("page.html", "{{ hello }} {{ _('Hello') }}")
    assert translate(lambda: render("page.html", hello=HELLO)) == "Grüß Gott Grüß Gott"


def test_language_of_the_site(translate):
    assert translate(get_lang) == ["de"]


def test_no_language_leaves_text_as_it_is(translate):
    assert translate(lambda: _("Hello"), lang=None) == "Hello"


def test_language_is_set_for_the_rest_of_the_request(translate):
    def view():
        before = _("Hello")
        set_lang("fr")
        return before, _("Hello"), get_lang(), str(HELLO)

    assert translate(view) == ("Grüß Gott", "Bonjour", ["fr"], "Bonjour")


def test_language_is_set_twice(translate):
    def view():
        set_lang("fr")
        set_lang("de")
        return _("Hello"), get_lang()

    assert translate(view) == ("Grüß Gott", ["de"])


def test_language_is_set_by_a_list(translate):
    def view():
        set_lang(["fr", "de"])
        return _("Hello")

    assert translate(view) == "Bonjour"


def test_language_with_a_territory(translate):
    def view():
        set_lang("pt_BR")
        return _("Hello"), get_lang()

    assert translate(view) == ("Olá", ["pt_BR"])


def test_language_is_not_that_of_the_next_request(make_translated_site, other):
    site = make_translated_site()
    site.add("/set", lambda: set_lang("fr"))
    site.add("/next", lambda: _("Hello"), framework=other)
    site.open("/set")
    assert site.open("/next").result == "Grüß Gott"


def test_forced_locale_ends_with_its_block(translate):
    def view():
        with force_locale("fr"):
            inside = _("Hello"), get_lang()
        return inside, _("Hello"), get_lang()

    assert translate(view) == (("Bonjour", ["fr"]), "Grüß Gott", ["de"])


def test_forced_locale_ends_also_with_an_exception(translate):
    def view():
        with pytest.raises(LookupError), force_locale("fr"):
            raise LookupError
        return _("Hello")

    assert translate(view) == "Grüß Gott"


def test_forced_locale_inside_a_set_language(translate):
    def view():
        set_lang("pt_BR")
        with force_locale("fr"):
            inside = _("Hello")
        return inside, _("Hello")

    assert translate(view) == ("Bonjour", "Olá")


@pytest.mark.parametrize("lang", ["xx", "not a language", "../../etc"])
def test_unknown_language_is_an_error_and_changes_nothing(translate, lang):
    def view():
        with pytest.raises(LanguageError):
            set_lang(lang)
        return _("Hello"), get_lang()

    assert translate(view) == ("Grüß Gott", ["de"])


@pytest.mark.parametrize("lang", ["xx", "not a language"])
def test_unknown_forced_locale_is_an_error(translate, lang):
    def view():
        with pytest.raises(LanguageError), force_locale(lang):
            pass
        return _("Hello")

    assert translate(view) == "Grüß Gott"


@legacy_only
def test_pylons_own_functions_follow_the_language(translate):
    def view():
        set_lang("fr")
        return _("Hello"), legacy.i18n.get_lang()

    assert translate(view)[0] == "Bonjour"


def test_flask_babel_knows_the_language_that_shared_code_sets(make_site, tmp_path):
    write_catalogues(tmp_path, "translations", "messages")
    site = make_site()
    Babel(site.app, locale_selector=lambda: "de")

    def view():
        set_lang("fr")
        return str(get_locale())

    site.add("/page", view)
    assert site.open("/page").result == "fr"


def test_locale_selector_of_flask_babel_sees_the_common_request(make_site, tmp_path):
    write_catalogues(tmp_path, "translations", "messages")
    site = make_site()
    Babel(site.app, locale_selector=lambda: request.GET.get("lang", "de"))
    site.add("/page", lambda: _("Hello"))
    assert site.open("/page?lang=fr").result == "Bonjour"
    assert site.open("/page").result == "Grüß Gott"
