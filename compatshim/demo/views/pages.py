"""The pages that Flask serves: home, and one that was migrated already."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from compatshim.common import render
from compatshim.demo import logic

__all__ = ["blueprint"]

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def home() -> Any:
    return render(
        "home.html", totals=logic.totals(), recently_edited=logic.recently_edited()
    )


@blueprint.get("/about")
def about() -> Any:
    # Templates still say url_for("about"), as they did when Pylons served it.
    return render("about.html")
