"""Legacy names in Mako templates: the template's own line is told."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import mako.lookup
import pytest
from mako.template import Template

import compatshim.legacy
from compatshim.deprecation import recorder

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = """\
<%! import pylons %>
% if True:
    ${pylons.config is None}
% endif
<%
    from pylons import url
%>
"""


@pytest.fixture
def _alias(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    compatshim.legacy.install_alias()
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] == "pylons"]:
        del sys.modules[name]


@pytest.mark.usefixtures("_alias")
def test_line_of_a_template(tmp_path):
    (tmp_path / "page.html").write_text(PAGE)
    lookup = mako.lookup.TemplateLookup([str(tmp_path)])
    recorder.clear()
    for _ in range(2):
        assert lookup.get_template("page.html").render().split() == ["False"]
    assert sorted(
        (use.site.code, use.site.name, use.site.filename, use.site.line, use.count)
        for use in recorder.uses()
    ) == [
        ("CS101", "pylons.url", str(tmp_path / "page.html"), 6, 2),
        ("CS102", "pylons.config", str(tmp_path / "page.html"), 3, 2),
    ]


MODULE = """\
A page, and below it what runs when its module is made.
<%!
    import pylons

    from pylons import url

    def debug():
        return pylons.config is None

    there = debug()
%>
${there} ${debug()}
<%! import pylons.i18n as i18n %>
"""
OF_MODULE = [
    ("CS101", "pylons.i18n", 13),
    ("CS101", "pylons.url", 5),
    ("CS102", "pylons.config", 8),
]


def lines_told():
    return sorted(
        (use.site.code, use.site.name, use.site.line) for use in recorder.uses()
    )


@pytest.mark.parametrize("has_module_directory", [True, False])
@pytest.mark.usefixtures("_alias")
def test_line_of_what_runs_when_the_module_is_made(tmp_path, has_module_directory):
    page = tmp_path / "page.html"
    page.write_text(MODULE)
    directory = tmp_path / "made" if has_module_directory else None
    for _ in range(2):  # compiled, and read from the directory where there is one
        recorder.clear()
        lookup = mako.lookup.TemplateLookup([str(tmp_path)], module_directory=directory)
        assert lookup.get_template("page.html").render().split()[-2:] == ["False"] * 2
        assert lines_told() == OF_MODULE
        assert {use.site.filename for use in recorder.uses()} == {str(page)}


@pytest.mark.usefixtures("_alias")
def test_line_of_what_runs_when_the_module_of_a_text_is_made():
    recorder.clear()
    Template(MODULE).render()  # noqa: S702 (nothing to escape)
    assert lines_told() == OF_MODULE
    assert {use.site.filename for use in recorder.uses()} == {"<template>"}


@pytest.mark.usefixtures("_alias")
def test_imports_of_all_templates_are_told_at_the_first_line(tmp_path):
    (tmp_path / "page.html").write_text("A page")
    recorder.clear()
    lookup = mako.lookup.TemplateLookup(
        [str(tmp_path)], imports=["from pylons import url"]
    )
    lookup.get_template("page.html").render()
    assert lines_told() == [("CS101", "pylons.url", 1)]
