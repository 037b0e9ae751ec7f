"""The catalogue as a CSV file, sent while it is being read."""

from __future__ import annotations

from typing import Any

from compatshim.common import request, streaming_response
from compatshim.demo import logic
from compatshim.demo.controllers.base import BaseController

__all__ = ["ExportController"]


class ExportController(BaseController):
    """``/export.csv``: all packages, or those that a search finds."""

    def packages(self) -> Any:
        return streaming_response(
            logic.csv_lines(request.params.get("q", "")),
            mimetype="text/csv",
            headers={"Content-Disposition": 'attachment; filename="packages.csv"'},
        )
