"""The keywords of both routers, in both spellings, for both routers."""

from __future__ import annotations

import pytest
from flask import Blueprint
from werkzeug.routing import Rule

from compatshim.common import request, url, url_for
from compatshim.errors import UrlBuildError

# The same page under each router, and whatever builds its URL.
PAGES = {"flask": "pages.read", "routes": "read"}


def add_pages(site):
    pages = Blueprint("pages", "pages")
    pages.add_url_rule("/flask/<name>", "read", str, methods=["GET", "POST"])
    pages.add_url_rule("/flask/<name>/form", "edit", str, methods=["GET"])
    pages.add_url_rule("/flask/<name>/post", "edit", str, methods=["POST"])
    pages.add_url_rule("/flask/hosts/<host>/<anchor>/<sub_domain>", "hosts", str)
    site.app.register_blueprint(pages)
    options = {"controller": "package", "action": "read"}
    site.mapper.connect("read", "/routes/{name}", **options)
    get, post = ({"method": [method]} for method in ("GET", "POST"))
    site.mapper.connect("form", "/routes/{name}/form", conditions=get, **options)
    site.mapper.connect("post", "/routes/{name}/post", conditions=post, **options)
    site.mapper.connect("hosts", "/routes/hosts/{sub_domain}/{_method}", **options)


@pytest.fixture
def build(serve):
    """Return a function that calls ``url_for`` in a view."""

    def run(route, /, **values):
        return serve(lambda: url_for(route, **values), setup=add_pages).result

    return run


@pytest.mark.parametrize("router", PAGES)
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"_method": "get"}, "/x"),
        ({"_method": None}, "/x"),
        ({"sub_domain": "api"}, "http://api.localhost/x"),
        ({"sub_domain": None}, "/x"),
        ({"sub_domain": "api", "_scheme": "https"}, "https://api.localhost/x"),
        ({"host": "example.org", "sub_domain": "api"}, "http://example.org/x"),
        ({"host": None}, "/x"),
        ({"host": "ex.org", "protocol": "https"}, "https://ex.org/x"),
        ({"anchor": None}, "/x"),
        ({"anchor": ""}, "/x"),
        ({"anchor": "ä"}, "/x#%C3%A4"),
        ({"_anchor": "a", "anchor": "b"}, "/x#a"),
        ({"_external": True, "qualified": False}, "http://localhost/x"),
        ({"_external": False}, "/x"),
        ({"qualified": False}, "/x"),
        ({"_external": None, "qualified": True}, "http://localhost/x"),
        ({"protocol": None, "_scheme": None}, "/x"),
        ({"protocol": "", "qualified": True}, "//localhost/x"),
        ({"_scheme": "", "_external": True}, "//localhost/x"),
        ({"tag": ["a", "b"]}, "/x?tag=a&tag=b"),
        ({"tag": ("ä", 1)}, "/x?tag=%C3%A4&tag=1"),
        ({"tag": []}, "/x"),
        ({"tag": None}, "/x"),
        ({"tag": "ä b&c"}, "/x?tag=%C3%A4+b%26c"),
        ({"locale": "de"}, "/x?locale=de"),
    ],
    ids=str,
)
def test_keyword(build, router, values, expected):
    path = expected.replace("/x", f"/{router}/x")
    assert build(PAGES[router], name="x", **values) == path.replace(f"{router}//", "//")


@pytest.mark.parametrize("router", PAGES)
def test_unicode_argument(build, router):
    assert build(PAGES[router], name="日本 ä") == (
        f"/{router}/%E6%97%A5%E6%9C%AC%20%C3%A4"
    )


@pytest.mark.parametrize(
    ("name", "method", "expected"),
    [
        ("pages.edit", "GET", "/flask/x/form"),
        ("pages.edit", "POST", "/flask/x/post"),
        ("form", "GET", "/routes/x/form"),
        ("post", "POST", "/routes/x/post"),
    ],
)
def test_method_chooses_the_rule(build, name, method, expected):
    assert build(name, _method=method, name="x") == expected


@pytest.mark.parametrize("name", ["pages.edit", "form"])
def test_method_that_no_rule_takes(build, name):
    with pytest.raises(UrlBuildError):
        build(name, name="x", _method="DELETE")


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        (
            "pages.hosts",
            {"host": "h", "anchor": "a", "sub_domain": "s"},
            "/flask/hosts/h/a/s",
        ),
        ("hosts", {"sub_domain": "s", "_method": "m"}, "/routes/hosts/s/m"),
    ],
)
def test_keyword_that_is_an_argument_of_the_route(build, name, values, expected):
    assert build(name, **values) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"v": 3}, "/css/site.css?v=3"),
        ({"v": [1, 2]}, "/css/site.css?v=1&v=2"),
        ({"v": None}, "/css/site.css"),
        ({"_method": "GET"}, "/css/site.css"),
        ({"sub_domain": "cdn"}, "http://cdn.localhost/css/site.css"),
        ({"_anchor": "x", "_external": True}, "http://localhost/css/site.css#x"),
    ],
    ids=str,
)
def test_static_path(build, values, expected):
    assert build("/css/site.css", **values) == expected


