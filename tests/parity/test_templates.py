"""``render`` gives the same page under either framework."""

from __future__ import annotations

import flask
import pytest
from jinja2 import TemplateNotFound
from markupsafe import Markup

from compatshim.common import app_globals, c, render, session
from compatshim.errors import NoRequestError, TemplateNotFoundError
from compatshim.objects.state import state_of
from compatshim.objects.templates import add_template_directories


@pytest.mark.parametrize(
    "draw",
    [
        lambda: render("page.html", extra_vars={"a": 1, "b": 2}),
        lambda: render("page.html", {"a": 1, "b": 2}),
        lambda: render("page.html", a=1, b=2),
        lambda: render("page.html", {"a": 0, "b": 2}, a=1),
    ],
    ids=["pylons", "pylons, by position", "flask", "both"],
)
def test_variables_in_either_style(serve, write_template, draw):
    write_template("page.html", "{{ a }} {{ b }}")
    served = serve(draw)
    assert served.result == "1 2"
    assert served.response.text == "1 2"


def test_page_is_markup(serve, write_template):
    write_template("page.html", "<b>{{ text }}</b>")
    served = serve(lambda: render("page.html", text="<i>"))
    assert served.result == Markup("<b>&lt;i&gt;</b>")
    assert isinstance(served.result, Markup)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{{ request.path }}", "/page"),
        ("{{ request.params.a }} {{ request.args.a }}", "2 1"),
        ("{{ c.user }} {{ g.user }} {{ tmpl_context.user }}", "sara sara sara"),
        ("{{ c.title }} {{ app_globals.title }}", "The site The site"),
        ("{{ session.name }} {{ session['name'] }}", "kept kept"),
        ("{{ config['site.url'] }}", "http://example.org"),
        ("{{ url_for('/a') }} {{ url('/b') }}", "/a /b"),
        ("{{ _('text') }} {{ ungettext('one', 'many', 2) }}", "text many"),
        ("{{ ngettext('one', 'many', 1) }}", "one"),
        ("{{ get_flashed_messages() }}{{ get_flashed_messages(true) }}", "[][]"),
        ("{{ is_flask_request() in (true, false) }}", "True"),
        ("{{ h.shout('a') }}", "A!"),
        ("{{ c.missing is defined }}", "False"),
        ("{{ request.no_such_thing is defined }}", "False"),
    ],
)
@pytest.mark.parametrize(
    "place",
    [
        ("page.html", "{text}"),
        ("page.html", "{{% import 'm.html' as m %}}{{{{ m.macro() }}}}"),
        ("page.html", "{{% from 'm.html' import macro %}}{{{{ macro() }}}}"),
        ("page.html", "{{% include 'part.html' %}}"),
    ],
    ids=["page", "macro", "macro by name", "included"],
)
def test_common_objects(serve, write_template, template, expected, place):
    name, page = place
    write_template("m.html", "{% macro macro() %}" + template + "{% endmacro %}")
    write_template("part.html", template)
    write_template(name, page.format(text=template))

    def view():
        c.user = "sara"
        session["name"] = "kept"
        return render("page.html")

    class Helpers:
        @staticmethod
        def shout(text):
            return f"{text.upper()}!"

    served = serve(
        view,
        "/page?a=1&a=2",
        legacy_config={"pylons.h": Helpers, "site.url": "http://example.org"},
    )
    assert served.result == expected


def test_variable_wins_over_a_common_object(serve, write_template):
    write_template("page.html", "{{ request }} {{ c }}")
    served = serve(lambda: render("page.html", request="own", c="mine"))
    assert served.result == "own mine"


def test_context_processor_of_flask_is_asked(serve, write_template):
    write_template("page.html", "{{ added }}")
    served = serve(
        lambda: render("page.html"),
        setup=lambda site: site.app.context_processor(lambda: {"added": "text"}),
    )
    assert served.result == "text"


@pytest.mark.parametrize(
    "add",
    [
        lambda: {"added": flask.request.path},
        lambda: {"added": flask.session.get("a", "/page")},
        lambda: {"added": flask.g.get("a", "/page")},
    ],
    ids=["request", "session", "g"],
)
def test_context_processor_finds_flasks_own_objects(serve, write_template, add):
    write_template("page.html", "{{ added }} {{ request.path }}")
    served = serve(
        lambda: render("page.html"),
        setup=lambda site: site.app.context_processor(add),
    )
    assert served.result == "/page /page"


def test_context_processor_that_writes_flasks_own_session(make_site, write_template):
    """As the ``csrf_token()`` of form libraries does."""
    write_template("page.html", "{{ token }}")
    site = make_site()

    @site.app.context_processor
    def add_token():
        flask.session["token"] = "kept"
        return {"token": flask.session["token"]}

    site.add("/page", lambda: render("page.html"))
    site.add("/next", lambda: session.get("token"))
    assert site.open("/page").response.headers["Vary"] == "Cookie"
    assert site.open("/next").result == "kept"


def test_template_filter_of_flask(serve, write_template):
    write_template("page.html", "{{ 'a'|twice }}")
    served = serve(
        lambda: render("page.html"),
        setup=lambda site: site.app.add_template_filter(lambda text: text * 2, "twice"),
    )
    assert served.result == "aa"


def test_template_sets_a_name_for_its_caller(serve, write_template):
    write_template("page.html", "{{ c.list.append(1) or '' }}")

    def view():
        c.list = []
        render("page.html")
        return c.list

    assert serve(view).result == [1]


def test_page_with_the_session_varies_by_cookie(serve, write_template):
    write_template("page.html", "{{ session.get('user', 'nobody') }}")
    served = serve(lambda: render("page.html"))
    assert served.response.headers["Vary"] == "Cookie"


