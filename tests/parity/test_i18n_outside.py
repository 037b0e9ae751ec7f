"""Translations where there is an application context and no request: commands, jobs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import flask
import flask_babel
import pytest
from click.testing import CliRunner

from compatshim.common import (
    _,
    add_fallback,
    force_locale,
    get_lang,
    lazy_gettext,
    ngettext,
    render,
    request,
    set_lang,
    text_direction,
)
from compatshim.legacy.i18n import LanguageError

HELLO = lazy_gettext("Hello")
MESSAGES = {
    "de": {"Hello": "Hallo", ("file", "files"): ("Datei", "Dateien"), "Bye": "Tschüss"},
    "fr": {"Hello": "Bonjour"},
    "ar": {"Hello": "مرحبا"},
}


@pytest.fixture
def framework():
    """One framework is as good as the other here: neither serves."""
    return "legacy"


@pytest.fixture
def site(translate_site):
    return translate_site(MESSAGES, "en")


def test_default_holds_and_a_block_may_force_another(site, write_template):
    write_template("mail.txt", "{{ _('Hello') }} {% trans %}Bye{% endtrans %}")
    with site.app.app_context():
        assert (_("Hello"), get_lang()) == ("Hello", ["en"])
        with force_locale("de"):
            assert (_("Hello"), str(HELLO), get_lang()) == ("Hallo", "Hallo", ["de"])
            assert ngettext("file", "files", 2) == "Dateien"
            assert render("mail.txt") == "Hallo Tschüss"
        with force_locale("ar"):
            assert text_direction() == "rtl"
        assert (_("Hello"), text_direction()) == ("Hello", "ltr")


def test_language_is_set_for_the_rest_of_the_context(site):
    with site.app.app_context():
        set_lang("fr")
        add_fallback("de")
        assert (_("Hello"), _("Bye")) == ("Bonjour", "Tschüss")
        with pytest.raises(LanguageError):
            set_lang("not a language")
        assert get_lang() == ["fr"]
    with site.app.app_context():
        assert _("Hello") == "Hello"


def test_command(site):
    @site.app.cli.command("greet")
    def greet():
        with force_locale("de"):
            print(_("Hello"))  # noqa: T201 (that is what commands do)

    runner = site.app.test_cli_runner()
    assert isinstance(runner, CliRunner)
    assert runner.invoke(args=["greet"]).output == "Hallo\n"


def test_jobs_in_several_threads_do_not_see_each_other(site):
    def job(lang):
        with site.app.app_context(), force_locale(lang):
            return [_("Hello") for _round in range(50)]

    langs = ["de", "fr", "en"] * 20
    expected = {"de": "Hallo", "fr": "Bonjour", "en": "Hello"}
    with ThreadPoolExecutor(8) as pool:
        for lang, texts in zip(langs, pool.map(job, langs), strict=True):
            assert set(texts) == {expected[lang]}


@pytest.mark.parametrize(
    "select",
    [lambda: request.GET["lang"], lambda: flask.request.args["lang"], lambda: None],
)
def test_selector_that_needs_a_request_has_no_opinion(site, select):
    site.shim.locale_selector(select)
    with site.app.app_context():
        assert get_lang() == ["en"]


def test_selector_of_flask_babel_that_needs_a_request(make_site, write_catalogue):
    write_catalogue("de", {"Hello": "Hallo"})
    site = make_site({"BABEL_DEFAULT_LOCALE": "de"})
    flask_babel.Babel(site.app, locale_selector=lambda: flask.request.args.get("lang"))
    with site.app.app_context():
        assert (_("Hello"), flask_babel.gettext("Hello")) == ("Hallo", "Hallo")


def test_selector_that_has_an_answer_without_a_request(site):
    site.shim.locale_selector(lambda: "fr")
    with site.app.app_context():
        assert _("Hello") == "Bonjour"


def test_without_any_context_text_is_as_it_is(site):
    assert (_("Hello"), str(HELLO), get_lang(), text_direction()) == (
        "Hello",
        "Hello",
        None,
        "ltr",
    )
