"""Routes of plugins: whose they are, and which of two is served."""

from __future__ import annotations

import json

import pytest
from flask import Blueprint, Flask
from routes import Mapper

from compatshim import CompatShim
from compatshim.common import request, url_for
from compatshim.errors import PluginError
from compatshim.plugins import hookimpl
from compatshim.routing import IndexedMapper


def connect(mapper, rule, text, name=None):
    mapper.connect(name, rule, controller=text, action="show")


def served_by_controllers(environ, start_response):
    """Answer with the name of the controller, as the mapper has found it."""
    arguments = environ["wsgiorg.routing_args"][1]
    start_response("200 OK", [])
    return [arguments["controller"].encode()]


class Routes:
    """A plugin with a page on each side, and others that override the site's."""

    @hookimpl
    def compatshim_routes_before(self, mapper):
        connect(mapper, "/before", "plugin before")
        connect(mapper, "/core", "plugin before")
        connect(mapper, "/both", "plugin before")

    @hookimpl
    def compatshim_routes_after(self, mapper):
        connect(mapper, "/after", "plugin after")
        connect(mapper, "/late", "plugin after")
        connect(mapper, "/{anything}", "plugin after")

    @hookimpl
    def compatshim_blueprints(self):
        blueprint = Blueprint("pages", "stars")
        blueprint.add_url_rule("/page", "page", lambda: "plugin's view")
        blueprint.add_url_rule("/both", "both", lambda: "plugin's view")
        return [blueprint]


@pytest.fixture(params=["before", "after"])
def is_late(request):
    """Whether the plugin is registered before or after ``init_app``."""
    return request.param == "after"


@pytest.fixture(params=[Mapper, IndexedMapper])
def mapper(request):
    mapper = request.param()
    connect(mapper, "/core", "core")
    connect(mapper, "/page", "core")
    connect(mapper, "/late", "core")
    return mapper


@pytest.fixture(params=[False, True])
def app(request, mapper, is_late):
    if request.param:
        mapper.create_regs()
    app = Flask("sample", static_folder=None)
    app.add_url_rule("/flask", "flask", lambda: "Flask core")
    app.add_url_rule("/after", "after", lambda: "Flask core")
    app.add_url_rule("/before", "before", lambda: "Flask core")
    shim = CompatShim()
    if is_late:
        shim.init_app(app, served_by_controllers, mapper=mapper)
    shim.register_plugin(Routes)
    if not is_late:
        shim.init_app(app, served_by_controllers, mapper=mapper)
    return app


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/before", "plugin before"),  # before Flask core
        ("/core", "plugin before"),  # before legacy core, connected earlier
        ("/page", "plugin's view"),
        ("/both", "plugin's view"),  # Flask extension before legacy extension
        ("/flask", "Flask core"),
        ("/after", "Flask core"),
        ("/late", "core"),
        ("/elsewhere", "plugin after"),
    ],
)
def test_who_serves(app, path, text):
    assert app.test_client().get(path).text == text


def test_origin_and_name_in_the_table_of_routes(app):
    result = app.test_cli_runner().invoke(
        args=["compatshim", "routes", "--format", "json"]
    )
    found = {
        (route["framework"], route["rule"], route["endpoint"]): (
            route["origin"],
            route["plugin"],
        )
        for route in json.loads(result.output)
    }
    plugins, core = ("extension", "Routes"), ("core", None)
    assert found == {
        ("flask", "/page", "pages.page"): plugins,
        ("flask", "/both", "pages.both"): plugins,
        ("legacy", "/before", "plugin before/show"): plugins,
        ("legacy", "/core", "plugin before/show"): plugins,
        ("legacy", "/both", "plugin before/show"): plugins,
        ("legacy", "/after", "plugin after/show"): plugins,
        ("legacy", "/late", "plugin after/show"): plugins,
        ("legacy", "/{anything}", "plugin after/show"): plugins,
        ("flask", "/flask", "flask"): core,
        ("flask", "/after", "after"): core,
        ("flask", "/before", "before"): core,
        ("legacy", "/core", "core/show"): core,
        ("legacy", "/page", "core/show"): core,
        ("legacy", "/late", "core/show"): core,
    }


@pytest.mark.parametrize(
    ("path", "origin"),
    [
        ("/page", "extension"),
        ("/before", "extension"),
        ("/elsewhere", "extension"),
        ("/flask", "core"),
        ("/late", "core"),
    ],
)
def test_origin_of_a_request(app, path, origin):
    seen = []
    inner = app.wsgi_app

    def look(environ, start_response):
        answer = inner(environ, start_response)
        seen.append(environ["compatshim.origin"])
        return answer

    app.wsgi_app = look
    app.test_client().get(path)
    assert seen == [origin]


def test_no_conflict_with_what_the_site_has(app):
    result = app.test_cli_runner().invoke(
        args=["compatshim", "routes", "--conflicts", "--format", "json"]
    )
    # The plugin has this one twice.
    assert [route["rule"] for route in json.loads(result.output)] == ["/both"]


def test_first_plugin_is_served():
    def plugin(name):
        class Plugin:
            @hookimpl
            def compatshim_routes_before(self, mapper):
                connect(mapper, "/legacy", name)

            @hookimpl
            def compatshim_blueprints(self):
                blueprint = Blueprint(name, "stars")
                blueprint.add_url_rule("/flask", "page", lambda: name)
                return [blueprint]

        return Plugin

    shim, app = CompatShim(), Flask("sample")
    for name in ("first", "second"):
        shim.register_plugin(plugin(name), name=name)
    shim.init_app(app, served_by_controllers, mapper=Mapper())
    client = app.test_client()
    assert [client.get(f"/{side}").text for side in ("flask", "legacy")] == [
        "first",
        "first",
    ]


