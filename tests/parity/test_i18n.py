"""``_`` and its family, with Flask-Babel's catalogues and with the legacy ones."""

from __future__ import annotations

from gettext import NullTranslations

import flask_babel
import pytest
from flask import Flask
from flask_babel import Babel
from markupsafe import Markup

from compatshim import legacy
from compatshim.common import (
    N_,
    _,
    add_fallback,
    force_locale,
    get_lang,
    gettext,
    lazy_gettext,
    lazy_ngettext,
    lazy_npgettext,
    lazy_pgettext,
    lazy_ugettext,
    lazy_ungettext,
    ngettext,
    npgettext,
    pgettext,
    render,
    set_lang,
    streaming_response,
    ugettext,
    ungettext,
)
from compatshim.legacy.i18n import LanguageError

# Pylons' own functions are there on the legacy side.
legacy_only = pytest.mark.parametrize("framework", ["legacy"])

HELLO = lazy_gettext("Hello")
FILES = lazy_ngettext("%(num)d file", "%(num)d files", 2, num=2)
OPEN = lazy_pgettext("menu", "Open")
TABS = lazy_npgettext("menu", "tab", "tabs", 2)

MESSAGES = {
    "de": {
        "Hello": "Grüß Gott",
        "Hello %(name)s": "Hallo %(name)s",
        "Hello %s, %d": "Hallo %s, %d",
        "100%": "hundert%",
        ("file", "files"): ("Datei", "Dateien"),
        ("%(num)d file", "%(num)d files"): ("%(num)d Datei", "%(num)d Dateien"),
        ("%(num)s page", "%(num)s pages"): ("%(num)s Seite", "%(num)s Seiten"),
    },
    "fr": {"Hello": "Bonjour"},
    "pt_BR": {"Hello": "Olá"},
    "it": {"Bye": "Ciao"},
}
IN_CONTEXT = {
    ("menu", "Open"): "Öffnen",
    ("menu", ("tab", "tabs")): ("Reiter", "Reiter_n"),
}


@pytest.fixture
def make_translated_site(translate_site):
    """Return a function that makes a site whose visitors have a language."""

    def make(lang="de"):
        return translate_site(MESSAGES, lang, in_context=IN_CONTEXT)

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


# A message with an argument, and with markup.


@pytest.mark.parametrize("lang", ["de", "it"])
def test_argument_put_in_by_the_caller(translate, lang):
    greeting = {"de": "Hallo Ä, 3", "it": "Hello Ä, 3"}
    texts = translate(
        lambda: (
            _("Hello %s, %d") % ("Ä", 3),
            lazy_gettext("Hello %s, %d") % ("Ä", 3),
        ),
        lang,
    )
    assert texts == (greeting[lang],) * 2


@pytest.mark.parametrize("lang", ["de", "it"])
def test_markup_as_an_argument_and_as_a_message(translate, lang):
    bold, unsafe = Markup("<b>"), "<i>"

    def view():
        return (
            _("Hello %(name)s", name=bold),
            _("Hello %(name)s", name=unsafe),
            _(Markup("Hello %(name)s"), name=bold),
            _(Markup("Hello %(name)s"), name=unsafe),
            lazy_gettext(Markup("Hello %(name)s"), name=unsafe).eval(),
            _(Markup("Hello %(name)s")) % {"name": unsafe},
        )

    hello = {"de": "Hallo", "it": "Hello"}[lang]
    texts = translate(view, lang)
    assert texts == (
        f"{hello} <b>",
        f"{hello} <i>",
        f"{hello} <b>",
        *[f"{hello} &lt;i&gt;"] * 3,
    )
    assert [type(text) for text in texts] == [str, str, *[Markup] * 4]


@pytest.mark.parametrize(
    ("function", "before"), [(ngettext, ()), (lazy_ngettext, ()), (npgettext, ("x",))]
)
def test_number_is_filled_in_unasked(translate, function, before):
    def view():
        return str(function(*before, "%(num)d files", "%(num)d files", 3))

    assert translate(view) == "3 files"


@pytest.mark.parametrize(
    "text", ["%d files", "%(num)d of %(total)d files", "100%% of %(num)d"]
)
def test_number_is_not_filled_in_beside_something_else(translate, text):
    assert translate(lambda: ngettext(text, text, 3)) == text


@pytest.mark.parametrize("function", [ungettext, lazy_ungettext])
def test_number_that_code_for_pylons_fills_in_itself(translate, function):
    def view():
        text = function("%(num)s file", "%(num)s files", 1000) % {"num": "1,000"}
        return text, str(function("%(num)s file", "%(num)s files", 2, num="two"))

    assert translate(view) == ("1,000 files", "two files")


def test_lazy_messages_in_a_context(translate):
    def view():
        return str(OPEN), str(TABS), str(lazy_pgettext("door", "Open"))

    assert translate(view) == ("Öffnen", "Reiter_n", "Open")


# Fallbacks.


def test_further_languages_of_a_list_are_fallbacks(translate):
    def view():
        set_lang(["fr", "de"])
        return _("Hello"), _("100%"), get_lang()

    assert translate(view) == ("Bonjour", "hundert%", ["fr", "de"])