def test_page_without_the_session_opens_none(serve, write_template):
    write_template("page.html", "{{ request.path }}")
    served = serve(lambda: render("page.html"))
    assert "Vary" not in served.response.headers


@pytest.mark.parametrize(
    "expression", ["request.path", "session.user", "session['user']", "response.status"]
)
def test_common_object_outside_of_a_request_is_an_error(
    make_site, write_template, expression
):
    site = make_site()
    write_template("page.html", "{{ " + expression + " }}")
    with site.app.app_context(), pytest.raises(NoRequestError):
        render("page.html")


def test_page_outside_of_a_request(make_site, write_template):
    site = make_site()
    write_template("page.html", "{{ c.title }} {{ config['site.title'] }} {{ a }}")
    site.legacy_config["site.title"] = "of the ini"
    with site.app.app_context():
        assert render("page.html", a=1) == "The site of the ini 1"
        assert app_globals.title == "The site"


# Where templates are found.


def add_blueprint(site, name="shop"):
    folder = str(site.app.root_path) + f"/{name}"
    blueprint = flask.Blueprint(name, __name__, template_folder=folder)
    site.app.register_blueprint(blueprint)


def add_plugin(site, *names):
    folders = [f"{site.app.root_path}/{name}" for name in names]
    add_template_directories(state_of(site.app), folders)


def test_template_of_a_blueprint(serve, write):
    write("shop/page.html", "of the blueprint")
    served = serve(lambda: render("page.html"), setup=add_blueprint)
    assert served.result == "of the blueprint"


def test_template_of_the_application_overrides_that_of_a_blueprint(serve, write):
    write("shop/page.html", "of the blueprint")
    write("templates/page.html", "of the application")
    served = serve(lambda: render("page.html"), setup=add_blueprint)
    assert served.result == "of the application"


def test_template_of_a_plugin_overrides_that_of_the_application(serve, write):
    write("templates/page.html", "{% extends 'base.html' %}")
    write("templates/base.html", "of the application")
    write("stars/base.html", "of the plugin")
    served = serve(lambda: render("page.html"), setup=lambda s: add_plugin(s, "stars"))
    assert served.result == "of the plugin"


def test_template_of_the_plugin_that_was_added_first(serve, write):
    for name in ("first", "second"):
        write(f"{name}/page.html", name)

    def add_both(site):
        add_plugin(site, "first")
        add_plugin(site, "second")

    assert serve(lambda: render("page.html"), setup=add_both).result == "first"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("page.html", "&lt;i&gt;"), ("page.xml", "&lt;i&gt;"), ("page.txt", "<i>")],
)
def test_escaping_follows_the_name(serve, write_template, name, expected):
    write_template(name, "{{ text }}")
    assert serve(lambda: render(name, text="<i>")).result == expected


def test_global_of_the_environment(serve, write_template):
    write_template("page.html", "{{ version }}")
    served = serve(
        lambda: render("page.html"),
        setup=lambda site: site.app.jinja_env.globals.update(version="1.0"),
    )
    assert served.result == "1.0"


# Where none is found.


@pytest.fixture
def not_found(make_site):
    """Return the error of a page of a site with a blueprint and a plugin."""

    def run(*names, **options):
        site = make_site()
        add_blueprint(site)
        add_plugin(site, "stars", "planets")
        site.add("/page", lambda: render(*names, **options))
        with pytest.raises(TemplateNotFoundError) as caught:
            site.open("/page")
        return caught.value

    return run


def test_missing_template_names_every_place_in_its_order(not_found, tmp_path):
    error = not_found("missing.html")
    folders = ["stars", "planets", "templates", "shop"]
    assert error.places == tuple(str(tmp_path / name) for name in folders)
    assert error.template_name == "missing.html"
    assert "'missing.html'" in str(error)
    assert all(place in str(error) for place in error.places)


def test_missing_template_is_jinjas_exception(not_found):
    error = not_found("missing.html")
    assert isinstance(error, TemplateNotFound)
    assert (error.name, error.templates) == ("missing.html", ["missing.html"])


@pytest.mark.parametrize(
    "text",
    [
        "{% extends 'missing.html' %}",
        "{% include 'missing.html' %}",
        "{% import 'missing.html' as m %}{{ m.f() }}",
        "{{ h.draw() }}",
    ],
)
def test_template_that_another_one_needs(make_site, write_template, tmp_path, text):
    write_template("page.html", text)
    site = make_site()
    site.add("/page", lambda: render("page.html"))
    site.shim.helper("draw")(lambda: render("missing.html"))
    with pytest.raises(TemplateNotFoundError) as caught:
        site.open("/page")
    assert caught.value.template_name == "missing.html"
    assert caught.value.places == (str(tmp_path / "templates"),)


def test_first_of_several_templates_that_is_there(serve, write_template):
    write_template("page.html", "{% include ['missing.html', 'part.html'] %}")
    write_template("part.html", "the part")
    assert serve(lambda: render("page.html")).result == "the part"


def test_none_of_several_templates_is_there(make_site, write_template):
    write_template("page.html", "{% include ['a.html', 'b.html'] %}")
    site = make_site()
    site.add("/page", lambda: render("page.html"))
    with pytest.raises(TemplateNotFoundError, match=r"'a\.html, b\.html'") as caught:
        site.open("/page")
    assert caught.value.templates == ["a.html", "b.html"]


def test_optional_part_may_be_missing(serve, write_template):
    write_template("page.html", "a{% include 'missing.html' ignore missing %}b")
    assert serve(lambda: render("page.html")).result == "ab"
