"""Whatever the table and the path: the index answers as Routes' own mapper does."""

from __future__ import annotations

import copy
import re

from hypothesis import given, strategies as st
from routes import Mapper
from routes.route import Route

from compatshim.routing import IndexedMapper
from compatshim.routing.index import routematch

# Few different ones, so that routes and paths meet.
TEXTS = ["a", "b", "a", "b", "ab", "a.b", "a-b", "new", "A", "ä", "a b", ""]
REQUIREMENTS = [
    r"\d+",
    r"[^/]+",
    r"[^\/]+(?<!\\)",
    r"[^/.]+",
    r"(a|b)",
    r"a|b/a|",
    r"[a-z]*",
    r"[+-9]+",
    r"[\w.-]{1,3}",
    r"[^a]+",
    r"\S+",
    r"\W*",
    r".*",
    r".+",
    r"a/b",
    r"(?i:AB?)",
    r"(?!new)\w+",
    r"(a)?b?",
    r"$",
]
# In these, a group or flag means something else in the expression of the whole table.
TROUBLES = [r"(?P<q>a|b)(?P=q)?", r"(a|b)(b?)\2", r"(?P<q>a)?(?(q)b|a)"]

NAMES = ["x", "y", "id", "format", "action", "controller", "path_info", "section"]
CONTROLLERS = ["users", "admin/users", "a", "b.c"]


def braces(name):
    requirement = st.sampled_from(["", *(f":{pattern}" for pattern in REQUIREMENTS)])
    # A brace would end it.
    return requirement.map(lambda text: f"{{{name}{text.replace('{1,3}', '+')}}}")


def arguments(name):
    return st.one_of(
        braces(name),
        st.sampled_from(
            [f":{name}", f":({name})", f"*{name}", f"*({name})", f"{{.{name}}}"]
        ),
    )


pieces = st.one_of(
    st.sampled_from(TEXTS),
    st.sampled_from(["-", ".", ",", ";"]),
    st.sampled_from(NAMES).flatmap(arguments),
)
segments = st.one_of(
    st.sampled_from(TEXTS),
    st.sampled_from(NAMES).map("{{{}}}".format),
    st.lists(pieces, min_size=1, max_size=3).map("".join),
)


@st.composite
def route_paths(draw):
    path = "/".join(draw(st.lists(segments, min_size=1, max_size=4)))
    return draw(st.sampled_from([*["/"] * 5, "", "//"])) + path


