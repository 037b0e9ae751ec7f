"""``config`` is one mapping over both configurations."""

from __future__ import annotations

import pytest

from compatshim.common import config


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("debug", False),
        ("DEBUG", False),
        ("testing", True),
        ("TESTING", True),
        ("beaker.session.secret", "secret"),
        ("SECRET_KEY", "secret"),
        ("beaker.session.key", "session"),
        ("SESSION_COOKIE_NAME", "session"),
        ("ckan.site_title", "A site"),
        ("MY_OPTION", 7),
        ("pylons.package", "sample"),
    ],
)
def test_value_of_either_side(serve, key, expected):
    served = serve(
        lambda: (config[key], config.get(key), key in config),
        config={"MY_OPTION": 7},
        legacy_config={"ckan.site_title": "A site"},
    )
    assert served.result == (expected, expected, True)


def test_missing_key_is_a_key_error(serve):
    def view():
        with pytest.raises(KeyError, match=r"no\.such\.key"):
            config["no.such.key"]
        return config.get("no.such.key", "default"), "no.such.key" in config

    assert serve(view).result == ("default", False)


@pytest.mark.parametrize(
    ("key", "flask_key"),
    [
        ("debug", "DEBUG"),
        ("testing", "TESTING"),
        ("beaker.session.secret", "SECRET_KEY"),
        ("beaker.session.key", "SESSION_COOKIE_NAME"),
        ("OWN_OPTION", "OWN_OPTION"),
    ],
)
def test_change_is_seen_in_the_flask_configuration_at_once(make_site, key, flask_key):
    site = make_site()

    def view():
        config[key] = "changed"
        return site.app.config[flask_key], config[flask_key], config[key]

    site.add("/page", view)
    assert site.open("/page").result == ("changed", "changed", "changed")


def test_change_is_seen_in_the_legacy_configuration_at_once(make_site):
    site = make_site()

    def view():
        config["site.title"] = "changed"
        site.legacy_config["site.url"] = "own"
        site.app.config["OWN_OPTION"] = 3
        return (
            site.legacy_config["site.title"],
            config["site.url"],
            config["OWN_OPTION"],
        )

    site.add("/page", view)
    assert site.open("/page").result == ("changed", "own", 3)


def test_deleted_key_is_gone(serve):
    def view():
        del config["site.title"]
        del config["OWN_OPTION"]
        return "site.title" in config, "OWN_OPTION" in config

    served = serve(
        view, config={"OWN_OPTION": 1}, legacy_config={"site.title": "A site"}
    )
    assert served.result == (False, False)


def test_iteration_has_each_key_once(serve):
    def view():
        keys = list(config)
        return len(keys) == len(set(keys)) == len(config), "site.title" in keys

    assert serve(view, legacy_config={"site.title": "A site"}).result == (True, True)


def test_repr_shows_no_value(serve):
    served = serve(lambda: repr(config), config={"SECRET_KEY": "hidden"})
    assert "hidden" not in served.result


def test_two_sites_do_not_see_each_other(make_site):
    first = make_site(legacy_config={"site.title": "first"})
    second = make_site(legacy_config={"site.title": "second"})
    for site in (first, second):
        site.add("/page", lambda: config["site.title"])
    assert first.open("/page").result == "first"
    assert second.open("/page").result == "second"
