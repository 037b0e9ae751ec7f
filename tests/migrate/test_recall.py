"""That no import is overlooked, in sources of Python 2 and 3 made of many pieces."""

from __future__ import annotations

import ast
import sysconfig
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings, strategies as st

from compatshim.migrate.catalogue import Catalogue
from compatshim.migrate.examined import Examined
from compatshim.migrate.rules import findings_in
from compatshim.migrate.sources import decode
from compatshim.migrate.syntax import Tree


class Spelling(NamedTuple):
    text: str
    names: tuple[tuple[str, str, str | None], ...]  # module, name, asname


SPELLINGS = [
    Spelling("import pylons", (("pylons", "", None),)),
    Spelling("import pylons as p", (("pylons", "", "p"),)),
    Spelling("import pylons.i18n", (("pylons.i18n", "", None),)),
    Spelling("import os, pylons, sys", (("pylons", "", None),)),
    Spelling("import os;import pylons", (("pylons", "", None),)),
    Spelling("import pylons.config as config", (("pylons", "config", "config"),)),
    Spelling("from pylons import request", (("pylons", "request", None),)),
    Spelling(
        "from pylons import tmpl_context as c", (("pylons", "tmpl_context", "c"),)
    ),
    Spelling(
        "from pylons import (request,  # of the user\n"
        "                    # and\n        response as r,\n)",
        (("pylons", "request", None), ("pylons", "response", "r")),
    ),
    Spelling(
        "from pylons import request, \\\n    session",
        (("pylons", "request", None), ("pylons", "session", None)),
    ),
    Spelling("from pylons \\\n import url", (("pylons", "url", None),)),
    Spelling("from\tpylons\timport\tcache", (("pylons", "cache", None),)),
    Spelling("from pylons . i18n import _", (("pylons.i18n", "_", None),)),
    Spelling("from pylons.i18n import *", (("pylons.i18n", "*", None),)),
    Spelling(
        "from pylons.i18n.translation import lazy_ugettext as _",
        (("pylons.i18n.translation", "lazy_ugettext", "_"),),
    ),
    Spelling("from routes import url_for", (("routes", "url_for", None),)),
    Spelling(
        "from webob.exc import HTTPNotFound", (("webob.exc", "HTTPNotFound", None),)
    ),
    Spelling("from paste.deploy import loadapp", (("paste.deploy", "loadapp", None),)),
    Spelling("import beaker.cache as bc", (("beaker.cache", "", "bc"),)),
    Spelling("from webhelpers.html import tags", (("webhelpers.html", "tags", None),)),
]

PYTHON_2 = [
    'print "x"',
    "print",
    'print "a", b,',
    'print >>sys.stderr, "x" % (a, b)',
    'print("a" "b"), 3',
    "print -1",
    "print (1, 2)[0]",
    "print not x",
    "print lambda: 1",
    'exec "x = 1"',
    'exec "x = 1" in globals(), {}',
    "exec code in d",
    "exec(code)",
    "raise ValueError, 'x'",
    "raise ValueError, 'x', tb",
    "x = `y` + `z.a()`",
    "if x <> y: pass",
    "x = 0777 + 10L + 0xFFL",
    "u = ur'\\d' + u'x'",
    "def f((a, b), c): pass",
    "f = lambda (a, b): a",
    "try:\n    pass\nexcept X, e:\n    print e",
    "try:\n    pass\nexcept (X, Y), e:\n    pass\nelse: pass",
    "async = await = 1",
    "nonlocal = 1",
    "d.has_key(x)",
    "for x in 1, 2: print x",
    "[x for x in 1, 2, 3]",
    "class X: __metaclass__ = Y",
    'assert isinstance(x, basestring), "%s" % x',
    "from __future__ import with_statement",
    "match = case = type = 1",
    "True = 1",
    "None",
    "yield_ = 1",
]
PYTHON_3 = [
    'print("x", file=f)',
    "async def f():\n    await g()",
    "x: int = 3",
    'f"{x!r:>{width}} {y}"',
    "if (y := 1): pass",
    "def f(a, /, b, *, c: int = 1) -> int: ...",
    "match x:\n    case [1, *y]: pass\n    case _: pass",
    "try:\n    pass\nexcept* X as e:\n    pass",
    "raise X from None",
    "with (a as b, c as d): pass",
    "x = *a, *b",
    "type X = int",
    "class X[T]: pass",
    "@a.b[c]\ndef f(): pass",
    "nonlocal_ = 1_000",
    "lambda *, a: a",
]
EITHER = [
    "",
    "# from pylons import nothing",
    '"""A docstring.\n\nfrom here on import nothing.\n"""',
    "x = 'import pylons'",
    "if x:\n    pass\nelif y: pass\nelse:\n    pass",
    "while 1: break",
    "global a, b",
    "x = [\n    1,\n  2,\n]",
    "x = {'a': 1,\n}",
    "@deco\nclass A(object):\n\n    def b(self): return 1",
    "\f",
    "x = r'\\\\'",
    "from . import pylons",
    "from .pylons import request",
    "from ..webob import x",
    "if 1:\n\tx = 1",
]
AROUND = [
    "{}",
    "def f():\n    {}",
    "class A:\n    {}",
    "try:\n    {}\nexcept ImportError:\n    pass",
    "try:\n    pass\nexcept:\n    {}",
    "if x:\n    {}\nelse:\n    pass",
    "if x: pass\nelse:\n    {}",
    "class A:\n    def f(self):\n        if x:\n            {}",
    "with x:\n    {}",
    "for x in y:\n\t{}",
]


