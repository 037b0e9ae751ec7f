"""Which locale a visitor gets: one rule under both frameworks."""

from __future__ import annotations

import datetime

import flask
import flask_babel
import pytest
from flask import Flask
from flask_babel import Babel

from compatshim import CompatShim
from compatshim.common import (
    _,
    format_datetime,
    get_lang,
    redirect,
    render,
    request,
    session,
    set_lang,
    text_direction,
    url_for,
)

LANGUAGES = ("de", "fr", "pt_BR", "zh_Hans_CN", "sr@latin", "ar")
OFFERED = {"COMPATSHIM_LOCALES": " ".join(LANGUAGES)}
PREFIXED = {**OFFERED, "COMPATSHIM_LOCALE_PREFIX": True}


@pytest.fixture
def make_choosing_site(translate_site):
    """Return a function that makes a site whose page tells the language."""

    def make(config=None, lang="en", *selectors):
        messages = {name: {"Hello": f"Hello in {name}"} for name in LANGUAGES}
        site = translate_site(messages, lang, config)
        for select in selectors:
            site.shim.locale_selector(select)
        site.add("/page", lambda: get_lang()[0])
        site.add("/set", lambda: (set_lang("fr"), get_lang()[0])[1])
        return site

    return make


ACCEPTS = {"headers": {"Accept-Language": "pt-BR"}}


@pytest.mark.parametrize(
    ("path", "chosen", "request_options", "expected"),
    [
        ("/de/set", "ar", ACCEPTS, "fr"),
        ("/de/page", "ar", ACCEPTS, "de"),
        ("/page", "ar", ACCEPTS, "ar"),
        ("/page", None, ACCEPTS, "pt_BR"),
        ("/page", None, {}, "en"),
    ],
)
def test_each_step_wins_over_the_next(
    make_choosing_site, path, chosen, request_options, expected
):
    site = make_choosing_site(PREFIXED, "en", lambda: chosen)
    assert site.open(path, **request_options).result == expected


def test_selector_may_ask_the_session(make_choosing_site, other):
    site = make_choosing_site(OFFERED, "en", lambda: session.get("lang"))
    site.add("/choose", lambda: session.update(lang="pt_BR"), framework=other)
    before = site.open("/page").result
    site.open("/choose")
    assert (before, site.open("/page").result) == ("en", "pt_BR")


def test_selector_is_asked_once_in_a_request(make_choosing_site):
    asked = []

    def select():
        asked.append(request.path)
        return "de"

    site = make_choosing_site({}, "en", select)
    site.add("/twice", lambda: (_("Hello"), _("Hello"), get_lang()))
    assert site.open("/twice").result == ("Hello in de",) * 2 + (["de"],)
    assert asked == ["/twice"]


def test_usual_choice_is_made_again(make_choosing_site):
    """After the visitor has chosen another language in this very request."""
    site = make_choosing_site({}, "en", lambda: session.get("lang"))

    def view():
        before = get_lang()
        session["lang"] = "de"
        set_lang(None)
        return before, get_lang()

    site.add("/choose", view)
    assert site.open("/choose").result == (["en"], ["de"])


def test_first_selector_that_has_an_answer_counts(make_choosing_site):
    answers = [lambda: None, lambda: "", lambda: "fr", lambda: "de"]
    site = make_choosing_site({}, "en", *answers)
    assert site.open("/page").result == "fr"


def test_selector_that_is_registered_before_the_application(make_site):
    shim = CompatShim()

    @shim.locale_selector
    def select():
        return "de"

    app = Flask("late", root_path="/nowhere")
    shim.init_app(app)
    Babel(app)
    with app.test_request_context():
        assert get_lang() == ["de"]
    assert select() == "de"


@pytest.mark.parametrize("answer", ["../../etc", "not a language", "x" * 99, "", 5])
def test_answer_that_is_no_language_is_passed_over(make_choosing_site, answer):
    """It may come out of a cookie."""
    site = make_choosing_site({}, "en", lambda: answer)
    assert site.open("/page").result == "en"


def test_selector_may_answer_with_several_languages(make_choosing_site):
    site = make_choosing_site({}, "en", lambda: ["not a language", "fr", "de"])
    site.add("/all", get_lang)
    assert site.open("/all").result == ["fr", "de"]


