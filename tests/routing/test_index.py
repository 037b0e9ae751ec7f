"""``IndexedMapper`` in use, beyond what comparing it with Routes shows."""

from __future__ import annotations

import copy
import gc
import pickle
import re
import weakref

import pytest
import routes
from routes import Mapper
from routes.middleware import RoutesMiddleware
from routes.route import Route
from routes.util import RoutesException
from werkzeug.test import create_environ

import compatshim.routing
from compatshim.routing import IndexedMapper
from compatshim.routing._route_tables import RoutesOwnTable, RouteTree
from compatshim.routing.index import routematch
from compatshim.routing.matching import match_routes
from fresh_python import printed_by

MAPPERS = pytest.mark.parametrize("cls", [Mapper, IndexedMapper])


def make_mapper(*paths, cls=IndexedMapper, **options):
    mapper = cls(register=False, **options)
    for path in paths:
        mapper.connect(path)
    return mapper


def tried(mapper, url):
    """Return the paths of the routes that are tried for ``url``."""
    mapper.match("/")
    return [route.routepath for route in mapper._regs.table.candidates(url)]


def uses_tree(mapper):
    mapper.match("/")
    return isinstance(mapper._regs.table, RouteTree)


# Being a routes.Mapper


def test_importing_the_package_loads_no_framework():
    code = (
        "import sys, compatshim.routing\n"
        "print(sorted({'flask', 'routes', 'webob'} & sys.modules.keys()))\n"
        "compatshim.routing.IndexedMapper\n"
        "print(sorted({'flask', 'routes', 'webob'} & sys.modules.keys()))"
    )
    printed = printed_by(code)
    # routes imports webob where it finds it
    assert printed.splitlines()[0] == "[]"
    assert "flask" not in printed


def test_name_that_the_package_has_not():
    with pytest.raises(AttributeError, match=r"'compatshim\.routing' has no attribute"):
        compatshim.routing.Mapper  # noqa: B018


def test_registers_itself_as_routes_does():
    mapper = IndexedMapper()
    config = routes.request_config()
    assert config.mapper is mapper
    del config.mapper


@pytest.mark.parametrize("singleton", [True, False])
def test_behind_routes_middleware(singleton):
    mapper = make_mapper("/item/{name}")
    found = []

    def application(environ, _):
        found.append((environ["wsgiorg.routing_args"][1], environ["routes.route"]))
        return []

    wsgi_app = RoutesMiddleware(application, mapper, singleton=singleton)
    wsgi_app(create_environ("/item/a"), None)
    wsgi_app(create_environ("/other"), None)
    assert found == [({"name": "a"}, mapper.matchlist[0]), ({}, None)]
    if singleton:
        del routes.request_config().mapper


@MAPPERS
def test_matching_before_there_are_regular_expressions(cls):
    mapper = make_mapper("/a", cls=cls, controller_scan=None)
    with pytest.raises(RoutesException, match="generate the regular expressions"):
        mapper.match("/a")
    mapper.create_regs()
    assert mapper.match("/a") == {}


@MAPPERS
def test_matching_nothing_at_all(cls):
    mapper = make_mapper("/a", cls=cls)
    with pytest.raises(RoutesException, match="URL or environ"):
        mapper.match()
    assert mapper.routematch(environ={"PATH_INFO": "/a"}) == ({}, mapper.matchlist[0])


@MAPPERS
def test_path_that_is_not_text(cls):
    mapper = make_mapper("/a", cls=cls)
    with pytest.raises(TypeError, match="string pattern on a bytes-like"):
        mapper.match(b"/a")


@MAPPERS
def test_path_that_is_just_the_prefix(cls):
    mapper = make_mapper("/", "/a", cls=cls)
    mapper.prefix = "/site"
    matched = [mapper.routematch(path) for path in ("/site", "/site/", "/site/a", "/a")]
    home, page = mapper.matchlist
    assert matched == [({}, home), ({}, home), ({}, page), None]


@MAPPERS
def test_debug_switched_on_after_the_first_match(cls):
    mapper = make_mapper("/a/{x}", "/{y}/b", cls=cls)
    mapper.match("/")
    mapper.debug = True
    first, second = mapper.matchlist
    assert mapper.match("/a/b")[1:] == (first, [{"route": first, "regexp": True}])
    assert mapper.match("/a/") == (None, None, [])
    assert mapper.match("/c/b") == (
        {"y": "c"},
        second,
        [{"route": second, "regexp": True}],
    )


