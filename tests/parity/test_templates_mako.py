"""``render_mako`` gives the same page under either framework."""

from __future__ import annotations

import os
from types import SimpleNamespace

import flask
import pytest
from mako.exceptions import TemplateLookupException, TopLevelLookupException
from mako.lookup import TemplateLookup
from markupsafe import Markup

from compatshim import CompatShim
from compatshim.common import c, flash, render, render_mako, render_mako_def, session
from compatshim.errors import NotConfiguredError, TemplateNotFoundError
from compatshim.legacy import templating
from compatshim.objects.state import state_of
from compatshim.objects.templates import add_template_directories


@pytest.fixture
def draw(serve, write_template, tmp_path):
    """Return what a function renders in a view, with ``page.mako`` as given."""

    def run(text, function, path="/page?a=1&a=2"):
        write_template("page.mako", text)
        lookup = TemplateLookup(
            [str(tmp_path / "templates")], default_filters=["h"], input_encoding="utf-8"
        )
        app_globals = SimpleNamespace(mako_lookup=lookup, title="The site")
        helpers = SimpleNamespace(shout=lambda text: f"{text.upper()}!")
        options = {"pylons.app_globals": app_globals, "pylons.h": helpers}
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
        ("${url('/b')} ${url_for('/a')} ${_('text')}", "/b /a text"),
        ("${ngettext('a', 'b', 1)} ${ungettext('a', 'b', 2)}", "a b"),
        ("${session['name']} ${h.shout('a')}", "kept A!"),
        ("${get_flashed_messages()[0]}", "Saved"),
        ("${translator.gettext('text')}", "text"),
    ],
)
def test_common_objects(draw, template, expected):
    def view():
        c.user, session["name"] = "sara", "kept"
        flash("Saved")
        return render_mako("page.mako")

    assert draw(template, view) == expected


def test_def_of_a_template(draw):
    text = '<%def name="item(name)">${name}: ${request.path}</%def>not this'
    page = draw(text, lambda: render_mako_def("page.mako", "item", name="<a>"))
    assert page == "&lt;a&gt;: /page"


# Where the site has no lookup of its own.


@pytest.fixture
def make_mako_site(make_site, tmp_path):
    """Return a function that makes a site whose templates are in these folders."""

    def make(*folders, **legacy_config):
        templates = [str(tmp_path / folder) for folder in folders or ("templates",)]
        paths = {"root": str(tmp_path), "templates": templates}
        return make_site(legacy_config={"pylons.paths": paths, **legacy_config})

    return make


def opened(site, view=lambda: render_mako("/page.mako")):
    site.add("/page", view)
    return site.open("/page").result


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${'<i>'}", "&lt;i&gt;"),
        ("${h.bold('<i>')}", "<b>&lt;i&gt;</b>"),
        ("${'<i>' | n}", "<i>"),
        ("${'<i>' | h}", "&lt;i&gt;"),
        ("${_('<i>')}", "&lt;i&gt;"),
        ("<%def name='f()'><b>${'<i>'}</b></%def>${f()}", "<b>&lt;i&gt;</b>"),
        ("<% text = capture(lambda: context.write('<i>')) %>${text | n}", "<i>"),
        ("${escape('<i>')}", "&lt;i&gt;"),
        ("é ${'é'}", "é é"),
    ],
)
def test_what_a_template_writes_is_escaped(make_mako_site, write, text, expected):
    write("templates/page.mako", text)
    site = make_mako_site()
    site.shim.helper("bold")(lambda text: Markup("<b>{}</b>").format(text))
    assert opened(site) == expected


def test_folders_are_searched_in_their_order(make_mako_site, write):
    write("first/page.mako", "<%inherit file='base.mako'/>first")
    write("second/page.mako", "second")
    write("second/base.mako", "<b>${next.body()}</b>")
    assert opened(make_mako_site("first", "second")) == "<b>first</b>"


@pytest.mark.parametrize("kind", [list, tuple, "".join], ids=["list", "tuple", "text"])
def test_folders_in_the_configuration_of_a_flask_application(tmp_path, write, kind):
    write("old/page.mako", "${1 + 1}")
    app = flask.Flask("sample")
    app.config["pylons.paths"] = {"templates": kind([str(tmp_path / "old")])}
    CompatShim(app)
    with app.test_request_context("/"):
        assert render_mako("page.mako") == "2"


def test_changed_template_is_read_again(make_mako_site, write, tmp_path):
    write("templates/page.mako", "old")
    site = make_mako_site()
    assert opened(site) == "old"
    write("templates/page.mako", "new")
    path = tmp_path / "templates" / "page.mako"
    stat = path.stat()
    os.utime(path, (stat.st_atime, stat.st_mtime + 10))
    assert site.open("/page").result == "new"


