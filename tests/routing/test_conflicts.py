"""Routes that are never reached are found at start-up, and only those."""

from __future__ import annotations

import logging

import flask
import pytest
from flask.views import MethodView
from hypothesis import given, strategies as st
from routes import Mapper
from webob import Response
from werkzeug.routing import Rule
from werkzeug.test import create_environ, run_wsgi_app

from compatshim import CompatShim
from compatshim.errors import RouteConflictError
from compatshim.objects.state import state_of
from compatshim.routing.conflicts import find_conflicts
from compatshim.routing.shadows import find_shadows
from compatshim.routing.table import all_routes


class Site:
    """Both sides; each route has a number, and notes it when it serves."""

    def __init__(self, **options):
        self.app = flask.Flask("site", static_folder=None, **options)
        self.mapper = Mapper()
        self.ran = []
        self.shim = CompatShim(self.app, legacy=self._legacy, mapper=self.mapper)
        self.state = state_of(self.app)

    def _legacy(self, environ, start_response):
        self.ran.append(environ["routes.route"])
        return Response("legacy")(environ, start_response)

    def flask(self, rule, endpoint=None, *, extension=False, **options):
        endpoint = endpoint or f"e{len(self.app.view_functions)}"

        def view(**_):
            self.ran.append(flask.request.url_rule)
            return "flask"

        if not extension:
            self.app.add_url_rule(rule, endpoint, view, **options)
            return
        blueprint = flask.Blueprint(endpoint, __name__)
        blueprint.add_url_rule(rule, "v", view, **options)
        self.shim.register_blueprint(blueprint)

    def legacy(self, *path, extension=False, **options):
        if not extension:
            self.mapper.connect(*path, **options)
            return
        with self.shim.extension_routes():
            self.mapper.connect(*path, **options)

    def conflicts(self):
        return [
            (
                conflict.kind,
                conflict.by.rule,
                [hidden.rule for hidden in conflict.hidden],
            )
            for conflict in find_conflicts(self.state)
        ]

    def shadows(self):
        """Return pairs of rules: what is shadowed, by what."""
        found = find_shadows(all_routes(self.state)).values()
        return [
            (one.route.rule, shadow.by.rule) for one in found for shadow in one.shadows
        ]


@pytest.fixture
def site():
    return Site()


# What shadows what.


@pytest.mark.parametrize(
    ("rule", "path", "is_shadowed"),
    [
        ("/page", "/page", True),
        ("/page", "/other", False),
        ("/page", "/page/", False),
        ("/page/", "/page/", True),
        ("/page/", "/page", True),  # it is redirected
        ("/", "/", True),
        ("/<x>", "/page", True),
        ("/<x>", "/", False),
        ("/<x>", "/{y}", True),
        ("/<x>", "/page/more", False),
        ("/<x>", "/{y:.*}", False),
        ("/<x>", r"/{y:\d+}", True),
        ("/<int:x>", r"/{y:\d+}", True),
        ("/<int:x>", "/7", True),
        ("/<int:x>", "/seven", False),
        ("/<int:x>", "/{y}", False),
        ("/<int(min=8):x>", "/7", False),
        ("/<any(a, b):x>", "/b", True),
        ("/<any(a, b):x>", "/c", False),
        ("/<string(length=2):x>", "/ab", False),
        ("/<path:x>", "/a/b", True),
        ("/<path:x>", "/a/{y:.*}", True),
        ("/<path:x>", "/{y:.+}", True),
        ("/<path:x>", "/{y:.*}", False),  # which also takes "/"
        ("/<path:x>", "/a/{y}{.format}", True),
        ("/a/<path:x>", "/a/", False),
        ("/<path:x>/edit", "/a/edit", False),
        ("/a<x>", "/a{y}", True),
        ("/a<x>", "/ab", False),  # true, but not found
        ("/<x>/<y>", "/{controller}/{action}", False),
        ("/<x>/edit", "/{y}/edit", True),
        ("/<x>/edit", "/{y}/{z}", False),
        ("/é", "/é", True),
    ],
)
def test_what_a_flask_rule_shadows(site, rule, path, is_shadowed):
    site.flask(rule)
    site.legacy(path)
    assert site.shadows() == ([(path, rule)] if is_shadowed else [])


