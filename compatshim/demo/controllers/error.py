"""Pages for errors of the legacy side: an error document, as Pylons has them."""

from __future__ import annotations

from typing import Any

from compatshim.common import abort, render, request
from compatshim.demo import helpers
from compatshim.legacy.controllers import WSGIController

__all__ = ["ErrorController"]


class ErrorController(WSGIController):
    """``StatusCodeRedirect`` asks here when a controller has answered with an error."""

    def document(self) -> Any:
        original = request.environ.get("pylons.original_response")
        if original is None:
            abort(404)
        return render(
            "error.html",
            status=original.status_int,
            message=helpers.error_message(original.status_int),
        )
