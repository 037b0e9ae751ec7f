"""Catalogues of plugins, after those of the site, on both sides."""

from __future__ import annotations

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask_babel import Babel

from compatshim.common import _
from compatshim.plugins import hookimpl


@pytest.fixture
def catalogue(tmp_path):
    """Return a function that writes a German catalogue; returns its folder's path."""

    def write(folder, domain, **messages):
        found = Catalog(locale="de")
        for message, translation in messages.items():
            found.add(message, translation)
        path = tmp_path / folder / "de" / "LC_MESSAGES" / f"{domain}.mo"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_mo(file, found)
        return tmp_path / folder

    return write


def plugin(result):
    class Plugin:
        @hookimpl
        def compatshim_translations(self):
            return result

    return Plugin()


def test_translations_of_plugins(make_page, catalogue):
    catalogue("translations", "messages", sun="Sonne")
    texts = catalogue("stars", "stars", sun="plugin", star="Stern")
    further = catalogue("more", "one", star="second", moon="Mond"), "one"
    again = catalogue("more", "two", planet="Planet"), "two"
    site = make_page(lambda: " ".join(map(_, ["sun", "star", "moon", "planet", "sky"])))
    Babel(site.app, default_locale="de")
    site.shim.register_plugin(plugin((texts, "stars")), name="first")
    site.shim.register_plugin(plugin([further, again]), name="second")
    assert site.text("/page") == "Sonne Stern Mond Planet sky"
