"""Download of attachments: migrated, below the still legacy ``/package``."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, send_file

from compatshim.common import abort, app_globals
from compatshim.demo import logic

__all__ = ["blueprint"]

blueprint = Blueprint("attachments", __name__)


@blueprint.get("/package/<name>/attachment")
def download(name: str) -> Any:
    try:
        attachment = logic.package_show(name).attachment
    except logic.NotFoundError:
        abort(404)
    if attachment is None:
        abort(404)
    # Whatever the file claims to be, it is saved and never shown as a page of ours.
    return send_file(
        app_globals.store.attachment_path(attachment),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=attachment.filename,
    )
