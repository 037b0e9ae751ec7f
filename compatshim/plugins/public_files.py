"""The files of plugins, served where no route of either side takes the path."""

from __future__ import annotations

import os.path
from typing import TYPE_CHECKING

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

    Flask answers with them where it would answer "not found" for want of a rule.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._directories: list[str] = []

    def add(self, directories: Iterable[str]) -> None:
        """Serve the files of further directories; those added before come first."""
        new = list(directories)
        if new and not self._directories:
            self._app.before_request(self._answer)
        self._directories += new

    def has(self, environ: WSGIEnvironment) -> bool:
        """Return whether one of the files is asked for.

        Raises ``UnicodeError`` where the path is not UTF-8.
        """
        path, method = path_text(environ), environ["REQUEST_METHOD"]
        return self._directory_of(path, method) is not None

    def _directory_of(self, path: str, method: str) -> str | None:
        if method not in {"GET", "HEAD"}:
            return None
        for directory in self._directories:
            found = safe_join(directory, path[1:])
            if found is not None and os.path.isfile(found):
                return directory
        return None

    def _answer(self) -> Response | None:
        request = flask.request
        if not isinstance(request.routing_exception, NotFound):
            return None
        directory = self._directory_of(request.path, request.method)
        if directory is None:
            return None
        return flask.send_from_directory(directory, request.path[1:])