@pytest.mark.parametrize(
    ("options", "rule_options", "is_shadowed"),
    [
        ({"host_matching": True, "static_host": "x"}, {"host": "x"}, False),
        ({"subdomain_matching": True}, {"subdomain": "x"}, False),
        ({"subdomain_matching": True}, {}, False),
        ({}, {"subdomain": "x"}, False),
        ({}, {"websocket": True, "methods": ["GET"]}, False),
        ({}, {"strict_slashes": False}, True),
        ({}, {"redirect_to": "/"}, True),
    ],
)
def test_a_rule_that_not_every_request_reaches(options, rule_options, is_shadowed):
    site = Site(**options)
    site.flask("/page", **rule_options)
    site.legacy("/page")
    assert bool(site.shadows()) is is_shadowed


def test_a_rule_for_building_urls_only_shadows_nothing(site):
    site.app.url_map.add(Rule("/page", endpoint="built", build_only=True))
    site.legacy("/page")
    assert site.shadows() == []


def test_a_path_argument_that_keeps_repeated_slashes(site):
    site.flask("/<path:x>", merge_slashes=False)
    site.legacy("/{y:.+}")
    assert site.shadows() == []


@pytest.mark.parametrize(
    ("strict_slashes", "is_shadowed"), [(True, False), (False, True)]
)
def test_a_minimized_route_is_reached_with_a_slash_too(
    site, strict_slashes, is_shadowed
):
    site.mapper.minimization = True
    site.flask("/page", strict_slashes=strict_slashes)
    site.legacy("/page")
    assert bool(site.shadows()) is is_shadowed


def test_arguments_that_minimization_lets_out(site):
    site.mapper.minimization = True
    site.flask("/a/<x>", strict_slashes=False)
    site.legacy("/a/{y}")
    assert site.shadows() == [("/a/{y}", "/a/<x>")]
    site.legacy("/a/{z}", z=None)
    assert len(site.shadows()) == 1


METHODS = [
    # of the Flask rule, of the legacy route, what is taken, whether nothing is left
    (["GET"], None, {"GET"}, True),
    (["POST"], None, {"POST"}, False),
    (["GET"], ["GET"], None, True),
    (["GET"], ["GET", "HEAD"], None, True),
    (["GET"], ["GET", "POST"], {"GET"}, False),
    (["GET"], ["POST"], "not shadowed", False),
    (["GET", "POST"], ["POST"], None, True),
    (["GET"], ["OPTIONS"], None, True),
    (["GET"], "GET", None, True),
]


@pytest.mark.parametrize(("ours", "theirs", "taken", "is_hidden"), METHODS)
def test_methods(site, ours, theirs, taken, is_hidden):
    site.flask("/page", methods=ours)
    site.legacy("/page", **({"conditions": {"method": theirs}} if theirs else {}))
    found = list(find_shadows(all_routes(site.state)).values())
    if taken == "not shadowed":
        assert found == []
        return
    assert [shadow.methods for shadow in found[0].shadows] == [taken]
    assert found[0].is_hidden is is_hidden


def test_several_rules_that_take_all_methods_between_them(site):
    site.flask("/page", methods=["GET"])
    site.flask("/page", methods=["POST"])
    site.legacy("/page", conditions={"method": ["GET", "POST"]})
    (found,) = find_shadows(all_routes(site.state)).values()
    assert len(found.shadows) == 2
    assert found.is_hidden


# Between routes of one framework.


