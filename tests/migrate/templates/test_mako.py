"""What is Python in a Mako template is what Mako's own lexer says it is."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import assume, example, given, settings, strategies as st
from mako import lexer
from mako.exceptions import MakoException
from mako.pygen import adjust_whitespace

from compatshim.migrate.templates import mako

Part = tuple[Any, ...]


class _Node:
    """Stands for one of Mako's nodes, which would compile its code."""

    lineno = pos = 0

    def __init__(self, keyword: str) -> None:
        self.keyword = keyword


class _Lexer(lexer.Lexer):
    """Mako's lexer, which only notes what it finds."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.found: list[Part] = []

    def append_node(self, nodecls: Any, *args: Any, **_kwargs: Any) -> None:
        name = nodecls.__name__
        if name == "Tag":
            keyword, attributes = args
            if ":" not in keyword and keyword not in TAGS:
                raise MakoException(keyword)
            self.tag.append(_Node(keyword))
            self.found.append(("tag", keyword, attributes))
        elif name == "Code":
            text, of_module = args
            self.found.append(("block", text, of_module))
        elif name == "Expression":
            self.found.append(("expression", *args))
        elif name == "ControlLine":
            keyword, is_end, text = args
            self.found.append(("line", text))
            if is_end:
                self.control_line.pop()
            elif keyword in COMPOUND:
                self.control_line.append(_Node(keyword))


COMPOUND = {"for", "if", "try", "while", "with"}
TAGS = {"block", "call", "def", "include", "inherit", "namespace", "page", "text"}


def theirs(text: str) -> tuple[list[Part], bool]:
    """Return what Mako finds, and whether it can read all of it."""
    reading = _Lexer(text)
    try:
        reading.parse()
    except MakoException:
        return reading.found, False
    return reading.found, True


def ours(text: str) -> tuple[list[Part], bool]:
    data = text.encode()
    found: list[Part] = []
    for part in mako.parts_of(data):
        if isinstance(part, mako.Unreadable):
            return found, False
        if isinstance(part, mako.Tag):
            attributes = {
                name: data[start:end].decode().replace("\r\n", "\n")
                for name, (start, end) in part.attributes.items()
            }
            found.append(("tag", part.name, attributes))
        elif isinstance(part, mako.Block):
            code = data[part.start : part.end].decode()
            found.append(("block", adjust_whitespace(code) + "\n", part.of_module))
        elif isinstance(part, mako.Expression):
            code = data[part.start : part.end].decode().replace("\r\n", "\n")
            filters = data[part.filters_start : part.filters_end].decode()
            found.append(("expression", code, filters.strip()))
        elif isinstance(part, mako.ControlLine):
            found.append(("line", data[part.start : part.end].decode()))
    return found, True


# Older versions take "</%a b>" for the end of a tag, and newer ones for text.
_TAKES_BLANKS = not theirs("</%a b>")[1]
_END_TAG = re.compile(r"</%[\t ]*([^\t ]+?)[\t ]*>")
_END_TAG_WITH_BLANKS = re.compile(r"</%[\t ]*(.+?)[\t ]*>")


def check(text: str) -> None:
    if _TAKES_BLANKS:
        assume(_END_TAG.findall(text) == _END_TAG_WITH_BLANKS.findall(text))
    found, is_readable = ours(text)
    expected, is_readable_for_mako = theirs(text)
    assert is_readable == is_readable_for_mako
    if not is_readable:  # the tag that is not closed is the last of theirs
        expected = expected[: len(found)]
    assert found == expected


WHOLE = st.sampled_from(
    [
        "${x}",
        "${x | h, n}",
        "${ {'a': '}'}['a'] | u}",
        "${f(a | b)[1|2]}",
        "${'|'}",
        '${"""}"""}',
        "${x # }\n}",
        "<% x = 1 %>",
        "<%! import é %>",
        "<%\n    x = '%>'\n    y = 2\n%>",
        "<% # %>\n%>",
        "<%x = 1 %>",
        "<%doc> ${no} </%doc>",
        "<%text> ${no} <% no %> </%text>",
        '<%def name="f(a, b=1)">',
        "</%def>",
        "<%block>",
        "</%block>",
        "<%x:y z='${1}'>",
        "</%x:y>",
        '<%inherit file="a.mako"/>',
        "<%namespace name='x'\n  module = \"pylons.i18n\" import='_'/>",
        "<%namespace name='x' file=''/>",
        "<%nothing/>",
        "\n% for x in y:\n",
        "\n  % endfor\n",
        "\n% if x \\\n   and y:\n",
        "\n%endif",
        "\n% else:\n",
        "\n% if x:\n<% y %>\n% endif\n",
        "\n## ${no} <% no %>\n",
        "\n%% ${x}\n",
        "\n   %%% \n",
        "\\\n",
        "# -*- coding: utf-8 -*-\n",
        "## -*- coding: utf-8 -*-\n",
        "text é $ { } % # \" ' <a>",
        "\r\n% x\r\n",
    ]
)
PIECES = st.sampled_from(
    [*"${}<%>/!|#\"'\\ \n\t()[]=,xé", "${", "<%", "%>", "</%", "'''", "def", "name="]
)


@settings(deadline=None)
@given(st.lists(st.one_of(WHOLE, WHOLE, PIECES), max_size=12).map("".join))
@example("${'\\'}'}")
@example('${"a}')
@example("<% '''%>")
@example("% for x in y:\n")
@example("</%def >")
@example("<%def name='a'>")
@example("<%text>${x}")
@example("<%text/>${x}")
@example("<% x")
@example("${x|")
@example("%")
@example("  ##")
def test_as_mako_reads_it(text: str) -> None:
    check(text)


@settings(deadline=None)
@given(st.text("${}<%>/!|#\"'\\ \n()[]=x", max_size=30))
def test_any_text(text: str) -> None:
    check(text)
