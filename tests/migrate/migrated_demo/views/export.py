"""The catalogue as a CSV file, sent while it is being read."""

from __future__ import annotations

from catalogue import logic
from flask import Blueprint

from compatshim.common import request, streaming_response

blueprint = Blueprint("export", __name__)


@blueprint.get("/export.csv")
def packages():
    return streaming_response(
        logic.csv_lines(request.params.get("q", "")),
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="packages.csv"'},
    )