@MAPPERS
def test_controllers_scanned_at_each_match(cls):
    scans = []

    def scan(directory=None):
        scans.append(directory)
        return [f"c{len(scans)}"]

    mapper = make_mapper(
        "/{controller}", cls=cls, controller_scan=scan, directory="/d", always_scan=True
    )
    assert mapper.match("/c2") == {"controller": "c2"}
    assert mapper.match("/c2") is None
    assert mapper.match("/c4") == {"controller": "c4"}
    assert scans == ["/d"] * 4


@pytest.mark.parametrize(
    ("scan", "matches"), [(["news"], True), (lambda: ["news"], True), (list, False)]
)
@MAPPERS
def test_controllers_known_from_the_start(cls, scan, matches):
    mapper = make_mapper("/{controller}", cls=cls, controller_scan=scan)
    assert (mapper.match("/news") is not None) is matches


@MAPPERS
def test_copied_mapper(cls):
    mapper = make_mapper("/a", cls=cls)
    mapper.match("/a")
    copied = copy.copy(mapper)
    copied.connect("/b")
    copied.create_regs()
    mapper.create_regs()
    assert copied.match("/b") == mapper.match("/b") == {}


@pytest.mark.parametrize("function", [copy.deepcopy, pickle.dumps])
@MAPPERS
def test_mapper_cannot_leave_its_process(cls, function):
    with pytest.raises(TypeError):
        function(make_mapper("/a", cls=cls))


# Routes that come and go


def test_route_added_after_the_first_match():
    mapper = make_mapper("/a")
    assert mapper.match("/b") is None
    mapper.connect("/b")
    assert mapper.match("/b") == {}


def test_route_added_later_knows_the_controllers_given_by_hand():
    mapper = make_mapper("/a", controller_scan=None)
    mapper.create_regs(["news"])
    mapper.connect("/{controller}")
    assert mapper.match("/news") == {"controller": "news"}
    assert mapper.match("/other") is None


def test_redirect_added_after_the_first_match():
    mapper = make_mapper("/a")
    mapper.match("/")
    mapper.redirect("/old", "/a", _redirect_code="301 Moved Permanently")
    _, route = mapper.routematch("/old")
    assert (route.redirect, route.redirect_status) == (True, "301 Moved Permanently")


def test_routes_added_by_what_calls_connect():
    mapper = make_mapper("/a")
    mapper.match("/")
    mapper.resource("message", "messages")
    mapper.collection("entries", "entry")
    mapper.extend([Route(None, "/c")], path_prefix="/b")
    with mapper.submapper(path_prefix="/d") as submapper:
        submapper.connect("/e")
    environ = {"REQUEST_METHOD": "GET"}
    paths = ["/messages/1/edit", "/entries/1.json", "/b/c", "/d/e"]
    assert None not in [mapper.match(path, environ) for path in paths]


def test_route_moved_to_the_front():
    mapper = make_mapper("/{x}")
    mapper.match("/")
    mapper.connect("/{y}")
    mapper.matchlist.insert(0, mapper.matchlist.pop())
    assert mapper.match("/a") == {"y": "a"}


def test_route_put_in_by_hand():
    mapper = make_mapper("/{x}")
    mapper.match("/")
    mapper.matchlist.insert(0, Route(None, "/{y}", _explicit=True))
    assert mapper.match("/a") == {"y": "a"}


def test_route_taken_out():
    mapper = make_mapper("/a", "/b")
    assert mapper.match("/a") == {}
    mapper.matchlist.remove(mapper.matchlist[0])
    assert mapper.match("/a") is None
    mapper.matchlist.clear()
    assert mapper.match("/b") is None


def test_route_replaced_by_another():
    mapper = make_mapper("/{x}", "/{x}/b")
    mapper.match("/")
    mapper.connect("/{y}")
    mapper.matchlist[0] = mapper.matchlist.pop()
    assert mapper.match("/a") == {"y": "a"}


