"""``config`` is one mapping over both configurations."""

from __future__ import annotations

import click
import flask
import pytest

from compatshim import CompatShim
from compatshim.common import config
from compatshim.legacy import config as pylons_config
from compatshim.legacy.configuration import pylons_config as process_config
from compatshim.objects.config import TWINS


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


# Each legacy key of the table, the Flask key that is the same value, and a value.
TWIN_VALUES = [
    ("debug", "DEBUG", True),
    ("testing", "TESTING", False),
    ("beaker.session.key", "SESSION_COOKIE_NAME", "site"),
    ("beaker.session.secret", "SECRET_KEY", "other"),
    ("beaker.session.cookie_domain", "SESSION_COOKIE_DOMAIN", "example.org"),
    ("beaker.session.cookie_path", "SESSION_COOKIE_PATH", "/site"),
    ("beaker.session.secure", "SESSION_COOKIE_SECURE", True),
    ("beaker.session.httponly", "SESSION_COOKIE_HTTPONLY", False),
    ("beaker.session.samesite", "SESSION_COOKIE_SAMESITE", "Strict"),
]


def test_table_of_twins():
    assert {key: flask_key for key, flask_key, _ in TWIN_VALUES} == TWINS


@pytest.mark.parametrize(("key", "flask_key", "value"), TWIN_VALUES)
@pytest.mark.parametrize("written", ["common", "common as Flask", "flask", "legacy"])
def test_twin_is_one_value_wherever_it_is_written(
    make_site, key, flask_key, value, written
):
    site = make_site()

    def view():
        mapping, name = {
            "common": (config, key),
            "common as Flask": (config, flask_key),
            "flask": (site.app.config, flask_key),
            "legacy": (site.legacy_config, key),
        }[written]
        before = site.app.config[flask_key]
        assert value != before
        mapping[name] = value
        seen = (
            config[key],
            config[flask_key],
            site.app.config[flask_key],
            site.legacy_config[key],
            pylons_config[key] if site.framework == "legacy" else value,
        )
        mapping[name] = before
        return seen

    site.add("/page", view)
    assert site.open("/page").result == (value,) * 5


@pytest.mark.parametrize("key", ["debug", "DEBUG"])
@pytest.mark.parametrize(
    ("text", "expected"), [("false", False), ("on", True), ("0", False)]
)
def test_text_for_a_truth_becomes_one(serve, key, text, expected):
    def view():
        config[key] = text
        return config["debug"], config["DEBUG"]

    assert serve(view).result == (expected, expected)


def test_text_that_spells_no_truth_is_refused(make_site):
    site = make_site()

    def view():
        with pytest.raises(ValueError, match=r"DEBUG: 'maybe'"):
            config.update({"own": 1, "debug": "maybe"})
        with pytest.raises(ValueError, match=r"DEBUG: 'maybe'"):
            site.legacy_config["debug"] = "maybe"
        return config["debug"], "own" in config

    site.add("/page", view)
    assert site.open("/page").result == (False, False)


def test_new_key_is_kept_on_the_side_whose_spelling_it_has(make_site):
    site = make_site()

    def view():
        config["OWN_OPTION"] = 1
        config["own.Option"] = 2
        return site.app.config["OWN_OPTION"], site.legacy_config["own.Option"]

    site.add("/page", view)
    assert site.open("/page").result == (1, 2)
    assert "OWN_OPTION" not in site.legacy_config
    assert "own.Option" not in site.app.config


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


def test_iteration_has_each_value_once(serve):
    def view():
        keys = list(config)
        assert len(keys) == len(set(keys)) == len(config)
        assert "site.title" in keys
        # Both names of a twin are there; Flask's is shown.
        assert [key in config for key in ("debug", "DEBUG")] == [True, True]
        assert [key in keys for key in ("debug", "DEBUG")] == [False, True]
        return True

    assert serve(view, legacy_config={"site.title": "A site"}).result is True


def test_copies_and_unions(serve):
    def view():
        copied = config.copy()
        assert type(copied) is dict
        assert copied == dict(config) == {**config} == dict(config.items())
        assert sorted(copied) == sorted(config.keys())
        assert len(config.values()) == len(copied)
        assert (config | {"own": 1}) == {**copied, "own": 1}
        assert ({"own": 1, "site.title": 2} | config)["site.title"] == "A site"
        copied["site.title"] = "changed"
        return config["site.title"]

    assert serve(view, legacy_config={"site.title": "A site"}).result == "A site"


def test_attributes_of_the_legacy_configuration(make_site):
    site = make_site()

    def view():
        assert config.current_conf() is site.legacy_config
        assert config["pylons.app_globals"] is site.app_globals
        config.init_app({"a": "1"}, {"debug": "true"}, package="other")
        assert (config["a"], config["pylons.package"]) == ("1", "other")
        return site.app.config["DEBUG"]

    site.add("/page", view)
    assert site.open("/page").result is True


def test_attributes_of_the_process_s_configuration(serve):
    def view():
        config.push_process_config({"a": 1})
        config.pop_process_config()
        with pytest.raises(AssertionError):
            config.pop_process_config({})

    serve(view)
    assert pylons_config.current_conf() is process_config


def test_attributes_of_the_flask_configuration(make_site):
    site = make_site()

    def view():
        config.from_mapping(OWN_OPTION=1)
        return config.get_namespace("OWN_")

    site.add("/page", view)
    assert site.open("/page").result == {"option": 1}


def test_unknown_attribute(serve):
    def view():
        with pytest.raises(AttributeError, match="'nothing'"):
            _ = config.nothing
        return hasattr(config, "nothing"), hasattr(config, "_private")

    assert serve(view).result == (False, False)


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


# Outside of requests.


@pytest.fixture
def two_sites(make_site):
    return [make_site(legacy_config={"site.title": name}) for name in ("a", "b")]


def test_command_has_the_configuration_of_its_application(two_sites):
    for site in two_sites:

        @site.app.cli.command("title")
        def show_title():
            click.echo(f"{config['site.title']} {config['testing']}")
            config["site.title"] = "changed"

    first, second = two_sites
    result = second.app.test_cli_runner().invoke(args=["title"])
    assert (result.output, result.exit_code) == ("b True\n", 0)
    assert second.legacy_config["site.title"] == "changed"
    assert first.legacy_config["site.title"] == "a"


def test_innermost_application_context_says_whose_configuration_it_is(two_sites):
    first, second = two_sites
    with first.app.app_context():
        assert config["site.title"] == "a"
        with second.app.app_context():
            assert config["site.title"] == "b"
            config["site.title"] = "changed"
            with first.app.app_context():
                assert config["site.title"] == "a"
        assert config["site.title"] == "a"
    assert second.legacy_config["site.title"] == "changed"


def test_request_in_another_applications_context_has_its_own(two_sites):
    first, second = two_sites
    first.add("/page", lambda: config["site.title"])
    with second.app.app_context():
        assert first.open("/page").result == "a"
        assert config["site.title"] == "b"


def test_application_context_that_is_pushed_by_hand_in_a_request(serve, framework):
    other = flask.Flask("other")
    CompatShim(other)
    other.config["WHOSE"] = "other"

    def view():
        with other.app_context():
            return config["WHOSE"]

    served = serve(view, config={"WHOSE": "own"})
    assert served.result == {"flask": "other", "legacy": "own"}[framework]