def _indented(around: str, text: str) -> str:
    line = around.partition("{}")[0].rpartition("\n")[2]
    return around.format(text.replace("\n", f"\n{line}"))


def _sources(python: list[str]) -> st.SearchStrategy[list[str | Spelling]]:
    pieces = st.sampled_from(python + EITHER)
    return st.lists(
        st.one_of(
            pieces,
            st.tuples(st.sampled_from(AROUND), st.sampled_from(SPELLINGS)).map(
                lambda pair: Spelling(_indented(pair[0], pair[1].text), pair[1].names)
            ),
        ),
        min_size=1,
        max_size=12,
    )


def _key(name: tuple[str, str, str | None]) -> tuple[str, str, str]:
    return name[0], name[1], name[2] or ""


def _imported(text: str, newline: str) -> list[tuple[str, str, str | None]]:
    data = text.replace("\n", newline).encode()
    examined = Examined(decode("a.py", data), Catalogue(), "a.py")
    kinds = ("import", "from-import")
    names = [
        (one.module, one.name, one.asname)
        for one in findings_in(examined)
        if one.kind in kinds
    ]
    return sorted(names, key=_key)


def _check(pieces: list[str | Spelling], newline: str) -> None:
    text = "\n".join(
        piece if isinstance(piece, str) else piece.text for piece in pieces
    )
    expected = [
        name for piece in pieces if isinstance(piece, Spelling) for name in piece.names
    ]
    assert _imported(text, newline) == sorted(expected, key=_key)


NEWLINES = st.sampled_from(["\n", "\r\n", "\r"])


@settings(deadline=None, max_examples=300)
@given(_sources(PYTHON_2), NEWLINES)
def test_python_2(pieces: list[str | Spelling], newline: str) -> None:
    _check(pieces, newline)


@settings(deadline=None, max_examples=300)
@given(_sources(PYTHON_3), NEWLINES)
def test_python_3(pieces: list[str | Spelling], newline: str) -> None:
    _check(pieces, newline)


# Real sources, and Python's own parser. What they import stands for legacy packages.

STANDARD = Path(sysconfig.get_path("stdlib"))
WORDS = ("os", "sys", "re", "collections", "email", "asyncio", "typing")


def _by_ast(text: bytes) -> list[tuple[int, str, str, str | None]]:
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, one.name, "", one.asname) for one in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            found += [
                (node.lineno, node.module, one.name, one.asname) for one in node.names
            ]
    return [one for one in found if one[1].partition(".")[0] in WORDS]


@pytest.mark.parametrize(
    "folder", ["asyncio", "email", "http", "importlib", "json", "unittest", "xml"]
)
def test_the_standard_library(folder: str) -> None:
    words = [word.encode() for word in WORDS]
    for path in sorted((STANDARD / folder).rglob("*.py")):
        source = decode(str(path), path.read_bytes())
        tree = Tree(source.text)
        found = [
            (source.position(one.start)[0], name.module, name.name, name.asname)
            for one in tree.imports(words)
            for name in one.names
            if not one.level and name.module.partition(".")[0] in WORDS
        ]
        assert not tree.errors
        assert sorted(found, key=str) == sorted(_by_ast(source.text), key=str), path
