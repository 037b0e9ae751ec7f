"""Functions that are served by Flask, by a legacy application, or by both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Flask
from routes import Mapper

from compatshim import CompatShim
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.wsgiapp import PylonsApp

if TYPE_CHECKING:
    from collections.abc import Callable


def build_legacy(**actions: Callable[..., Any]) -> PylonsApp:
    """Return a PylonsApp that serves actions as ``/legacy/{name}``."""
    methods = {name: staticmethod(action) for name, action in actions.items()}
    config = PylonsConfig()
    config.init_app({}, {}, package="sample")
    config["routes.map"] = mapper = Mapper()
    mapper.connect("/legacy/{action}", controller=type("C", (WSGIController,), methods))
    return PylonsApp(config)


def build_app(**actions: Callable[..., Any]) -> Flask:
    """Return a Flask application that serves actions as ``/{side}/{name}``."""
    app = Flask("sample")
    app.secret_key = "for tests"
    for name, action in actions.items():
        app.add_url_rule(f"/flask/{name}", name, action)
    CompatShim(app, legacy=build_legacy(**actions))
    return app
