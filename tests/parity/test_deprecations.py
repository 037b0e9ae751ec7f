"""What is still legacy is recorded at the line that does it, under either framework."""

from __future__ import annotations

import abc
import types

import flask
import pytest

from compatshim import common
from compatshim.common import c, h, render, request, url_for
from compatshim.deprecation import LegacyAttributeWarning, LegacyUrlWarning, recorder
from compatshim.legacy import url as pylons_url
from compatshim.legacy.controllers import WSGIController
from compatshim.objects import legacy_attributes


@pytest.fixture(autouse=True)
def nothing_recorded():
    recorder.clear()
    yield
    recorder.clear()


def used(code):
    """Return the names and places that were recorded under ``code``."""
    return [
        (use.site.name, use.site.filename, use.site.line, use.count)
        for use in recorder.uses()
        if use.site.code == code
    ]


def line_of(function, offset=1):
    return function.__code__.co_firstlineno + offset


# URLs.


@pytest.fixture
def renamed(make_site):
    site = make_site()
    view = flask.Blueprint("dataset", "dataset")

    @view.route("/dataset/<name>")
    @site.shim.replaces(route="old", controller="package", action="read")
    def read(name):
        return name

    site.app.register_blueprint(view)
    return site


@pytest.mark.parametrize(
    ("code", "arguments", "values", "name"),
    [
        ("CS201", ["old"], {}, "url_for('old', ...)"),
        (
            "CS202",
            [],
            {"controller": "package", "action": "read"},
            "url_for(controller='package', action='read', ...)",
        ),
    ],
)
def test_url_by_its_former_name(renamed, code, arguments, values, name):
    def links():
        return [url_for(*arguments, **values, name=str(n)) for n in range(3)]

    with renamed.context(), pytest.warns(LegacyUrlWarning) as record:
        assert links() == ["/dataset/0", "/dataset/1", "/dataset/2"]
    (warning,) = record
    assert str(warning.message) == (
        f"{code} {name}: write `url_for('dataset.read', ...)` (since 0.1, goes in 1.0)"
    )
    assert used(code) == [(name, __file__, line_of(links), 3)]


# c.


@pytest.fixture
def lax_site(make_site):
    return make_site(legacy_config={"pylons.strict_tmpl_context": False})


def test_name_of_c_that_nothing_has_set(lax_site):
    def view():
        c.title = "Known"
        lax_site.app_globals.site = "The site"
        known = c.title, c.site, c.get("unknown"), hasattr(c, "__html__")
        return known, c.nickname

    lax_site.add("/page", view)
    with pytest.warns(LegacyAttributeWarning) as record:
        assert lax_site.open("/page").result == (("Known", "The site", None, False), "")
    (warning,) = record
    assert str(warning.message) == (
        "CS302 c.nickname: write `c.get('nickname', '')` (since 0.1, goes in 1.0)"
    )
    assert used("CS302") == [("c.nickname", __file__, line_of(view, 4), 1)]


def test_name_of_c_in_a_template(lax_site, write_template, tmp_path):
    write_template("page.html", "a\n{% if c.nickname %}b{% endif %}")
    lax_site.add("/page", lambda: render("page.html"))
    with pytest.warns(LegacyAttributeWarning):
        lax_site.open("/page")
    page = str(tmp_path / "templates" / "page.html")
    assert used("CS302") == [("c.nickname", page, 2, 1)]


@pytest.mark.parametrize("framework", ["legacy"], indirect=True)
def test_name_of_pylons_own_tmpl_context(lax_site):
    from compatshim.legacy import tmpl_context

    def view():
        return tmpl_context.nickname

    lax_site.add("/page", view)
    with pytest.warns(LegacyAttributeWarning, match="CS302"):
        assert lax_site.open("/page").result == ""
    assert used("CS302") == [("c.nickname", __file__, line_of(view), 1)]


def test_strict_c_has_an_error_and_nothing_to_record(make_site):
    site = make_site(legacy_config={"pylons.strict_tmpl_context": True})
    with site.context():
        assert not hasattr(c, "nickname")
    assert used("CS302") == []


# h.


def own_url_for(name):
    return f"/own/{name}"


@pytest.fixture
def helpers():
    """The helpers of a legacy application: some it has only imported."""
    return types.SimpleNamespace(
        url=pylons_url,
        redirect_to=common.redirect,
        gettext=common.gettext,
        url_for=own_url_for,
        flash=common.flash,
        price=str,
    )


@pytest.fixture
def site_with_helpers(make_site, helpers):
    return make_site(legacy_config={"pylons.h": helpers})


@pytest.mark.parametrize(
    ("name", "instead"),
    [("url", "url"), ("redirect_to", "redirect"), ("gettext", "gettext")],
)
def test_helper_that_is_the_frameworks(site_with_helpers, helpers, name, instead):
    def view():
        return getattr(h, name), h[name]

    with site_with_helpers.context(), pytest.warns(LegacyAttributeWarning) as record:
        found = view()
    assert all(one is getattr(helpers, name) for one in found)
    (warning,) = record
    assert (warning.message.code, warning.message.name) == ("CS303", f"h.{name}")
    assert warning.message.instead == f"from compatshim.common import {instead}"
    assert used("CS303") == [(f"h.{name}", __file__, line_of(view), 2)]


def test_helper_of_the_application_itself(site_with_helpers):
    with site_with_helpers.context():
        assert h.url_for("x") == "/own/x"  # though compatshim.common has that name, too
        assert h.price(3) == "3"
        assert "url" in h
        list(h)
    assert used("CS303") == []


def test_helper_that_the_flask_application_registers(site_with_helpers):
    site_with_helpers.shim.helper(common.url_for)
    with site_with_helpers.context():
        assert h.url_for is common.url_for
    assert used("CS303") == []