# Accept-Language.


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("de", "de"),
        ("de-AT, en;q=0.5", "de"),
        ("en, de;q=0.9", "en"),
        ("it, fr;q=0.5, de;q=0.8", "de"),
        ("pt", "pt_BR"),
        ("PT-br", "pt_BR"),
        ("zh-CN, de;q=0.5", "zh_Hans_CN"),
        ("zh-Hans", "zh_Hans_CN"),
        ("sr-Latn-RS", "sr@latin"),
        ("it", "en"),
        ("*", "en"),
        ("de;q=0, fr;q=0.1", "fr"),
        ("", "en"),
        (";;;q=x, \xff, ../.., de;q=nan", "en"),
    ],
)
def test_browser_chooses_among_the_languages_on_offer(
    make_choosing_site, accepted, expected
):
    site = make_choosing_site(OFFERED)
    headers = {"Accept-Language": accepted}
    assert site.open("/page", headers=headers).result == expected


def test_without_an_offer_the_browser_is_not_asked(make_choosing_site):
    site = make_choosing_site()
    assert site.open("/page", **ACCEPTS).result == "en"


def test_offer_as_a_list(make_choosing_site):
    site = make_choosing_site({"COMPATSHIM_LOCALES": ["de", "fr"]})
    headers = {"Accept-Language": "pt-BR, fr"}
    assert site.open("/page", headers=headers).result == "fr"


# The default.


def test_default_of_the_configuration_comes_first(make_site):
    site = make_site({"BABEL_DEFAULT_LOCALE": "fr"}, {"lang": "de"})
    Babel(site.app, default_locale="pt_BR")
    site.add("/page", get_lang)
    assert site.open("/page").result == ["fr"]
    site.app.config.pop("BABEL_DEFAULT_LOCALE")
    assert site.open("/page").result == ["de"]
    del site.legacy_config["lang"]
    Babel(site.app, default_locale="pt_BR")
    assert site.open("/page").result == ["pt_BR"]


# The locale of the path.


@pytest.mark.parametrize("is_on", [False, None, "false", "off"])
def test_offer_alone_makes_no_prefixes(make_choosing_site, is_on):
    site = make_choosing_site({**OFFERED, "COMPATSHIM_LOCALE_PREFIX": is_on})
    assert site.client.get("/de/page").status_code == 404
    assert site.open("/page").result == "en"


def test_prefixes_may_be_turned_on_later(make_choosing_site):
    site = make_choosing_site()
    site.add("/url", lambda: url_for("/"))
    assert site.open("/url").result == "/"
    site.app.config.update(PREFIXED)
    assert site.open("/de/page").result == "de"
    assert site.open("/de/url").result == "/de/"
    site.app.config["COMPATSHIM_LOCALE_ROOT_PATH"] = "/data/{{LANG}}"
    assert site.open("/data/fr/url").result == "/data/fr/"
    site.app.config["COMPATSHIM_LOCALE_PREFIX"] = False
    assert site.client.get("/data/de/page").status_code == 404


def test_root_path_without_a_place_for_the_locale(make_site):
    config = {**PREFIXED, "COMPATSHIM_LOCALE_ROOT_PATH": "/data"}
    with pytest.raises(ValueError, match="no segment"):
        make_site(config)


@pytest.mark.parametrize("locale", ["sr@latin", "zh_Hans_CN", "pt_BR"])
def test_prefix_of_a_variant(make_choosing_site, locale):
    site = make_choosing_site(PREFIXED)
    site.add("/hello", lambda: (_("Hello"), get_lang(), url_for("/x")))
    expected = (f"Hello in {locale}", [locale], f"/{locale}/x")
    assert site.open(f"/{locale}/hello").result == expected


@pytest.mark.parametrize("path", ["/it/page", "/DE/page", "/de_AT/page", "/page/de"])
def test_prefix_that_is_not_on_offer_is_a_path(make_choosing_site, path):
    site = make_choosing_site(PREFIXED)
    site.add(path, lambda: (get_lang()[0], request.path_info))
    assert site.open(path).result == ("en", path)


@pytest.mark.parametrize("path", ["/de", "/de/"])
def test_prefix_alone_is_the_front_page(make_choosing_site, path):
    site = make_choosing_site(PREFIXED)
    site.add("/", lambda: (get_lang()[0], url_for("/")))
    assert site.open(path).result == ("de", "/de/")