@pytest.mark.parametrize("values", [{}, {"qualified": True}, {"_external": True}])
def test_absolute_url_is_left_as_it_is(build, values):
    assert build("https://example.org/x", **values) == "https://example.org/x"


@pytest.mark.parametrize("router", PAGES)
@pytest.mark.parametrize(
    ("host", "sub_domain", "expected"),
    [
        ("example.org", "api", "http://api.example.org"),
        ("www.example.org:8080", "api", "http://api.example.org:8080"),
        ("api.example.org", "api", ""),
    ],
)
def test_sub_domain_of_the_host(serve, router, host, sub_domain, expected):
    served = serve(
        lambda: url_for(PAGES[router], name="x", sub_domain=sub_domain),
        setup=add_pages,
        base_url=f"http://{host}",
    )
    assert served.result == f"{expected}/{router}/x"


def test_sub_domain_of_a_mapper_that_knows_them(serve):
    def setup(site):
        add_pages(site)
        site.mapper.sub_domains = True
        site.mapper.sub_domains_ignore = ["www"]

    def view():
        return [
            url_for(name, name="x", sub_domain=sub_domain)
            for name in PAGES.values()
            for sub_domain in ("api", "www")
        ]

    served = serve(view, setup=setup, base_url="http://me.example.org")
    assert served.result == [
        "http://api.example.org/flask/x",
        "http://example.org/flask/x",
        "http://api.example.org/routes/x",
        "http://example.org/routes/x",
    ]


def test_sub_domain_that_a_rule_asks_for(serve):
    def setup(site):
        site.app.url_map.add(
            Rule("/x", subdomain="<user>", endpoint="own", build_only=True)
        )

    def view():
        return url_for("own", sub_domain="me"), url_for("own", user="you")

    served = serve(view, setup=setup, config={"SERVER_NAME": "localhost"})
    assert served.result == ("http://me.localhost/x", "http://you.localhost/x")


@pytest.mark.parametrize("explicit", [True, False])
def test_route_memory_is_that_of_routes(serve, framework, explicit):
    def setup(site):
        site.mapper.explicit = explicit
        controller = "page"
        if site.mapper.matchlist:  # the page itself is legacy
            controller = site.mapper.matchlist[0].defaults["controller"]
        site.mapper.connect("/page/{id}/edit", controller=controller, action="edit")

    def view():
        try:
            return url_for(action="edit")
        except UrlBuildError:
            return "nothing remembered"

    served = serve(view, "/page/1", rule="/page/<id>", setup=setup)
    remembers = framework == "legacy" and not explicit
    assert served.result == ("/page/1/edit" if remembers else "nothing remembered")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"sub_domain": "api"}, "http://api.localhost/item/one"),
        ({"_method": "GET"}, "/item/one"),
        ({"tag": ["a", "b"]}, "/item/one?tag=a&tag=b"),
        ({"protocol": "https"}, "https://localhost/item/one"),
    ],
    ids=str,
)
def test_keyword_of_the_current_url(serve, values, expected):
    served = serve(lambda: url.current(**values), "/item/one", rule="/item/<name>")
    assert served.result == expected


def test_rule_for_urls_only_that_is_added_while_the_site_runs(make_site):
    site = make_site()
    site.add("/page", lambda: url_for("late", id=request.args["id"]))
    with pytest.raises(UrlBuildError):
        site.open("/page?id=1")
    site.app.url_map.add(Rule("/late/<id>", endpoint="late", build_only=True))
    assert site.open("/page?id=1").result == "/late/1"


def test_route_that_is_added_while_the_site_runs(make_site):
    site = make_site()
    site.add("/page", lambda: url_for("late", id=1))
    with pytest.raises(UrlBuildError):
        site.open("/page")
    site.mapper.connect("late", "/late/{id}", controller="x", action="y")
    assert site.open("/page").result == "/late/1"


def test_name_for_urls_only_of_a_mapper_without_hardcoded_names(serve):
    def setup(site):
        site.mapper.hardcode_names = False
        add_pages(site)

    served = serve(lambda: url_for("read", name="x"), setup=setup)
    assert served.result == "/routes/x"


def test_filter_of_a_route_is_asked(serve):
    def setup(site):
        site.mapper.connect(
            "blog",
            "/blog/{year}",
            controller="x",
            action="y",
            _filter=lambda values: {"year": values.pop("date"), **values},
        )

    served = serve(lambda: url_for("blog", date="2026"), setup=setup)
    assert served.result == "/blog/2026"


def test_static_route_of_another_site(serve):
    def setup(site):
        site.mapper.connect("wiki", "https://wiki.example/{page}", _static=True)

    served = serve(lambda: url_for("wiki", page="x", v=1), setup=setup)
    assert served.result == "https://wiki.example/x?v=1"
