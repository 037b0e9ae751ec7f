"""The files of plugins, served where no route of either side takes the path."""

from __future__ import annotations

import os.path
from typing import TYPE_CHECKING, Any

import flask
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

from compatshim.routing.matching import path_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import WSGIEnvironment
    from flask import Flask, Response

__all__ = ["PublicFiles"]


class PublicFiles:
    """Directories whose files are served at their paths below the site's root.

    Flask answers with them where it would answer "not found" for want of a rule, after
    all ``before_request`` functions, as it does with its own static files.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._directories: list[str] = []

    def add(self, directories: Iterable[str]) -> None:
        """Serve the files of further directories; those added before come first."""
        new = list(directories)
        if new and not self._directories:
            self._dispatch_to_view = self._app.dispatch_request
            self._app.dispatch_request = self._dispatch  # type: ignore[method-assign]
        self._directories += new

    def has(self, environ: WSGIEnvironment) -> bool:
        """Return whether one of the files is asked for.

        Raises ``UnicodeError`` where the path is not UTF-8.
        """
        return self._find(environ) is not None

    def _dispatch(self, *context: Any) -> Any:
        """Stand in for ``Flask.dispatch_request``, which Flask 3.2 gives its context."""
        answer = self._answer()
        return self._dispatch_to_view(*context) if answer is None else answer

    def _answer(self) -> Response | None:
        if not isinstance(flask.request.routing_exception, NotFound):
            return None
        try:
            found = self._find(flask.request.environ)
        except UnicodeError:
            return None
        return None if found is None else flask.send_from_directory(*found)

    def _find(self, environ: WSGIEnvironment) -> tuple[str, str] | None:
        """Return the directory of the file that is asked for, and its path in there."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return None
        name = _file_name(path_text(environ))
        if name is None:
            return None
        for directory in self._directories:
            found = safe_join(directory, name)
            if found is not None and os.path.isfile(found):
                return directory, name
        return None


def _file_name(path: str) -> str | None:
    """Return the relative path of a file, or ``None`` where it may be none.

    As it has an empty segment, or one that begins with a dot: that of a hidden file, or
    one that is about another folder.
    """
    root, *segments = path.split("/")
    if root or any(not segment or segment.startswith(".") for segment in segments):
        return None
    return "/".join(segments)
