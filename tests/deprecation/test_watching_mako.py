"""Legacy names in Mako templates: the template's own line is told."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import mako.lookup
import pytest

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
