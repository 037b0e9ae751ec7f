"""What every controller does before its action."""

from __future__ import annotations

from compatshim.common import abort, config, request
from compatshim.demo import helpers
from compatshim.legacy.controllers import WSGIController

__all__ = ["BaseController"]


class BaseController(WSGIController):
    """Refuse what is too large, and forms that are not from this session."""

    def __before__(self) -> None:
        if request.method != "POST":
            return
        # WebOb reads a body of any size: the limit has to be asked for first.
        if (request.content_length or 0) > config["MAX_CONTENT_LENGTH"]:
            abort(413)
        if not helpers.is_csrf_token(request.POST.get("csrf_token", "")):
            abort(403)
