"""The filter never hides a path that Werkzeug's router would answer."""

from __future__ import annotations

import pytest
from hypothesis import example, given, strategies as st
from werkzeug.exceptions import NotFound
from werkzeug.routing import BaseConverter, Map, Rule, Submount
from werkzeug.test import create_environ

from compatshim.routing.flask_rules import FlaskRules


class Letters(BaseConverter):
    """A converter that takes more than one segment."""

    regex = "[ab/]+"
    part_isolating = False


SEGMENTS = st.sampled_from(
    [
        "",
        "a",
        "b",
        "A",
        "é",
        "a.b",
        "a b",
        "a|b",
        "<x>",
        "<int:n>",
        "<path:p>",
        "<any(a,b):k>",
        "<string(length=2):s>",
        "<letters:l>",
        "a<x>",
        "<x>a",
    ]
)
PATHS = st.lists(SEGMENTS.filter(lambda text: text.count("<") < 2), max_size=4).filter(
    lambda parts: sum("<" in part for part in parts) < 2
)
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "strict_slashes": st.booleans(),
        "merge_slashes": st.booleans(),
        "methods": st.sampled_from([["GET"], ["POST"]]),
        "redirect_to": st.just("/elsewhere"),
        "subdomain": st.just(""),
        "websocket": st.just(False),
    },
)
RULES = st.lists(
    st.tuples(PATHS.map(lambda parts: "/" + "/".join(parts)), OPTIONS), max_size=4
)
ASKED = st.lists(
    st.sampled_from(
        ["", "a", "b", "A", "é", "Ã©", "a.b", "a b", "a|b", "7", "aa", "x"]
    ),
    max_size=4,
).map("/".join)


def is_answered(url_map, path):
    """Return whether the router matches, redirects or refuses only the method."""
    environ = create_environ("/")
    environ["PATH_INFO"] = path
    try:
        url_map.bind_to_environ(environ).match(return_rule=True)
    except NotFound:
        return False
    except Exception:  # noqa: BLE001 (a redirect, a refused method: an answer)
        return True
    return True


@given(
    rules=RULES,
    path=st.tuples(st.sampled_from(["/", "", "//"]), ASKED).map("".join),
    map_options=st.fixed_dictionaries(
        {"strict_slashes": st.booleans(), "merge_slashes": st.booleans()}
    ),
)
@example([("//a", {})], "/a", {"strict_slashes": True, "merge_slashes": True})
@example([("/a/", {})], "/a", {"strict_slashes": True, "merge_slashes": True})
@example([("/é", {})], "/Ã©", {"strict_slashes": True, "merge_slashes": True})
@example([("/<path:p>", {})], "/a/b", {"strict_slashes": True, "merge_slashes": True})
@example([("/", {})], "", {"strict_slashes": True, "merge_slashes": True})
def test_path_that_the_router_answers_passes_the_filter(rules, path, map_options):
    url_map = Map(converters={"letters": Letters}, **map_options)
    segments = FlaskRules(url_map)
    for number, (rule, options) in enumerate(rules):
        url_map.add(Rule(rule, endpoint=str(number), **options))
    if is_answered(url_map, path):
        assert segments.may_match(path) is True


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/static/style.css", True),
        ("/static", True),
        ("/api", True),
        ("/api/3", True),
        ("/", True),
        ("", True),
        ("//other", True),
        ("/stätic", True),
        ("/other", False),
        ("/statics", False),
        ("/stati", False),
        ("/other/static", False),
    ],
)
def test_path_by_its_first_segment(path, expected):
    url_map = Map(
        [
            Rule("/", endpoint="home"),
            Rule("/static/<path:filename>", endpoint="static"),
            Rule("/api/3", endpoint="api"),
        ]
    )
    assert FlaskRules(url_map).may_match(path) is expected


@pytest.mark.parametrize("rule", ["/<name>", "/<path:p>", "/a<name>", "/<int:n>/read"])
def test_rule_that_may_begin_with_anything_lets_every_path_pass(rule):
    url_map = Map([Rule(rule, endpoint="any"), Rule("/static", endpoint="static")])
    assert FlaskRules(url_map).may_match("/other") is True


def test_rule_that_is_added_later_is_seen():
    url_map = Map([Rule("/static", endpoint="static")])
    segments = FlaskRules(url_map)
    assert segments.may_match("/other") is False
    url_map.add(Rule("/other", endpoint="other"))
    assert segments.may_match("/other") is True


def test_rule_that_is_added_by_a_factory_is_seen():
    url_map = Map([Rule("/static", endpoint="static")])
    segments = FlaskRules(url_map)
    assert segments.may_match("/other/page") is False
    url_map.add(Submount("/other", [Rule("/page", endpoint="other")]))
    assert segments.may_match("/other/page") is True


def test_rule_that_cannot_be_added_changes_nothing():
    url_map = Map([Rule("/static", endpoint="static")])
    segments = FlaskRules(url_map)
    with pytest.raises(LookupError):
        url_map.add(Rule("/<missing:x>", endpoint="other"))
    assert segments.may_match("/static") is True
