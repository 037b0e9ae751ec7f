"""What is Python in a Genshi template is what Genshi itself says it is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings, strategies as st

from compatshim.migrate.templates import genshi

NAMESPACE = 'xmlns:py="http://genshi.edgewall.org/"'


def ours(text: str) -> list[tuple[str, str]]:
    data = text.encode()

    def meant(code: genshi.Code) -> str:
        return b"".join(
            data[one.start : one.end] if one.meant is None else one.meant
            for one in code
        ).decode()

    found = []
    for part in genshi.parts_of(data):
        if isinstance(part, genshi.Block):
            found.append(("python", data[part.start : part.end].decode().strip()))
        elif isinstance(part, genshi.Directive):
            found.append((part.name, meant(part.code)))
        else:
            found.append(("expression", meant(part.code).strip()))
    return found


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("$x ${y} $$z $", [("expression", "x"), ("expression", "y")]),
        (
            "$a.b.c. ${ {'}': 1}['}'] }",
            [("expression", "a.b.c"), ("expression", "{'}': 1}['}']")],
        ),
        ("${x &lt; 3 &amp;&amp; '&#233;'}", [("expression", "x < 3 && 'é'")]),
        ("<![CDATA[${x &lt; 3}]]>", [("expression", "x &lt; 3")]),
        ("<!-- ${no} --><?php $no ?>", []),
        ("<!-- ${no}", []),
        ("<![CDATA[ ${x}", [("expression", "x")]),
        ("<?python import pylons", [("python", "import pylons</a>")]),
        ("<?python x = 1 ?>", [("python", "x = 1")]),
        ("<?pythonic x = 1 ?>", []),
        (
            "<b title='$x &quot;' id=\"${'>'}\"/>",
            [("expression", "x"), ("expression", "'>'")],
        ),
        ("<b py:if='a\n&gt; b'/>", [("if", "a > b")]),
        ("<py:for each='x in y'>$x</py:for>", [("for", "x in y"), ("expression", "x")]),
        (
            "<py:def function='f(x)' other='$y'/>",
            [("def", "f(x)"), ("expression", "y")],
        ),
    ],
)
def test_parts(inside: str, expected: list[tuple[str, str]]) -> None:
    assert ours(f"<a {NAMESPACE}>{inside}</a>") == expected


def test_another_prefix() -> None:
    text = "<a xmlns:g='http://genshi.edgewall.org/' g:if='x' py:if='$y'/>"
    assert ours(text) == [("if", "x"), ("expression", "y")]


TEXT = st.sampled_from(
    [
        "$name",
        "${name}",
        "${ {'a': '}'}['a'] }",
        "${'$'}",
        "${x &lt; 3}",
        "$$no",
        "$$$name",
        "$",
        "$ name",
        "é &amp; &#36;{name}",
        "<!-- ${no} -->",
        "<b title=\"$name ${'&gt;'}\">x</b>",
        "<![CDATA[${'<'}]]>",
        "<?python name = 'é' ?>",
        "{name}",
        "\n",
    ]
)


def theirs(text: str) -> list[str]:
    template = pytest.importorskip("genshi.template")
    found: list[str] = []

    def walk(events: Any) -> None:
        for kind, data, _ in events:
            if kind is template.base.EXPR or kind is template.MarkupTemplate.EXEC:
                found.append(data.source)
            elif str(kind) == "START":
                for _, value in data[1]:
                    if not isinstance(value, str):
                        walk(value)

    walk(template.MarkupTemplate(text).stream)
    return found


@settings(deadline=None)
@given(st.lists(TEXT, max_size=8).map("".join))
@example("$$$$name")
@example("$name.x.")
def test_as_genshi_reads_it(inside: str) -> None:
    pytest.importorskip("genshi")
    text = f"<a {NAMESPACE}>{inside}</a>"
    try:
        expected = theirs(text)
    except Exception:  # noqa: BLE001 (it is no template of Genshi's)
        return
    assert [code for _, code in ours(text)] == [one.strip() for one in expected]


@pytest.mark.parametrize("opening", ["<!--", "<![CDATA[", "<?python ", "<?php "])
def test_what_is_never_closed_is_looked_for_once(opening: str) -> None:
    assert len(list(genshi.parts_of(opening.encode() * 200_000))) <= 1
