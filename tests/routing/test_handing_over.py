"""A legacy application's own ``RoutesMiddleware`` gets the dispatcher's match."""

from __future__ import annotations

import flask
import pytest
import routes
from routes import Mapper
from routes.middleware import RoutesMiddleware
from webob import Response
from werkzeug.test import create_environ, run_wsgi_app

from compatshim import CompatShim
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.wsgiapp import PylonsApp
from compatshim.routing import IndexedMapper

FORM = "application/x-www-form-urlencoded"


def method_is(*methods):
    return {"conditions": {"method": list(methods)}}


def add_host(environ, arguments):
    arguments["agent"] = environ.get("HTTP_USER_AGENT", "nobody")
    return arguments["name"] != "refused"


def fill(mapper):
    mapper.connect("home", "/", controller="home", action="index")
    mapper.connect("item", "/item/{name}", controller="item", action="read")
    mapper.connect("/thing", action="read", **method_is("GET", "HEAD"))
    mapper.connect("/thing", action="save", **method_is("POST"))
    mapper.connect("/thing", action="replace", **method_is("PUT"))
    mapper.connect("/asked/{name}", conditions={"function": add_host})
    mapper.connect("/asked/{name}", action="other")
    mapper.connect("/number/{id}", requirements={"id": r"\d+"}, controller="number")
    mapper.connect("/file/{name}{.format}", format="html", _minimize=False)
    mapper.connect("/blog/{path_info:.*}", controller="blog", _minimize=False)
    mapper.connect("/wiki/*path_info", controller="wiki", path_info="")
    mapper.redirect("/old/{name}", "/item/{name}", _redirect_code="301 Moved")
    mapper.redirect("/gone", "http://example.org/")
    return mapper


def plain(cls):
    return fill(cls())


def minimized(cls):
    mapper = cls(explicit=False)
    mapper.minimization = True
    mapper.connect("/{controller}/{action}/{id}")
    return fill(mapper)


def with_prefix(cls):
    mapper = cls()
    mapper.prefix = "/site"
    return fill(mapper)


def with_sub_domains(cls):
    mapper = cls()
    mapper.sub_domains = True
    mapper.sub_domains_ignore = ["www"]
    mapper.connect("/sub", conditions={"sub_domain": ["api"]}, action="api")
    mapper.connect("/sub", conditions={"sub_domain": False}, action="none")
    return fill(mapper)


class Recorder:
    """A WSGI application that notes what it finds of the routing."""

    def __init__(self):
        self.seen = []

    def __call__(self, environ, start_response):
        generator, arguments = environ["wsgiorg.routing_args"]
        route = environ["routes.route"]
        assert environ["routes.url"] is generator
        self.seen.append(
            {
                "arguments": arguments,
                "route": route and route.routepath,
                "place": [environ["SCRIPT_NAME"], environ["PATH_INFO"]],
                "method": environ["REQUEST_METHOD"],
                "links": [
                    generator("/x"),
                    generator("home"),
                    generator("item", name="é", qualified=True),
                    generator.mapper.prefix,
                ],
                "remembered": generator.environ["wsgiorg.routing_args"][1],
            }
        )
        return Response("recorded")(environ, start_response)


class Arrangement:
    """The same application behind its middleware, alone and beside Flask."""

    def __init__(self, make_mapper=plain, cls=Mapper, **options):
        self.alone, self.joined = Recorder(), Recorder()
        mapper = make_mapper(cls)
        self.bare = RoutesMiddleware(self.alone, make_mapper(cls), **options)
        self.app = flask.Flask("sample", static_folder=None)
        self.app.config["COMPATSHIM_ROUTE_CONFLICTS"] = "ignore"
        self.shim = CompatShim(
            self.app,
            legacy=RoutesMiddleware(self.joined, mapper, **options),
            mapper=mapper,
        )
        self.mapper = mapper

    def ask(self, path, **options):
        """Return the answers of both, alone and joined."""
        return [
            run_wsgi_app(app, create_environ(path, **options), buffered=True)
            for app in (self.bare, self.app.wsgi_app)
        ]


SINGLETON = pytest.mark.parametrize("singleton", [True, False], ids=["config", "asked"])
CLASSES = pytest.mark.parametrize("cls", [Mapper, IndexedMapper])

