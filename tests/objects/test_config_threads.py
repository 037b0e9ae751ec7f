"""Threads change the configuration while others read it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from compatshim import CompatShim
from compatshim.legacy.configuration import PylonsConfig
from compatshim.objects.state import state_of

TURNS = 400

pytestmark = pytest.mark.usefixtures("often_switched_threads")


@pytest.fixture
def app():
    app = Flask("sample")
    legacy_config = PylonsConfig({f"key.{number}": number for number in range(50)})
    CompatShim(app, legacy_config=legacy_config)
    return app


@pytest.fixture
def config(app):
    return state_of(app).config


def run_at_once(*functions):
    """Call each function many times, all of them at once; raise what they raise."""

    def repeat(function):
        for turn in range(TURNS):
            function(turn)

    with ThreadPoolExecutor(len(functions)) as pool:
        for done in [pool.submit(repeat, function) for function in functions]:
            done.result()


@pytest.mark.parametrize("side", ["common", "flask", "legacy"])
@pytest.mark.parametrize(
    "read",
    [
        list,
        len,
        repr,
        lambda config: config.copy(),
        lambda config: list(config.items()),
        lambda config: list(config.values()),
        lambda config: list(config.keys()),
        lambda config: [key for key in config if key in config],
        lambda config: config | {"a": 1},
    ],
)
def test_reading_while_keys_come_and_go(app, config, side, read):
    legacy_config = config.current_conf()
    written = {"common": config, "flask": app.config, "legacy": legacy_config}[side]

    def come(turn):
        written[f"OWN_{turn}" if side == "flask" else f"own.{turn}"] = turn
        written.update({"TESTING" if side == "flask" else "testing": bool(turn % 2)})

    def go(turn):
        written.pop(f"OWN_{turn}" if side == "flask" else f"own.{turn}", None)

    def look(turn):
        if turn % 8 == 0:
            assert read(config) is not None
            assert read(legacy_config) is not None

    run_at_once(come, go, look, look)


def test_twin_is_never_torn(app, config):
    secrets = ["a" * 100, "b" * 100]
    config["SECRET_KEY"] = secrets[0]
    names = ["SECRET_KEY", "beaker.session.secret"]

    def write_common(turn):
        config[names[turn % 2]] = secrets[turn % 3 % 2]

    def write_legacy(turn):
        config.current_conf()["beaker.session.secret"] = secrets[turn % 2]

    def write_flask(turn):
        app.config["SECRET_KEY"] = secrets[turn % 2]

    def read(turn):
        assert config[names[turn % 2]] in secrets
        assert config.current_conf()["beaker.session.secret"] in secrets
        assert config.get("beaker.session.secret") in secrets

    run_at_once(write_common, write_legacy, write_flask, read, read)


def test_update_of_several_keys_is_one_step(config):
    def values(turn):
        return {"own.a": turn, "OWN_B": turn, "testing": turn}

    config.update(values(0))

    def read(turn):
        copied = config.copy()
        assert copied["own.a"] == copied["OWN_B"] == copied["TESTING"]
        items = dict(config.items())
        assert items["own.a"] == items["OWN_B"] == items["TESTING"]

    run_at_once(
        lambda turn: config.update(values(turn)),
        lambda turn: config.update(values(-turn)),
        read,
    )


def test_only_one_default_is_set(config):
    seen = [[], []]

    def set_default(number):
        def once(turn):
            seen[number].append(config.setdefault(f"own.{turn}", number))

        return once

    run_at_once(set_default(0), set_default(1))
    assert seen[0] == seen[1]
