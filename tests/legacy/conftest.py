"""Small builders: a configuration, an application, a request, a catalogue."""

from __future__ import annotations

import struct

import pytest
import webob
from routes import Mapper

from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.wsgiapp import PylonsApp


class AppGlobals:
    """An application's globals without anything on them."""


def build_config(**options):
    config = PylonsConfig()
    config.init_app({}, {}, package="sample")
    config["pylons.app_globals"] = AppGlobals()
    config.update(options)
    return config


def build_app(controller=None, *routes, **options):
    """Return an application that serves ``/{action}`` by ``controller``.

    ``routes`` are the arguments of ``Mapper.connect`` for further ones, matched first.
    """
    mapper = Mapper()
    for args, kwargs in routes:
        mapper.connect(*args, **kwargs)
    if controller is not None:
        mapper.connect("/{action}", controller=controller)
        mapper.connect("/{action}/{item}", controller=controller)
    return PylonsApp(build_config(**{"routes.map": mapper, **options}))


def build_controller(function, **members):
    """Return a controller whose action ``index`` is ``function``."""
    return type("IndexController", (WSGIController,), {"index": function, **members})


def serve_action(function, path="/index", members=None, options=None, **request):
    """Return the response of an application whose only action is ``function``."""
    app = build_app(build_controller(function, **(members or {})), **(options or {}))
    return webob.Request.blank(path, **request).get_response(app)


def write_catalogue(root, lang, messages, package="sample"):
    """Write a compiled catalogue, as msgfmt would."""
    messages = {"": "Content-Type: text/plain; charset=UTF-8\n", **messages}
    pairs = sorted((key.encode(), text.encode()) for key, text in messages.items())
    count, strings = len(pairs), b""
    table = {0: b"", 1: b""}
    for column in (0, 1):
        for pair in pairs:
            offset = 28 + 16 * count + len(strings)
            table[column] += struct.pack("<II", len(pair[column]), offset)
            strings += pair[column] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, 0)
    folder = root / "i18n" / lang / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / f"{package}.mo").write_bytes(head + table[0] + table[1] + strings)


@pytest.fixture
def make_config():
    return build_config


@pytest.fixture
def make_app():
    return build_app


@pytest.fixture
def make_controller():
    return build_controller


@pytest.fixture
def serve():
    return serve_action


@pytest.fixture
def translated(make_config, tmp_path):
    """A configuration with catalogues for French and German."""
    write_catalogue(
        tmp_path,
        "fr",
        {
            "Hello": "Bonjour",
            "file\0files": "fichier\0fichiers",
            "menu\4Open": "Ouvrir",
            "menu\4tab\0tabs": "onglet\0onglets",
        },
    )
    write_catalogue(tmp_path, "de", {"Hello": "Hallo", "Bye": "Tschüss"})
    return make_config(**{"pylons.paths": {"root": str(tmp_path)}})