@pytest.mark.parametrize("render_any", [render_mako, templating.render_mako])
@pytest.mark.parametrize("framework", ["legacy"])
def test_pylons_render_function_uses_the_same(make_mako_site, write, render_any):
    write("templates/page.mako", "${'<i>'} ${h.twice('a')}")
    site = make_mako_site()
    site.shim.helper("twice")(lambda text: text * 2)
    assert opened(site, lambda: render_any("page.mako")) == "&lt;i&gt; aa"


def test_lookup_of_the_site_is_used_as_it_is(make_mako_site, write, tmp_path):
    write("templates/page.mako", "of the paths")
    write("own/page.mako", "${'<i>'}")
    lookup = TemplateLookup([str(tmp_path / "own")])
    site = make_mako_site(**{"pylons.app_globals": SimpleNamespace(mako_lookup=lookup)})
    assert opened(site) == "<i>"


def test_site_without_folders(make_site):
    site = make_site()
    site.add("/page", lambda: render_mako("page.mako"))
    with pytest.raises(NotConfiguredError, match=r"pylons\.paths") as caught:
        site.open("/page")
    assert caught.value.object_name == "app_globals.mako_lookup"


# Templates of plugins.


def add_plugin(site, *folders):
    folders = [f"{site.app.root_path}/{folder}" for folder in folders]
    add_template_directories(state_of(site.app), folders)


def test_template_of_a_plugin_comes_first(make_mako_site, write):
    write("templates/page.mako", "<%include file='part.mako'/>")
    write("templates/part.mako", "of the application")
    write("stars/part.mako", "of the plugin ${'<i>'}")
    site = make_mako_site()
    add_plugin(site, "stars")
    assert opened(site) == "of the plugin &lt;i&gt;"


def test_template_of_a_plugin_in_a_site_that_has_none(make_site, write):
    write("stars/page.mako", "of the plugin")
    site = make_site()
    add_plugin(site, "stars")
    assert opened(site) == "of the plugin"


def test_template_of_a_plugin_beside_a_lookup_of_the_site(make_site, write, tmp_path):
    write("own/page.mako", "of the site")
    for name in ("first", "second"):
        write(f"{name}/page.mako", f"{name} plugin")
    lookup = TemplateLookup([str(tmp_path / "own")])
    own = {"pylons.app_globals": SimpleNamespace(mako_lookup=lookup)}
    site = make_site(legacy_config=own)
    add_plugin(site, "first")
    add_plugin(site, "second")
    assert opened(site) == "first plugin"
    site.open("/page")
    assert lookup.directories == [
        str(tmp_path / name) for name in ("first", "second", "own")
    ]


# A template that is not found.


@pytest.fixture
def not_found(make_mako_site, tmp_path):
    """Return the error of a page, and the places that it must name."""

    def run(view):
        site = make_mako_site("first", "second")
        add_plugin(site, "stars")
        site.add("/page", view)
        with pytest.raises(TemplateNotFoundError) as caught:
            site.open("/page")
        places = [str(tmp_path / name) for name in ("stars", "first", "second")]
        assert caught.value.places == tuple(places)
        assert all(place in str(caught.value) for place in places)
        return caught.value

    return run


@pytest.mark.parametrize(
    "view",
    [
        lambda: render_mako("missing.mako"),
        lambda: render_mako_def("missing.mako", "part"),
    ],
    ids=["page", "def"],
)
def test_missing_template_names_every_place(not_found, view):
    error = not_found(view)
    assert isinstance(error, TopLevelLookupException)
    assert error.template_name == "missing.mako"
    assert "'missing.mako'" in str(error)


@pytest.mark.parametrize(
    "text",
    [
        "<%include file='missing.mako'/>",
        "<%inherit file='missing.mako'/>",
        "<%namespace name='m' file='missing.mako'/>${m.f()}",
    ],
)
def test_template_that_another_one_needs(not_found, write, text):
    write("first/page.mako", text)
    error = not_found(lambda: render_mako("page.mako"))
    assert isinstance(error, TemplateLookupException)
    assert not isinstance(error, TopLevelLookupException)  # as Mako tells them apart
    assert error.template_name in {"missing.mako", "/missing.mako"}


def test_missing_template_within_one_of_the_other_language(make_mako_site, write):
    write("templates/page.mako", "${h.draw()}")
    site = make_mako_site()
    site.shim.helper("draw")(lambda: render("missing.html"))
    with pytest.raises(TemplateNotFoundError, match=r"'missing\.html'"):
        opened(site)


def test_error_of_mako_about_something_else_is_not_changed(make_mako_site, write):
    write("templates/page.mako", "<%include file='../outside.mako'/>")
    write("outside.mako", "not to be seen")
    with pytest.raises(TemplateLookupException, match="relative") as caught:
        opened(make_mako_site())
    assert not isinstance(caught.value, TemplateNotFoundError)


def test_lookup_without_folders_is_named_itself(make_site):
    lookup = TemplateLookup()
    own = {"pylons.app_globals": SimpleNamespace(mako_lookup=lookup)}
    site = make_site(legacy_config=own)
    with pytest.raises(TemplateNotFoundError) as caught:
        opened(site)
    assert caught.value.places == (repr(lookup),)