REQUESTS = [
    ("/", {}),
    ("/item/a", {}),
    ("/item/a", {"method": "HEAD"}),
    ("/item/a", {"base_url": "http://example.org:81/mount"}),
    ("/thing", {}),
    ("/thing", {"method": "HEAD"}),
    ("/thing", {"method": "POST"}),
    ("/thing?_method=PUT", {}),
    ("/thing?_method=put", {"method": "POST"}),
    ("/thing?_method=DELETE", {"method": "POST"}),
    ("/thing", {"method": "POST", "data": "_method=PUT", "content_type": FORM}),
    ("/thing", {"method": "POST", "data": "a=1", "content_type": FORM}),
    ("/asked/a", {}),
    ("/asked/a", {"headers": {"User-Agent": "test"}}),
    ("/asked/refused", {}),
    ("/number/7", {}),
    ("/number/seven", {}),
    ("/file/a", {}),
    ("/file/a.json", {}),
    ("/blog/a/b", {}),
    ("/blog/", {}),
    ("/blog/%C3%A9/b", {}),
    ("/blog/a", {"base_url": "http://localhost/mount"}),
    ("/wiki/a/b", {}),
    ("/wiki", {}),
    ("/old/a", {}),
    ("/gone", {}),
    ("/sub", {"base_url": "http://api.example.org"}),
    ("/sub", {"base_url": "http://www.example.org"}),
    ("/sub", {"base_url": "http://other.example.org"}),
    ("/one/two/3", {}),
    ("/one", {}),
]


@pytest.mark.parametrize(
    "make_mapper", [plain, minimized, with_prefix, with_sub_domains]
)
@CLASSES
@SINGLETON
def test_the_application_finds_what_it_finds_without_flask(make_mapper, cls, singleton):
    both = Arrangement(make_mapper, cls, singleton=singleton)
    served = 0
    prefix = "/site" if make_mapper is with_prefix else ""
    for path, options in REQUESTS:
        both.alone.seen.clear()
        both.joined.seen.clear()
        alone, joined = both.ask(f"{prefix}{path}", **options)
        if both.alone.seen and both.alone.seen[0]["route"] is None:
            assert joined[1] == "404 NOT FOUND"  # which is Flask's to answer
            continue
        served += 1
        seen = both.alone.seen
        for one in seen:
            for arguments in (one["arguments"], one["remembered"]):
                if "path_info" not in arguments:
                    arguments.update(as_text(arguments))
        assert both.joined.seen == seen, path
        assert joined[1:] == alone[1:]
    assert served >= 20


def as_text(arguments):
    return {
        key: value.encode("latin-1").decode() if isinstance(value, str) else value
        for key, value in arguments.items()
    }


def test_routes_own_request_config_has_the_match():
    seen = []

    class Reading(Recorder):
        def __call__(self, environ, start_response):
            config = routes.request_config()
            seen.append((config.mapper_dict, config.route.name, config.host))
            return super().__call__(environ, start_response)

    mapper = plain(Mapper)
    app = flask.Flask("sample")
    CompatShim(app, legacy=RoutesMiddleware(Reading(), mapper), mapper=mapper)
    app.test_client().get("/item/%C3%A9", base_url="http://example.org")
    expected = {"name": "é", "controller": "item", "action": "read"}
    assert seen == [(expected, "item", "example.org")]


# Asked once.


class PageController(WSGIController):
    def read(self, name=None, page=None):
        return f"{name} {page}"


def make_legacy(mapper, kind, **options):
    """Return a legacy application, and the configuration that it may have."""
    if kind == "wsgi":
        return RoutesMiddleware(Recorder(), mapper, **options), None
    config = PylonsConfig()
    config.init_app({}, {}, package="sample")
    config["routes.map"] = mapper
    return RoutesMiddleware(PylonsApp(config), mapper, **options), config


def join(mapper, kind="wsgi", around=None, **options):
    """Return a Flask application beside a legacy one behind ``RoutesMiddleware``."""
    legacy, config = make_legacy(mapper, kind, **options)
    app = flask.Flask("sample")
    app.config["COMPATSHIM_ROUTE_CONFLICTS"] = "ignore"
    shim = CompatShim(
        app,
        legacy=around(legacy) if around else legacy,
        mapper=mapper,
        legacy_config=config,
    )
    return app, shim


KINDS = pytest.mark.parametrize("kind", ["wsgi", "pylons"])


@pytest.mark.parametrize(
    ("path", "options"),
    [
        ("/counted/a", {}),
        ("/counted/%C3%A9", {}),
        ("/counted/a?_method=PUT", {}),
        ("/counted/a", {"method": "POST", "data": {"_method": "PUT"}}),
        ("/counted/a", {"method": "HEAD"}),
    ],
)
@KINDS
@CLASSES
@SINGLETON
def test_a_route_is_looked_for_once_in_a_request(kind, cls, singleton, path, options):
    asked = []

    def count(environ, arguments):
        asked.append(environ["REQUEST_METHOD"])
        return True

    mapper = cls()
    mapper.connect(
        "/counted/{name}",
        controller=PageController,
        action="read",
        conditions={"function": count},
    )
    app, _ = join(mapper, kind, singleton=singleton)
    assert app.test_client().open(path, **options).status_code == 200
    assert len(asked) == 1


