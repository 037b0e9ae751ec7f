"""What is kept of a request's body while both libraries may read it, and its end."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

__all__ = ["CopiedBody", "close_files", "close_uploads"]

_IN_MEMORY = 500 * 1024  # bytes, as Werkzeug keeps an upload


class CopiedBody(SpooledTemporaryFile[bytes]):
    """A copy of a request body: in memory or, if it is long, in a file that goes with it."""

    def __init__(self) -> None:
        super().__init__(max_size=_IN_MEMORY)

    def __del__(self) -> None:
        self.close()


def close_uploads(environ: WSGIEnvironment) -> None:
    """Close the uploads of a form that WebOb has parsed; WebOb leaves them open."""
    fields, _ = environ.pop("webob._parsed_post_vars", (None, None))
    for field in fields.values() if fields else ():
        file: Any = getattr(field, "file", None)
        if file is not None:
            file.close()


def close_files(environ: WSGIEnvironment) -> None:
    """Close what was opened to read the body of a request, at its end."""
    close_uploads(environ)
    body = environ.get("wsgi.input")
    if isinstance(body, CopiedBody):
        body.close()
