"""What replaces a Pylons page of the demo, and one more route beside it."""

from __future__ import annotations

from typing import Any

from compatshim.common import abort, redirect, render, url_for
from compatshim.demo import logic
from compatshim.demo.controllers.base import BaseController
from compatshim_stars import helpers

__all__ = ["StarsController"]


class StarsController(BaseController):
    """``/package/{name}`` with a star, and where the star is given."""

    def read(self, name: str) -> Any:
        package = _package_or_404(name)
        known = set(logic.package_list())
        return render("stars/package_read.html", package=package, known=known)

    def star(self, name: str) -> Any:
        helpers.toggle(_package_or_404(name).name)
        return redirect(url_for("package_read", name=name), code=303)


def _package_or_404(name: str) -> Any:
    try:
        return logic.package_show(name)
    except logic.NotFoundError:
        abort(404)
