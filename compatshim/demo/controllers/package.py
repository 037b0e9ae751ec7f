"""Packages: the list with its search, a page for each, and the form to edit it."""

from __future__ import annotations

import re
from typing import Any

from compatshim.common import (
    _,
    abort,
    flash,
    redirect,
    render,
    request,
    response,
    url_for,
)
from compatshim.demo import logic
from compatshim.demo.controllers.base import BaseController

__all__ = ["PackageController"]

_EDITABLE = ("summary", "notes", "tags")


class PackageController(BaseController):
    """``/package`` and below, except the attachments, which are migrated."""

    def search(self) -> Any:
        page = logic.package_page(
            request.params.get("q", "").strip(),
            _page_number(request.params.get("page")),
        )
        return render("package_list.html", page=page)

    def read(self, name: str) -> Any:
        package = _package_or_404(name)
        known = set(logic.package_list())
        return render("package_read.html", package=package, known=known)

    def edit(self, name: str) -> Any:
        package = _package_or_404(name)
        form = {
            "summary": package.summary,
            "notes": package.notes,
            "tags": ", ".join(package.tags),
        }
        return render("package_edit.html", package=package, form=form, errors={})

    def update(self, name: str) -> Any:
        package = _package_or_404(name)
        try:
            logic.package_update(name, request.form, request.files.get("attachment"))
        except logic.ValidationError as invalid:
            response.status_code = 422
            form = {field: request.form.get(field, "") for field in _EDITABLE}
            return render(
                "package_edit.html", package=package, form=form, errors=invalid.errors
            )
        flash(_("%(package)s was saved.", package=package.title), "success")
        return redirect(url_for("pages.home"), code=303)


def _package_or_404(name: str) -> Any:
    try:
        return logic.package_show(name)
    except logic.NotFoundError:
        abort(404)


def _page_number(text: str | None) -> int:
    return int(text) if text and re.fullmatch("[0-9]{1,9}", text) else 1
