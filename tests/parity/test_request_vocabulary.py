"""Each name of ``request`` answers exactly as the library it is from."""

from __future__ import annotations

import flask
import pytest
import webob
from werkzeug.test import create_environ

from compatshim.common import request
from compatshim.legacy.controllers.util import Request as PylonsRequest

REQUEST = {
    "path": "/folder/page",
    "base_url": "http://example.org:8080/mount",
    "query_string": "a=1&a=2&b=%C3%A4+x",
    "method": "POST",
    "data": b'{"a": 1}',
    "content_type": "application/json; charset=utf-8",
    "headers": {
        "Accept": "text/html, application/json;q=0.5",
        "Accept-Charset": "utf-8, latin-1;q=0.5",
        "Accept-Encoding": "gzip, br;q=0.2",
        "Accept-Language": "de, en;q=0.5",
        "Access-Control-Request-Method": "PUT",
        "Cache-Control": "max-age=0",
        "Cookie": "a=1; b=2",
        "Date": "Sat, 21 Nov 2026 08:00:00 GMT",
        "If-Match": '"a"',
        "If-Modified-Since": "Sat, 21 Nov 2026 08:00:00 GMT",
        "If-None-Match": '"a"',
        "If-Range": '"a"',
        "If-Unmodified-Since": "Sat, 21 Nov 2026 08:00:00 GMT",
        "Max-Forwards": "3",
        "Origin": "http://example.org",
        "Pragma": "no-cache",
        "Range": "bytes=0-9",
        "Referer": "http://example.org/from",
        "User-Agent": "Browser/1",
        "X-Forwarded-For": "10.0.0.1, 10.0.0.2",
        "X-Requested-With": "XMLHttpRequest",
    },
    "environ_base": {"REMOTE_ADDR": "10.0.0.9", "REMOTE_USER": "ann"},
}

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

    def bring_cookies(site):
        site.client.set_cookie("a", "1", domain="example.org")
        site.client.set_cookie("b", "2", domain="example.org")

    return serve(
        lambda: shown(name, getattr(request, name)), path, setup=bring_cookies, **others
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
