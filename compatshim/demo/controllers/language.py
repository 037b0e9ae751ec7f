"""The language switch: a choice kept in the session that both frameworks share."""

from __future__ import annotations

from typing import Any

from compatshim.common import abort, redirect, request, session
from compatshim.demo import helpers
from compatshim.demo.controllers.base import BaseController

__all__ = ["LanguageController"]


class LanguageController(BaseController):
    """``POST /language``."""

    def switch(self) -> Any:
        language = request.POST.get("language")
        if language not in helpers.LANGUAGES:
            abort(400)
        session["language"] = language
        target = helpers.local_path(request.POST.get("return_to", ""))
        return redirect(target, code=303)
