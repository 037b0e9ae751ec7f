"""The table of all routes of both sides, and what paths a rule is said to match."""

from __future__ import annotations

import re

import flask
import pytest
from hypothesis import example, given, strategies as st
from routes import Mapper
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter, Map, PathConverter, Rule

from compatshim import CompatShim
from compatshim.legacy.controllers import WSGIController
from compatshim.objects.state import state_of
from compatshim.routing.origins import Precedence
from compatshim.routing.path_patterns import (
    ANY,
    PART,
    REST,
    TEXT,
    flask_paths,
    legacy_paths,
)
from compatshim.routing.table import all_routes


class PackageController(WSGIController):
    pass


@pytest.fixture
def state():
    app = flask.Flask("site", static_folder=None)
    app.add_url_rule("/flask/<int:n>", "flask.read", str, methods=["GET", "PUT"])
    app.url_map.add(Rule("/build", endpoint="build", build_only=True))
    mapper = Mapper()
    mapper.connect("home", "/", controller="home", action="index")
    mapper.connect("docs", "https://docs.example.org", _static=True)
    mapper.connect(
        "/package/{id}",
        controller=PackageController,
        action="read",
        conditions={"method": ["POST", "GET"]},
    )
    mapper.connect("/one", controller="one", conditions={"method": "GET"})
    mapper.connect("/{controller}/{action}/{id}")
    shim = CompatShim(app, mapper=mapper)
    with shim.extension_routes("harvest"):
        mapper.connect("/harvest", controller="harvest", action="index")
    blueprint = flask.Blueprint("pages", __name__)
    blueprint.add_url_rule("/page", "read", str)
    shim.register_blueprint(blueprint)
    return state_of(app)


def test_every_route_of_both_sides_in_the_order_of_precedence(state):
    rows = [
        (one.rule, one.methods, one.endpoint, one.framework, one.origin, one.plugin)
        for one in all_routes(state)
    ]
    flask_methods = ("GET", "HEAD", "OPTIONS")
    assert rows == [
        ("/page", flask_methods, "pages.read", "flask", "extension", "pages"),
        ("/harvest", None, "harvest/index", "legacy", "extension", "harvest"),
        ("/flask/<int:n>", (*flask_methods, "PUT"), "flask.read", "flask", "core", None),
        ("/package/{id}", ("GET", "POST"), "PackageController/read", "legacy", "core", None),
        ("/one", ("GET",), "one", "legacy", "core", None),
        ("/", None, "home/index", "legacy", "core", None),
        ("/{controller}/{action}/{id}", None, "{controller}/{action}", "legacy", "core", None),
    ]  # fmt: skip


def test_titles_name_framework_rule_and_endpoint(state):
    titles = [route.title for route in all_routes(state)]
    assert titles[:3] == [
        "flask extension rule '/page' (pages.read)",
        "legacy extension route '/harvest' (harvest/index)",
        "flask rule '/flask/<int:n>' (flask.read)",
    ]


def test_names_and_sources_are_kept(state):
    home = next(route for route in all_routes(state) if route.name == "home")
    assert home.source is state.mapper.matchlist[0]
    assert home.precedence == Precedence.LEGACY_CORE


def test_the_prefix_of_a_mapper_and_minimized_routes_are_in_the_rule():
    mapper = Mapper()
    mapper.minimization = True
    mapper.prefix = "/app"
    mapper.connect(":controller/:action")
    app = flask.Flask("site", static_folder=None)
    CompatShim(app, mapper=mapper)
    assert [route.rule for route in all_routes(state_of(app))] == [
        "/app/{controller}/{action}".replace(
            "{controller}/{action}", ":controller/:action"
        )
    ] or [route.rule for route in all_routes(state_of(app))] == [
        "/app/:controller/:action"
    ]


@pytest.mark.parametrize(
    ("options", "rule"),
    [
        ({"host_matching": True, "static_host": "x"}, {"host": "api.example.org"}),
        ({"subdomain_matching": True}, {"subdomain": "api"}),
    ],
)
def test_hosts_and_sub_domains_are_in_the_rule(options, rule):
    app = flask.Flask("site", **options)
    app.add_url_rule("/page", "page", str, **rule)
    CompatShim(app)
    rules = [route.rule for route in all_routes(state_of(app))]
    assert f"{next(iter(rule.values()))}|/page" in rules


def test_without_a_legacy_side_the_table_is_flasks():
    app = flask.Flask("site")
    CompatShim(app)
    assert [one.endpoint for one in all_routes(state_of(app))] == ["static"]


# Patterns: what is claimed is matched, and what is matched is in reach.


class Own(BaseConverter):
    def to_python(self, value):
        return value


class OwnPath(PathConverter):
    pass


CONVERTERS = {"own": Own, "ownpath": OwnPath}


def covers(pattern, path):
    """Return whether ``pattern`` may be ``path``: what the patterns mean, once more."""
    segments = path.split("/")[1:]
    for number, segment in enumerate(pattern):
        if segment.kind == REST:
            rest = "/".join(segments[number:])
            return number < len(segments) and (segment.source == "*" or rest != "")
        if number >= len(segments):
            return False
        text = segments[number]
        if segment.kind == TEXT and text != segment.source:
            return False
        if segment.kind in {ANY, PART} and text == "":
            return False
        if segment.accepts is not None and not segment.accepts(text):
            return False
    return len(segments) == len(pattern)