def test_urls_lead_to_what_overrides(make_site):
    class Plugin:
        @hookimpl
        def compatshim_routes_before(self, mapper):
            connect(mapper, "/starred/{id}", "stars", name="read")

    site = make_site()
    connect(site.mapper, "/read/{id}", "core", name="read")
    site.add_flask("/page", lambda: url_for("read", id=3))
    site.shim.register_plugin(Plugin)
    assert site.text("/page") == "/starred/3"


def test_rules_that_a_hook_adds_itself_are_the_plugins(make_site):
    class Plugin:
        @hookimpl
        def compatshim_config(self, config):
            site_app = apps[0]
            site_app.add_url_rule("/own", "own", lambda: "own")

    site = make_site()
    apps = [site.app]
    site.shim.register_plugin(Plugin)
    seen = []
    site.app.before_request(lambda: seen.append(request.environ["compatshim.origin"]))
    site.text("/own")
    assert seen == ["extension"]


# One plugin for legacy sites and migrated ones.


class Either:
    has_legacy_side = False

    @hookimpl
    def compatshim_routes_before(self, mapper):
        self.has_legacy_side = True
        connect(mapper, "/stars", "legacy")

    @hookimpl
    def compatshim_routes_after(self, mapper):
        connect(mapper, "/more", "legacy")

    @hookimpl
    def compatshim_blueprints(self):
        if self.has_legacy_side:
            return []
        blueprint = Blueprint("stars", "stars")
        blueprint.add_url_rule("/stars", "stars", lambda: "flask")
        return [blueprint]


def test_one_class_for_a_legacy_site_and_a_migrated_one():
    shim = CompatShim()
    shim.register_plugin(Either)
    legacy_site, migrated_site = Flask("legacy"), Flask("migrated")
    shim.init_app(legacy_site, served_by_controllers, mapper=Mapper())
    shim.init_app(migrated_site)
    assert legacy_site.test_client().get("/stars").text == "legacy"
    assert migrated_site.test_client().get("/stars").text == "flask"


# A plugin that fails.


@pytest.mark.parametrize("mapper_type", [Mapper, IndexedMapper])
@pytest.mark.parametrize("has_regs", [False, True])
def test_plugin_that_is_left_out_leaves_no_route(mapper_type, has_regs):
    class Broken(Routes):
        @hookimpl
        def compatshim_blueprints(self):
            raise LookupError("no blueprint")

    mapper = mapper_type()
    connect(mapper, "/core", "core", name="core")
    if has_regs:
        mapper.create_regs()
    app = Flask("sample", static_folder=None)
    app.config["COMPATSHIM_PLUGIN_ERRORS"] = "log"
    shim = CompatShim(app, served_by_controllers, mapper=mapper)
    shim.register_plugin(Broken)
    client = app.test_client()
    assert client.get("/core").text == "core"
    assert client.get("/before").status_code == 404
    result = app.test_cli_runner().invoke(
        args=["compatshim", "routes", "--format", "json"]
    )
    assert [route["rule"] for route in json.loads(result.output)] == ["/core"]
    assert mapper.generate(controller="plugin after", action="show") is None


def test_blueprint_whose_name_is_taken(make_site):
    class Plugin:
        @hookimpl
        def compatshim_blueprints(self):
            return [Blueprint("other", "stars"), Blueprint("pages", "stars")]

    site = make_site()
    site.app.register_blueprint(Blueprint("pages", "sample"))
    with pytest.raises(PluginError, match="'pages'") as caught:
        site.shim.register_plugin(Plugin)
    assert caught.value.hook == "compatshim_blueprints"
    assert list(site.app.blueprints) == ["pages"]


@pytest.mark.parametrize("is_late", [False, True])
def test_blueprint_that_fails_midway_stops_the_start_in_any_case(is_late):
    class Plugin:
        @hookimpl
        def compatshim_blueprints(self):
            first, second = Blueprint("first", "stars"), Blueprint("second", "stars")
            first.add_url_rule("/first", "page", lambda: "plugin's view")
            second.record(lambda _: 1 / 0)
            return [first, second]

    app, shim = Flask("sample"), CompatShim()
    app.config["COMPATSHIM_PLUGIN_ERRORS"] = "log"
    steps = [lambda: shim.init_app(app), lambda: shim.register_plugin(Plugin)]
    first_step, last_step = steps if is_late else reversed(steps)
    first_step()
    with pytest.raises(PluginError, match="does not start without it") as caught:
        last_step()
    error = caught.value
    assert (error.plugin, error.hook) == ("Plugin", "compatshim_blueprints")
    assert isinstance(error.__cause__, ZeroDivisionError)


def test_blueprint_whose_name_is_taken_leaves_the_plugin_out(make_site):
    class Plugin:
        @hookimpl
        def compatshim_blueprints(self):
            first = Blueprint("first", "stars")
            first.add_url_rule("/first", "page", lambda: "plugin's view")
            return [first, Blueprint("pages", "stars")]

    site = make_site(config={"COMPATSHIM_PLUGIN_ERRORS": "log"})
    site.app.register_blueprint(Blueprint("pages", "sample"))
    site.shim.register_plugin(Plugin)
    assert site.client.get("/first").status_code == 404
