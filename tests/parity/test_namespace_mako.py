"""``c``, ``g`` and ``tmpl_context`` in Mako templates."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from mako.lookup import TemplateLookup

from compatshim.common import c, render_mako


@pytest.fixture
def draw(serve, write_template, tmp_path):
    """Return a function that renders a template in a view where ``c.name`` is set."""

    def run(text, **options):
        write_template("page.mako", text)
        app_globals = SimpleNamespace(
            mako_lookup=TemplateLookup([str(tmp_path / "templates")]), title="The site"
        )

        def view():
            c.name = "value"
            return render_mako("page.mako")

        options["pylons.app_globals"] = app_globals
        return serve(view, legacy_config=options).result

    return run


@pytest.mark.parametrize("name", ["c", "g", "tmpl_context"])
@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("${%s.name}", "value"),
        ("${%s.title}", "The site"),
        ("${%s.get('name')}|${%s.get('missing', 1)}", "value|1"),
        ("${'name' in %s} ${'missing' in %s}", "True False"),
        ("${','.join(%s)}", "name"),
        ("${vars(%s)['name']}", "value"),
        ("${hasattr(%s, 'name')} ${hasattr(%s, '__html__')}", "True False"),
        ("${%s.setdefault('a', 1)}${%s.a}", "11"),
        ("${%s.pop('name')} ${'name' in %s}", "value False"),
        ("<% %s.new = 1 %>${c.new}${g.new}${tmpl_context.new}", "111"),
        ("<% del %s.name %>${'name' in c}", "False"),
    ],
)
def test_template(draw, name, template, expected):
    assert draw(template.replace("%s", name)) == expected


def test_missing_name_is_an_error_where_c_is_strict(draw):
    with pytest.raises(AttributeError, match="'missing'"):
        draw("${c.missing}")


def test_missing_name_is_empty_where_c_is_lax(draw):
    assert draw("[${c.missing}]", **{"pylons.strict_tmpl_context": False}) == "[]"


def test_missing_name_of_g_is_an_error_where_c_is_lax(draw):
    with pytest.raises(AttributeError, match="'missing'"):
        draw("${g.missing}", **{"pylons.strict_tmpl_context": False})