def test_redirect_keeps_the_locale_of_the_path(make_choosing_site):
    site = make_choosing_site(PREFIXED)
    site.add("/old", lambda: redirect(url_for("/page")))
    location = site.client.get("/fr/old").headers["Location"]
    assert location == "/fr/page"
    assert site.open(location).result == "fr"


# Flask-Babel's own selectors.


@pytest.fixture
def babel_site(make_site, write_catalogue):
    def make(config=None, **options):
        for lang in LANGUAGES:
            write_catalogue(lang, {"Hello": f"Hello in {lang}"})
        site = make_site(config)
        Babel(site.app, **options)
        site.add("/page", lambda: (get_lang()[0], str(flask_babel.get_locale())))
        return site

    return make


def test_selector_of_flask_babel_may_ask_flask_itself(babel_site):
    site = babel_site(locale_selector=lambda: flask.request.args.get("lang"))
    assert site.open("/page?lang=fr").result == ("fr", "fr")
    assert site.open("/page").result == ("en", "en")


def test_selector_of_flask_babel_may_ask_the_common_objects(babel_site):
    site = babel_site(
        locale_selector=lambda: request.GET.get("lang") or session.get("lang", "de")
    )
    assert site.open("/page?lang=fr").result == ("fr", "fr")
    assert site.open("/page").result == ("de", "de")


def test_selector_of_flask_babel_has_its_place_in_the_rule(babel_site):
    site = babel_site(PREFIXED, locale_selector=lambda: "fr")
    assert site.open("/page", **ACCEPTS).result == ("fr", "fr")
    assert site.open("/de/page").result == ("de", "de")
    site.shim.locale_selector(lambda: request.GET.get("lang"))
    assert site.open("/page").result == ("fr", "fr")
    assert site.open("/page?lang=ar").result == ("ar", "ar")


def test_selector_of_flask_babel_that_answers_with_a_locale(babel_site):
    from babel import Locale

    site = babel_site(locale_selector=lambda: Locale("pt", "BR"))
    assert site.open("/page").result == ("pt_BR", "pt_BR")


def test_error_of_a_selector_is_not_hidden(babel_site):
    def select():
        raise RuntimeError("the selector is broken")

    site = babel_site(locale_selector=select)
    with pytest.raises(RuntimeError, match="the selector is broken"):
        site.open("/page")


@pytest.mark.parametrize("first", ["shim", "babel"])
def test_either_may_be_made_first(tmp_path, write_catalogue, first):
    write_catalogue("de", {"Hello": "Hallo"})
    app = Flask("either", root_path=str(tmp_path))
    app.config.update(PREFIXED)
    app.add_url_rule("/page", "page", lambda: flask_babel.gettext("Hello"))
    makers = [CompatShim, Babel]
    for make in makers if first == "shim" else reversed(makers):
        make(app)
    assert app.test_client().get("/de/page").text == "Hallo"


def test_time_zone_selector_may_ask_flask_itself(babel_site):
    site = babel_site(
        {"BABEL_DEFAULT_LOCALE": "de"},
        timezone_selector=lambda: flask.request.args["zone"],
    )
    moment = datetime.datetime(2026, 11, 21, 12, 0, tzinfo=datetime.timezone.utc)
    site.add("/time", lambda: format_datetime(moment, "short"))
    assert site.open("/time?zone=Asia/Tokyo").result == "21.11.26, 21:00"


# Right to left.


@pytest.mark.parametrize(
    ("lang", "direction"),
    [
        ("ar", "rtl"),
        ("de", "ltr"),
        ("he", "rtl"),
        ("uz_Arab", "rtl"),
        ("az_Latn", "ltr"),
    ],
)
def test_direction_of_the_text(make_choosing_site, write_template, lang, direction):
    write_template("page.html", '<html dir="{{ text_direction() }}">')
    site = make_choosing_site({"COMPATSHIM_LOCALES": lang}, "en")

    def view():
        set_lang(lang)
        return text_direction(), str(render("page.html"))

    site.add("/direction", view)
    expected = (direction, f'<html dir="{direction}">')
    assert site.open("/direction").result == expected
