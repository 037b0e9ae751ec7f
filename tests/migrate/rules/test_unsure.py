from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compatshim.migrate.audit import audit_source
from compatshim.migrate.catalogue import Catalogue
from compatshim.migrate.sources import decode

if TYPE_CHECKING:
    from collections.abc import Callable

    Look = Callable[..., list[str]]

BROKEN = "def f(:\n"


@pytest.mark.parametrize(
    "source",
    [
        f"{BROKEN}    from pylons import request\nrequest",
        f"from pylons import request\n{BROKEN}    request",
        f"from pylons import request\n\n{BROKEN}    request",
        "x = (\nfrom pylons import request\nrequest",
        "from pylons import request; ) x\nrequest",
        "from pylons import (request\nx = 1\nrequest",
    ],
)
def test_next_to_what_cannot_be_parsed(look: Look, source: str) -> None:
    (found,) = [one for one in look(source) if ":request" in one]
    assert "CS112" in found
    assert ".request manual" in found


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "from pylons import request, tmpl_context as c # x",
            [
                "CS112 from-import pylons:request .request manual",
                "CS112 from-import pylons:tmpl_context as c .c manual",
            ],
        ),
        ("from pylons.i18n import *", ["CS112 from-import pylons.i18n:* - manual"]),
        ("import os, pylons", ["CS112 import pylons: - manual"]),
        ("import webob.exc", ["CS112 import webob.exc: - manual"]),
        (
            "from pylons import (  # of\n    url,  # (old)\n    config as d,\n)",
            [
                "CS112 from-import pylons:url .url manual",
                "CS112 from-import pylons:config as d .config manual",
            ],
        ),
        (
            "from pylons import url, \\\n    config",
            [
                "CS112 from-import pylons:url .url manual",
                "CS112 from-import pylons:config .config manual",
            ],
        ),
        ("from pylons import (url", ["CS112 from-import pylons:url .url manual"]),
        ("from pylons import", ["CS112 from-import pylons: - manual"]),
        ("from .pylons import request", []),
        ("import os", []),
        ("from mine import pylons", []),
    ],
)
def test_swallowed_by_a_string(look: Look, line: str, expected: list[str]) -> None:
    assert look(f"x = '''\n\n\n{line}\n\n") == expected


def test_its_lines_are_those_of_the_import() -> None:
    text = b"x = '''\n\n\nfrom pylons import (url,\n    config)\n\n"
    found = audit_source(decode("a.py", text), Catalogue(), "a.py").findings
    assert [(one.line, one.end_line) for one in found] == [(4, 5), (4, 5)]


def test_a_use_that_cannot_be_parsed(look: Look) -> None:
    assert look("import pylons\n\n\n\nexec pylons.config", "CS112") == [
        "CS112 attribute pylons:config .config manual"
    ]


@pytest.mark.parametrize(
    "source",
    [
        "'''\nfrom pylons import request\n'''",
        "# from pylons import request",
        f"from pylons import request\nrequest\n\n\n\n{BROKEN}    pass",
        f"# import pylons\n\n\n\n{BROKEN}    'import pylons'",
        "from pylons import request\nprint request",
        "from pylons import request\nexec 'x' in d; `request`",
    ],
)
def test_sure(look: Look, source: str) -> None:
    assert not any("CS112" in one for one in look(source))
