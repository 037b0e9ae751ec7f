"""``render_mako`` gives the same page under either framework."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from mako.lookup import TemplateLookup
from markupsafe import Markup

from compatshim.common import c, render_mako, render_mako_def


@pytest.fixture
def draw(serve, write_template, tmp_path):
    """Return what a function renders in a view, with ``page.mako`` as given."""

    def run(text, function, path="/page?a=1&a=2"):
        write_template("page.mako", text)
        lookup = TemplateLookup(
            [str(tmp_path / "templates")], default_filters=["h"], input_encoding="utf-8"
        )
        app_globals = SimpleNamespace(mako_lookup=lookup, title="The site")
        options = {"pylons.app_globals": app_globals}
        return serve(function, path, legacy_config=options).result

    return run


@pytest.mark.parametrize(
    "function",
    [
        lambda: render_mako("page.mako", {"a": "<i>"}),
        lambda: render_mako("page.mako", extra_vars={"a": "<i>"}),
        lambda: render_mako("page.mako", a="<i>"),
    ],
    ids=["by position", "pylons", "flask"],
)
def test_variables_in_either_style(draw, function):
    page = draw("<b>${a}</b>", function)
    assert page == Markup("<b>&lt;i&gt;</b>")
    assert isinstance(page, Markup)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("${request.path}", "/page"),
        ("${request.params['a']} ${request.args['a']}", "2 1"),
        ("${c.user} ${g.user} ${tmpl_context.user}", "sara sara sara"),
        ("${c.title} ${app_globals.title}", "The site The site"),
        ("${config['pylons.package']}", "sample"),
        ("${url('/b')} ${_('text')}", "/b text"),
    ],
)
def test_common_objects(draw, template, expected):
    def view():
        c.user = "sara"
        return render_mako("page.mako")

    assert draw(template, view) == expected


def test_def_of_a_template(draw):
    text = '<%def name="item(name)">${name}: ${request.path}</%def>not this'
    page = draw(text, lambda: render_mako_def("page.mako", "item", name="<a>"))
    assert page == "&lt;a&gt;: /page"
