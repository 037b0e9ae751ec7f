"""Each name of ``request`` answers exactly as the library it is from."""

from __future__ import annotations

from pathlib import Path
from runpy import run_path

import flask
import pytest
import webob
from werkzeug.test import create_environ

from compatshim.common import request
from compatshim.legacy.controllers.util import Request as PylonsRequest

TABLE = Path(__file__).parents[2] / "docs" / "parity_table.py"
REQUEST = run_path(str(TABLE))["REQUEST"]

# What belongs to the request that is served, and what Werkzeug has deprecated.
NOT_COMPARED = {
    "blueprint",
    "blueprints",
    "body_file_raw",
    "charset",
    "encoding_errors",
    "endpoint",
    "environ",
    "input_stream",
    "is_body_seekable",
    "json_module",
    "routing_exception",
    "url_charset",
    "url_rule",
    "urlargs",
    "urlvars",
    "view_args",
}
# Of these, the objects are compared by what is in them.
CONTENTS = {
    "GET": lambda value: list(value.items()),
    "POST": lambda value: list(value.items()),
    "body_file": lambda value: value.read(),
    "body_file_seekable": lambda value: value.read(),
    "cookies": lambda value: sorted(value.items()),
    "headers": lambda value: sorted((k.title(), v) for k, v in value.items()),
    "params": lambda value: list(value.items()),
    "session": lambda value: None,
    "stream": lambda value: value.read(),
}


def names_of(found, others=()):
    return sorted(
        name
        for name in {*dir(found)} - {*others} - NOT_COMPARED
        if not name.startswith("_")
    )


def make(kind):
    return kind(create_environ(**REQUEST))


def shown(name, value):
    if callable(value) and not hasattr(value, "items"):
        return f"callable {getattr(value, '__name__', type(value).__name__)}"
    text = repr(CONTENTS.get(name, repr)(value))
    return text.partition(" at 0x")[0]


def ask(serve, name):
    path = f"{REQUEST['path']}?{REQUEST['query_string']}"
    others = {
        key: REQUEST[key] for key in REQUEST if key not in ("path", "query_string")
    }

    def send_cookies_as_they_are(site):
        site.client = site.app.test_client(use_cookies=False)

    return serve(
        lambda: shown(name, getattr(request, name)),
        path,
        setup=send_cookies_as_they_are,
        **others,
    ).result


WEBOB = names_of(webob.Request)
# Werkzeug's own names, and Flask's.
WERKZEUG = names_of(make(flask.Request), dir(PylonsRequest))


@pytest.mark.parametrize("name", WEBOB)
def test_name_of_webobs_answers_as_webob(serve, name):
    assert ask(serve, name) == shown(name, getattr(make(webob.Request), name))


@pytest.mark.parametrize("name", WERKZEUG)
def test_name_of_werkzeugs_answers_as_werkzeug(serve, name):
    assert ask(serve, name) == shown(name, getattr(make(flask.Request), name))


def test_every_name_of_both_libraries_is_in_the_table_of_these():
    theirs, own = make(webob.Request), make(flask.Request)
    both = {
        name
        for name in {*dir(webob.Request)} & {*dir(own)} - {"charset"}
        if not name.startswith("_") and not callable(getattr(theirs, name))
    }
    page = TABLE.with_name("parity.md").read_text(encoding="utf-8")
    table = page.partition("\n## `request`\n")[0].splitlines()
    listed = {line.split("`")[1] for line in table if line.startswith("| `")}
    assert both - listed == set()
