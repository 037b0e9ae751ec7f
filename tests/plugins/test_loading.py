"""Which plugins are loaded, in which order, and what happens to those that fail."""

from __future__ import annotations

import sys

import pytest
from flask import Flask, current_app

from compatshim import CompatShim
from compatshim.common import h
from compatshim.errors import PartlyRegisteredError, PluginError
from compatshim.plugins import hookimpl, installed_plugins
from fresh_python import printed_by

MODULE = """
from compatshim.plugins import hookimpl

class {name}:
    @hookimpl
    def compatshim_helpers(self):
        return {{"who": lambda: "{name}", "{name}": lambda: "{name}"}}
"""


@pytest.fixture
def three(install, monkeypatch):
    """Three installed plugins."""
    names = ("alpha", "beta", "gamma")
    modules = {f"plugin_{name}": MODULE.format(name=name) for name in names}
    install({name: f"plugin_{name}:{name}" for name in names}, **modules)
    yield names
    for module in modules:
        sys.modules.pop(module, None)


def owners(site):
    """Return the plugins that are used, the first one first."""
    with site.app.app_context():
        found = [name for name in ("alpha", "beta", "gamma", "Own") if name in h]
        return h.who() if "who" in h else None, found


@pytest.mark.parametrize(
    "value", ["gamma alpha", "gamma,\n  alpha", ["gamma", "alpha"]]
)
@pytest.mark.parametrize("side", ["legacy", "flask"])
def test_configuration_chooses_and_orders(make_site, three, value, side):
    if side == "legacy":
        site = make_site(legacy_config={"compatshim.plugins": value})
    else:
        site = make_site(config={"COMPATSHIM_PLUGINS": value})
    assert owners(site) == ("gamma", ["alpha", "gamma"])


def test_legacy_configuration_decides_where_both_have_the_key(make_site, three):
    site = make_site(
        config={"COMPATSHIM_PLUGINS": "alpha"},
        legacy_config={"compatshim.plugins": "beta"},
    )
    assert owners(site) == ("beta", ["beta"])


def test_nothing_is_loaded_that_is_not_chosen(make_site, three):
    assert owners(make_site()) == (None, [])
    assert owners(make_site(config={"COMPATSHIM_PLUGINS": ""})) == (None, [])
    assert "plugin_alpha" not in sys.modules


def test_installed_plugins(three, install):
    install({"delta": "nowhere"}, name="another")
    assert set(installed_plugins()) >= {"alpha", "beta", "gamma", "delta"}


def test_ini_file(tmp_path, three):
    pytest.importorskip("paste.deploy")
    path = tmp_path / "site.ini"
    path.write_text("[app:main]\ncompatshim.plugins = beta alpha\n", encoding="utf-8")
    app = Flask("sample")
    CompatShim.from_ini(path, app)
    with app.app_context():
        assert h.who() == "beta"


class Own:
    @hookimpl
    def compatshim_helpers(self):
        return {"who": lambda: "Own", "Own": lambda: "Own"}


def test_registered_plugin_comes_after_those_of_the_configuration(make_site, three):
    site = make_site(Own, config={"COMPATSHIM_PLUGINS": "beta"})
    assert owners(site) == ("beta", ["beta", "Own"])
    late = make_site(config={"COMPATSHIM_PLUGINS": "beta"})
    late.shim.register_plugin(Own)
    assert owners(late) == ("beta", ["beta", "Own"])


def test_registered_plugin_in_the_order_of_the_configuration(make_site, three):
    site = make_site(Own, config={"COMPATSHIM_PLUGINS": "Own beta"})
    assert owners(site) == ("Own", ["beta", "Own"])


def test_each_application_has_its_own_object_of_a_class():
    made = []

    class Plugin(Own):
        def __init__(self):
            made.append(self)

    shim = CompatShim()
    shim.register_plugin(Plugin)
    for name in ("one", "two"):
        shim.init_app(Flask(name))
    assert len(made) == 2
    shim.register_plugin(Own)
    assert len(made) == 2


def test_two_plugins_of_one_name(make_site):
    site = make_site(Own)
    with pytest.raises(PluginError, match="give it one with name="):
        site.shim.register_plugin(type("Own", (Own,), {}))
    site.shim.register_plugin(type("Own", (Own,), {}), name="other")


# Plugins that cannot be loaded.


class Unmarked:
    def compatshim_helpers(self):
        return {}


class Misspelt:
    @hookimpl
    def compatshim_helper(self):
        return {}


class WrongArguments:
    @hookimpl
    def compatshim_helpers(self, mapper):
        return {}


class CannotBeMade(Own):
    def __init__(self):
        raise OSError("no disk")


class Fails:
    @hookimpl
    def compatshim_helpers(self):
        raise OSError("no disk")