def test_of_two_legacy_routes_alike_the_later_one_is_shadowed(site):
    site.legacy("first", "/page/{x}")
    site.legacy("second", "/page/{y}")
    (conflict,) = find_conflicts(site.state)
    assert (conflict.by.name, conflict.hidden[0].name) == ("first", "second")


def test_routes_tries_the_longest_static_prefix_first(site):
    site.legacy("/{x}/new")
    site.legacy("/page/new")
    assert site.shadows() == []
    site.legacy("/page/{y}")
    site.legacy("/page/{y}/more")
    assert site.shadows() == []


@pytest.mark.parametrize(
    "rule", ["/page", "/<x>", "/<int:x>", "/a/<path:x>", "/<uuid:x>"]
)
def test_of_two_flask_rules_alike_the_one_that_werkzeug_does_not_choose(site, rule):
    site.flask(rule, "z")
    site.flask(rule, "a")
    (conflict,) = find_conflicts(site.state)
    assert (conflict.by.endpoint, conflict.hidden[0].endpoint) == ("z", "a")


def test_a_flask_rule_that_is_more_particular_is_reached(site):
    site.flask("/<x>")
    site.flask("/page")
    site.flask("/<int:x>")
    assert site.shadows() == []


def test_two_methods_of_one_path_are_no_conflict(site):
    site.flask("/page", methods=["GET"])
    site.flask("/page", methods=["POST"])
    site.legacy("/l", conditions={"method": ["GET"]})
    site.legacy("/l", conditions={"method": ["POST"]})
    assert site.shadows() == []


# What is a conflict.


def test_a_shadowed_route_without_a_declared_replacement(site):
    site.flask("/page")
    site.legacy("page", "/page", controller="page", action="read")
    assert site.conflicts() == [("shadowed", "/page", ["/page"])]
    assert "shim.replaces()" in str(find_conflicts(site.state)[0])


def test_a_replacement_declared_by_an_alias(site):
    site.flask("/page", "pages.read")
    site.legacy("page", "/page")
    site.shim.alias("page", "pages.read")
    assert site.conflicts() == []
    site.shim.alias("page", "another")
    assert len(site.conflicts()) == 1


@pytest.mark.parametrize(
    "replaced", [{"route": "page"}, {"controller": "page", "action": "read"}]
)
def test_a_replacement_declared_on_the_view(site, replaced):
    @site.app.get("/page")
    @site.shim.replaces(**replaced)
    def page():
        return "flask"

    site.legacy("page", "/page", controller="page", action="read")
    assert site.conflicts() == []


def test_an_action_that_is_the_index_by_default(site):
    @site.app.get("/page")
    @site.shim.replaces(controller="page")
    def page():
        return "flask"

    site.legacy("/page", controller="page")
    assert site.conflicts() == []


def test_a_replacement_declared_in_the_configuration(site):
    site.flask("/page", "pages.read")
    site.legacy("page", "/page")
    site.app.config["legacy_route_mappings"] = "page:pages.read"
    assert site.conflicts() == []


def test_of_several_views_that_replace_a_route_any_may_stand_before_it(site):
    for rule in ("/preview", "/page"):

        @site.app.get(rule, endpoint=rule)
        @site.shim.replaces(route="page")
        def page():
            return "flask"

    site.legacy("page", "/page")
    assert site.conflicts() == []
    site.app.config["legacy_route_mappings"] = "page:/preview"
    assert site.conflicts() == []


def test_declarations_of_all_kinds_count_beside_each_other(site):
    site.flask("/page", "pages.read")
    site.app.config["legacy_route_mappings"] = {"page": "pages.read"}
    site.shim.alias("page", "pages.new")
    site.legacy("page", "/page")
    assert site.conflicts() == []


def test_a_blueprint_that_is_registered_twice_replaces_under_both_names(site):
    blueprint = flask.Blueprint("pages", __name__)

    @blueprint.get("/page")
    @site.shim.replaces(controller="page", action="read")
    def read():
        return "flask"

    site.app.register_blueprint(blueprint)
    site.app.register_blueprint(blueprint, name="again", url_prefix="/new")
    site.legacy("/page", controller="page", action="read")
    site.legacy("/new/page", controller="page", action="read")
    assert site.conflicts() == []


