"""Flask extension > legacy extension > Flask core > legacy core."""

from __future__ import annotations

from io import BytesIO
from itertools import combinations

import flask
import pytest
from routes import Mapper
from webob import Response
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter, MapAdapter, ValidationError
from werkzeug.test import create_environ, run_wsgi_app

from compatshim import CompatShim
from compatshim.errors import (
    NotConfiguredError,
    NotInitialisedError,
    SeveralApplicationsError,
)
from compatshim.objects.state import state_of
from compatshim.routing.index import IndexedMapper
from compatshim.routing.origins import (
    Precedence,
    precedence_of_endpoint,
    precedence_of_route,
)

FLASK_EXTENSION = ("flask", "extension")
LEGACY_EXTENSION = ("legacy", "extension")
FLASK_CORE = ("flask", "core")
LEGACY_CORE = ("legacy", "core")
IN_ORDER = [FLASK_EXTENSION, LEGACY_EXTENSION, FLASK_CORE, LEGACY_CORE]


class Site:
    """Both sides, and the names of the routes of which a view or action ran."""

    def __init__(self, mapper=None, **options):
        self.ran = []
        self.app = flask.Flask("site", static_folder=None, **options)
        self.app.config["COMPATSHIM_ROUTE_CONFLICTS"] = "ignore"
        self.mapper = Mapper() if mapper is None else mapper
        self.shim = CompatShim(self.app, legacy=self._legacy, mapper=self.mapper)

    def _legacy(self, environ, start_response):
        self.ran.append(environ["wsgiorg.routing_args"][1]["label"])
        return Response(self.ran[-1])(environ, start_response)

    def add(self, owner, rule, name, **options):
        framework, origin = owner
        if framework == "legacy":
            self._connect(origin, rule, name, options)
            return

        def view(**arguments):
            self.ran.append(name)
            return name

        if origin == "core":
            self.app.add_url_rule(rule, name, view, **options)
            return
        blueprint = flask.Blueprint(name, __name__)
        blueprint.add_url_rule(rule, "view", view, **options)
        self.shim.register_blueprint(blueprint, origin="extension")

    def _connect(self, origin, rule, name, options):
        if origin == "core":
            self.mapper.connect(name, rule, label=name, **options)
            return
        with self.shim.extension_routes(name) as mapper:
            mapper.connect(name, rule, label=name, **options)

    def ask(self, path, method="GET", **options):
        """Return who is named as the owner, and what ran."""
        environ = create_environ("/", method=method, **options)
        environ["PATH_INFO"] = path
        self.ran.clear()
        seen = []

        def application(environ, start_response):
            seen.append(environ)
            return self.app.wsgi_app(environ, start_response)

        _, self.status, self.headers = run_wsgi_app(application, environ, buffered=True)
        owner = seen[0]["compatshim.app"], seen[0]["compatshim.origin"]
        return owner, list(self.ran)


@pytest.fixture(params=[Mapper, IndexedMapper])
def site(request):
    return Site(request.param())


def name_of(owner):
    return "_".join(owner)


PAIRS = [*combinations(IN_ORDER, 2)]


@pytest.mark.parametrize("is_winner_added_first", [True, False])
@pytest.mark.parametrize(("winner", "loser"), PAIRS)
def test_of_two_routes_alike_the_higher_one_serves(
    site, winner, loser, is_winner_added_first
):
    owners = [winner, loser] if is_winner_added_first else [loser, winner]
    for owner in owners:
        site.add(owner, "/page", name_of(owner))
    assert site.ask("/page") == (winner, [name_of(winner)])


@pytest.mark.parametrize("number", range(4))
def test_the_highest_of_all_that_are_there_serves(site, number):
    for owner in reversed(IN_ORDER[number:]):
        site.add(owner, "/page", name_of(owner))
    expected = IN_ORDER[number]
    assert site.ask("/page") == (expected, [name_of(expected)])


RULES = {
    "flask": {"one": "/page/<x>", "all": "/<path:x>"},
    "legacy": {"one": "/page/{x}", "all": "/{x:.*}"},
}


@pytest.mark.parametrize("is_wide", ["one", "all"])
@pytest.mark.parametrize(("winner", "loser"), PAIRS)
def test_a_wide_route_of_higher_precedence_beats_a_narrow_one(
    site, winner, loser, is_wide
):
    site.add(loser, "/page/new", "narrow")
    site.add(winner, RULES[winner[0]][is_wide], "wide")
    assert site.ask("/page/new") == (winner, ["wide"])


