"""Write docs/parity.md: every attribute of the common objects, and whose it is.

``python docs/parity_table.py`` writes the page; tests/test_parity_table.py holds it to
what the objects have. What a person has to say about a name stands in the tables below.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import flask
import webob
from flask.sessions import SecureCookieSession
from routes import Mapper
from werkzeug.test import create_environ

from compatshim import CompatShim
from compatshim.common import c, config, request, response, session
from compatshim.errors import HTTP_EXCEPTIONS, CompatShimError
from compatshim.legacy.configuration import DispatchingConfig, PylonsConfig
from compatshim.legacy.controllers.util import (
    Request as PylonsRequest,
    Response as PylonsResponse,
)
from compatshim.legacy.wsgiapp import PylonsApp
from compatshim.objects.request import Request
from compatshim.objects.twins import TWINS
from compatshim.testing import legacy_request_context

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LONGEST = 80  # characters of a repr in a table
PAGE = Path(__file__).with_name("parity.md")

OBJECTS: dict[str, Any] = {
    "request": request,
    "response": response,
    "session": session,
    "c": c,
    "config": config,
}

# The request of the first table; tests/parity/test_request_vocabulary.py serves it.
REQUEST: dict[str, Any] = {
    "path": "/stra\xdfe/a b",
    "base_url": "http://example.org:80/mount",
    "query_string": "q=1&q=2",
    "method": "POST",
    "data": b"[1]",
    "content_type": "application/json; charset=utf-8",
    "headers": {
        "Accept": "text/html, application/json;q=0.5",
        "Accept-Charset": "utf-8, latin-1;q=0.5",
        "Accept-Encoding": "gzip, br;q=0.2",
        "Accept-Language": "de, en;q=0.5",
        "Access-Control-Request-Method": "PUT",
        "Authorization": "Basic c2FyYTpzZWNyZXQ=",
        "Cache-Control": "max-age=0",
        "Cookie": "a=1",
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
        "Referer": "http://example.org/",
        "User-Agent": "Browser/1",
        "X-Forwarded-For": "10.0.0.1, 10.0.0.2",
        "X-Requested-With": "XMLHttpRequest",
    },
    "environ_base": {"REMOTE_ADDR": "10.0.0.9", "REMOTE_USER": "ann"},
}

# Where an attribute is on one side only, or answers differently there, and why.
DIFFERENCES = {
    "request": {
        "body_file_raw": "the server's own stream until the body is read; a POSTed form"
        " is read on the legacy side to find `_method`",
        "input_stream": "as `body_file_raw`",
        "is_body_seekable": "as `body_file_raw`",
        "blueprint": "the part of `endpoint` before its last dot: it changes with the name"
        " of what serves",
        "blueprints": "as `blueprint`",
        "endpoint": "on the legacy side the name of the route, or `controller.action`",
        "route_dict": "as `urlvars`",
        "tmpl_context": "on the legacy side only, where Pylons puts it: use `c`",
        "url_rule": "on the legacy side a rule made of the route, which is in no"
        " `url_map`; its endpoint is that of `endpoint`",
        "urlvars": "on the legacy side with Routes' `controller` and `action`; use"
        " `view_args` for the arguments alone. Routes gives text, Flask what the"
        " converter made of it",
    },
    "response": {},
    "session": {},
    "c": {},
    "config": {},
}


def public(names: Iterable[str]) -> list[str]:
    return sorted(name for name in names if not name.startswith("_"))


def site() -> flask.Flask:
    """Return a site of both frameworks, with one route of each."""
    app = flask.Flask("parity")
    app.secret_key = "parity"  # noqa: S105 (nothing is served)
    app.add_url_rule("/flask/<name>", "page", lambda name: name)
    legacy_config = PylonsConfig()
    paths = {"root": ".", "templates": [], "static_files": None}
    legacy_config.init_app({}, {}, package="parity", paths=paths)
    mapper = Mapper()
    mapper.connect("page", "/legacy/{name}", controller="pages", action="page")
    legacy_config["routes.map"] = mapper
    legacy_config["pylons.app_globals"] = SimpleNamespace()
    CompatShim(app, legacy=PylonsApp(legacy_config))
    return app


def contexts() -> dict[str, Any]:
    """Return a context manager for a request of each framework."""
    app = site()
    return {
        "flask": app.test_request_context("/flask/a?b=1"),
        "legacy": legacy_request_context(app, "/legacy/a?b=1"),
    }


def candidates(proxy: Any) -> set[str]:
    """Return every name that the object behind ``proxy`` may have."""
    if proxy is response:
        return set(public(dir(PylonsResponse)))
    found = proxy._get_current_object()
    names = {*dir(type(found)), *getattr(found, "__dict__", ())}
    if proxy is request:
        names |= {*dir(webob.Request), *dir(request.werkzeug_request)}
        names |= set(request.environ.get("webob.adhoc_attrs", ()))
    if proxy is session:
        names |= set(dir(found._session))  # noqa: SLF001 (what it wraps)
    if proxy is config:
        names |= {*dir(PylonsConfig), *dir(DispatchingConfig), *dir(flask.Config)}
    return set(public(names))


def answers(proxy: Any, name: str) -> bool:
    """Return whether there is such an attribute; one that refuses its use is there."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            getattr(proxy, name)
    except AttributeError:
        return False
    except (*HTTP_EXCEPTIONS, CompatShimError, RuntimeError, TypeError, ValueError):
        return True
    return True


