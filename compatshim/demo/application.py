"""The two halves and how they are joined: start reading here."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask_babel import Babel
from routes import Mapper
from werkzeug.exceptions import HTTPException

from compatshim import CompatShim
from compatshim.common import render, request
from compatshim.demo import helpers
from compatshim.demo.middleware import AddHeaders
from compatshim.demo.scan import ScannedPackage, scan
from compatshim.demo.store import Store
from compatshim.demo.views import api, attachments, pages
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.middleware import StatusCodeRedirect
from compatshim.legacy.wsgiapp import PylonsApp
from compatshim.plugins import installed_plugins

if TYPE_CHECKING:
    from collections.abc import Iterable


__all__ = ["MAX_UPLOAD", "create_app"]

MAX_UPLOAD = 2_000_000

# Pylons' own way to pages for errors: a second request, to ErrorController.
_ERRORS_WITH_A_PAGE = (400, 403, 404, 413)

_PLUGINS = frozenset({"stars"})


class Globals:
    """What the whole application shares: ``app_globals`` under both frameworks."""

    def __init__(self, store: Store) -> None:
        self.store = store


def create_app(
    folder: Path | str,
    packages: Iterable[ScannedPackage] | None = None,
    plugins: Iterable[str] | None = None,
) -> Flask:
    """Return the demo, with its data in ``folder``, which is made if need be.

    ``packages`` are what is installed on this machine, and ``plugins`` those of
    ``examples/`` that are, unless given.
    """
    folder = Path(folder)  # a command can name it in text only
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    store = Store(folder)
    store.refresh(scan() if packages is None else packages)

    app = _make_flask_app(_secret_key(folder))
    if plugins is None:  # others on this machine are for other sites
        plugins = _PLUGINS.intersection(installed_plugins())
    app.config["COMPATSHIM_PLUGINS"] = list(plugins)
    config = _make_legacy_config(Globals(store))
    legacy_app = StatusCodeRedirect(PylonsApp(config), errors=_ERRORS_WITH_A_PAGE)
    shim = CompatShim(app, legacy=legacy_app, legacy_config=config)
    # Pylons served this page once. Who still asks for it by its old name gets the new.
    shim.alias("about", "pages.about")
    # Middleware put around the application now covers both sides.
    app.wsgi_app = AddHeaders(app.wsgi_app)  # type: ignore[method-assign]
    return app


def _make_flask_app(secret_key: str) -> Flask:
    app = Flask("compatshim.demo")
    app.config.update(
        SECRET_KEY=secret_key,
        SESSION_COOKIE_NAME="catalogue_session",
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=MAX_UPLOAD,
    )
    Babel(app, locale_selector=helpers.current_language)
    for module in (pages, api, attachments):
        app.register_blueprint(module.blueprint)
    app.register_error_handler(HTTPException, _error_page)
    return app


def _make_legacy_config(app_globals: Globals) -> PylonsConfig:
    here = os.path.dirname(__file__)
    config = PylonsConfig()
    config.init_app(
        {},
        {},
        package="compatshim.demo",
        paths={
            "root": here,
            "controllers": os.path.join(here, "controllers"),
            "templates": [os.path.join(here, "templates")],
            "static_files": os.path.join(here, "static"),
        },
    )
    config["routes.map"] = _make_map()
    config["pylons.app_globals"] = app_globals
    config["pylons.h"] = helpers
    return config


def _make_map() -> Mapper:
    routes = Mapper()
    routes.minimization = False
    reading = {"method": ["GET", "HEAD"]}
    writing = {"method": ["POST"]}

    package = {"controller": "package"}
    routes.connect(
        "package_list", "/package", **package, action="search", conditions=reading
    )
    edit = "/package/{name}/edit"
    routes.connect("package_edit", edit, **package, action="edit", conditions=reading)
    routes.connect("package_save", edit, **package, action="update", conditions=writing)
    routes.connect(
        "package_read", "/package/{name}", **package, action="read", conditions=reading
    )
    routes.connect(
        "package_export",
        "/export.csv",
        controller="export",
        action="packages",
        conditions=reading,
    )
    routes.connect(
        "language",
        "/language",
        controller="language",
        action="switch",
        conditions=writing,
    )
    routes.connect("error", "/error/document", controller="error", action="document")
    return routes


def _secret_key(folder: Path) -> str:
    """Return the key that signs the sessions of this folder; make it the first time."""
    path = folder / "secret_key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        key = secrets.token_hex(32)
        file.write(key)
    return key


def _error_page(error: HTTPException) -> Any:
    """Answer an error of either framework: in JSON for the API, else as a page."""
    status = error.code or 500
    if request.path.startswith("/api/"):
        return api.api_error(status, error.description or error.name)
    message = helpers.error_message(status)
    return render("error.html", status=status, message=message), status
