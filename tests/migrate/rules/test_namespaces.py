from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Look = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (
            '<%namespace module="pylons.i18n" import="_, ungettext"/>',
            ["pylons.i18n:_ ._ assisted", "pylons.i18n:ungettext .ungettext assisted"],
        ),
        (
            "<%namespace\n  import='*' module='webhelpers.html.tags'/>",
            ["webhelpers.html.tags:* - manual"],
        ),
        ('<%namespace name="p" module="pylons"/>', ["pylons: - manual"]),
        (
            '<%namespace name="p" module="pylons" import="config"/>',
            ["pylons:config .config manual"],
        ),
        (
            '<%namespace module="pylons" import="tmpl_context"/>',
            ["pylons:tmpl_context .c manual"],
        ),
    ],
)
def test_found(look: Look, template: str, expected: list[str]) -> None:
    found = look(template, path="page.mako")
    assert found == [f"CS114 template {one}" for one in expected]


@pytest.mark.parametrize(
    "template",
    [
        '<%namespace name="pylons" file="pylons.mako"/>',
        '<%namespace module="mine.pylons" import="x"/>',
        '<%namespace module="compatshim.common" import="_"/>',
        '## <%namespace module="pylons" import="c"/>',
        '<%include file="pylons"/>',
    ],
)
def test_not_found(look: Look, template: str) -> None:
    assert look(template, path="page.mako") == []