@SINGLETON
def test_a_route_that_is_not_ascii_is_found(singleton):
    """Routes itself does not find it: it compares with undecoded text."""
    mapper = Mapper()
    mapper.connect("/köln/{name}", controller=PageController, action="read")
    app, _ = join(mapper, "pylons", singleton=singleton)
    assert app.test_client().get("/köln/é").text == "é None"


@SINGLETON
def test_a_redirect_route_leads_to_a_path_that_is_not_ascii(singleton):
    mapper = plain(Mapper)
    app, _ = join(mapper, singleton=singleton)
    location = app.test_client().get("/old/é").headers["Location"]
    assert location == "/item/%C3%A9"


@pytest.mark.parametrize("path_info", [True, False])
def test_a_path_info_route_that_the_middleware_moves_or_leaves(path_info):
    def inner(environ, start_response):
        place = f"{environ['SCRIPT_NAME']}|{environ['PATH_INFO']}"
        text = environ["wsgiorg.routing_args"][1]["path_info"]
        body = f"{place.encode('latin-1').decode()} {text}"
        return Response(body)(environ, start_response)

    mapper = Mapper()
    mapper.connect("/blog/{path_info:.*}", controller=inner)
    app, _ = join(mapper, "pylons", path_info=path_info)
    place = "/blog|/é/b" if path_info else "|/blog/é/b"
    assert app.test_client().get("/blog/é/b").text == f"{place} é/b"


# Another question has another answer.


def rewriting(**changes):
    """Return middleware that changes the ``environ`` of each request."""

    def around(app):
        def middleware(environ, start_response):
            return app({**environ, **changes}, start_response)

        return middleware

    return around


def make_pages():
    mapper = Mapper()
    mapper.sub_domains = True
    for name in ("one", "two"):
        mapper.connect(f"/{name}", controller=PageController, action="read", page=name)
    mapper.connect(
        "/three",
        controller=PageController,
        action="read",
        page="post",
        **method_is("POST"),
    )
    mapper.connect(
        "/three",
        controller=PageController,
        action="read",
        page="put",
        **method_is("PUT"),
    )
    return mapper


@pytest.mark.parametrize(
    ("path", "changes", "page", "sub_domain"),
    [
        ("/one", {}, "one", None),
        ("/one", {"PATH_INFO": "/two"}, "two", None),
        ("/three", {"REQUEST_METHOD": "PUT"}, "put", None),
        ("/one", {"HTTP_HOST": "a.example.org"}, "one", "a"),
    ],
)
@KINDS
@SINGLETON
def test_middleware_in_between_may_change_the_request(
    kind, singleton, path, changes, page, sub_domain
):
    seen = []

    def record(app):
        def middleware(environ, start_response):
            seen.append(environ["wsgiorg.routing_args"][1])
            return app(environ, start_response)

        return middleware

    mapper = make_pages()
    legacy, config = make_legacy(mapper, kind, singleton=singleton)
    legacy.app = record(legacy.app)
    app = flask.Flask("sample")
    app.config["COMPATSHIM_ROUTE_CONFLICTS"] = "ignore"
    CompatShim(app, rewriting(**changes)(legacy), mapper=mapper, legacy_config=config)
    response = app.test_client().post(path)
    assert (seen[0]["page"], seen[0]["sub_domain"]) == (page, sub_domain)
    if kind == "pylons":
        assert response.text == f"None {page}"


@SINGLETON
def test_absolute_urls_have_the_host_that_middleware_in_between_has_set(singleton):
    mapper, recorder = plain(Mapper), Recorder()
    legacy = RoutesMiddleware(recorder, mapper, singleton=singleton)
    app = flask.Flask("sample")
    CompatShim(app, rewriting(HTTP_HOST="inside.example")(legacy), mapper=mapper)
    app.test_client().get("/item/a")
    assert recorder.seen[0]["links"][2] == "http://inside.example/item/%C3%A9"


@pytest.mark.parametrize(("override", "page"), [(True, "put"), (False, "post")])
@SINGLETON
def test_the_middleware_decides_whether_methods_are_overridden(
    override, page, singleton
):
    app, _ = join(
        make_pages(), "pylons", singleton=singleton, use_method_override=override
    )
    answer = app.test_client().post("/three?_method=PUT").text
    assert answer == f"None {page}"


