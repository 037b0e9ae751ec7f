"""``url_for`` and ``url`` build alike, whoever serves."""

from __future__ import annotations

import flask
import pytest
from routes.util import GenerationException
from werkzeug.routing import BuildError

from compatshim.common import url, url_for
from compatshim.errors import CompatShimError, UrlBuildError

# Only a Flask view has a blueprint.
flask_only = pytest.mark.parametrize("framework", ["flask"])

FORWARDED = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-For": "1.2.3.4",
}


def add_routes(site):
    """Add some routes of either side, whoever serves the page itself."""
    pages = flask.Blueprint("pages", "pages", url_prefix="/pages")
    pages.add_url_rule("/read/<name>", "read", lambda name: name)
    pages.add_url_rule("/about", "about", lambda: "about")
    site.app.register_blueprint(pages)
    site.mapper.connect(
        "package_read", "/package/{name}", controller="package", action="read"
    )
    site.mapper.connect("/package/{name}/edit", controller="package", action="edit")
    site.mapper.connect("package_list", "/package", controller="package", action="list")


@pytest.fixture
def build(serve):
    """Return what a function that builds a URL returns in a view."""

    def run(function, path="/page", **options):
        return serve(function, path, setup=add_routes, **options).result

    return run


@pytest.mark.parametrize("function", [url_for, url], ids=["url_for", "url"])
@pytest.mark.parametrize(
    ("arguments", "values", "expected"),
    [
        (["pages.read"], {"name": "x"}, "/pages/read/x"),
        (["pages.read"], {"name": "ä b"}, "/pages/read/%C3%A4%20b"),
        (["pages.about"], {"q": "a"}, "/pages/about?q=a"),
        (["pages.about"], {"_anchor": "top"}, "/pages/about#top"),
        (["pages.about"], {"anchor": "top"}, "/pages/about#top"),
        (["pages.about"], {"_external": True}, "http://localhost/pages/about"),
        (["pages.about"], {"qualified": True}, "http://localhost/pages/about"),
        (["pages.about"], {"_scheme": "https"}, "https://localhost/pages/about"),
        (["pages.about"], {"protocol": "https"}, "https://localhost/pages/about"),
        (["pages.about"], {"host": "example.org"}, "http://example.org/pages/about"),
        (["static"], {"filename": "style.css"}, "/static/style.css"),
        (["package_read"], {"name": "x"}, "/package/x"),
        (["package_read"], {"name": "ä"}, "/package/%C3%A4"),
        (["package_list"], {}, "/package"),
        (["package_list"], {"q": "a"}, "/package?q=a"),
        (["package_list"], {"_anchor": "top"}, "/package#top"),
        (["package_list"], {"anchor": "top"}, "/package#top"),
        (["package_list"], {"_external": True}, "http://localhost/package"),
        (["package_list"], {"qualified": True}, "http://localhost/package"),
        (["package_list"], {"_scheme": "https"}, "https://localhost/package"),
        (["package_list"], {"protocol": "https"}, "https://localhost/package"),
        (["package_list"], {"host": "example.org"}, "http://example.org/package"),
        (
            [],
            {"controller": "package", "action": "edit", "name": "x"},
            "/package/x/edit",
        ),
        ([], {"controller": "package", "action": "list"}, "/package"),
        (["/style.css"], {}, "/style.css"),
        (["/style.css"], {"qualified": True}, "http://localhost/style.css"),
        (["/style.css"], {"_external": True}, "http://localhost/style.css"),
        (["http://example.org/x"], {}, "http://example.org/x"),
    ],
)
def test_url(build, function, arguments, values, expected):
    assert build(lambda: function(*arguments, **values)) == expected


@pytest.mark.parametrize(
    ("arguments", "values", "expected"),
    [
        (["pages.about"], {}, "/mount/pages/about"),
        (["package_list"], {}, "/mount/package"),
        (["/style.css"], {}, "/mount/style.css"),
        (["pages.about"], {"_external": True}, "https://example.org/mount/pages/about"),
        (["package_list"], {"qualified": True}, "https://example.org/mount/package"),
        (["package_list"], {"host": "other"}, "https://other/mount/package"),
        (["pages.about"], {"host": "other"}, "https://other/mount/pages/about"),
    ],
)
def test_url_below_a_mount_point(build, arguments, values, expected):
    built = build(
        lambda: url_for(*arguments, **values), base_url="https://example.org/mount"
    )
    assert built == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("pages.about", "http://localhost/pages/about"),
        ("package_list", "http://localhost/package"),
        ("/style.css", "http://localhost/style.css"),
    ],
)
def test_host_that_a_client_forwards_is_not_believed(build, name, expected):
    built = build(lambda: url_for(name, _external=True), headers=FORWARDED)
    assert built == expected


@pytest.mark.parametrize("name", ["missing", "pages.missing", "missing/page"])
@pytest.mark.parametrize(
    "caught", [UrlBuildError, BuildError, GenerationException, CompatShimError]
)
def test_unknown_name_is_an_error_of_both_libraries(build, name, caught):
    def view():
        with pytest.raises(caught) as error:
            url_for(name, a=1)
        return error.value.endpoint, error.value.values, name in str(error.value)

    assert build(view) == (name, {"a": 1}, True)


@pytest.mark.parametrize(
    ("arguments", "values"),
    [
        (["pages.read"], {}),
        (["package_read"], {}),
        ([], {"controller": "missing", "action": "read"}),
    ],
    ids=["flask", "routes", "generated"],
)
def test_route_that_lacks_an_argument_is_an_error(build, arguments, values):
    def view():
        with pytest.raises(UrlBuildError) as error:
            url_for(*arguments, **values)
        return bool(error.value.reason)

    assert build(view) is True


def test_name_of_the_page_itself(build):
    assert build(lambda: url_for("own_page"), name="own_page") == "/page"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, "/item/one"),
        ({"name": "two"}, "/item/two"),
        ({"q": "x"}, "/item/one?q=x"),
        ({"name": "ä"}, "/item/%C3%A4"),
        ({"qualified": True}, "http://localhost/item/one"),
        ({"_external": True}, "http://localhost/item/one"),
        ({"_anchor": "top"}, "/item/one#top"),
    ],
)
def test_current_url_with_other_values(build, values, expected):
    built = build(
        lambda: url.current(**values), "/item/one?page=2", rule="/item/<name>"
    )
    assert built == expected


@flask_only
def test_relative_endpoint_of_a_blueprint(make_site):
    site = make_site()
    pages = site.blueprints["pages"] = flask.Blueprint("pages", "pages")
    site.add("/pages/here", lambda: url_for(".there"), name="pages.here")
    site.add("/pages/there", lambda: "there", name="pages.there")
    site.app.register_blueprint(pages)
    assert site.open("/pages/here").result == "/pages/there"


def test_url_of_a_site_without_legacy_routes(make_site):
    site = make_site()
    site.add("/page", lambda: (url_for("static", filename="a.css"), url_for("/b.css")))
    assert site.open("/page").result == ("/static/a.css", "/b.css")


def test_flasks_error_handler_for_urls_is_asked(build):
    def view():
        handlers = flask.current_app.url_build_error_handlers
        handlers.append(lambda error, endpoint, values: "/from-handler")
        return url_for("pages.read")

    assert build(view) == "/from-handler"


def test_url_of_a_test_request(make_site):
    site = make_site()
    add_routes(site)
    with site.context("/page", base_url="http://example.org/mount"):
        assert url_for("pages.about") == "/mount/pages/about"
        assert url_for("package_list", _external=True) == (
            "http://example.org/mount/package"
        )
