"""What an application context can answer where no request is current."""

from __future__ import annotations

import pytest
from flask_babel import Babel

from compatshim.common import (
    app_globals,
    c,
    config,
    force_locale,
    g,
    get_lang,
    is_flask_request,
    set_lang,
    url,
    url_for,
)
from compatshim.errors import UrlBuildError
from compatshim.legacy.i18n import LanguageError


@pytest.fixture
def framework():
    """One framework is as good as the other here: neither serves."""
    return "legacy"


@pytest.fixture
def site(make_site):
    made = make_site({"SERVER_NAME": "example.org", "APPLICATION_ROOT": "/mount"})
    made.mapper.connect("package_read", "/package/{name}", controller="package")
    made.app.add_url_rule("/about", "about", lambda: "about")
    return made


def test_nobody_serves(site):
    assert is_flask_request() is False
    with site.app.app_context():
        assert str(is_flask_request()) == "False"


def test_application_context_has_a_namespace_and_a_configuration(site):
    with site.app.app_context():
        c.user = "sara"
        assert (g.user, c.title, app_globals.title) == ("sara", "The site", "The site")
        assert config["SERVER_NAME"] == "example.org"


@pytest.mark.parametrize(
    ("arguments", "values", "expected"),
    [
        (["about"], {}, "http://example.org/mount/about"),
        (["package_read"], {"name": "ä"}, "http://example.org/mount/package/%C3%A4"),
        (["about"], {"_scheme": "https"}, "https://example.org/mount/about"),
        (["/style.css"], {}, "http://example.org/mount/style.css"),
    ],
)
def test_url_is_absolute(site, arguments, values, expected):
    with site.app.app_context():
        assert url_for(*arguments, **values) == expected


def test_url_without_a_server_name_is_an_error(make_site):
    site = make_site()
    with site.app.app_context(), pytest.raises(UrlBuildError, match="SERVER_NAME"):
        url_for("static", filename="a.css")


def test_there_is_no_current_url(site):
    with site.app.app_context(), pytest.raises(UrlBuildError, match="no route"):
        url.current(a=1)


def test_language_of_an_application_context(site):
    Babel(site.app, default_locale="de")
    with site.app.app_context():
        before = get_lang()
        set_lang("fr")
        after = get_lang()
        with force_locale("pt_BR"):
            inside = get_lang()
        assert (before, after, inside, get_lang()) == (
            ["de"],
            ["fr"],
            ["pt_BR"],
            ["fr"],
        )
        with pytest.raises(LanguageError):
            set_lang("not a language")
