"""``CompatShim.from_ini`` and ``config.load_ini``."""

from __future__ import annotations

import sys
from datetime import timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from routes import Mapper

from compatshim import CompatShim
from compatshim.common import config
from compatshim.errors import AlreadyInitialisedError, IniError
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.wsgiapp import PylonsApp


def make_app(global_conf, full_stack="true", **app_conf):
    """As ``config/middleware.py`` of a Pylons project."""
    conf = PylonsConfig()
    conf.init_app(global_conf, app_conf, package="sample")
    conf["site.limit"] = int(conf["site.limit"])
    conf["routes.map"] = mapper = Mapper()
    actions = {"show": lambda self: f"{conf['site.title']} {full_stack}"}
    controller = type("PageController", (WSGIController,), actions)
    mapper.connect("page", "/page", controller=controller, action="show")
    pylons_app = PylonsApp(conf)

    def app(environ, start_response):
        return pylons_app(environ, start_response)

    app.config = conf
    return app


INI = """\
[DEFAULT]
debug = true
Smtp.Server = localhost

[app:main]
paste.app_factory = legacy_site:make_app
full_stack = false
site.title = A %(ENV_SITE_WORD)s site
site.limit = 10
beaker.session.key = site
beaker.session.secure = on
SECRET_KEY = 12345
MAX_CONTENT_LENGTH = 1000
PERMANENT_SESSION_LIFETIME = 60
TRAP_HTTP_EXCEPTIONS = off
TRUSTED_HOSTS = ["localhost"]
OWN_OPTION = some text
Own.Option = 1
"""


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Return a function that writes an ini file, and gives its path."""
    monkeypatch.setenv("SITE_WORD", "50%")
    module = SimpleNamespace(make_app=make_app)
    monkeypatch.setitem(sys.modules, "legacy_site", module)

    def write_file(text):
        path = tmp_path / "site.ini"
        path.write_text(text, "utf-8")
        return path

    return write_file


EXPECTED = {
    "debug": True,
    "DEBUG": True,
    "Smtp.Server": "localhost",
    "site.title": "A 50% site",
    "beaker.session.key": "site",
    "SESSION_COOKIE_NAME": "site",
    "beaker.session.secure": True,
    "SECRET_KEY": "12345",
    "MAX_CONTENT_LENGTH": 1000,
    "TRAP_HTTP_EXCEPTIONS": False,
    "TRUSTED_HOSTS": ["localhost"],
    "OWN_OPTION": "some text",
    "Own.Option": "1",
}


def test_from_ini_makes_the_legacy_application_and_joins_it(write):
    app = Flask("sample")
    shim = CompatShim.from_ini(write(INI), app)
    assert type(shim) is CompatShim
    assert app.test_client().get("/page").text == "A 50% site false"
    with app.app_context():
        assert {key: config[key] for key in EXPECTED} == EXPECTED
        # What the application made of the text.
        assert config["site.limit"] == 10
        assert config["app_conf"]["site.limit"] == "10"
        assert config["here"] == str(write(INI).parent)
    assert app.permanent_session_lifetime == timedelta(seconds=60)
    assert app.secret_key == "12345"


def test_from_ini_with_an_application_that_is_given(write):
    app = Flask("sample")
    legacy_config = PylonsConfig({"site.title": "own", "debug": False})

    def legacy(environ, start_response):
        start_response("200 OK", [])
        return [b"given"]

    path = write(INI.replace("legacy_site", "not_there"))
    CompatShim.from_ini(path, app, legacy, legacy_config=legacy_config)
    assert app.test_client().get("/page").text == "given"
    assert legacy_config["site.title"] == "own"
    assert legacy_config["site.limit"] == "10"
    with app.app_context():
        expected = {**EXPECTED, "site.title": "own"}
        assert {key: config[key] for key in expected} == expected


def test_from_ini_without_a_factory_gives_values_only(write):
    app = Flask("sample")
    text = INI.replace("paste.app_factory = legacy_site:make_app", "")
    CompatShim.from_ini(write(text), app)
    assert app.test_client().get("/page").status_code == 404
    with app.app_context():
        assert {key: config[key] for key in EXPECTED} == EXPECTED


def test_from_ini_sets_what_the_flask_application_had_set_itself(write, caplog):
    app = Flask("sample")
    app.config.update(SECRET_KEY="own", DEBUG=False, TESTING=True)
    CompatShim.from_ini(write(INI), app)
    assert (app.config["SECRET_KEY"], app.config["DEBUG"]) == ("12345", True)
    # The file does not set this one.
    assert app.config["TESTING"] is True
    assert not caplog.records


def test_from_ini_keeps_what_the_legacy_application_made_of_a_twin(write):
    def make_app_without_debug(global_conf, **app_conf):
        app = make_app(global_conf, **app_conf)
        app.config["debug"] = False
        return app

    path, app = write(INI), Flask("sample")
    sys.modules["legacy_site"].make_app = make_app_without_debug
    CompatShim.from_ini(path, app)
    assert app.config["DEBUG"] is False


def test_from_ini_of_another_section_with_values_of_the_command_line(write):
    text = INI.replace("[app:main]", "[app:other]").replace(
        "[DEFAULT]\n", "[DEFAULT]\nlang = en\n"
    )
    app = Flask("sample")
    CompatShim.from_ini(write(text), app, name="other", global_conf={"lang": "fr"})
    with app.app_context():
        assert config["lang"] == "fr"


def test_from_ini_twice_for_one_application(write):
    app = Flask("sample")
    CompatShim.from_ini(write(INI), app)
    with pytest.raises(AlreadyInitialisedError):
        CompatShim.from_ini(write(INI), app)


def test_from_ini_of_a_missing_file(tmp_path):
    app = Flask("sample")
    with pytest.raises(IniError, match="No such file"):
        CompatShim.from_ini(tmp_path / "no.ini", app)
    CompatShim(app)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("debug = maybe", "'debug': DEBUG: 'maybe' is neither true nor false"),
        ("TESTING = maybe", "'TESTING': TESTING: 'maybe' is neither"),
        ("USE_X_SENDFILE = maybe", "'USE_X_SENDFILE': 'maybe' is neither"),
    ],
)
def test_value_that_spells_no_truth_names_its_line(write, line, reason):
    path, app = write(f"[app:main]\na = 1\n{line}\n"), Flask("sample")
    with pytest.raises(IniError) as caught:
        CompatShim.from_ini(path, app)
    assert (caught.value.path, caught.value.line) == (str(path), 3)
    assert reason in caught.value.reason


def test_load_ini_sets_every_value_on_its_side(write):
    app, legacy_config = Flask("sample"), PylonsConfig({"site.title": "old"})
    CompatShim(app, legacy_config=legacy_config)
    with app.app_context():
        config.load_ini(write(INI))
        assert {key: config[key] for key in EXPECTED} == EXPECTED
        assert legacy_config["site.title"] == "A 50% site"
        config.load_ini(write("[app:b]\nd = %(e)s\n"), "b", {"e": "f"})
        assert config["d"] == "f"
    assert app.config["DEBUG"] is legacy_config["debug"] is True


def test_load_ini_that_fails_changes_nothing(write):
    app = Flask("sample")
    CompatShim(app)
    with app.app_context():
        before = config.copy()
        with pytest.raises(IniError, match=r"site\.ini:3: "):
            config.load_ini(write("[app:main]\na = 1\ndebug = maybe\n"))
        assert config.copy() == before