def test_a_blueprint_registered_late_before_the_first_request_is_found(site):
    site.add(LEGACY_CORE, "/late", "legacy")
    site.add(FLASK_CORE, "/other", "other")
    site.add(FLASK_EXTENSION, "/late", "late")
    assert site.ask("/late") == (FLASK_EXTENSION, ["late"])


def test_extension_routes_that_come_after_the_first_request_are_found(site):
    site.add(FLASK_CORE, "/page", "core")
    assert site.ask("/page") == (FLASK_CORE, ["core"])
    site.add(LEGACY_EXTENSION, "/page", "first")
    assert site.ask("/page") == (LEGACY_EXTENSION, ["first"])
    site.add(LEGACY_EXTENSION, "/page/{x}", "second")
    assert site.ask("/page/x") == (LEGACY_EXTENSION, ["second"])


def test_rules_of_nested_blueprints_are_of_the_extension(site):
    outer = flask.Blueprint("outer", __name__, url_prefix="/outer")
    inner = flask.Blueprint("inner", __name__)
    inner.add_url_rule("/page", "page", lambda: "inner")
    outer.register_blueprint(inner)
    site.shim.register_blueprint(outer, url_prefix="/prefix")
    assert site.ask("/prefix/page")[0] == FLASK_EXTENSION
    state = state_of(site.app)
    endpoint = precedence_of_endpoint(state, "outer.inner.page")
    assert endpoint == Precedence.FLASK_EXTENSION


def test_a_core_blueprint_is_core(site):
    blueprint = flask.Blueprint("core", __name__)
    blueprint.add_url_rule("/page", "page", lambda: "core")
    site.shim.register_blueprint(blueprint, origin="core", url_prefix="/core")
    assert site.ask("/core/page")[0] == FLASK_CORE


def test_flask_rules_added_in_a_block_of_extension_routes_are_marked(site):
    site.app.add_url_rule("/page", "core", lambda: "core")
    with site.shim.extension_routes("plugin"):
        site.app.add_url_rule("/page", "plugin", lambda: "plugin")
    assert site.ask("/page")[0] == FLASK_EXTENSION


def test_every_way_to_connect_marks_the_route(site):
    with site.shim.extension_routes("plugin") as mapper:
        mapper.connect("/connected", label="connected")
        mapper.resource("message", "messages", label="resource")
        with mapper.submapper(path_prefix="/sub") as sub:
            sub.connect("/page", label="submapper")
        mapper.redirect("/old", "/new")
    for path in ("/connected", "/messages", "/sub/page"):
        assert site.ask(path)[0] == LEGACY_EXTENSION
    redirect = site.mapper.matchlist[-1]
    assert redirect in state_of(site.app).origins.routes


def test_extension_routes_before_the_mapper_is_given_to_the_shim():
    shim = CompatShim()
    mapper = Mapper()
    mapper.connect("/page/{x}")
    with shim.extension_routes("plugin", mapper=mapper) as given:
        assert given is mapper
        mapper.connect("/page/new")
    app = flask.Flask("site")
    app.add_url_rule("/page/<x>", "core", lambda x: x)
    shim.init_app(app, legacy=Response("legacy"), mapper=mapper)
    assert app.test_client().get("/page/new").text == "legacy"
    assert app.test_client().get("/page/old").text == "old"


def test_marking_before_init_app_needs_a_mapper():
    shim = CompatShim()
    with pytest.raises(NotInitialisedError), shim.extension_routes("plugin"):
        pass
    with pytest.raises(NotInitialisedError):
        shim.register_blueprint(flask.Blueprint("plugin", __name__))


def test_an_application_without_a_mapper_has_no_extension_routes():
    shim = CompatShim(flask.Flask("site"), legacy=Response("legacy"))
    with pytest.raises(NotConfiguredError, match="mapper"), shim.extension_routes():
        pass


def test_an_origin_that_there_is_not():
    shim = CompatShim(flask.Flask("site"))
    blueprint = flask.Blueprint("plugin", __name__)
    with pytest.raises(ValueError, match=r"'plugin'.*'core' or 'extension'"):
        shim.register_blueprint(blueprint, origin="plugin")


