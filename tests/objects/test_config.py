"""``Config`` is a mapping, over whatever two mappings."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from compatshim.objects.config import TWINS, Config

FREE_KEYS = ["a", "b.c", "Mixed", "A", "B_C", "1", ""]
KEYS = st.sampled_from([*FREE_KEYS, *TWINS, *TWINS.values()])
FLASK_KEYS = st.sampled_from([*FREE_KEYS, *TWINS.values()])
LEGACY_KEYS = st.sampled_from([*FREE_KEYS, *TWINS])
CONFIGS = st.builds(
    Config,
    st.dictionaries(FLASK_KEYS, st.integers(), max_size=6),
    st.dictionaries(LEGACY_KEYS, st.integers(), max_size=6),
)


@given(CONFIGS)
def test_iteration_length_and_look_up_agree(config):
    keys = list(config)
    assert len(keys) == len(set(keys)) == len(config)
    assert dict(config) == {key: config[key] for key in keys}
    assert all(key in config for key in keys)


@given(CONFIGS, KEYS)
def test_key_that_is_there_can_be_read(config, key):
    assert (key in config) is (config.get(key, "none") != "none")


@given(CONFIGS, KEYS, st.integers())
def test_value_that_is_set_is_read_back_and_others_stay(config, key, value):
    same = TWINS.get(key, key)
    before = {other: config[other] for other in config if other != same}
    config[key] = value
    assert config[key] == value
    assert config[same] == value
    assert {other: config[other] for other in config if other != same} == before


@given(CONFIGS, KEYS)
def test_key_that_is_deleted_is_gone_and_others_stay(config, key):
    same = TWINS.get(key, key)
    before = {other: config[other] for other in config if other != same}
    if key in config:
        del config[key]
    assert key not in config
    assert {other: config[other] for other in config} == before


@given(CONFIGS, KEYS)
def test_missing_key_cannot_be_deleted(config, key):
    if key not in config:
        with pytest.raises(KeyError):
            del config[key]


@pytest.mark.parametrize(("legacy_key", "flask_key"), TWINS.items())
def test_twin_is_one_value_on_the_flask_side(legacy_key, flask_key):
    flask_config, legacy_config = {flask_key: 1}, {legacy_key: 2}
    config = Config(flask_config, legacy_config)
    assert (config[legacy_key], config[flask_key]) == (1, 1)
    config[legacy_key] = 3
    assert flask_config == {flask_key: 3}


@pytest.mark.parametrize(
    ("key", "flask_config", "legacy_config"),
    [
        ("OWN_KEY", {"OWN_KEY": 1}, {}),
        ("own.key", {}, {"own.key": 1}),
        ("OwnKey", {}, {"OwnKey": 1}),
    ],
)
def test_new_key_is_kept_where_it_belongs(key, flask_config, legacy_config):
    flask_side, legacy_side = {}, {}
    Config(flask_side, legacy_side)[key] = 1
    assert (flask_side, legacy_side) == (flask_config, legacy_config)


def test_key_that_is_on_the_other_side_is_found():
    config = Config({"lower": 1}, {"UPPER": 2})
    assert (config["lower"], config["UPPER"]) == (1, 2)


def test_repr_shows_no_value():
    assert repr(Config({"SECRET_KEY": "hidden"}, {})) == "<Config of 1 keys>"


def test_union_in_place():
    config = before = Config({"A": 1}, {"b": 2})
    config |= {"A": 3, "c": 4}
    assert config is before
    assert dict(config) == {"A": 3, "b": 2, "c": 4}


@given(CONFIGS)
def test_everything_can_be_taken_out(config):
    taken = {}
    for _ in range(len(config)):
        key, value = config.popitem()
        taken[key] = value
    with pytest.raises(KeyError):
        config.popitem()
    config.update(taken)
    assert config == taken
    config.clear()
    assert (len(config), list(config)) == (0, [])


def test_value_under_a_legacy_name_in_the_flask_configuration_is_not_seen():
    config = Config({"debug": 1, "DEBUG": 2}, {})
    assert (config["debug"], dict(config)) == (2, {"DEBUG": 2})