def attributes() -> dict[str, dict[str, set[str]]]:
    """Return the names of each object that answer under each framework."""
    found: dict[str, dict[str, set[str]]] = {name: {} for name in OBJECTS}
    wanted: dict[str, set[str]] = {name: set() for name in OBJECTS}
    for context in contexts().values():
        with context:
            for name, proxy in OBJECTS.items():
                wanted[name] |= candidates(proxy)
    for framework, context in contexts().items():
        with context:
            for name, proxy in OBJECTS.items():
                names = {n for n in wanted[name] if answers(proxy, n)}
                found[name][framework] = names
    return found


def owner_of_request_name(name: str) -> str:
    is_werkzeugs = name in dir(flask.Request(create_environ()))
    if name in vars(Request) and is_werkzeugs and not hasattr(PylonsRequest, name):
        return "Flask" if name in vars(flask.Request) else "Werkzeug"
    if hasattr(webob.Request, name):
        return "WebOb (Werkzeug has it, too)" if is_werkzeugs else "WebOb"
    if is_werkzeugs:
        return "Flask" if name in vars(flask.Request) else "Werkzeug"
    return "compatshim" if name == "werkzeug_request" else "Pylons"


def owner_of_response_name(name: str) -> str:
    if hasattr(webob.Response, name):
        return "WebOb"
    return "Pylons" if hasattr(PylonsResponse, name) else "compatshim"


def owner_of_session_name(name: str) -> str:
    if hasattr(dict, name):
        return "Python's dict"
    if hasattr(SecureCookieSession(), name):
        return "Flask"
    return "compatshim" if name in ("check_before_saving", "stands_for") else "Beaker"


def owner_of_config_name(name: str) -> str:
    if hasattr(dict, name):
        return "Python's dict"
    for owner, kind in (("Pylons", PylonsConfig), ("Pylons", DispatchingConfig)):
        if name in vars(kind):
            return owner
    return "Flask" if hasattr(flask.Config, name) else "compatshim"


OWNERS = {
    "request": owner_of_request_name,
    "response": owner_of_response_name,
    "session": owner_of_session_name,
    "c": lambda _: "flask.g",
    "config": owner_of_config_name,
}


def shared_names() -> Iterator[tuple[str, str, str]]:
    """Yield the names of both libraries with what each says of one request."""
    theirs = flask.Request(create_environ(**REQUEST))
    ours = Request(create_environ(**REQUEST))
    for name in public({*dir(webob.Request)} & {*dir(theirs)}):
        if owner_of_request_name(name) == "Werkzeug":
            continue
        value = getattr(ours, name)
        if not callable(value) or hasattr(value, "items"):
            said, meant = shown(value), shown(getattr(theirs, name))
            yield name, said, "the same" if said == meant else meant


def shown(value: Any) -> str:
    text = repr(value)
    is_short = " at 0x" not in text and len(text) < LONGEST
    return text if is_short else f"{type(value).__name__} object"


def cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def code(text: str) -> str:
    return text if text in ("the same", "") else f"`{cell(text)}`"


def rows(lines: Iterable[Iterable[str]]) -> Iterator[str]:
    for line in lines:
        yield f"| {' | '.join(line)} |"


def table(heads: tuple[str, ...], lines: Iterable[Iterable[str]]) -> Iterator[str]:
    yield from rows([heads, ["---"] * len(heads)])
    yield from rows(lines)
    yield ""


def object_table(name: str, found: dict[str, set[str]]) -> Iterator[str]:
    names = sorted(found["flask"] | found["legacy"])
    differences = DIFFERENCES[name]
    lines = [
        (
            f"`{attribute}`",
            OWNERS[name](attribute),
            cell(differences.get(attribute, "")),
        )
        for attribute in names
    ]
    yield from table(("attribute", "answers as", "difference between the sides"), lines)


