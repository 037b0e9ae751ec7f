"""``h`` in Mako templates."""

from __future__ import annotations

import warnings
from types import SimpleNamespace

import pytest
from mako.lookup import TemplateLookup

from compatshim.common import render_mako
from compatshim.deprecation import (
    DeprecatedNameWarning,
    LegacyUrlWarning,
    deprecated,
)
from compatshim.errors import HelperNotFoundError
from compatshim.legacy import templating


@deprecated(use="h.link()")
def old_link(text):
    return f"link {text}"


@pytest.fixture
def site(make_site, tmp_path):
    """A site with a helper of its own, one of the legacy application, and an old one."""
    paths = {"root": str(tmp_path), "templates": [str(tmp_path / "templates")]}
    helpers = SimpleNamespace(upper=str.upper)
    site = make_site(legacy_config={"pylons.paths": paths, "pylons.h": helpers})
    site.shim.helper("lower")(str.lower)
    site.shim.helper(old_link)
    site.add("/page", lambda: render_mako("page.mako"))
    return site


def test_helpers_of_both_sides(site, write_template):
    write_template("page.mako", "${h.upper('a')} ${h['lower']('B')} ${'lower' in h}")
    assert site.open("/page").result == "A b True"


@pytest.mark.parametrize("framework", ["legacy"])
def test_pylons_render_function_has_them_too(site, write_template):
    write_template("page.mako", "${h.upper('a')} ${h['lower']('B')}")
    site.add("/pylons", lambda: templating.render_mako("page.mako"))
    assert site.open("/pylons").result == "A b"


@pytest.mark.parametrize("text", ["${h.lowr('a')}", "${h['lowr']('a')}"])
def test_missing_helper_names_the_nearest(site, write_template, text):
    write_template("page.mako", text)
    with pytest.raises(HelperNotFoundError, match="'lower'"):
        site.open("/page")


def test_template_asks_whether_there_is_a_helper(site, write_template):
    write_template("page.mako", "${hasattr(h, 'lowr')} ${hasattr(h, 'lower')}")
    assert site.open("/page").result == "False True"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\n${h.old_link('x')}", 2),
        ("% if True:\n\n${h['old_link']('x')}\n% endif", 3),
        ("## é\n<%\n    link = h.old_link('x')\n%>\n${link}", 3),
        ("<%def name='link()'>\n${h.old_link('x')}</%def>\n\n${link()}", 2),
        ("\n${capture(h.old_link, 'x')}link x", 2),
    ],
    ids=["plain", "item", "block", "def", "captured"],
)
@pytest.mark.parametrize("file", ["page.mako", "part.mako"])
def test_deprecated_helper_warns_at_the_line_of_the_template(
    site, write_template, tmp_path, text, line, file
):
    write_template("page.mako", "\n\n\n<%include file='part.mako'/>")
    write_template(file, text)
    with pytest.warns(DeprecatedNameWarning) as record:
        assert "link x" in site.open("/page").result
    assert len(record) == 1
    place = str(tmp_path / "templates" / file), line
    assert (record[0].filename, record[0].lineno) == place


def test_line_of_a_template_whose_module_is_on_disk(site, write_template, tmp_path):
    write_template("page.mako", "a\n\n${h.old_link('x')}")
    site.app_globals.mako_lookup = TemplateLookup(
        [str(tmp_path / "templates")], module_directory=str(tmp_path / "modules")
    )
    with pytest.warns(DeprecatedNameWarning) as record:
        site.open("/page")
    assert record[0].filename == str(tmp_path / "templates" / "page.mako")
    assert record[0].lineno == 3


def test_each_line_is_shown_once_where_the_filter_says_so(site, write_template):
    text = "% for i in range(3):\n${h.old_link('x')}\n\n${h.old_link('y')}\n% endfor"
    write_template("page.mako", text)
    with warnings.catch_warnings(record=True) as record:
        warnings.simplefilter("default")
        site.open("/page")
    assert [warning.lineno for warning in record] == [2, 4]


def test_old_name_of_a_route_warns_there_too(site, write_template, tmp_path):
    write_template("page.mako", "a\n\n${url_for('old')}")
    site.shim.alias("old", "new")
    site.add("/new", str, framework="flask", name="new")
    with pytest.warns(LegacyUrlWarning) as record:
        assert "/new" in site.open("/page").result
    assert record[0].filename == str(tmp_path / "templates" / "page.mako")
    assert record[0].lineno == 3
