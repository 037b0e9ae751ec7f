"""``compatshim.alias`` in an ini file: there before the legacy application is imported."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from flask import Flask

import compatshim.legacy
from compatshim import CompatShim, ini
from compatshim.errors import AliasError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FACTORY = """\
from pylons import config
from pylons.wsgiapp import PylonsApp
from pylons.configuration import PylonsConfig


def make_app(global_conf, **app_conf):
    conf = PylonsConfig()
    conf.init_app(global_conf, app_conf, package="shop")
    return PylonsApp(conf)
"""


@pytest.fixture(autouse=True)
def _no_alias_is_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] == "pylons"]:
        del sys.modules[name]
    sys.modules.pop("legacy_shop", None)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "legacy_shop.py").write_text(FACTORY)
    monkeypatch.syspath_prepend(tmp_path)
    path = tmp_path / "site.ini"
    path.write_text(
        "[app:main]\npaste.app_factory = legacy_shop:make_app\n"
        "compatshim.alias = pylons\n"
    )
    return path


def test_from_ini(path):
    app = Flask("shop")
    CompatShim.from_ini(path, app)
    assert sys.modules["pylons"] is compatshim.legacy
    assert "pylons.wsgiapp" in sys.modules


def test_from_ini_with_an_application_of_its_own(path):
    """What that one imports later finds the alias, too."""
    app = Flask("shop")
    CompatShim.from_ini(path, app, legacy=lambda environ, start_response: [])
    assert __import__("pylons") is compatshim.legacy


def test_loadapp(path):
    app = ini.loadapp(path)
    assert type(app).__name__ == "PylonsApp"


def test_default_section(path):
    path.write_text(
        "[DEFAULT]\ncompatshim.alias = pylons\n"
        "[app:main]\npaste.app_factory = legacy_shop:make_app\n"
    )
    assert type(ini.loadapp(path)).__name__ == "PylonsApp"


def test_reading_values_installs_nothing(path):
    before = list(sys.meta_path)
    assert ini.appconfig(path)["compatshim.alias"] == "pylons"
    assert sys.meta_path == before


def test_name_that_is_taken(path):
    path.write_text(path.read_text().replace("= pylons", "= legacy_shop"))
    with pytest.raises(AliasError, match=r"legacy_shop\.py.*compatshim\.alias"):
        ini.loadapp(path)
