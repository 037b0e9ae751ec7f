"""What the router has found is told in the words of both libraries."""

from __future__ import annotations

import pytest

from compatshim.common import request, url_for


def test_arguments_of_the_path(serve):
    served = serve(
        lambda: (
            request.view_args,
            {name: request.urlvars[name] for name in ("kind", "id")},
            {name: request.route_dict[name] for name in ("kind", "id")},
            request.urlargs,
        ),
        "/item/book/7",
        rule="/item/<kind>/<id>",
    )
    arguments = {"kind": "book", "id": "7"}
    assert served.result == (arguments, arguments, arguments, ())


def test_arguments_where_the_path_has_none(serve):
    served = serve(lambda: (request.view_args, request.urlargs))
    assert served.result == ({}, ())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("view_args", None),
        ("urlvars", {}),
        ("route_dict", {}),
        ("urlargs", ()),
        ("endpoint", None),
        ("url_rule", None),
        ("blueprint", None),
        ("blueprints", []),
    ],
)
def test_what_there_is_where_no_route_was_found(make_site, name, expected):
    with make_site().context("/nowhere"):
        assert getattr(request, name) == expected


def test_urlvars_can_be_set_and_deleted(serve):
    def view():
        request.urlvars["more"] = "1"
        first = request.urlvars["more"], request.urlvars["id"]
        request.urlvars = {"other": "2"}
        second = dict(request.urlvars)
        del request.urlvars
        return first, second

    served = serve(view, "/item/7", rule="/item/<id>")
    assert served.result == (("1", "7"), {"other": "2"})


def test_arguments_by_position_that_are_set_leave_those_by_name(serve):
    def view():
        request.urlargs = ("more",)
        first = request.urlargs, request.urlvars["id"], request.view_args
        del request.urlargs
        return first, (request.urlargs, request.urlvars["id"])

    served = serve(view, "/item/7", rule="/item/<id>")
    assert served.result == ((("more",), "7", {"id": "7"}), ((), "7"))


def test_rule_has_flasks_attributes(serve):
    served = serve(
        lambda: (
            request.url_rule.rule,
            str(request.url_rule),
            request.url_rule.arguments,
            request.url_rule.endpoint == request.endpoint,
        ),
        "/item/7",
        rule="/item/<id>",
    )
    assert served.result == ("/item/<id>", "/item/<id>", {"id"}, True)


def test_url_is_built_from_endpoint_and_arguments(serve, framework):
    # A named route, and a view of the same name.
    name = {"flask": "read", "legacy": "show"}[framework]
    served = serve(
        lambda: (request.endpoint, url_for(request.endpoint, **request.view_args)),
        "/item/7",
        rule="/item/<id>",
        name=name,
    )
    assert served.result == (name, "/item/7")


def test_endpoint_without_a_dot_is_in_no_blueprint(serve, framework):
    name = {"flask": "read", "legacy": "show"}[framework]
    served = serve(lambda: (request.blueprint, request.blueprints), name=name)
    assert served.result == (None, [])


@pytest.mark.parametrize("framework", ["legacy"])
def test_blueprint_of_a_dotted_route_name(serve):
    def setup(site):
        site.mapper.matchlist[0].name = "shop.items.list"

    def view():
        return request.endpoint, request.blueprint, request.blueprints

    served = serve(view, setup=setup)
    assert served.result == ("shop.items.list", "shop.items", ["shop.items", "shop"])


@pytest.mark.parametrize("framework", ["legacy"])
def test_unnamed_legacy_route_is_named_by_controller_and_action(serve):
    def setup(site):
        site.mapper.matchlist[0].name = None

    served = serve(lambda: request.endpoint, setup=setup)
    assert served.result == "PageController.show"


@pytest.mark.parametrize("framework", ["legacy"])
@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("/files/{path:.*}", "/files/<path>"),
        ("/files/*path", "/files/<path:path>"),
        ("/item/:id", "/item/<id>"),
        (r"/item/{id:\d+}.html", "/item/<id>.html"),
    ],
)
def test_legacy_route_as_a_rule(make_site, path, rule):
    site = make_site()
    site.add("/page", lambda: request.url_rule.rule)
    controller = site.mapper.matchlist.pop().defaults["controller"]
    site.mapper.connect("show", path, controller=controller, action="show")
    assert site.open("/files/1" if "files" in path else "/item/1.html").result == rule


def test_methods_of_the_rule(make_site, framework):
    site = make_site()
    site.add("/page", lambda: request.url_rule.methods)
    if framework == "legacy":
        site.mapper.matchlist[0].conditions = {"method": ["GET", "POST"]}
    assert {"GET", "HEAD", "POST"} <= site.open("/page").result


def test_link_builds_urls_of_both_routers(make_site, other):
    there = {"flask": "there", "legacy": "show"}[other]

    def view():
        return request.link(there, id=1), request.link.current(a=2)

    site = make_site()
    site.add("/page", view, name="page")
    if other == "legacy":
        site.mapper.connect("show", "/there/{id}", controller="x", action="show")
    else:
        site.add("/there/<id>", lambda: "", framework=other, name="there")
    assert site.open("/page").result == ("/there/1", "/page?a=2")