def test_helper_in_a_template(site_with_helpers, write_template, tmp_path):
    write_template("page.html", "\n{{ h.gettext('x') }}")
    site_with_helpers.add("/page", lambda: render("page.html"))
    with pytest.warns(LegacyAttributeWarning, match="CS303 h.gettext"):
        site_with_helpers.open("/page")
    page = str(tmp_path / "templates" / "page.html")
    assert used("CS303") == [("h.gettext", page, 2, 1)]


# request.

KEY = "COMPATSHIM_WARN_LEGACY_ATTRIBUTES"
MODULE = """
import flask
from flask.views import View
from compatshim.common import request

def view():
    return request.params["q"] + request.args["q"] + request.method

class Page(View):
    def dispatch_request(self):
        return request.params["q"]
"""


def module(name, source=MODULE):
    names = {"__name__": name}
    exec(compile(source, f"/app/{name}.py", "exec"), names)
    return types.SimpleNamespace(**names)


@pytest.fixture
def flask_site(make_site):
    def make(value=True):
        return make_site(config={KEY: value})

    return make


@pytest.fixture
def get():
    def get(site, view):
        site.app.add_url_rule("/own", view_func=view)
        return site.client.get("/own?q=1").text

    return get


flask_only = pytest.mark.parametrize("framework", ["flask"], indirect=True)


@flask_only
@pytest.mark.parametrize("value", [True, "true", "on"])
def test_webobs_attribute_in_the_module_of_a_view(flask_site, get, value):
    with pytest.warns(LegacyAttributeWarning) as record:
        assert get(flask_site(value), module("views").view) == "11GET"
    (warning,) = record
    assert (warning.message.code, warning.message.name) == ("CS301", "request.params")
    assert warning.message.instead == "request.values"
    assert used("CS301") == [("request.params", "/app/views.py", 7, 1)]


@flask_only
def test_webobs_attribute_in_a_view_that_is_a_class(flask_site, get):
    with pytest.warns(LegacyAttributeWarning, match="CS301"):
        assert get(flask_site(), module("views").Page.as_view("page")) == "1"


@flask_only
@pytest.mark.parametrize("value", [None, False, "false"])
def test_attributes_are_left_alone_unless_one_asks(flask_site, get, value):
    assert get(flask_site(value), module("views").view) == "11GET"
    assert used("CS301") == []


@flask_only
def test_attribute_in_code_that_may_be_shared(flask_site, get):
    shared = module("lib").view
    names = module("views", "def view():\n    return shared()\nshared = None")
    names.view.__globals__["shared"] = shared
    assert get(flask_site(), names.view) == "11GET"
    assert used("CS301") == []


@flask_only
def test_attribute_in_a_module_that_has_controllers_too(flask_site, get):
    source = (
        "from compatshim.legacy.controllers import WSGIController\n"
        f"class Pages(WSGIController):\n    pass\n{MODULE}"
    )
    assert get(flask_site(), module("views", source).view) == "11GET"
    assert used("CS301") == []


@flask_only
def test_module_is_looked_through_once_for_a_function(flask_site, get, monkeypatch):
    looked_at = []
    monkeypatch.setattr(
        legacy_attributes, "_is_controller", lambda *found: looked_at.append(found)
    )
    site, view = flask_site(), module("views").view
    with pytest.warns(LegacyAttributeWarning):
        get(site, view)
    before = len(looked_at)
    with pytest.warns(LegacyAttributeWarning):
        site.client.get("/own?q=1")
    assert before == len(looked_at) > 0
    assert [count for *_, count in used("CS301")] == [2]


@flask_only
def test_attribute_that_a_library_reads_for_the_view(flask_site, get):
    """WebOb's ``params`` reads ``GET`` and ``POST``, our ``values`` reads ``POST``."""
    source = (
        "from compatshim.common import request\n"
        "def view():\n    return request.values['q'] + str(request.is_json)"
    )
    assert get(flask_site(), module("views", source).view) == "1False"
    assert used("CS301") == []


@pytest.mark.parametrize("framework", ["legacy"], indirect=True)
def test_attribute_in_a_legacy_request(flask_site):
    site = flask_site()
    site.add("/page", lambda: request.params["q"])
    assert site.open("/page?q=1").result == "1"
    assert used("CS301") == []


# Controllers.


@pytest.mark.parametrize("framework", ["legacy"], indirect=True)
def test_controller_class_is_counted_and_not_warned_about(framework, recwarn):
    def define():
        class PageController(WSGIController):
            pass

        return PageController

    define()
    assert used("CS401") == [("PageController", __file__, line_of(define), 1)]
    assert len(recwarn) == 0


@pytest.mark.parametrize("framework", ["legacy"], indirect=True)
def test_controller_class_is_told_at_its_statement_however_it_is_made(framework):
    class Meta(abc.ABCMeta):
        def __new__(cls, *args, **kwargs):
            return super().__new__(cls, *args, **kwargs)

    class Base(WSGIController, metaclass=Meta):
        def __init_subclass__(cls, **kwargs):
            super().__init_subclass__(**kwargs)

    class Page(Base):
        pass

    Other = types.new_class("Other", (Base,))
    made = [Base, Page, Other]
    first = Meta.__new__.__code__.co_firstlineno
    assert used("CS401") == [
        (cls.__qualname__.rpartition("<locals>.")[2], __file__, first + below, 1)
        for cls, below in zip(made, (3, 7, 10), strict=True)
    ]


def test_our_own_controllers_are_not_counted():
    import compatshim.legacy.controllers.core

    assert compatshim.legacy.controllers.core.WSGIController is WSGIController
    assert used("CS401") == []
