"""What replaces a Flask page of the demo."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from compatshim.common import render

__all__ = ["make_blueprint"]


def make_blueprint() -> Blueprint:
    """Return the blueprint; each application gets one of its own."""
    blueprint = Blueprint("stars", __name__)

    @blueprint.get("/about")
    def about() -> Any:
        return render("stars/about.html")

    return blueprint