def test_of_several_applications_the_one_in_context_is_meant():
    shim = CompatShim()
    apps = [flask.Flask(name) for name in ("one", "two")]
    for app in apps:
        shim.init_app(app, mapper=Mapper())
    blueprint = flask.Blueprint("plugin", __name__)
    blueprint.add_url_rule("/page", "page", lambda: "page")
    with pytest.raises(SeveralApplicationsError):
        shim.register_blueprint(blueprint)
    with apps[1].app_context():
        shim.register_blueprint(blueprint)
    assert [app.test_client().get("/page").status_code for app in apps] == [404, 200]


# Methods.


def test_a_flask_extension_that_does_not_take_the_method_leaves_it_to_others(site):
    site.add(FLASK_EXTENSION, "/page", "extension", methods=["POST"])
    site.add(FLASK_CORE, "/page", "core")
    assert site.ask("/page") == (FLASK_CORE, ["core"])
    assert site.ask("/page", "POST") == (FLASK_EXTENSION, ["extension"])


def test_a_method_that_nobody_takes_is_a_405_with_the_methods_of_all_rules(site):
    site.add(FLASK_EXTENSION, "/page", "extension", methods=["POST"])
    site.add(FLASK_CORE, "/page", "core")
    site.add(LEGACY_CORE, "/page", "legacy", conditions={"method": ["PUT"]})
    assert site.ask("/page", "DELETE") == (FLASK_CORE, [])
    assert site.status.startswith("405")
    allowed = set(site.headers["Allow"].replace(" ", "").split(","))
    assert allowed == {"GET", "HEAD", "OPTIONS", "POST"}
    assert site.ask("/page", "PUT") == (LEGACY_CORE, ["legacy"])


def test_a_legacy_catch_all_does_not_hide_a_405_where_it_does_not_take_the_method(site):
    site.add(FLASK_CORE, "/page", "core")
    site.add(LEGACY_CORE, "/*x", "all", conditions={"method": ["GET"]})
    assert site.ask("/page") == (FLASK_CORE, ["core"])
    assert site.ask("/page", "DELETE") == (FLASK_CORE, [])
    assert site.status.startswith("405")
    assert site.ask("/other") == (LEGACY_CORE, ["all"])


@pytest.mark.parametrize("minimization", [True, False])
@pytest.mark.parametrize("path", ["/*url", "*url", "/{url:.*}", "/{url:.+}"])
def test_a_legacy_catch_all_never_hides_a_405(site, path, minimization):
    site.mapper.minimization = minimization and ":" not in path
    site.add(FLASK_CORE, "/page", "core")
    site.add(LEGACY_CORE, "/legacy/{x}", "legacy")
    site.add(LEGACY_CORE, path, "all")
    assert site.ask("/page", "DELETE") == (FLASK_CORE, [])
    assert site.status.startswith("405")
    assert site.ask("/legacy/x", "DELETE") == (LEGACY_CORE, ["legacy"])
    if path != "*url" or minimization:  # no path begins so
        assert site.ask("/other", "DELETE") == (LEGACY_CORE, ["all"])


@pytest.mark.parametrize("path", ["/{x}", "/page", "/{x}{.format}", r"/{x:p\w+}"])
def test_a_legacy_route_that_is_no_catch_all_has_the_method_that_flask_refuses(
    site, path
):
    site.add(FLASK_CORE, "/page", "core")
    site.add(LEGACY_CORE, path, "legacy")
    assert site.ask("/page", "DELETE") == (LEGACY_CORE, ["legacy"])


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("conditions", [{}, {"conditions": {"method": ["GET"]}}])
def test_head_reaches_the_page_that_get_does(site, method, conditions):
    site.add(FLASK_CORE, "/page", "core")
    site.add(LEGACY_EXTENSION, "/page", "extension", **conditions)
    assert site.ask("/page", method) == (LEGACY_EXTENSION, ["extension"])


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
@pytest.mark.parametrize(("winner", "loser"), PAIRS)
def test_head_and_options_reach_the_owner_of_the_path(site, winner, loser, method):
    site.add(loser, "/page", name_of(loser))
    site.add(winner, "/page", name_of(winner))
    owner, ran = site.ask("/page", method)
    answers_itself = winner[0] == "flask" and method == "OPTIONS"
    assert (owner, ran) == (winner, [] if answers_itself else [name_of(winner)])