@SINGLETON
def test_arguments_that_the_application_changes_are_its_own(singleton):
    """Middleware that runs a request again, after a conflict, does so from the start."""

    def running_twice(app):
        def middleware(environ, start_response):
            list(app(environ.copy(), start_response))
            return app(environ.copy(), start_response)

        return middleware

    class Changing(Recorder):
        def __call__(self, environ, start_response):
            answer = super().__call__(environ, start_response)
            self.seen[-1] = dict(self.seen[-1]["arguments"])
            environ["wsgiorg.routing_args"][1].clear()
            return answer

    mapper = plain(Mapper)
    changing = Changing()
    legacy = RoutesMiddleware(changing, mapper, singleton=singleton)
    app = flask.Flask("sample")
    CompatShim(app, legacy=running_twice(legacy), mapper=mapper)
    app.test_client().get("/item/a")
    expected = {"name": "a", "controller": "item", "action": "read"}
    assert changing.seen == [expected] * 2


# What comes first is what the dispatcher says.


@pytest.mark.parametrize(
    ("conditions", "path", "options"),
    [
        ({}, "/page", {}),
        ({}, "/page?_method=PUT", {}),
        ({"method": ["GET"]}, "/page", {}),
        ({"method": ["GET"]}, "/page", {"method": "HEAD"}),
        ({"method": ["PUT"]}, "/page?_method=PUT", {"method": "POST"}),
    ],
)
@pytest.mark.parametrize("override", [True, False])
@KINDS
@SINGLETON
def test_the_route_of_an_extension_is_the_one_that_runs(
    kind, singleton, override, conditions, path, options
):
    seen = []

    def record(app):
        def middleware(environ, start_response):
            seen.append((environ["routes.route"].name, environ["compatshim.origin"]))
            return app(environ, start_response)

        return middleware

    mapper = Mapper()
    mapper.connect("core", "/page", controller=PageController, action="read")
    legacy, config = make_legacy(
        mapper, kind, singleton=singleton, use_method_override=override
    )
    legacy.app = record(legacy.app)
    app = flask.Flask("sample")
    shim = CompatShim(app, legacy=legacy, mapper=mapper, legacy_config=config)
    with shim.extension_routes() as its:
        its.connect(
            "extension",
            "/page",
            controller=PageController,
            action="read",
            conditions=conditions,
        )
    app.test_client().open(path, **options)
    assert seen == [("extension", "extension")]


# The mapper.


@CLASSES
def test_a_mapper_answers_as_before_where_no_dispatcher_has_asked(cls):
    mapper, untouched = plain(cls), plain(cls)
    join(mapper)
    for path in ("/item/a", "/none", "/blog/a"):
        for arguments in (
            (path,),
            (path, create_environ(path)),
            (None, create_environ(path)),
        ):
            found = mapper.routematch(*arguments)
            expected = untouched.routematch(*arguments)
            assert (found and found[0]) == (expected and expected[0])
    with pytest.raises(routes.util.RoutesException):
        mapper.routematch()


def test_a_mapper_of_two_sites_is_prepared_once():
    mapper = plain(Mapper)
    join(mapper)
    prepared = mapper.routematch
    join(mapper)
    assert mapper.routematch is prepared


@SINGLETON
def test_a_mapper_that_matches_in_a_way_of_its_own_is_asked(singleton):
    asked = []

    class Own(Mapper):
        def routematch(self, url=None, environ=None):
            asked.append(url or environ["PATH_INFO"])
            return super().routematch(url, environ)

    mapper = plain(Own)
    app, _ = join(mapper, singleton=singleton)
    assert app.test_client().get("/item/a").text == "recorded"
    assert asked == ["/item/a", "/item/a"]


@SINGLETON
def test_a_mapper_whose_routematch_is_replaced_later_is_asked(singleton):
    mapper = plain(Mapper)
    app, _ = join(mapper, singleton=singleton)
    ours, asked = mapper.routematch, []

    def routematch(url=None, environ=None):
        asked.append(url)
        return ours(url, environ)

    mapper.routematch = routematch
    assert app.test_client().get("/item/a").text == "recorded"
    assert len(asked) == 2


@SINGLETON
def test_a_mapper_in_debug_mode_is_asked(singleton):
    mapper = plain(Mapper)
    mapper.debug = True
    app, _ = join(mapper, "pylons", singleton=singleton)
    mapper.connect("/page/{name}", controller=PageController, action="read")
    assert app.test_client().get("/page/é").text == "é None"
    assert len(mapper.routematch(environ=create_environ("/item/a"))) == 3
