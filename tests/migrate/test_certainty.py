"""What the audit calls automatic is what the rewriter changes, and nothing else is."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from compatshim.migrate.audit import audit_source
from compatshim.migrate.catalogue import Catalogue
from compatshim.migrate.findings import AUTOMATIC
from compatshim.migrate.rewriting import rewrite_source
from compatshim.migrate.sources import decode

if TYPE_CHECKING:
    from compatshim.migrate.findings import Finding

CATALOGUE = Catalogue()

IMPORTS = [
    "from pylons import request",
    "from pylons import tmpl_context as c, request",
    "from pylons import config as request",
    "from pylons import config, foo",
    "from pylons.i18n import _",
    "from pylons.i18n import *",
    "from pylons.controllers import WSGIController",
    "from pylons import i18n",
    "import pylons",
    "import pylons, os",
    "import pylons as p",
    "import pylons.i18n",
    "import pylons.i18n as p",
    "import pylons.config as config",
    "import routes",
    "from routes import url_for, Mapper",
    "from webob import exc",
    "from other import *",
    "from other import request",
    "from flask import request as c",
    "from compatshim.common import request",
    "from pylons import request  # compatshim: ignore",
    "import compatshim.legacy",
]
USES = [
    "request.x",
    "f(pylons.request, c)",
    "pylons.request.x = 1",
    "pylons.i18n._('x')",
    "pylons.tmpl_context.x, pylons.foo, config",
    "p.request, p.set_lang('de')",
    "pylons.config  # compatshim: ignore[CS102]",
    "i18n._('x'), routes.url_for('x'), exc.HTTPOk",
    "f'{pylons.request!r:>{config}}'",
    "compatshim.legacy.request",
    "lambda request: pylons.request",
    "[pylons.request for request in x]",
    "(request := pylons.session)",
    "def g(x=pylons.request, c: pylons.url = 1) -> pylons.config: pass",
    "class A(pylons.request): pass",
    "pylons = pylons",
    "g(pylons)",
    "mock.patch('pylons.request')",
    "mock.patch.object(pylons, 'request', 1)",
    "register(pylons.request, 1)",
    "request._current_obj()",
    "locals()",
    "'''\n>>> pylons.request\n'''",
    "match pylons.request:\n    case pylons.url: pass\n    case A(x=pylons.config): pass",
]
PYTHON_2 = [
    "print pylons.request, request",
    "print >>pylons.request, `pylons.url`",
    "exec 'x' in pylons.config",
    "raise X, pylons.url",
    "try: pass\nexcept pylons.foo, request: pass",
    "try: pass\nexcept X, pylons.request: pass",
    "x = `request`",
]
BINDINGS = [
    "request = 1",
    "pylons.request = 1",
    "pylons.request, x = 1, 2",
    "[x, (pylons.request)] = 1, 2",
    "x, *pylons.request = 1, 2",
    "for pylons.request in x: pass",
    "for x, pylons.request in x: pass",
    "with x as pylons.request: pass",
    "with x as (pylons.request, c): pass",
    "[0 for pylons.request in x]",
    "pylons.request += 1",
    "pylons.request: int = 1",
    "pylons.request: int",
    "del pylons.request",
    "del (x, pylons.request)",
    "del request",
    "global request",
    "for c in x: pass",
    "def request(): pass",
    "import request",
    "def broken(:",
]
HEADS = [
    "def f():",
    "def f(request):",
    "async def f(x=pylons.request):",
    "class A:",
    "if x:",
    "try:",
    "with x:",
    "for x in y:",
]


def _indented(text: str) -> list[str]:
    return [f"    {line}" for line in text.split("\n")]


@st.composite
def sources(draw: st.DrawFn) -> str:
    piece = st.sampled_from([*IMPORTS, *IMPORTS, *USES, *USES, *BINDINGS, *PYTHON_2])
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 5))):
        if draw(st.booleans()):
            lines += draw(piece).split("\n")
            continue
        head = draw(st.sampled_from(HEADS))
        lines.append(head)
        for _ in range(draw(st.integers(1, 3))):
            lines += _indented(draw(piece))
        if head == "try:":
            lines += ["except ImportError:", *_indented(draw(piece))]
    return "\n".join(lines) + "\n"


def _findings(data: bytes) -> list[Finding]:
    return list(audit_source(decode("a.py", data), CATALOGUE, "a.py").findings)


def _told(findings: list[Finding]) -> Counter[tuple[str, ...]]:
    return Counter(
        (one.kind, one.module, one.name, one.asname or "", one.function)
        for one in findings
    )


def _check(data: bytes) -> None:
    found = _findings(data)
    after = rewrite_source(decode("a.py", data), CATALOGUE).data
    left = [one for one in found if one.fix != AUTOMATIC]
    assert _told(_findings(after)) == _told(left), after.decode("utf-8", "replace")


@settings(deadline=None, max_examples=500, suppress_health_check=[HealthCheck.too_slow])
@given(sources(), st.sampled_from(["\n", "\r\n", "\r"]))
def test_what_is_automatic_is_what_the_rewriter_changes(
    source: str, newline: str
) -> None:
    _check(source.replace("\n", newline).encode())


@pytest.mark.parametrize("statement", IMPORTS)
@pytest.mark.parametrize("head", ["", "class A:", "def f():", "try:"])
def test_each_import_with_each_use(head: str, statement: str) -> None:
    for piece in (*USES, *BINDINGS, *PYTHON_2):
        lines = [statement, *piece.split("\n")]
        if head:
            lines = [head, *_indented("\n".join(lines))]
        if head == "try:":
            lines += ["except ImportError:", "    pass"]
        _check("\n".join([*lines, ""]).encode())


@pytest.mark.parametrize(
    "encoding", ["utf-7", "iso-2022-jp", "hz", "cp932", "gbk", "koi8-r", "utf-8-sig"]
)
def test_encodings(encoding: str) -> None:
    text = f"# coding: {encoding}\nx = '+AOk-'\nfrom pylons import request\nrequest\n"
    _check(text.encode("ascii"))
