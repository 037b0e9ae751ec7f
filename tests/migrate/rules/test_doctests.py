from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Look = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            [">>> from pylons import request", ">>> request.x", "1"],
            ["pylons:request .request assisted"],
        ),
        (
            [">>> import pylons", "text", "", ">>> if x:", "...     pylons.url"],
            ["pylons: - manual", "pylons:url .url assisted"],
        ),
        (
            [">>> from webob import Request"],
            ["webob:Request - manual"],
        ),
    ],
)
@pytest.mark.parametrize(
    "around",
    ['"""\n{}\n"""\n', 'def f():\n    """{}\n    """\n', "x = r'''\n\t{}\n'''\n"],
)
def test_found(look: Look, around: str, lines: list[str], expected: list[str]) -> None:
    indent = around.partition("{}")[0].rpartition("\n")[2]
    space = indent if indent.isspace() else "    " * ("def" in around)
    source = around.format(f"\n{space}".join(lines))
    if indent.endswith('"""'):
        source = source.replace('"""', f'"""\n{space}', 1)
    assert look(source) == [f"CS109 string {one}" for one in expected]


def test_three_dots_are_no_example(look: Look) -> None:
    assert look('"""For example:\n\n    ... import pylons\n"""\n') == []


def test_their_places(look: Look) -> None:
    from compatshim.migrate.catalogue import Catalogue
    from compatshim.migrate.examined import Examined
    from compatshim.migrate.rules import findings_in
    from compatshim.migrate.sources import decode

    text = (
        "class A:\n"
        '    """\n'
        "    é\n"
        "    >>> import os\n"
        "    >>> from pylons import (request,\n"
        "    ...     url)\n"
        '    """\n'
    )
    examined = Examined(decode("a.py", text.encode()), Catalogue(), "a.py")
    found = findings_in(examined)
    assert [(one.line, one.column, one.end_line) for one in found] == [
        (5, 13, 6),
        (5, 29, 6),
    ]
    spans = [examined.source.text[one.start : one.end] for one in found]
    assert sorted(spans) == [b"request", b"url"]
    assert {one.function for one in found} == {"A"}


@pytest.mark.parametrize(
    "source",
    [
        '"""\nfrom pylons import request\n"""',
        '"""\n>>> from mine import pylons\n"""',
        "# >>> from pylons import request",
        '"""\n>>> x\nfrom pylons import request\n"""',
    ],
)
def test_not_found(look: Look, source: str) -> None:
    assert look(source) == []