def is_told(paths, path):
    """Return whether ``path`` is in reach, but for more slashes at its end than one.

    Both routers take such paths where a slash at the end is not strict.
    """
    told = {path, re.sub("//+$", "/", path)}
    return any(covers(pattern, one) for pattern in paths.reach for one in told)


def surely_covers(pattern, path):
    return covers(pattern, path) and all(
        segment.is_sure and (segment.kind != PART or segment.accepts)
        for segment in pattern
    )


TEXTS = ["", "a", "b", "7", "77", "a.b", "edit", "é", "a-b", "é7"]
PATHS = st.lists(st.sampled_from(TEXTS), min_size=1, max_size=4).map(
    lambda texts: "/" + "/".join(texts)
)
FLASK_SEGMENTS = [
    "a", "b", "edit", "<x>", "<int:x>", "<float:x>", "<path:x>", "<any(a, 'b'):x>",
    "<string(length=2):x>", "<own:x>", "<ownpath:x>", "a<x>", "<uuid:x>", "<int(min=8):x>",
]  # fmt: skip


def flask_rule(segments, is_branch):
    unique = [text.replace("x>", f"x{n}>") for n, text in enumerate(segments)]
    return "/" + "/".join(unique) + ("/" if is_branch and segments else "")


@given(
    segments=st.lists(st.sampled_from(FLASK_SEGMENTS), max_size=3),
    is_branch=st.booleans(),
    strict_slashes=st.booleans(),
    path=PATHS,
)
@example(["<x>"], True, False, "/b//")
def test_paths_of_flask_rules(segments, is_branch, strict_slashes, path):
    url_map = Map(converters=CONVERTERS, strict_slashes=strict_slashes)
    rule = Rule(flask_rule(segments, is_branch), endpoint="x")
    url_map.add(rule)
    paths = flask_paths(rule, is_bound_to_host=False)
    adapter = url_map.bind("localhost")
    try:
        adapter.match(path)
    except HTTPException as refusal:
        is_answered, is_served = refusal.code not in (404, 405), False
    else:
        is_answered = is_served = True
    if (
        any(surely_covers(pattern, path) for pattern in paths.claims)
        and "//" not in path
    ):
        assert is_answered
    if is_served and not path.startswith("//"):
        assert is_told(paths, path)


LEGACY_SEGMENTS = [
    "a", "b", "edit", "{x}", r"{x:\d+}", "{x:.*}", "{x:.+}", "{x:[^/]+}", "{x:a|b}",
    "*x", ":x", "{x}{.format}", "a{x}", "{x}.{y}", "{x:[a-c.]+}", "{controller}",
]  # fmt: skip


@given(
    segments=st.lists(st.sampled_from(LEGACY_SEGMENTS), max_size=3),
    is_branch=st.booleans(),
    minimization=st.booleans(),
    defaults=st.sets(st.sampled_from(["x0", "x1", "x2", "y1"])),
    path=PATHS,
)
# Routes lets the texts at the end out, too, and those before a default.
@example([":x", "a"], True, True, set(), "/b")
@example([":x", "a", ":x"], False, True, {"x2"}, "/b")
@example([":x"], True, True, set(), "/b//")
def test_paths_of_legacy_routes(segments, is_branch, minimization, defaults, path):
    if sum("{controller}" in text or ".format" in text for text in segments) > 1:
        return
    unique = [
        text.replace("{x", f"{{x{n}").replace("*x", f"*x{n}").replace(":x", f":x{n}")
        .replace("{y", f"{{y{n}")
        for n, text in enumerate(segments)
    ]  # fmt: skip
    mapper = Mapper(controller_scan=["a", "a/b", "edit"])
    mapper.minimization = minimization
    text = "/" + "/".join(unique) + ("/" if is_branch and segments else "")
    mapper.connect(text, **dict.fromkeys(defaults, "7"))
    paths = legacy_paths(mapper.matchlist[0], None)
    is_matched = mapper.match(path, {"REQUEST_METHOD": "GET"}) is not None
    if is_matched:
        assert is_told(paths, path)
    elif not path.startswith("//"):
        assert not any(surely_covers(pattern, path) for pattern in paths.claims)


@pytest.mark.parametrize(
    "options",
    [
        {"conditions": {"function": lambda *_: True}},
        {"conditions": {"sub_domain": True}},
        {"_minimize": True, "id": None},
        {"requirements": {"id": "(?:/|x)"}},
    ],
)
def test_a_route_whose_answer_the_text_does_not_tell_claims_nothing(options):
    mapper = Mapper()
    mapper.connect("/page/{id}", **options)
    paths = legacy_paths(mapper.matchlist[0], None)
    assert paths.claims == []
    assert paths.reach


def test_a_prefix_that_is_a_regular_expression_claims_nothing():
    mapper = Mapper()
    mapper.connect("/page")
    route = mapper.matchlist[0]
    assert legacy_paths(route, "/a.c").claims == []
    assert [one.source for one in legacy_paths(route, "/a-c").claims[0]] == [
        "a-c",
        "page",
    ]


def test_a_route_that_no_path_can_match_reaches_nothing():
    mapper = Mapper()
    mapper.connect("page/{id}")
    assert legacy_paths(mapper.matchlist[0], None) == ([], [])