def test_first_route_made_the_last():
    mapper = make_mapper("/{x}", "/{y}")
    assert mapper.match("/a") == {"x": "a"}
    mapper.matchlist.append(mapper.matchlist.pop(0))
    assert mapper.match("/a") == {"y": "a"}


def test_another_matchlist():
    mapper, other = make_mapper("/a"), make_mapper("/b")
    mapper.match("/")
    mapper.matchlist = other.matchlist
    assert (mapper.match("/a"), mapper.match("/b")) == (None, {})


def test_routes_reordered_by_hand():
    mapper = make_mapper("/{x}", "/{y}", "/a/b")
    mapper.match("/")
    mapper.matchlist[0], mapper.matchlist[1] = mapper.matchlist[1], mapper.matchlist[0]
    mapper.create_regs()
    assert mapper.match("/a") == {"y": "a"}


@MAPPERS
def test_static_route_in_matchlist(cls):
    mapper = make_mapper("/a", cls=cls)
    mapper.matchlist.insert(0, Route(None, "/a", _static=True))
    assert mapper.routematch("/a") == ({}, mapper.matchlist[1])


# Which routes are tried


def thousand(path):
    return make_mapper(*(path.replace("#", str(number)) for number in range(1000)))


@pytest.mark.parametrize(
    ("path", "url"),
    [
        ("/page#", "/page7"),
        ("/page#/{x}", "/page7/a"),
        ("/page#{.format}", "/page7.json"),
        ("/page#.{format}", "/page7.json"),
        ("/page#-{x}", "/page7-a"),
        ("/page#/*url", "/page7/a/b"),
        ("/{lang}/page#", "/en/page7"),
        ("/{lang:[a-z]+}/page#", "/en/page7"),
        ("/page/{id}/action#", "/page/1/action7"),
        (r"/page/{id:[^\/]+}/action#.{format}", "/page/1/action7.json"),
        ("/page/{id:\\d+|new}/action#", "/page/1/action7"),
    ],
)
def test_only_one_route_of_a_thousand_is_tried(path, url):
    assert tried(thousand(path), url) == [path.replace("#", "7")]


def test_only_one_minimized_route_of_a_thousand_is_tried():
    mapper = make_mapper()
    mapper.minimization = True
    for number in range(1000):
        mapper.connect(f"page{number}/:id", id=None)
    assert tried(mapper, "/page7") == tried(mapper, "/page7/a") == ["page7/:id"]


@pytest.mark.parametrize("path", ["/{controller}/page#", "/{x:.*}/page#", "/*x/page#"])
def test_none_of_a_thousand_is_tried_if_none_matches(path):
    mapper = thousand(path)
    assert tried(mapper, "/en/other") == tried(mapper, "/") == []


# Tables that do not fit in a tree


class Shouting(Route):
    def match(self, url, *args, **kwargs):
        return super().match(url.lower(), *args, **kwargs)


class Quiet(Route):
    def generate(self, *args, **kwargs):
        raise AssertionError


@MAPPERS
@pytest.mark.parametrize("route_class", [Shouting, Quiet])
def test_routes_of_another_class(cls, route_class):
    mapper = make_mapper(cls=cls)
    mapper.make_route = route_class
    mapper.connect("/a/{x}")
    assert mapper.match("/a/b") == {"x": "b"}
    assert mapper.match("/a/B") == {"x": "b" if route_class is Shouting else "B"}
    assert mapper.match("/b") is None
    if cls is IndexedMapper:
        assert uses_tree(mapper) is (route_class is Quiet)


def test_route_with_a_match_of_its_own():
    mapper = make_mapper("/a")
    mapper.matchlist[0].match = lambda *_: {"own": True}
    assert not uses_tree(mapper)
    assert mapper.match("/a") == {"own": True}


@pytest.mark.parametrize(
    "requirement",
    [r"(?P<q>a)", r"(?P<q>a)(?P=q)", r"(a)(b?)\2", r"(a)(?(1)b|c)"],
)
def test_requirement_that_refers_to_groups(requirement):
    mapper = make_mapper()
    mapper.connect("/{x}", requirements={"x": requirement})
    theirs = make_mapper(cls=Mapper)
    theirs.connect("/{x}", requirements={"x": requirement})
    for url in ("/a", "/aa", "/ab", "/b"):
        assert outcome(mapper, url) == outcome(theirs, url)
    assert not isinstance(mapper._regs.table, RouteTree) or not mapper._created_regs


