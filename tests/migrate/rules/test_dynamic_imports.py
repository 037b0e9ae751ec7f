from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compatshim.migrate.audit import audit_source
from compatshim.migrate.catalogue import Catalogue
from compatshim.migrate.sources import decode

if TYPE_CHECKING:
    from collections.abc import Callable

    Look = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("__import__('pylons')", "pylons: - manual"),
        ("x = __import__('pylons.i18n', {}, {}, ['_'])", "pylons.i18n: - manual"),
        ("importlib.import_module('pylons')", "pylons: - manual"),
        ("import_module('webob.exc')", "webob.exc: - manual"),
        ("import_module('pylons').request", "pylons:request .request assisted"),
        ('__import__(u"pylons").request.x', "pylons:request .request assisted"),
        ("print __import__('pylons').url", "pylons:url .url assisted"),
        ("__import__(name='pylons')", "pylons: - manual"),
        ("import_module(package=x, name='pylons.i18n')", "pylons.i18n: - manual"),
        ("pytest.importorskip('pylons').url", "pylons:url .url assisted"),
        (
            "from importlib import import_module as im\nim('pylons')",
            "pylons: - manual",
        ),
        # What it gives is the outermost package, as long as no names are asked for.
        ("__import__('pylons').i18n._", "pylons.i18n:_ ._ assisted"),
        ("__import__('pylons.i18n').i18n._", "pylons.i18n:_ ._ assisted"),
        ("__import__('pylons.i18n').request", "pylons:request .request assisted"),
        ("__import__('pylons.i18n', fromlist=['_'])._", "pylons.i18n:_ ._ assisted"),
        ("__import__('pylons.i18n', g, l, ['_'], -1)._", "pylons.i18n:_ ._ assisted"),
        ("import_module('pylons.i18n')._", "pylons.i18n:_ ._ assisted"),
    ],
)
def test_found(look: Look, source: str, expected: str) -> None:
    assert look(source) == [f"CS107 import {expected}"]


@pytest.mark.parametrize(
    "source",
    [
        "__import__(name)",
        "__import__('mine.pylons')",
        "import_module('.pylons', 'mine')",
        "__import__('pylons %s' % x)",
        "__import__(f'pylons.{x}')",
        "f('pylons')",
        "__import__(x, 'pylons')",
        "import_module(package='pylons', name=x)",
        "import_module as im; f('pylons')",
    ],
)
def test_not_found(look: Look, source: str) -> None:
    assert look(source) == []


REQUEST = "CS107 string pylons:request .request assisted"
MODULE = "CS107 string pylons: - manual"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("exec 'import pylons'", [MODULE]),
        ("exec u'import pylons' in d", [MODULE]),
        ("exec('from pylons import request', d)", [REQUEST]),
        ("exec 'import pylons\\nprint pylons.request' in d", [MODULE, REQUEST]),
        ("exec 'import pylons; pylons.request'", [MODULE, REQUEST]),
        ("exec '''\n  if x:\n    import pylons\n''' in d", [MODULE]),
        ("exec('from pylons import request\\n'\n    'import os')", [REQUEST]),
        ("eval('__import__(\"pylons\").request')", [REQUEST]),
        ("exec(compile('import pylons', '<code>', 'exec'))", [MODULE]),
        ("exec(textwrap.dedent('''\n    import pylons\n'''))", [MODULE]),
    ],
)
def test_code_that_is_run(look: Look, source: str, expected: list[str]) -> None:
    assert look(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "x = 'import pylons'",
        "f('import pylons')",
        "exec 'x = 1'; 'import pylons'",
        "exec 'x = \"import pylons\"'",
        "exec 'import mine.pylons'",
        "exec r'print \"\\\\nimport pylons\"'",
        "textwrap.dedent('import pylons')",
        "re.compile('pylons')",
    ],
)
def test_text_that_is_no_code(look: Look, source: str) -> None:
    assert look(source) == []


def test_the_place_of_code_in_a_string() -> None:
    text = "def f():\n    exec '''\n  é; import os\n  from pylons import url\n'''\n"
    found = audit_source(decode("a.py", text.encode()), Catalogue(), "a.py").findings
    assert [(one.line, one.column, one.function) for one in found] == [(4, 22, "f")]
    (start, end) = found[0].start, found[0].end
    assert text.encode()[start:end] == b"url"
