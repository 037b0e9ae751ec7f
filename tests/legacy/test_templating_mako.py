"""Mako templates in a legacy application that runs alone."""

from __future__ import annotations

import pytest
from mako.exceptions import TopLevelLookupException
from mako.lookup import TemplateLookup
from markupsafe import Markup

from compatshim import common
from compatshim.errors import TemplateNotFoundError
from compatshim.legacy.templating import render_mako, render_mako_def


class Globals:
    pass


@pytest.fixture
def rendered(serve, tmp_path):
    """Return what a function returns in a request; templates are in ``tmp_path``."""

    def rendered(function, **options):
        results = []
        paths = {"root": str(tmp_path), "templates": [str(tmp_path)]}
        options = {"pylons.paths": paths, **options}
        serve(lambda self: results.append(function()), options=options)
        return results[0]

    return rendered


def test_a_template_and_a_def(serve):
    globals_ = Globals()
    globals_.mako_lookup = TemplateLookup()
    globals_.mako_lookup.put_string(
        "a",
        '${title} ${request.path} ${_("é")}<%def name="head(title)">[${title}]</%def>',
    )

    def index(self):
        page = render_mako("a", {"title": "t"})
        return page + render_mako_def("a", "head", title="é")

    served = serve(index, options={"pylons.app_globals": globals_})
    assert served.text == "t /index é[é]"


def test_names_of_pylons_win_over_those_that_are_passed(rendered, tmp_path):
    (tmp_path / "a.mako").write_text("${h} ${title}")
    extra = {"h": "extra", "title": "t"}
    options = {"pylons.h": "helpers"}
    assert rendered(lambda: render_mako("a.mako", extra), **options) == "helpers t"
    assert extra == {"h": "extra", "title": "t"}


# Where the application has no lookup.


@pytest.mark.parametrize("render", [render_mako, common.render_mako])
@pytest.mark.parametrize("globals_", [None, Globals()])
def test_templates_of_the_paths_are_found(rendered, tmp_path, render, globals_):
    (tmp_path / "a.mako").write_text("<b>${text}</b>é", encoding="utf-8")
    options = {"pylons.app_globals": globals_}
    page = rendered(lambda: render("/a.mako", {"text": "<i>"}), **options)
    assert page == "<b>&lt;i&gt;</b>é"
    assert isinstance(page, Markup)


@pytest.mark.parametrize("render", [render_mako, common.render_mako])
def test_missing_template_names_the_folder(rendered, tmp_path, render):
    with pytest.raises(TemplateNotFoundError) as caught:
        rendered(lambda: render("missing.mako"))
    assert isinstance(caught.value, TopLevelLookupException)
    assert caught.value.template_name == "missing.mako"
    assert caught.value.places == (str(tmp_path),)


# The common objects.


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("${request.path} ${c.title} ${g.title}", "/index The page The page"),
        ("${url_for('/a')} ${url('/b')}", "/a /b"),
        ("${ngettext('one', 'many', 2)} ${_('text')}", "many text"),
        ("${config['pylons.package']} ${app_globals.name}", "sample The site"),
        ("${h.shout('a')} ${h['shout']('b')}", "A! B!"),
        ("${translator.gettext('text')}", "text"),
    ],
)
def test_common_objects_in_a_template(rendered, tmp_path, template, expected):
    (tmp_path / "a.mako").write_text(template)

    def view():
        common.c.title = "The page"
        return common.render_mako("a.mako")

    globals_, helpers = Globals(), Globals()
    globals_.name, helpers.shout = "The site", lambda text: f"{text.upper()}!"
    options = {"pylons.app_globals": globals_, "pylons.h": helpers}
    assert rendered(view, **options) == expected


def test_variable_wins_over_a_common_object(rendered, tmp_path):
    (tmp_path / "a.mako").write_text("${c}")
    assert rendered(lambda: common.render_mako("a.mako", c="mine")) == "mine"