def test_languages_of_a_list_that_there_are_not(translate):
    def view():
        set_lang(["not a language", "fr"])
        return _("Hello"), get_lang()

    assert translate(view) == ("Bonjour", ["fr"])


def test_fallback_holds_until_the_language_is_set_again(translate):
    def view():
        set_lang("fr")
        before = _("100%")
        add_fallback("de")
        added = _("Hello"), _("100%"), get_lang()
        with force_locale("pt_BR"):
            forced = _("100%")
        after = _("100%")
        set_lang("fr")
        return before, added, forced, after, _("100%")

    assert translate(view) == (
        "100%",
        ("Bonjour", "hundert%", ["fr"]),
        "100%",
        "hundert%",
        "100%",
    )


def test_fallback_of_the_usual_language_is_not_that_of_the_next_request(
    make_translated_site, other
):
    site = make_translated_site("fr")
    site.add("/set", lambda: (add_fallback("de"), _("100%"))[1])
    site.add("/next", lambda: _("100%"), framework=other)
    assert site.open("/set").result == "hundert%"
    assert site.open("/next").result == "100%"


def test_fallback_that_there_is_not(translate):
    def view():
        with pytest.raises(LanguageError):
            add_fallback("not a language")
        return _("Hello")

    assert translate(view) == "Grüß Gott"


# One block inside another.


def test_language_that_is_set_in_a_forced_locale_ends_with_its_block(translate):
    def view():
        with force_locale("fr"):
            set_lang("pt_BR")
            inside = _("Hello")
        return inside, _("Hello"), get_lang()

    assert translate(view) == ("Olá", "Grüß Gott", ["de"])


def test_forced_locale_inside_another(translate):
    def view():
        with force_locale("fr"):
            with force_locale("pt_BR"):
                inside = _("Hello")
            after = _("Hello")
        return inside, after, _("Hello")

    assert translate(view) == ("Olá", "Bonjour", "Grüß Gott")


def test_usual_language_inside_a_forced_locale(translate):
    def view():
        with force_locale("fr"):
            set_lang(None)
            return _("Hello")

    assert translate(view) == "Grüß Gott"


# Templates and streams.


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ _('Hello') }}", "Grüß Gott"),
        ("{{ gettext('Hello %(name)s', name='<i>') }}", "Hallo &lt;i&gt;"),
        ("{% trans %}Hello{% endtrans %}", "Grüß Gott"),
        ("{% trans name='<i>' %}Hello {{ name }}{% endtrans %}", "Hallo &lt;i&gt;"),
        ("{% trans name=bold %}Hello {{ name }}{% endtrans %}", "Hallo <b>"),
        (
            "{% trans num=2 %}{{ num }} page{% pluralize %}{{ num }} pages"
            "{% endtrans %}",
            "2 Seiten",
        ),
        ("{% trans 'menu' %}Open{% endtrans %}", "Öffnen"),
        ("{{ pgettext('menu', 'Open') }}", "Öffnen"),
        ("{{ ungettext('file', 'files', 2) }}", "Dateien"),
        ("{{ set_lang('fr') or _('Hello') }}", "Bonjour"),
        ("{% trans %}50%{% endtrans %}", "50%"),
    ],
)
def test_messages_in_a_template(translate, write_template, template, expected):
    write_template("page.html", template)
    assert translate(lambda: render("page.html", bold=Markup("<b>"))) == expected


def test_language_while_streaming(make_translated_site):
    site = make_translated_site()

    def lines():
        yield _("Hello")
        with force_locale("pt_BR"):
            yield str(HELLO)
        yield render_template_string("{% trans %}Hello{% endtrans %}")

    def view():
        set_lang("fr")
        return streaming_response(lines(), "text/plain")

    def render_template_string(source):
        return site.app.jinja_env.from_string(source).render()

    site.add("/page", view)
    assert site.open("/page").response.text == "BonjourOláBonjour"


# Pylons' own functions, on the legacy side.


@legacy_only
def test_pylons_own_functions_do_what_the_common_ones_do(translate):
    def view():
        i18n = legacy.i18n
        usual = i18n._("Hello"), i18n.get_lang(), legacy.translator.gettext("Hello")
        set_lang("fr")
        common = i18n.ugettext("Hello"), i18n.get_lang(), legacy.translator.pylons_lang
        i18n.set_lang("pt_BR")
        pylons = _("Hello"), get_lang(), i18n.gettext("Hello"), str(HELLO)
        i18n.add_fallback("de")
        fallback = _("100%"), i18n._("100%")
        with force_locale("de"):
            forced = i18n.ungettext("file", "files", 2), i18n.pgettext("menu", "Open")
        return usual, common, pylons, fallback, forced

    assert translate(view) == (
        ("Grüß Gott", ["de"], "Grüß Gott"),
        ("Bonjour", ["fr"], ["fr"]),
        ("Olá", ["pt_BR"], "Olá", "Olá"),
        ("hundert%", "hundert%"),
        ("Dateien", "Öffnen"),
    )