def test_a_class_of_views_that_is_marked(site):
    @site.shim.replaces(route="page")
    class Page(MethodView):
        def get(self):
            return "flask"

    site.app.add_url_rule("/page", view_func=Page.as_view("page"))
    site.legacy("page", "/page")
    assert site.conflicts() == []


@pytest.mark.parametrize(
    "replaced",
    [
        {"route": "another"},
        {"controller": "page"},
        {"controller": "page", "action": "edit"},
        {"controller": "another", "action": "read"},
        {"action": "read"},
    ],
)
def test_a_declaration_of_another_route_is_none_of_this_one(site, replaced):
    @site.app.get("/page")
    @site.shim.replaces(**replaced)
    def page():
        return "flask"

    site.legacy("/page", controller="page", action="read")
    assert site.conflicts() == [("shadowed", "/page", ["/page"])]


def test_a_catch_all_hides_what_it_does_not_replace(site):
    @site.app.get("/<path:page>")
    @site.shim.replaces(route="a")
    def pages(page):
        return "flask"

    site.legacy("a", "/a")
    site.legacy("b", "/b")
    assert site.conflicts() == [("catch-all", "/<path:page>", ["/b"])]


def test_an_extension_may_replace_what_is_core(site):
    site.flask("/page")
    site.legacy("/page")
    site.flask("/page", extension=True)
    site.legacy("/other")
    site.legacy("/other", extension=True)
    assert site.conflicts() == []
    assert len(site.shadows()) == 4


def test_two_extensions_in_each_others_way(site):
    site.legacy("/page", extension=True)
    site.flask("/page", extension=True)
    assert site.conflicts() == [("shadowed", "/page", ["/page"])]


def test_a_flask_core_catch_all_that_hides_legacy_routes(site):
    site.flask("/<path:page>", "pages")
    for path in ("/a", "/b/{x}", "/"):
        site.legacy(path)
    site.legacy("/e", extension=True)
    (conflict,) = find_conflicts(site.state)
    assert conflict.kind == "catch-all"
    assert {hidden.rule for hidden in conflict.hidden} == {"/a", "/b/{x}"}
    assert str(conflict).startswith("2 legacy routes (")
    assert "'/<path:page>' (pages)" in str(conflict)


def test_a_catch_all_of_an_extension_is_wanted(site):
    site.flask("/<path:page>", extension=True)
    site.legacy("/a")
    assert site.conflicts() == []


# What is done about them.


def get(site, path="/page"):
    return site.app.test_client().get(path)


def test_conflicts_are_logged_once_at_the_first_request(site, caplog):
    site.flask("/page")
    site.legacy("/page")
    assert caplog.records == []
    for _ in range(2):
        assert get(site).text == "flask"
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("compatshim.routing", logging.WARNING)
    assert (
        "legacy route '/page' is shadowed by flask rule '/page'" in record.getMessage()
    )
    assert "flask compatshim routes --conflicts" in record.getMessage()


def test_a_site_without_conflicts_logs_nothing(site, caplog):
    site.flask("/page")
    site.legacy("/legacy")
    get(site)
    assert caplog.records == []


def test_many_conflicts_are_one_record_of_bearable_length(site, caplog):
    for number in range(60):
        site.flask(f"/page{number}")
        site.legacy(f"/page{number}")
    get(site)
    (record,) = caplog.records
    assert "60 route conflicts" in record.getMessage()
    assert "... and 40 more" in record.getMessage()
    assert len(record.getMessage().splitlines()) < 25


def test_conflicts_can_be_errors(site):
    site.app.config["COMPATSHIM_ROUTE_CONFLICTS"] = "error"
    site.flask("/page")
    site.legacy("/page")
    for _ in range(2):
        with pytest.raises(RouteConflictError, match="'/page'") as caught:
            get(site)
    assert [conflict.kind for conflict in caught.value.conflicts] == ["shadowed"]


