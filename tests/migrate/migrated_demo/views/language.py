"""The language switch: a choice that is kept in the session."""

from __future__ import annotations

from catalogue import helpers
from flask import Blueprint

from compatshim.common import abort, redirect, request, session

blueprint = Blueprint("language", __name__)


@blueprint.post("/language")
def switch():
    if not helpers.is_csrf_token(request.POST.get("csrf_token", "")):
        abort(403)
    language = request.POST.get("language")
    if language not in helpers.LANGUAGES:
        abort(400)
    session["language"] = language
    _go(helpers.local_path(request.POST.get("return_to", "")))


def _go(target):
    return redirect(target, code=303)
