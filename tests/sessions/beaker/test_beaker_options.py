"""The options are those that Beaker's own middleware makes of the same configuration."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy
from beaker.ext.sqla import SqlaNamespaceManager, make_cache_table
from beaker.middleware import SessionMiddleware
from flask import Flask, session

from compatshim import CompatShim
from compatshim.legacy.configuration import PylonsConfig
from compatshim.objects.state import state_of
from compatshim.sessions.beaker import BeakerSessionInterface
from compatshim.sessions.beaker_options import options_from

INI = {
    "beaker.session.type": "file",
    "beaker.session.data_dir": "/srv/data",
    "beaker.session.key": "shop",
    "beaker.session.secret": "secret",
    "beaker.session.auto": "true",
    "beaker.session.timeout": "600",
    "beaker.session.cookie_expires": "3600",
    "beaker.session.cookie_domain": ".example.org",
    "beaker.session.secure": "yes",
    "beaker.session.httponly": "true",
    "beaker.session.samesite": "Strict",
    "session.lock_dir": "/srv/locks",
    "beaker.cache.type": "dbm",
    "debug": "true",
}


def test_same_as_the_middleware():
    theirs = SessionMiddleware(None, INI).options
    ours = options_from((INI,), {})
    # Where the middleware says None, Beaker has its default.
    assert {**ours, "data_serializer": None} == {
        **{name: value for name, value in theirs.items() if value is not None},
        "data_serializer": None,
    }
    assert ours["cookie_expires"] == timedelta(hours=1)


@pytest.mark.parametrize(
    ("configuration", "name", "value"),
    [
        ({}, "key", "beaker.session.id"),
        ({}, "save_accessed_time", True),
        ({"BEAKER_SESSION_TYPE": "cookie"}, "type", "cookie"),
        ({"BEAKER_SESSION_TIMEOUT": 60}, "timeout", 60),
        ({"beaker.session.timeout": " 60 "}, "timeout", 60),
        ({"beaker.session.cookie_expires": "false"}, "cookie_expires", False),
        ({"beaker.session.key": " "}, "key", "beaker.session.id"),
        ({"beaker.session.invalidate_corrupt": "false"}, "invalidate_corrupt", False),
    ],
)
def test_option(configuration, name, value):
    assert options_from((configuration,), {})[name] == value


@pytest.mark.parametrize("name", ["timeout", "secret", "cookie_domain"])
def test_empty_value_counts_as_none(name):
    assert name not in options_from(({f"beaker.session.{name}": ""},), {})


def test_first_configuration_that_has_a_key_decides():
    options = options_from(
        (
            {"beaker.session.key": "a"},
            {"beaker.session.key": "b", "session.type": "cookie"},
        ),
        {"timeout": 5},
    )
    assert (options["key"], options["type"], options["timeout"]) == ("a", "cookie", 5)


# What Flask's configuration says, and the options that it is one value with.
FLASKS = {
    "SECRET_KEY": "shared",
    "SESSION_COOKIE_NAME": "shop",
    "SESSION_COOKIE_DOMAIN": "example.org",
    "SESSION_COOKIE_PATH": "/shop",
    "SESSION_COOKIE_SECURE": True,
    "SESSION_COOKIE_HTTPONLY": False,
    "SESSION_COOKIE_SAMESITE": "Strict",
}
BEAKERS = {
    "secret": "shared",
    "key": "shop",
    "cookie_domain": "example.org",
    "cookie_path": "/shop",
    "secure": True,
    "httponly": False,
    "samesite": "Strict",
}


@pytest.mark.parametrize("kind", [dict, PylonsConfig])
def test_common_configuration_answers_for_what_flasks_says(kind):
    app = Flask("shop")
    app.config.update(FLASKS)
    CompatShim(app, legacy_config=kind({"beaker.session.type": "memory"}))
    options = options_from((state_of(app).config,), {})
    assert {name: options[name] for name in BEAKERS} == BEAKERS
    assert options["type"] == "memory"


def test_flasks_defaults_are_not_beakers():
    app = Flask("shop")
    CompatShim(app)
    options = options_from((state_of(app).config,), {})
    assert options == options_from((), {})


def test_serializer_of_the_sites_own():
    class Own:
        loads = dumps = staticmethod(lambda values: values)

    assert type(options_from((), {"data_serializer": Own()})["data_serializer"]) is Own


def test_options_given_as_keywords(tmp_path):
    app = Flask("shop")
    engine = sqlalchemy.create_engine(f"sqlite:///{tmp_path / 'sessions.db'}")
    SqlaNamespaceManager._init_dependencies()
    metadata = sqlalchemy.MetaData()
    table = make_cache_table(metadata)
    metadata.create_all(engine)
    app.session_interface = BeakerSessionInterface(
        type="ext:sqla", bind=engine, table=table, lock_dir=str(tmp_path)
    )

    @app.get("/")
    def count():
        session["visits"] = session.get("visits", 0) + 1
        return str(session["visits"])

    client = app.test_client()
    assert [client.get("/").text for _ in range(3)] == ["1", "2", "3"]
    with engine.connect() as connection:
        assert len(connection.execute(sqlalchemy.select(table)).all()) == 1
    engine.dispose()
    SqlaNamespaceManager.binds.dict.clear()
    SqlaNamespaceManager.tables.dict.clear()
