"""Packages: the list with its search, a page for each, and the form to edit it."""

from __future__ import annotations

import re

from catalogue import helpers, logic
from flask import Blueprint

from compatshim.common import (
    _,
    abort,
    c,
    flash,
    redirect,
    render,
    request,
    session,
    url,
    url_for,
)

blueprint = Blueprint("packages", __name__)

_EDITABLE = ("summary", "notes", "tags")


@blueprint.before_request
def check_form():
    """Refuse forms that are not from this session."""
    c.token = request.POST.get("csrf_token", "")
    if request.method == "POST" and not helpers.is_csrf_token(c.token):
        abort(403, detail=_("This form has expired."))


@blueprint.get("/package")
def search():
    page = logic.package_page(
        request.params.get("q", "").strip(), _page_number(request.GET.get("page"))
    )
    return render("package_list.html", page=page)


@blueprint.get("/package/<name>")
def read(name):
    # Each visitor's last pages, in a list that the session has to be told of.
    session.setdefault("seen", []).append(name)
    session.save()
    package = _package_or_404(name)
    known = set(logic.package_list())
    return render("package_read.html", package=package, known=known)


@blueprint.get("/package/<name>/edit")
def edit(name):
    package = _package_or_404(name)
    form = {
        "summary": package.summary,
        "notes": package.notes,
        "tags": ", ".join(package.tags),
    }
    return render("package_edit.html", package=package, form=form, errors={})


@blueprint.post("/package/<name>/edit")
def save(name):
    package = _package_or_404(name)
    try:
        logic.package_update(name, request.form, request.files.get("attachment"))
    except logic.ValidationError as invalid:
        form = {field: request.form.get(field, "") for field in _EDITABLE}
        return (
            render(
                "package_edit.html", package=package, form=form, errors=invalid.errors
            ),
            422,
        )
    flash(_("%(package)s was saved.", package=package.title), "success")
    return redirect(url_for("pages.home"), code=303)


@blueprint.get("/last")
def last():
    if not session.get("seen"):
        redirect(url("packages.search"))
    return {"seen": session["seen"], "agent": request.user_agent, "xhr": request.is_xhr}


def _package_or_404(name):
    try:
        return logic.package_show(name)
    except logic.NotFoundError:
        abort(404)


def _page_number(text):
    return int(text) if text and re.fullmatch("[0-9]{1,9}", text) else 1
