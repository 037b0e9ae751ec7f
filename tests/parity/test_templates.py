"""``render`` gives the same page under either framework."""

from __future__ import annotations

import flask
import pytest
from markupsafe import Markup

from compatshim.common import app_globals, c, render, session
from compatshim.errors import NoRequestError


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