functions = st.fixed_dictionaries(
    {"function": st.sampled_from(["refuses", "agrees", "changes"])}
)
conditions = functions | st.fixed_dictionaries(
    {},
    optional={
        "method": st.lists(st.sampled_from(["GET", "POST"]), min_size=1, max_size=2),
        "sub_domain": st.sampled_from([True, False, None, "www", ["www", "api"]]),
    },
)
values = st.sampled_from([None, "", "a", "b", "1", "a/b", 1])
route_options = st.fixed_dictionaries(
    {},
    optional={
        "_minimize": st.booleans(),
        "_explicit": st.booleans(),
        "_encoding": st.sampled_from(["utf-8", "ascii", None]),
        "_static": st.just(True),
        "_filter": st.just("filter"),
        "conditions": conditions,
        "requirements": st.dictionaries(
            st.sampled_from(NAMES), st.sampled_from(REQUIREMENTS), max_size=2
        ),
        **dict.fromkeys(NAMES, values),
    },
)
connections = st.tuples(
    st.just("connect"),
    st.one_of(
        st.tuples(route_paths()), st.tuples(st.sampled_from("nm"), route_paths())
    ),
    route_options,
)
redirects = st.tuples(
    st.just("redirect"), st.tuples(route_paths(), route_paths()), st.just({})
)
resources = st.tuples(
    st.just("resource"),
    st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(["ab", "a"])),
    st.fixed_dictionaries(
        {},
        optional={
            "collection": st.just({"new": "GET", "b": "POST"}),
            "member": st.just({"ab": "PUT"}),
            "new": st.just({"a": "POST"}),
            "path_prefix": st.sampled_from(["a", "/b/:y", "{y}"]),
            "parent_resource": st.just({"member_name": "b", "collection_name": "b"}),
        },
    ),
)
collections = st.tuples(
    st.just("collection"),
    st.tuples(st.sampled_from(["ab", "a"]), st.sampled_from(["a", "b"])),
    st.fixed_dictionaries(
        {},
        optional={
            "path_prefix": st.sampled_from(["", "/b", "/{y}"]),
            "member_prefix": st.sampled_from(["/{id}", "/:id", "/{id:[^/]+}"]),
            "formatted": st.booleans(),
        },
    ),
)
submapped = st.tuples(
    st.just("submapper"),
    st.tuples(st.sampled_from(["/a", "/b/{y}", "/ab."]), route_paths()),
    route_options,
)
extended = st.tuples(
    st.just("extend"),
    st.tuples(route_paths(), st.sampled_from(["", "/a", "/{y}"])),
    st.fixed_dictionaries({}, optional={"conditions": conditions, "x": values}),
)
declarations = st.one_of(
    connections,
    connections,
    connections,
    redirects,
    resources,
    collections,
    submapped,
    extended,
)
dynamic_connections = st.tuples(
    st.just("connect"),
    st.tuples(
        st.builds(
            "/{}/{}".format,
            st.sampled_from(["{x:.*}", "{controller}", "*x", "{x}"]),
            st.sampled_from(TEXTS),
        )
    ),
    st.fixed_dictionaries(
        {}, optional={"_minimize": st.booleans(), "conditions": conditions}
    ),
)
troubles = st.tuples(
    st.just("connect"),
    st.tuples(st.builds("/{}/{{x}}".format, st.sampled_from(["a", "{y}"]))),
    st.fixed_dictionaries(
        {"requirements": st.fixed_dictionaries({"x": st.sampled_from(TROUBLES)})}
    ),
)
settings = st.fixed_dictionaries(
    {},
    optional={
        "minimization": st.booleans(),
        "explicit": st.booleans(),
        "prefix": st.sampled_from([*[""] * 6, "/a", "/ab", "a"]),
        "encoding": st.sampled_from(["utf-8", "latin-1", None]),
        "decode_errors": st.sampled_from(["ignore", "strict", "replace"]),
        "sub_domains": st.booleans(),
        "sub_domains_ignore": st.just(["www"]),
        "domain_match": st.just(r"example\.com"),
        "append_slash": st.booleans(),
        "hardcode_names": st.booleans(),
        "debug": st.booleans(),
        "always_scan": st.booleans(),
        "controller_scan": st.sampled_from([None, CONTROLLERS, list]),
    },
)
environs = (
    st.none()
    | st.just({"REQUEST_METHOD": "GET"})
    | st.fixed_dictionaries(
        {"REQUEST_METHOD": st.sampled_from(["GET", "POST", "PUT", "HEAD"])},
        optional={
            "HTTP_HOST": st.sampled_from(
                [
                    "example.com",
                    "www.example.com",
                    "api.example.com:80",
                    "a.b.example.com",
                ]
            )
        },
    )
)
VALUES = [*TEXTS, "1", "a/b", "users", "admin/users", "a.json", "ab.a", ".", "..", "\n"]
path_parts = st.sampled_from(VALUES)


def compiles(declaration):
    """Return whether Routes takes it: one that it does not spoils a whole table."""
    alone = Mapper(register=False)
    return (
        outcome(declare, alone, [declaration], []) is None
        and outcome(alone.create_regs, CONTROLLERS) is None
    )


def paths_for(table):
    some = st.one_of(random_paths(), *[fitting(table)] * 4)
    return st.lists(some, min_size=4, max_size=12)


@st.composite
def tables_and_paths(draw, declarations=declarations):
    table = draw(st.lists(declarations.filter(compiles), min_size=1, max_size=8))
    return table, draw(paths_for(table))


@st.composite
def random_paths(draw):
    path = "/" + "/".join(draw(st.lists(path_parts, max_size=5)))
    return altered(draw, path)


def fitting(table):
    """Return paths that routes of ``table`` may match, with something for arguments."""
    mapper = Mapper(register=False)
    declare(mapper, table, [])
    return st.sampled_from(mapper.matchlist or [Route(None, "/")]).flatmap(filled)


@st.composite
def filled(draw, route):
    written = [
        part if isinstance(part, str) else draw(argument_values(part, route))
        for part in route.routelist
    ]
    path = "".join(written)
    return altered(draw, path if path.startswith("/") else f"/{path}")


def argument_values(part, route):
    requirement = route.reqs.get(part["name"], ".*")
    fit = [value for value in VALUES if re.fullmatch(requirement, value)]
    if part["type"] == ".":
        fit = ["", *(f".{value}" for value in fit if value)]
    return st.sampled_from(fit or VALUES)


def altered(draw, path):
    beginning = draw(st.sampled_from([*[""] * 8, "/a", "/ab", "a"]))
    ending = draw(st.sampled_from([*[""] * 9, "/", "//", "\n", ".json", "/a", "/\n"]))
    return beginning + path + ending


class Condition:
    """A ``function`` condition that notes what it was asked."""

    def __init__(self, kind, log):
        self._kind = kind
        self._log = log

    def __call__(self, environ, result):
        self._log.append((self._kind, copy.copy(environ), dict(result)))
        if self._kind == "changes":
            result["changed"] = True
        return self._kind != "refuses"