def error_page(error):
    return f"page for {error.code}", error.code


@pytest.mark.parametrize(
    ("path", "method", "code"),
    [
        ("/nowhere", "GET", 404),
        ("/nowhere", "POST", 404),
        ("/core", "DELETE", 405),
        ("/extension", "DELETE", 405),
        ("/legacy", "DELETE", 404),
    ],
)
def test_what_both_refuse_goes_to_the_error_handlers(site, path, method, code):
    site.add(FLASK_CORE, "/core", "core")
    site.add(FLASK_EXTENSION, "/extension", "extension")
    site.add(LEGACY_CORE, "/legacy", "legacy", conditions={"method": ["GET"]})
    site.app.register_error_handler(404, error_page)
    site.app.register_error_handler(405, error_page)
    answer = site.app.test_client().open(path, method=method)
    assert (answer.status_code, answer.text) == (code, f"page for {code}")


def test_options_reach_the_owner_of_the_path(site):
    site.add(FLASK_CORE, "/page", "core")
    site.add(LEGACY_EXTENSION, "/page", "extension")
    site.add(LEGACY_CORE, "/legacy", "legacy")
    site.add(FLASK_EXTENSION, "/flask", "flask")
    site.add(FLASK_CORE, "/core", "core 2")
    assert site.ask("/page", "OPTIONS") == (LEGACY_EXTENSION, ["extension"])
    assert site.ask("/legacy", "OPTIONS") == (LEGACY_CORE, ["legacy"])
    assert site.ask("/flask", "OPTIONS") == (FLASK_EXTENSION, [])
    assert site.ask("/core", "OPTIONS") == (FLASK_CORE, [])
    assert site.headers["Allow"]


def test_a_method_override_decides_about_an_extension_route(site):
    site.add(FLASK_CORE, "/page", "core", methods=["GET", "POST"])
    site.add(LEGACY_EXTENSION, "/page", "deletes", conditions={"method": ["DELETE"]})
    assert site.ask("/page", "POST") == (FLASK_CORE, ["core"])
    form = {"_method": "DELETE"}
    assert site.ask("/page", "POST", data=form) == (LEGACY_EXTENSION, ["deletes"])
    query = {"_method": "delete"}
    assert site.ask("/page", query_string=query) == (LEGACY_EXTENSION, ["deletes"])


def test_a_form_read_in_vain_is_there_for_the_flask_view(site):
    def view():
        return flask.request.form["a"] + flask.request.files["f"].read().decode()

    site.app.add_url_rule("/page", "core", view, methods=["POST"])
    site.add(LEGACY_EXTENSION, "/page", "deletes", conditions={"method": ["DELETE"]})
    data = {"a": "1", "f": (BytesIO(b"23"), "f.txt")}
    assert site.app.test_client().post("/page", data=data).text == "123"


def test_a_body_is_not_read_where_no_extension_route_has_the_path(site):
    def view():
        return flask.request.stream.read()

    site.app.add_url_rule("/page", "core", view, methods=["POST"])
    site.add(LEGACY_EXTENSION, "/other", "other", conditions={"method": ["DELETE"]})
    site.add(LEGACY_EXTENSION, "/page/{x}", "deeper", conditions={"method": ["PUT"]})
    kind = "application/x-www-form-urlencoded"
    got = site.app.test_client().post("/page", data=b"a=1", content_type=kind)
    assert got.data == b"a=1"


# What Routes can do, on extension routes.


def test_condition_functions_and_arguments_of_extension_routes(site):
    seen = []

    def accept(environ, arguments):
        seen.append(environ["REQUEST_METHOD"])
        arguments["label"] += "!"
        return arguments["x"] != "no"

    site.add(FLASK_CORE, "/page/<x>", "core")
    site.add(
        LEGACY_EXTENSION, "/page/{x}", "extension", conditions={"function": accept}
    )
    assert site.ask("/page/yes") == (LEGACY_EXTENSION, ["extension!"])
    assert seen == ["GET"]
    assert site.ask("/page/no") == (FLASK_CORE, ["core"])


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/7", (LEGACY_EXTENSION, ["e"])), ("/x", (FLASK_CORE, ["core"]))],
)
def test_requirements_and_the_prefix_of_the_mapper(site, path, expected):
    site.mapper.prefix = "/app"
    site.add(FLASK_CORE, "/app/<x>", "core")
    site.add(LEGACY_EXTENSION, "/{n}", "e", requirements={"n": r"\d+"})
    assert site.ask(f"/app{path}") == expected


