"""The functions of the documentation, where one after the request runs alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from compatshim import CompatShim
from compatshim.common import abort

DOCS = Path(__file__).parents[2] / "docs"
_FIRST_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(
    ("page", "header", "value"),
    [
        ("hooks.md", "X-User", "anonymous"),
        ("recipes/request-id.md", "X-Request-ID", "-"),
    ],
)
def test_functions_after_the_request_do_without_those_before(page, header, value):
    app = Flask("documented")
    names = {"__name__": "documented", "app": app, "shim": CompatShim(app)}
    block = _FIRST_BLOCK.search((DOCS / page).read_text(encoding="utf-8"))[1]
    exec(block, names)
    app = names["app"]  # of the page, where it makes one

    @app.url_value_preprocessor
    def refuse(endpoint, values):
        abort(404)

    try:
        answer = app.test_client().get("/dataset/7")
    finally:
        app.logger.handlers.clear()  # loggers are for the whole process
    assert (answer.status_code, answer.headers[header]) == (404, value)


@pytest.mark.parametrize("page", ["README.md", "docs/hooks.md"])
def test_reader_is_warned_of_what_extensions_do_not_cover(page):
    """That is where a reader looks for ``before_request``."""
    text = " ".join((DOCS.parent / page).read_text(encoding="utf-8").split())
    warning = re.search(r"CSRF protection[^:]*?security headers[^.]*\.", text)
    assert warning is not None
    assert re.search("not cover legacy routes", warning[0])