def test_conflicts_can_be_ignored(site, caplog):
    site.app.config["COMPATSHIM_ROUTE_CONFLICTS"] = "ignore"
    site.flask("/page")
    site.legacy("/page")
    get(site)
    assert caplog.records == []


def test_a_wish_that_there_is_not(site):
    site.app.config["COMPATSHIM_ROUTE_CONFLICTS"] = "warning"
    with pytest.raises(ValueError, match=r"'warning'.*'warn', 'error', 'ignore'"):
        site.shim.check_routes()


def test_conflicts_can_be_looked_for_before_the_first_request(site, caplog):
    site.flask("/page")
    site.legacy("/page")
    site.shim.check_routes()
    assert len(caplog.records) == 1
    get(site)
    assert len(caplog.records) == 1


# Never wrong: what is said to be hidden is never reached, on generated tables.

FLASK_RULES = st.sampled_from(
    ["/", "/a", "/a/", "/<x>", "/<int:x>", "/a/<x>", "/<path:x>", "/a/<path:x>", "/<x>/b",
     "/<any(a,b):x>", "/a/b/", "/a<x>"]
)  # fmt: skip
LEGACY_PATHS = st.sampled_from(
    ["/", "/a", "/a/", "/{x}", r"/{x:\d+}", "/a/{x}", "/{x:.*}", "/a/{x:.+}", "/{x}/b",
     "/{x:a|7}", "/a/b", "/a{x}", "/{x}{.format}", "/*x", "/{x}/{y}"]
)  # fmt: skip
METHOD_SETS = st.sampled_from([None, ["GET"], ["POST"], ["GET", "POST"]])
ROUTES = st.lists(
    st.one_of(
        st.tuples(
            st.just("flask"), FLASK_RULES, METHOD_SETS, st.booleans(), st.booleans()
        ),
        st.tuples(
            st.just("legacy"), LEGACY_PATHS, METHOD_SETS, st.booleans(), st.booleans()
        ),
    ),
    min_size=1,
    max_size=6,
)
TEXTS = st.sampled_from(["", "a", "b", "7", "a7", "b.c", "x"])
ASKED = st.lists(
    st.tuples(
        st.lists(TEXTS, min_size=1, max_size=3).map(
            lambda texts: "/" + "/".join(texts).lstrip("/")
        ),
        st.sampled_from(["GET", "POST", "PUT"]),
    ),
    min_size=1,
    max_size=8,
)


def build(routes):
    site = Site()
    site.app.config["COMPATSHIM_ROUTE_CONFLICTS"] = "ignore"
    for number, (framework, rule, methods, extension, is_lax) in enumerate(routes):
        if framework == "flask":
            site.flask(
                rule,
                f"f{number}",
                extension=extension,
                methods=methods,
                strict_slashes=not is_lax,
            )
        else:
            options = {"conditions": {"method": methods}} if methods else {}
            site.legacy(rule, extension=extension, _minimize=is_lax, **options)
    return site


@given(routes=ROUTES, asked=ASKED)
def test_what_is_said_to_be_shadowed_does_not_serve(routes, asked):
    site = build(routes)
    taken = {}
    for one in find_shadows(all_routes(site.state)).values():
        for shadow in one.shadows:
            if shadow.methods is None:
                taken[id(one.route.source)] = None
            elif taken.get(id(one.route.source), ()) is not None:
                taken.setdefault(id(one.route.source), set()).update(shadow.methods)
    for path, method in asked:
        site.ran.clear()
        environ = create_environ("/", method=method) | {"PATH_INFO": path}
        run_wsgi_app(site.app.wsgi_app, environ, buffered=True)
        for ran in site.ran:
            methods = taken.get(id(ran), set())
            assert methods is not None
            assert method not in methods