def test_sub_domains_of_extension_routes(site):
    site.mapper.sub_domains = True
    site.add(FLASK_CORE, "/page", "core")
    site.add(LEGACY_EXTENSION, "/page", "sub", conditions={"sub_domain": ["api"]})
    api = site.ask("/page", base_url="http://api.example.org")
    assert api == (LEGACY_EXTENSION, ["sub"])
    www = site.ask("/page", base_url="http://www.example.org")
    assert www == (FLASK_CORE, ["core"])


def test_minimization_and_defaults_of_extension_routes(site):
    site.mapper.minimization = True
    site.mapper.explicit = False
    site.add(FLASK_CORE, "/blog/", "core")
    site.add(LEGACY_EXTENSION, "/blog/:action/:id", "extension")
    for path in ("/blog", "/blog/", "/blog/edit", "/blog/edit/3/"):
        assert site.ask(path) == (LEGACY_EXTENSION, ["extension"])


def test_an_order_that_only_routes_own_way_tells(site):
    """A requirement with a reference fits in no index."""
    site.add(FLASK_CORE, "/page/<x>", "core")
    site.add(LEGACY_EXTENSION, "/page/{x:(?P<c>a)(?P=c)}", "twice")
    assert site.ask("/page/aa") == (LEGACY_EXTENSION, ["twice"])
    assert site.ask("/page/ab") == (FLASK_CORE, ["core"])


def test_a_mapper_with_a_way_of_its_own_is_asked():
    class Shouting(Mapper):
        def _match(self, url, environ):
            return super()._match(url.lower(), environ)

    site = Site(Shouting())
    site.add(FLASK_CORE, "/page", "core")
    site.add(LEGACY_EXTENSION, "/page", "extension")
    assert site.ask("/page") == (LEGACY_EXTENSION, ["extension"])


def test_a_route_with_a_controller_in_its_path():
    site = Site(Mapper(controller_scan=["admin"]))
    site.add(FLASK_CORE, "/<x>/list", "core")
    site.add(LEGACY_EXTENSION, "/{controller}/list", "extension")
    assert site.ask("/admin/list") == (LEGACY_EXTENSION, ["extension"])
    assert site.ask("/other/list") == (FLASK_CORE, ["core"])


# Redirects, converters, contexts.


def test_a_redirect_to_the_slash_counts_as_a_match_of_its_owner(site):
    site.add(FLASK_EXTENSION, "/page/", "extension")
    site.add(LEGACY_EXTENSION, "/page", "legacy")
    assert site.ask("/page") == (FLASK_EXTENSION, [])
    assert site.headers["Location"].endswith("/page/")


def test_a_legacy_extension_comes_before_a_redirect_of_flask_core(site):
    site.add(FLASK_CORE, "/page/", "core")
    site.add(LEGACY_EXTENSION, "/page", "legacy")
    assert site.ask("/page") == (LEGACY_EXTENSION, ["legacy"])
    assert site.ask("/page/") == (FLASK_CORE, ["core"])


def test_options_of_rules_that_an_empty_copy_would_forget():
    site = Site()
    site.app.url_map.merge_slashes = False
    site.add(FLASK_CORE, "/<path:x>", "core")
    site.add(FLASK_EXTENSION, "/a//b", "extension", merge_slashes=False)
    assert site.ask("/a//b") == (FLASK_EXTENSION, ["extension"])


def test_a_redirect_of_an_extension_rule_with_defaults(site):
    blueprint = flask.Blueprint("pages", __name__)
    blueprint.add_url_rule("/p/", "page", lambda n: f"{n}", defaults={"n": 1})
    blueprint.add_url_rule("/p/<int:n>", "page")
    site.shim.register_blueprint(blueprint)
    assert site.ask("/p/1") == (FLASK_EXTENSION, [])
    assert site.headers["Location"].endswith("/p/")
    assert site.app.test_client().get("/p/2").text == "2"


class Refusing(BaseConverter):
    def to_python(self, value):
        if value == "no":
            raise ValidationError
        return flask.current_app.name + value


