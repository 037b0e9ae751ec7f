"""Joining the two configurations: which value holds, and how both see it."""

from __future__ import annotations

import copy
import logging
import pickle
from types import MappingProxyType

import pytest
from flask import Flask

from compatshim import CompatShim, common
from compatshim.errors import NotInitialisedError, SeveralApplicationsError
from compatshim.legacy.configuration import PylonsConfig
from compatshim.objects.state import state_of
from compatshim.objects.twins import Twins


def join(legacy_values, flask_values=MappingProxyType({}), kind=PylonsConfig):
    """Return ``app.config``, the legacy configuration and the common one, joined."""
    app = Flask("sample")
    app.config.update(flask_values)
    legacy_config = kind(legacy_values)
    CompatShim(app, legacy_config=legacy_config)
    return app.config, legacy_config, state_of(app).config


KINDS = pytest.mark.parametrize("kind", [PylonsConfig, dict])

# Which value holds.


@KINDS
@pytest.mark.parametrize(
    ("key", "flask_key", "text", "expected"),
    [
        ("debug", "DEBUG", "true", True),
        ("debug", "DEBUG", True, True),
        ("testing", "TESTING", "on", True),
        ("beaker.session.key", "SESSION_COOKIE_NAME", "site", "site"),
        ("beaker.session.secret", "SECRET_KEY", "s", "s"),
        ("beaker.session.cookie_domain", "SESSION_COOKIE_DOMAIN", "a.b", "a.b"),
        ("beaker.session.cookie_path", "SESSION_COOKIE_PATH", "/a", "/a"),
        ("beaker.session.secure", "SESSION_COOKIE_SECURE", "true", True),
        ("beaker.session.secure", "SESSION_COOKIE_SECURE", "false", False),
        ("beaker.session.httponly", "SESSION_COOKIE_HTTPONLY", "false", False),
        ("beaker.session.samesite", "SESSION_COOKIE_SAMESITE", "Lax", "Lax"),
    ],
)
def test_legacy_value_comes_before_flask_s_default(
    kind, key, flask_key, text, expected, caplog
):
    flask_config, _, config = join({key: text}, kind=kind)
    assert flask_config[flask_key] is config[key] is config[flask_key]
    assert config[key] == expected
    assert not caplog.records


@KINDS
@pytest.mark.parametrize(
    ("key", "flask_key", "default", "value"),
    [
        ("debug", "DEBUG", False, True),
        ("beaker.session.secret", "SECRET_KEY", None, "flask"),
    ],
)
def test_flask_s_value_comes_before_a_legacy_default(
    kind, key, flask_key, default, value, caplog
):
    flask_config, _, config = join({key: default}, {flask_key: value}, kind)
    assert (flask_config[flask_key], config[key]) == (value, value)
    assert not caplog.records


@KINDS
def test_flask_s_value_holds_where_both_are_set_and_the_log_says_so(kind, caplog):
    secrets = {"beaker.session.secret": "one"}, {"SECRET_KEY": "two"}
    flask_config, _, config = join(*secrets, kind)
    assert flask_config["SECRET_KEY"] == config["beaker.session.secret"] == "two"
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert "'beaker.session.secret'" in record.message
    assert "'SECRET_KEY'" in record.message
    assert "'one'" not in record.message
    assert "'two'" not in record.message


@KINDS
def test_equal_values_are_no_matter_for_the_log(kind, caplog):
    join({"debug": "true"}, {"DEBUG": True}, kind)
    assert not caplog.records


@KINDS
def test_legacy_text_that_spells_no_truth(kind):
    with pytest.raises(ValueError, match="DEBUG: 'maybe'"):
        join({"debug": "maybe"}, kind=kind)


def test_twins_are_a_mapping_of_the_legacy_names():
    twins = Twins({"DEBUG": True, "SECRET_KEY": None, "OWN": 1})
    assert dict(twins) == {"debug": True, "beaker.session.secret": None}
    assert len(twins) == 2
    for key in ("testing", "own"):
        with pytest.raises(KeyError, match=f"'{key}'"):
            twins[key]
        with pytest.raises(KeyError, match=f"'{key}'"):
            del twins[key]