def fresh(options, log):
    """Return a copy for one mapper, since Routes changes what it is given."""
    options = copy.deepcopy(options)
    kind = (options.get("conditions") or {}).get("function")
    if kind:
        options["conditions"]["function"] = Condition(kind, log)
    return options


def declare(mapper, table, log):
    for kind, texts, options in table:
        given_options = fresh(options, log)
        if kind == "submapper":
            with mapper.submapper(path_prefix=texts[0]) as submapper:
                submapper.connect(texts[1], **given_options)
        elif kind == "extend":
            mapper.extend(
                [Route(None, texts[0], **given_options)], path_prefix=texts[1]
            )
        else:
            getattr(mapper, kind)(*texts, **given_options)


def outcome(function, *arguments):
    """Return what a call returns, or what it raises."""
    try:
        return function(*arguments)
    except Exception as error:  # noqa: BLE001 (to be compared)
        return type(error), str(error)


class Answers:
    """What one kind of mapper makes of a table: all that can be seen of it."""

    def __init__(self, cls, table, options, match=None):
        self.log = []
        options = dict(options)
        always_scan = options.pop("always_scan", False)
        scan = options.pop("controller_scan", CONTROLLERS)
        self.mapper = cls(controller_scan=scan, always_scan=always_scan, register=False)
        for name, value in options.items():
            setattr(self.mapper, name, value)
        self._match = match or cls.routematch
        self.declared = outcome(declare, self.mapper, table, self.log)
        if not scan:
            self.regs = outcome(self.mapper.create_regs, CONTROLLERS)

    def of(self, path, environ):
        found = outcome(self._match, self.mapper, path, environ)
        if isinstance(found, tuple) and not isinstance(found[0], type):
            return self._readable(found)
        return found

    def _readable(self, found):
        match, route, *rest = found
        logs = [
            [{**entry, "route": self._place(entry["route"])} for entry in log]
            for log in rest
        ]
        return match, self._place(route), logs

    def _place(self, route):
        if route is None:
            return None
        return [id(each) for each in self.mapper.matchlist].index(id(route))


def assert_same(table, options, paths, environ, cls=IndexedMapper, match=None):
    theirs, ours = Answers(Mapper, table, options), Answers(cls, table, options, match)
    assert ours.declared == theirs.declared
    for path in paths:
        assert ours.of(path, environ) == theirs.of(path, environ)
    assert ours.log == theirs.log


@given(tables_and_paths(), settings, environs)
def test_any_table(table_and_paths, options, environ):
    table, paths = table_and_paths
    assert_same(table, options, paths, environ)


@given(tables_and_paths(), settings, environs)
def test_index_beside_a_mapper_of_routes(table_and_paths, options, environ):
    table, paths = table_and_paths
    # asked twice: Routes itself makes its expressions at the first time
    assert_same(table, options, [*paths, *paths], environ, Mapper, routematch)


@given(tables_and_paths(dynamic_connections), environs)
def test_many_routes_that_begin_with_an_argument(table_and_paths, environ):
    table, paths = table_and_paths
    assert_same(table, {}, paths, environ)


@given(tables_and_paths(st.one_of(troubles, connections)), environs)
def test_requirements_that_mean_something_else_among_others(table_and_paths, environ):
    table, paths = table_and_paths
    assert_same(table, {}, paths, environ)


@given(tables_and_paths(), environs)
def test_mapper_that_has_the_environ(table_and_paths, environ):
    table, paths = table_and_paths
    theirs, ours = Answers(Mapper, table, {}), Answers(IndexedMapper, table, {})
    theirs.mapper.environ = ours.mapper.environ = environ
    for path in paths:
        assert ours.of(path, None) == theirs.of(path, None)


@given(
    st.lists(st.lists(connections.filter(compiles), max_size=3), max_size=3), st.data()
)
def test_routes_added_between_matches(steps, data):
    ours, table = Answers(IndexedMapper, [], {}), []
    for step in steps:
        declare(ours.mapper, step, ours.log)
        table += step
        theirs = Answers(Mapper, table, {})
        for path in data.draw(paths_for(table)):
            assert ours.of(path, None) == theirs.of(path, None)


@given(tables_and_paths(), st.data())
def test_matchlist_changed_by_hand(table_and_paths, data):
    table, paths = table_and_paths
    theirs, ours = Answers(Mapper, table, {}), Answers(IndexedMapper, table, {})
    ours.of("/", None)
    for mapper in (theirs.mapper, ours.mapper):
        mapper.connect("/{x}/a")
        mapper.matchlist.insert(0, mapper.matchlist.pop())
    if len(theirs.mapper.matchlist) > 1 and data.draw(st.booleans()):
        for mapper in (theirs.mapper, ours.mapper):
            del mapper.matchlist[1]
    for path in paths:
        assert ours.of(path, None) == theirs.of(path, None)
