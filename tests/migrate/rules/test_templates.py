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
    ("template", "expected"),
    [
        (
            "<%! from pylons import request %>${request}",
            ["pylons:request .request assisted +CS101"],
        ),
        (
            "<%!\nfrom pylons import tmpl_context as c\nimport os\n%>${c.x}",
            ["pylons:tmpl_context as c .c assisted +CS101"],
        ),
        (
            "<%! import pylons %>\n% if pylons.config['x']:\n% endif\n",
            [
                "pylons: - assisted +CS104",
                "pylons:config .config assisted +CS102",
            ],
        ),
        (
            "<%def name='f(x=1)'>\n  <%\n    import pylons\n  %>\n"
            "${f('%s' % pylons.c.x, {'a': 1}) | n, h}\n</%def>",
            ["pylons: - assisted +CS104", "pylons:c .c assisted +CS102"],
        ),
        (
            "<% import pylons %><%inherit file='${pylons.c.base}'/>",
            ["pylons: - assisted +CS104", "pylons:c .c assisted +CS102"],
        ),
        (
            "<% from webhelpers.html import literal %>${literal(1)}",
            ["webhelpers.html:literal - manual +CS106"],
        ),
        (
            "<% from pylons import c %><% c = 1 %>${c}",
            ["pylons:c .c assisted +CS101"],
        ),
        ("<% from pylons import * %>", ["pylons:* - manual +CS105"]),
        (
            "<% from pylons import c %>${c.x( }",
            ["pylons:c .c manual +CS101 +CS112"],
        ),
        ("<% x = __import__('pylons').c %>", ["pylons:c .c assisted +CS107"]),
        (
            "<%\n  try:\n    from pylons import c\n  except E, e:\n    print c\n%>",
            ["pylons:c .c assisted +CS101"],
        ),
    ],
)
def test_mako(look: Look, template: str, expected: list[str]) -> None:
    found = look(template, path="page.mako")
    assert found == [f"CS113 template {one}" for one in expected]


@pytest.mark.parametrize(
    "template",
    [
        "from pylons import request",
        "## <% from pylons import request %>",
        "<%doc><% from pylons import request %></%doc>",
        "<%text><% from pylons import request %></%text>",
        "<% from mine import pylons %>${pylons.request}",
        "<% # from pylons import request\n%>",
        "<%! from compatshim.common import request %>",
        "## compatshim: ignore\n<%! from pylons import request %>",
        "  ## compatshim: ignore[CS113]\n<%! from pylons import request %>",
        "<%!\n  from pylons import request  # compatshim: ignore[CS113]\n%>",
        "<% from pylons import request %><%doc># compatshim: ignore</%doc>",
    ],
)
def test_not_in_mako(look: Look, template: str) -> None:
    assert look(template, path="page.mako") == []


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (
            "<a><?python\n  from pylons import request\n  import pylons ?>"
            "<b py:if='pylons.c.x &lt; 1' class='$pylons.c.y'>${request.x}</b></a>",
            [
                "pylons:request .request assisted +CS101",
                "pylons: - assisted +CS104",
                "pylons:c .c assisted +CS102",
                "pylons:c .c assisted +CS102",
            ],
        ),
    ],
)
@pytest.mark.parametrize("path", ["page.html", "page.xml", "page.genshi"])
def test_genshi(look: Look, path: str, template: str, expected: list[str]) -> None:
    found = look(template, path=path)
    assert found == [f"CS113 template {one}" for one in expected]


def test_not_in_genshi(look: Look) -> None:
    template = "<a><!-- <?python from pylons import c ?> --><?php import pylons ?></a>"
    assert look(template, path="page.genshi") == []


def test_language_by_content(look: Look) -> None:
    mako = "<% from pylons import c %>${c}"
    for path in ("a.html", "a.HTM", "a.xml", "a.txt", "a.tmpl", "a.mak"):
        assert look(mako, path=path) == [
            "CS113 template pylons:c .c assisted +CS101"
        ], path
    assert look("from pylons import c", path="notes.txt") == []
    assert look("{% from 'pylons' import c %}", path="a.html") == []


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_its_places(newline: str, encoding: str) -> None:
    lines = [
        f"## -*- coding: {encoding} -*-",
        "<p>é</p> <%def name='tell(é)'>",
        "é <%",
        "      from pylons import (request,",
        "          url)",
        "   %></%def>",
        "<%! import pylons %> é ${ pylons.c.x + pylons.c.é }",
    ]
    data = newline.join(lines).encode(encoding)
    source = decode("a.mako", data)
    found = audit_source(source, Catalogue(), "a.mako").findings
    places = [(one.line, one.column, one.end_line, one.function) for one in found]
    assert places == [
        (4, 11, 5, "tell"),
        (4, 27, 5, "tell"),
        (7, 12, 7, ""),
        (7, 27, 7, ""),
        (7, 40, 7, ""),
    ]
    spans = [source.text[one.start : one.end].decode() for one in found]
    assert sorted(spans) == ["pylons", "pylons.c", "pylons.c", "request", "url"]


def test_what_cannot_be_read_is_told() -> None:
    for template, reason in (
        (
            "\n<% from pylons import c",
            "line 2 cannot be read as Mako: <% is not closed",
        ),
        (
            "<% from pylons import c %>\n${x( }",
            "line 2 cannot be read as Mako: ${ is not closed",
        ),
        ("<% from pylons import c %>\n${x y}", "line 2 cannot be parsed"),
        (
            "<% from pylons import c %>\n</%def>",
            "line 2 cannot be read as Mako: </%def> closes what is not open",
        ),
        (
            "<% from pylons import c %>\n% if x:\n",
            "line 3 cannot be read as Mako: % if has no end",
        ),
        (
            "<% from pylons import c %>\n<%nix/>",
            "line 2 cannot be read as Mako: there is no tag <%nix>",
        ),
        (
            "<% from pylons import c %>\n% endif\n",
            "line 2 cannot be read as Mako: % endif ends what has not begun",
        ),
    ):
        data = template.encode()
        audit = audit_source(decode("a.mako", data), Catalogue(), "a.mako")
        assert [one.reason for one in audit.unreadable] == [reason]
        assert {one.fix for one in audit.findings} <= {"manual"}


def test_what_may_be_no_template_is_not_complained_of() -> None:
    data = b"<%= pylons.each do |x| %>"
    assert audit_source(decode("a.html", data), Catalogue(), "a.html").unreadable == ()
