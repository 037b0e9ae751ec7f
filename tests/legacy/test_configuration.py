"""compatshim.legacy.configuration."""

from __future__ import annotations

import os.path

import pytest

from compatshim import ini
from compatshim.legacy import config
from compatshim.legacy.configuration import (
    PylonsConfig,
    asbool,
    pylons_config,
    request_defaults,
    response_defaults,
)


def test_asbool_is_the_one_for_ini_values():
    assert asbool is ini.asbool


def test_the_process_configuration_is_there_from_import_on():
    assert config._current_obj() is pylons_config
    assert config.current_conf() is pylons_config
    assert config["pylons.strict_tmpl_context"] is True
    assert config["pylons.request_options"] == request_defaults
    assert config["pylons.response_options"] == response_defaults


def test_another_process_configuration_until_it_is_popped():
    config.push_process_config({"a": 1})
    assert config["a"] == 1
    with pytest.raises(AssertionError):
        config.pop_process_config({})
    config.pop_process_config()
    assert config._current_obj() is pylons_config


def test_without_any_process_configuration():
    config.pop_process_config(pylons_config)
    try:
        with pytest.raises(AttributeError, match="no configuration"):
            config.current_conf()
    finally:
        config.push_process_config(pylons_config)


def test_in_a_request_it_is_the_application_s(serve):
    assert (
        serve(lambda self: config["colour"], options={"colour": "blue"}).text == "blue"
    )


def test_init_app_lets_the_application_s_values_win():
    conf = PylonsConfig(environment_load={"loaded": "yes"})
    conf.init_app(
        {"debug": "true", "a": "global", "b": "global"},
        {"b": "app"},
        package="sample",
        paths={"root": "/r"},
    )
    assert conf["debug"] is True
    assert (conf["a"], conf["b"], conf["loaded"]) == ("global", "app", "yes")
    assert conf["pylons.package"] == "sample"
    assert conf["pylons.paths"] == {"root": "/r"}
    assert conf["app_conf"] == {"b": "app"}
    assert conf["pylons.errorware"] == {"debug": True}
    assert conf["pylons.cache_dir"] is None
    assert "environment_load" not in conf


def test_init_app_in_production():
    conf = PylonsConfig()
    conf.init_app({"email_to": "a@b.c", "cache_dir": "/c"}, {})
    errorware = conf["pylons.errorware"]
    assert errorware["error_email"] == "a@b.c"
    assert errorware["error_message"] == "An internal server error occurred"
    assert errorware["smtp_server"] == "localhost"
    assert conf["beaker.session.data_dir"] == os.path.join("/c", "sessions")
    assert conf["beaker.cache.data_dir"] == os.path.join("/c", "cache")
    assert conf["pylons.cache_dir"] == "/c"
    assert "cache_dir" not in conf


def test_the_defaults_of_two_applications_are_not_shared():
    first, second = PylonsConfig(), PylonsConfig()
    first.init_app({}, {})
    second.init_app({}, {})
    first["pylons.response_options"]["headers"]["X"] = "1"
    assert "X" not in second["pylons.response_options"]["headers"]
    assert "X" not in response_defaults["headers"]