def test_converters_of_the_application_in_extension_rules(site):
    site.app.url_map.converters["refusing"] = Refusing
    site.add(FLASK_EXTENSION, "/page/<refusing:x>", "extension")
    site.add(FLASK_CORE, "/page/no", "core")
    assert site.ask("/page/yes") == (FLASK_EXTENSION, ["extension"])
    assert site.ask("/page/no") == (FLASK_CORE, ["core"])


def test_flask_itself_sees_the_rule_that_the_dispatcher_has_chosen(site):
    site.add(FLASK_CORE, "/page", "core")
    site.add(FLASK_EXTENSION, "/page", "extension")
    with site.app.test_request_context("/page"):
        assert flask.request.endpoint == "extension.view"
        assert flask.request.url_rule in [*site.app.url_map.iter_rules()]
        assert flask.url_for("core") == "/page"


def test_flask_behind_middleware_of_its_own_agrees():
    app = flask.Flask("site")
    app.wsgi_app = ProxyFix(app.wsgi_app)
    shim = CompatShim(app, mapper=Mapper(), inner_middleware="flask-only")
    app.config["COMPATSHIM_ROUTE_CONFLICTS"] = "ignore"
    app.add_url_rule("/page", "core", lambda: "core")
    blueprint = flask.Blueprint("plugin", __name__)
    blueprint.add_url_rule("/page", "page", lambda: "plugin")
    shim.register_blueprint(blueprint)
    assert app.test_client().get("/page").text == "plugin"


def test_a_legacy_extension_does_not_see_the_rule_that_it_has_beaten():
    app = flask.Flask("site")
    app.config["COMPATSHIM_ROUTE_CONFLICTS"] = "ignore"
    app.add_url_rule("/page/<x>", "core", lambda x: x)
    seen = []

    def legacy(environ, start_response):
        from compatshim.common import request

        seen.append((request.endpoint, request.view_args))
        with state_of(app).app.app_context():
            seen.append("werkzeug.request" in environ)
        return Response("legacy")(environ, start_response)

    mapper = Mapper()
    shim = CompatShim(app, legacy=legacy, mapper=mapper)
    with shim.extension_routes() as marked:
        marked.connect("mine", "/page/{y}")
    assert app.test_client().get("/page/1").text == "legacy"
    assert seen == [("mine", {"y": "1"}), False]


# Cost.


def test_flasks_router_is_asked_once_where_no_extension_competes(site, monkeypatch):
    asked = []
    match = MapAdapter.match

    def counted(self, *arguments, **keywords):
        asked.append("flask")
        return match(self, *arguments, **keywords)

    monkeypatch.setattr(MapAdapter, "match", counted)
    site.add(FLASK_EXTENSION, "/plugin/page", "flask extension")
    site.add(LEGACY_EXTENSION, "/harvest/page", "legacy extension")
    site.add(FLASK_CORE, "/page", "core")
    site.ask("/page")
    assert asked == ["flask"]
    asked.clear()
    site.ask("/plugin/page")
    assert asked == ["flask"]
    asked.clear()
    site.ask("/harvest/page")
    assert asked == []


# Names.


def test_the_precedence_of_names(site):
    for owner in IN_ORDER:
        site.add(owner, f"/{name_of(owner)}", name_of(owner))
    state = state_of(site.app)
    of_names = [
        precedence_of_endpoint(state, "flask_extension.view"),
        precedence_of_route(state, "legacy_extension"),
        precedence_of_endpoint(state, "flask_core"),
        precedence_of_route(state, "legacy_core"),
    ]
    assert of_names == sorted(Precedence, reverse=True)
    assert [(one.framework, one.origin) for one in of_names] == IN_ORDER


def test_names_that_nobody_knows(site):
    state = state_of(site.app)
    assert precedence_of_endpoint(state, "missing") is None
    assert precedence_of_route(state, "missing") is None
    alone = flask.Flask("alone")
    CompatShim(alone)
    assert precedence_of_route(state_of(alone), "missing") is None


def test_a_name_for_building_urls_only_is_marked_too(site):
    with site.shim.extension_routes() as mapper:
        mapper.connect("docs", "https://docs.example.org/", _static=True)
    route = precedence_of_route(state_of(site.app), "docs")
    assert route == Precedence.LEGACY_EXTENSION