# How a PylonsConfig sees it.


def test_both_raw_configurations_are_one_for_these_keys():
    flask_config, legacy_config, config = join({"debug": True, "a": 1})
    legacy_config["debug"] = False
    assert flask_config["DEBUG"] is config["debug"] is False
    flask_config["DEBUG"] = True
    assert legacy_config["debug"] is config["debug"] is True
    del legacy_config["debug"]
    assert "DEBUG" not in flask_config
    assert "debug" not in config


def test_flask_s_values_are_seen_under_the_legacy_names_and_not_iterated():
    _, legacy_config, _ = join({"a": 1}, {"SECRET_KEY": "s"})
    assert legacy_config["beaker.session.secret"] == "s"
    assert "beaker.session.secret" in legacy_config
    assert list(legacy_config) == ["a"]
    legacy_config["beaker.session.secret"] = "t"
    assert list(legacy_config) == ["a", "beaker.session.secret"]


def test_plain_dictionary_stays_as_it_is():
    flask_config, legacy_config, config = join({"debug": "true"}, kind=dict)
    config["debug"] = False
    flask_config["TESTING"] = True
    assert legacy_config == {"debug": "true"}
    assert config["testing"] is True


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, PylonsConfig.copy])
def test_copy_is_not_joined(copied):
    flask_config, legacy_config, _ = join({"debug": True, "a": [1]})
    other = copied(legacy_config)
    assert other == {"debug": True, "a": [1]}
    other["debug"] = False
    assert flask_config["DEBUG"] is True


def test_pickled_configuration_is_not_joined():
    _, legacy_config, _ = join({"debug": True})
    legacy_config.remark = "an attribute"
    other = pickle.loads(pickle.dumps(legacy_config))  # noqa: S301 (our own)
    assert (type(other), other) == (PylonsConfig, {"debug": True})
    assert other.remark == "an attribute"


def test_saved_values_are_put_back():
    """Test suites of legacy applications restore the configuration like this."""
    flask_config, legacy_config, _ = join({"debug": True, "a": 1})
    saved, before = legacy_config.copy(), dict(flask_config)
    legacy_config.clear()
    assert not legacy_config
    legacy_config.update(saved)
    assert legacy_config == saved
    assert flask_config == before


def test_second_application_takes_over_what_the_legacy_side_has_set():
    legacy_config = PylonsConfig({"debug": True})
    first, second = Flask("first"), Flask("second")
    first.config["SECRET_KEY"] = "first"
    CompatShim(first, legacy_config=legacy_config)
    CompatShim(second, legacy_config=legacy_config)
    assert second.config["DEBUG"] is True
    assert second.config["SECRET_KEY"] is None
    legacy_config["debug"] = False
    assert (first.config["DEBUG"], second.config["DEBUG"]) == (True, False)
    assert state_of(first).config["debug"] is True


# Outside of requests.


@pytest.fixture
def only(no_site_yet):
    """Return a function that makes the only applications of this process."""

    def make(*names):
        apps = [Flask(name) for name in names]
        for app in apps:
            CompatShim(app, legacy_config={"name": app.name})
        return apps

    return make


def test_outside_it_is_that_of_the_application_in_context(only):
    first, second = only("first", "second")
    for app in (first, second):
        with app.app_context():
            assert common.config["name"] == app.name


def test_outside_of_any_context_it_is_that_of_the_only_application(only):
    apps = only("first")
    assert common.config["name"] == "first"
    assert apps


def test_outside_of_any_context_two_applications_are_listed(only):
    apps = only("second", "first")
    with pytest.raises(SeveralApplicationsError, match="'first', 'second'") as caught:
        common.config["name"]
    assert caught.value.app_names == ["first", "second"]
    assert apps


def test_outside_of_any_context_applications_that_are_gone_do_not_count(only):
    apps = only("first", "second")
    apps.pop()
    assert common.config["name"] == "first"


def test_outside_of_any_context_without_any_application(only):
    with pytest.raises(NotInitialisedError, match="app_context"):
        common.config["name"]