HEAD = """\
# What the common objects have

This page is generated by `docs/parity_table.py`, and a test holds it to what the objects
have. Every attribute answers alike under Flask and under the legacy framework, but for
those where the last column says something else.

A name of WebOb's has WebOb's semantics under both, and a name of Werkzeug's or Flask's has
theirs. A name that both libraries have answers as WebOb, since shared code begins as
legacy code; the next table shows where that matters. `flask.request` itself is never
changed.

## Names of `request` that WebOb and Werkzeug both have

For `POST /mount/straße/a b?q=1&q=2` to `example.org:80`, with JSON in the body:
"""

NOTES = {
    "request": """\
- A form is parsed once, by Werkzeug's parser, whoever serves: uploads are `FileStorage`
  objects with the names of `cgi.FieldStorage` (and instances of both), and `POST` lists
  its fields before its uploads. `Content-Transfer-Encoding` of a part is not undone.
- `get_data()`, `body` and `body_file` have the whole body also after a form was read.
  `data` is empty for a form, as Werkzeug's.
- What cannot be decoded is a 400 for WebOb's names (WebOb itself would put U+FFFD into
  `POST`), and what could be read for Werkzeug's. More than `MAX_CONTENT_LENGTH`,
  `MAX_FORM_MEMORY_SIZE` or `MAX_FORM_PARTS` allow is a 413 for both.
- Where Flask itself has parsed a form before the common object was asked (an extension
  that reads `flask.request.form` in `before_request`), the form and its uploads are there,
  but `body` raises `NotForwardedError`, and what was broken is not noticed.
- Werkzeug's names say what the client sent, also after something was assigned to one of
  WebOb's (`request.method = "PUT"`).
- In a function copied by `copy_current_context`, what was not read of the body before
  raises `BodyNotReadError`; a posted form of a legacy route always was.""",
    "response": """\
- What a Flask view states itself wins: the members of a tuple, and the status and headers
  of a returned response. Headers that it lacks are added, cookies accumulate. A legacy
  controller that returns a response of its own is treated alike.
- `Cache-Control` and `Pragma` of `pylons.response_options` read alike; Flask sends them
  only where they were changed.
- A body that was set is that of a view which returns `None`, and comes before returned
  text, as in Pylons. Beside a result with a body of its own (a response, a stream, JSON) it
  would be lost: that is a `NotForwardedError`. What is set on `pylons.response` itself is
  dropped, as in Pylons. A view that returns `None` without one is an empty page of a legacy
  controller, and Flask's own `TypeError`.
- An exception's answer and an error handler's have what was set but for the body, also where
  the view returns the exception; the page of an unexpected exception has the cookies only.
- Once the response has begun, while a body streams or in teardown functions, it is read
  only: setting anything is a `NotForwardedError`. It shows what was sent; the body of a
  stream reads as empty. `pylons.response` itself stays as it is in Pylons.
- What a function of `before_request` or `after_request` raises by `abort` or `redirect` is
  answered, as in `__before__` and `__after__`; raised by `flask.abort` in `after_request` it
  stays Flask's 500.""",
    "session": """\
See [Sessions](sessions.md). `created` and `last_accessed` are `None` unless the session
interface keeps them (Beaker's does); `accessed` is Flask's `bool`, not Beaker's method.""",
    "c": """\
`c`, `g`, `tmpl_context` and `flask.g` are one namespace. Reading an attribute falls back to
`app_globals`; `get`, `in`, iteration, `del`, `pop` and `vars()` are about the names that were
set in this request, as those of `flask.g`. `flask.g` itself has no fallback. Inside an
application context that code pushes by hand they are that context's under Flask, and the
request's under the legacy framework.""",
    "config": """\
See [Configuration](configuration.md). Inside an application context that code pushes by
hand it is that application's under Flask, and the request's under the legacy framework.

These keys are one value under two names:""",
}


def render() -> str:
    """Return the text of the page."""
    found = attributes()
    shared = [
        (f"`{name}`", code(said), code(meant)) for name, said, meant in shared_names()
    ]
    lines = [HEAD, *table(("name", "answers, as WebOb", "Werkzeug would say"), shared)]
    for name in OBJECTS:
        lines += [f"## `{name}`", "", NOTES[name], ""]
        if name == "config":
            lines += twins_table()
        lines += object_table(name, found[name])
    return "\n".join(lines).rstrip() + "\n"


def twins_table() -> Iterator[str]:
    lines = [(f"`{legacy}`", f"`{key}`") for legacy, key in TWINS.items()]
    yield from table(("legacy key", "Flask's key"), lines)


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