def outcome(mapper, url):
    try:
        return mapper.match(url)
    except re.error as error:
        return str(error)


@pytest.mark.parametrize(
    "requirement", ["(?i:a)", "(?:a)", "(?=a)a", "(?!b)a", "(?<!x)a"]
)
def test_requirement_that_stands_by_itself(requirement):
    mapper = make_mapper()
    mapper.connect("/{x}", requirements={"x": requirement})
    assert mapper.match("/a") == {"x": "a"}
    assert uses_tree(mapper)


@MAPPERS
def test_line_break_in_a_path(cls):
    mapper = make_mapper("/a\n", "/a", "/{x}", "/a\n/b", cls=cls)
    first, second, third, fourth = mapper.matchlist
    paths = ["/a\n\n", "/a\n", "/a", "/b\n", "/a\n/b"]
    found = [mapper.routematch(path)[1] for path in paths]
    assert found == [first, first, second, third, fourth]
    if cls is IndexedMapper:
        assert isinstance(mapper._regs.table, RoutesOwnTable)


@MAPPERS
def test_condition_function_asked_as_often_as_routes_does(cls):
    calls = []

    def refuse(environ, result):
        calls.append((environ, dict(result)))
        return False

    mapper = make_mapper("/", "/a/b", "/a/b/c/d", cls=cls)
    mapper.connect("/a", conditions={"function": refuse})
    assert mapper.match("/a", {"REQUEST_METHOD": "GET"}) is None
    # "/a" is the first two, the first four and the first eight characters of "/a"
    assert calls == [({"REQUEST_METHOD": "GET"}, {})] * 3
    assert mapper.match("/a\n") is None
    assert len(calls) == 4


# Beside a mapper of Routes


def test_index_is_used_for_a_mapper_of_routes(make_environ):
    mapper = make_mapper("/item/{name}", cls=Mapper)
    mapper.match("/")
    mapper._master_regexp = re.compile("(?!)")  # so that Routes itself finds nothing
    assert mapper.match("/item/a") is None
    match = match_routes(mapper, make_environ("/item/Ã¤"))
    assert (match.arguments, match.route) == ({"name": "ä"}, mapper.matchlist[0])


def test_mapper_of_routes_stays_as_it_is():
    mapper = make_mapper("/a", cls=Mapper)
    mapper.match("/")
    before = dict(vars(mapper))
    routematch(mapper, "/a", {})
    assert vars(mapper) == before


def test_index_is_as_new_as_the_regular_expressions_of_routes():
    mapper = make_mapper("/a", cls=Mapper)
    assert routematch(mapper, "/a", {}) == mapper.routematch("/a")
    mapper.connect("/b")
    assert routematch(mapper, "/b", {}) is mapper.routematch("/b") is None
    mapper.create_regs()
    assert routematch(mapper, "/b", {}) == ({}, mapper.matchlist[1])


def test_index_goes_with_its_mapper():
    mapper = make_mapper("/a", cls=Mapper)
    for _ in range(2):
        assert routematch(mapper, "/a", {})
    reference = weakref.ref(mapper)
    del mapper
    gc.collect()
    assert reference() is None


@pytest.mark.parametrize("name", ["routematch", "_match"])
@pytest.mark.parametrize("where", ["class", "object"])
def test_mapper_that_matches_in_a_way_of_its_own(name, where):
    def own(*_):
        return {"own": True}, "route", []

    cls = type("Own", (Mapper,), {name: own}) if where == "class" else Mapper
    mapper = make_mapper("/a", cls=cls)
    if where == "object":
        setattr(mapper, name, own)
    for _ in range(2):
        assert routematch(mapper, "/a", {})[:2] == ({"own": True}, "route")


def test_indexed_mapper_is_asked_itself():
    mapper = make_mapper("/a")
    mapper.match("/")
    mapper.connect("/b")
    assert routematch(mapper, "/b", {}) == ({}, mapper.matchlist[1])


def test_table_without_a_tree_is_asked_by_routes():
    mapper = make_mapper("/a\n", cls=Mapper)
    for _ in range(2):
        assert routematch(mapper, "/a\n", {}) == ({}, mapper.matchlist[0])
