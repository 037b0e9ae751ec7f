"""The demo when its last controller is gone, and the common objects are still used."""

from __future__ import annotations

import os
from pathlib import Path

from catalogue import helpers
from catalogue.middleware import AddHeaders
from catalogue.scan import scan
from catalogue.store import Store
from catalogue.views import api, attachments, export, language, packages, pages
from flask import Flask
from flask_babel import Babel
from werkzeug.exceptions import HTTPException

from compatshim import CompatShim
from compatshim.common import config, render, request

MAX_UPLOAD = 2_000_000


def create_app(folder, packages_here=None):
    """Return the demo, with its data in ``folder``."""
    store = Store(Path(folder))
    store.refresh(scan() if packages_here is None else packages_here)
    app = Flask("catalogue", root_path=os.path.dirname(__file__))
    app.extensions["catalogue.store"] = store
    app.config.update(
        SECRET_KEY="a secret of the tests",
        SESSION_COOKIE_NAME="catalogue_session",
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=MAX_UPLOAD,
    )
    Babel(app, locale_selector=helpers.current_language)
    for module in (pages, api, attachments, packages, language, export):
        app.register_blueprint(module.blueprint)
    app.register_error_handler(HTTPException, _error_page)
    app.context_processor(lambda: {"helpers": helpers})
    CompatShim(app)
    app.wsgi_app = AddHeaders(app.wsgi_app)
    return app


def _error_page(error):
    status = error.code or 500
    if request.path_info.startswith("/api/"):
        return api.api_error(status, error.description or error.name)
    message = helpers.error_message(status)
    limit = str(config["MAX_CONTENT_LENGTH"])
    page = {"status": status, "message": message}
    return render("error.html", **page), status, {"X-Limit": limit}