class FailsFirst:
    @hookimpl
    def compatshim_config(self, config):
        raise OSError("no disk")

    @hookimpl
    def compatshim_helpers(self):
        return {"who": lambda: "FailsFirst"}


BROKEN = [
    (Unmarked, None, "@hookimpl"),
    (Misspelt, "compatshim_helper", "unknown hook"),
    (WrongArguments, "compatshim_helpers", "mapper"),
    (CannotBeMade, None, "OSError: no disk"),
    (Fails, "compatshim_helpers", "OSError: no disk"),
    (FailsFirst, "compatshim_config", "OSError: no disk"),
]


@pytest.mark.parametrize(("plugin", "hook", "problem"), BROKEN)
def test_broken_plugin_stops_the_start(make_site, plugin, hook, problem):
    with pytest.raises(PluginError, match=problem) as caught:
        make_site(plugin)
    error = caught.value
    assert (error.plugin, error.hook) == (plugin.__name__, hook)
    assert repr(plugin.__name__) in str(error)
    assert hook is None or hook in str(error)


@pytest.mark.parametrize(("plugin", "hook", "problem"), BROKEN)
@pytest.mark.parametrize("side", ["legacy", "flask"])
def test_broken_plugin_is_left_out(make_site, caplog, side, plugin, hook, problem):
    keys = {"legacy": "compatshim.plugin_errors", "flask": "COMPATSHIM_PLUGIN_ERRORS"}
    options = {"legacy_config" if side == "legacy" else "config": {keys[side]: "log"}}
    site = make_site(plugin, Own, **options)
    assert owners(site) == ("Own", ["Own"])
    (record,) = [one for one in caplog.records if one.name == "compatshim.plugins"]
    assert record.levelname == "ERROR"
    assert repr(plugin.__name__) in record.getMessage()
    assert hook is None or hook in record.getMessage()


class AddsRules:
    @hookimpl
    def compatshim_config(self):
        current_app.add_url_rule("/added", "added", lambda: "half a plugin")


class AddsRulesAndFails(AddsRules):
    @hookimpl
    def compatshim_helpers(self):
        raise OSError("no disk")


def test_plugin_that_fails_after_it_has_added_rules_stops_the_start(make_site):
    """Flask cannot take them back."""
    with pytest.raises(PartlyRegisteredError, match="no disk") as caught:
        make_site(AddsRulesAndFails, config={"COMPATSHIM_PLUGIN_ERRORS": "log"})
    error = caught.value
    assert (error.plugin, error.hook) == ("AddsRulesAndFails", "compatshim_helpers")


def test_plugin_is_left_out_whatever_rules_others_have_added(make_site):
    options = {"COMPATSHIM_PLUGIN_ERRORS": "log"}
    site = make_site(AddsRules, Fails, Own, config=options)
    assert owners(site) == ("Own", ["Own"])
    assert site.app.test_client().get("/added").text == "half a plugin"


def test_other_value_for_errors(make_site):
    with pytest.raises(ValueError, match="'ignore': it may be one of"):
        make_site(Fails, config={"COMPATSHIM_PLUGIN_ERRORS": "ignore"})


def test_plugin_that_is_not_installed(make_site, three):
    with pytest.raises(PluginError, match=r"installed are: .*'beta'") as caught:
        make_site(config={"COMPATSHIM_PLUGINS": "delta"})
    assert caught.value.plugin == "delta"


def test_plugin_whose_module_cannot_be_imported(make_site, install):
    install({"broken": "broken_plugin:Plugin"}, broken_plugin="1 / 0")
    with pytest.raises(PluginError, match="ZeroDivisionError") as caught:
        make_site(config={"COMPATSHIM_PLUGINS": "broken"})
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_two_distributions_with_one_name(make_site, install):
    install({"twice": "one:Plugin"}, name="one")
    install({"twice": "two:Plugin"}, name="two")
    with pytest.raises(PluginError, match=r"several are installed: .*:Plugin"):
        make_site(config={"COMPATSHIM_PLUGINS": "twice"})


# Without pluggy.


def test_site_without_plugins_does_not_load_pluggy(tmp_path):
    code = """
import sys
from flask import Flask, current_app
from compatshim import CompatShim
app = Flask("sample")
CompatShim(app)
app.test_client().get("/")
print("pluggy" in sys.modules, "compatshim.plugins" in sys.modules)
"""
    assert printed_by(code, tmp_path).strip() == "False False"


def test_error_without_pluggy_names_the_extra(tmp_path):
    code = """
import sys
sys.modules["pluggy"] = None
from flask import Flask, current_app
from compatshim import CompatShim
from compatshim.errors import MissingExtraError
try:
    CompatShim(Flask("sample")).register_plugin(object())
except MissingExtraError as error:
    print(error.extra, error)
"""
    expected = "plugins A plugin needs: pip install 'compatshim[plugins]'"
    assert printed_by(code, tmp_path).strip() == expected