@legacy_only
def test_translator_that_legacy_code_makes_itself_holds_in_its_request(
    make_translated_site, write_catalogue, write_template, tmp_path
):
    write_catalogue("fr", {"Hello": "Salut"}, "own/i18n", "own")
    write_template("page.html", "{{ _('Hello') }}")
    site = make_translated_site()
    own = {"pylons.paths": {"root": str(tmp_path / "own")}, "pylons.package": "own"}

    def view():
        legacy.i18n.set_lang("fr", pylons_config=own)
        shared = _("Hello"), str(render("page.html")), get_lang()
        with force_locale("pt_BR"):
            inside = _("Hello")
        after = legacy.i18n._("Hello")
        add_fallback("de")
        fallback = _("100%")
        set_lang("de")
        return shared, inside, after, fallback, _("Hello")

    site.add("/page", view)
    site.add("/next", lambda: _("Hello"))
    assert site.open("/page").result == (
        ("Salut", "Salut", ["fr"]),
        "Olá",
        "Salut",
        "hundert%",
        "Grüß Gott",
    )
    assert site.open("/next").result == "Grüß Gott"


@legacy_only
def test_fallback_that_is_added_to_pylons_translator_stays_with_its_request(
    make_translated_site,
):
    class Shouting(NullTranslations):
        def gettext(self, message):
            return message.upper()

    site = make_translated_site()

    def view():
        legacy.translator.add_fallback(Shouting())
        return _("not translated"), _("Hello"), legacy.i18n._("other"), get_lang()

    site.add("/page", view)
    site.add("/next", lambda: _("not translated"))
    expected = ("NOT TRANSLATED", "Grüß Gott", "OTHER", ["de"])
    assert site.open("/page").result == expected
    assert site.open("/next").result == "not translated"


@legacy_only
def test_pylons_set_lang_to_none_is_no_translation(translate):
    def view():
        legacy.i18n.set_lang(None)
        return _("Hello"), get_lang()

    assert translate(view) == ("Hello", None)


# Code that uses Flask-Babel itself.


@pytest.fixture
def babel_site(make_site, write_catalogue):
    def make(**options):
        for lang, messages in MESSAGES.items():
            write_catalogue(lang, messages)
        site = make_site()
        Babel(site.app, **{"locale_selector": lambda: "de", **options})
        return site

    return make


def test_flask_babel_knows_the_language_that_shared_code_sets(babel_site):
    site = babel_site()

    def view():
        set_lang("fr")
        text = flask_babel.gettext("Hello"), str(flask_babel.get_locale())
        flask_babel.refresh()
        return text, flask_babel.gettext("Hello")

    site.add("/page", view)
    assert site.open("/page").result == (("Bonjour", "fr"), "Bonjour")


def test_fallback_stays_when_flask_babel_is_told_to_look_again(babel_site):
    site = babel_site(locale_selector=lambda: "fr")

    def view():
        add_fallback("de")
        flask_babel.refresh()
        return _("Hello"), _("100%")

    site.add("/page", view)
    assert site.open("/page").result == ("Bonjour", "hundert%")


def test_flask_babel_that_comes_after_the_first_text(make_site, write_catalogue):
    write_catalogue("de", {"Hello": "Grüß Gott"})
    site = make_site(legacy_config={"lang": "de"})
    with site.app.app_context():
        before = _("Hello")
    Babel(site.app)
    site.add("/page", lambda: _("Hello"))
    assert (before, site.open("/page").result) == ("Hello", "Grüß Gott")


def test_shared_code_knows_the_locale_that_flask_babel_forces(babel_site):
    site = babel_site()

    def view():
        with flask_babel.force_locale("fr"):
            forced = _("Hello"), get_lang()
            with force_locale("pt_BR"):
                inside = _("Hello"), flask_babel.gettext("Hello")
            after = _("Hello")
            set_lang("pt_BR")
            last = _("Hello")
        return forced, inside, after, last

    site.add("/page", view)
    assert site.open("/page").result == (
        ("Bonjour", ["fr"]),
        ("Olá", "Olá"),
        "Bonjour",
        "Olá",
    )


def test_domain_that_code_has_made_the_default(babel_site, write_catalogue):
    write_catalogue("de", {"Hello": "Moin"}, domain="other")
    site = babel_site()

    def view():
        flask_babel.Domain(domain="other").as_default()
        with force_locale("de"):
            forced = _("Hello")
        return _("Hello"), forced

    site.add("/page", view)
    assert site.open("/page").result == ("Moin", "Moin")


def test_two_applications_with_one_babel(make_site, write_catalogue, tmp_path):
    write_catalogue("de", {"Hello": "Grüß Gott"})
    babel = Babel()
    site, other = make_site(), Flask("other", root_path=str(tmp_path / "nowhere"))
    for app in (site.app, other):
        babel.init_app(app, locale_selector=lambda: "de")
    site.add("/page", lambda: flask_babel.gettext("Hello"))
    assert site.open("/page").result == "Grüß Gott"
    with other.app_context():
        assert flask_babel.gettext("Hello") == "Hello"
        assert _("Hello") == "Hello"
        assert get_lang() == ["de"]
