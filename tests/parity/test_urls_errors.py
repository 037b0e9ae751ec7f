"""``UrlBuildError`` says what is missing, and which names are like the one given."""

from __future__ import annotations

import flask
import pytest
from routes.util import GenerationException
from werkzeug.routing import BuildError

from compatshim.common import url, url_for
from compatshim.errors import CompatShimError, UrlBuildError


@pytest.fixture
def fails(make_site):
    """Return a function that calls ``url_for`` and returns the error."""
    site = make_site()
    pages = flask.Blueprint("package", "package")
    pages.add_url_rule("/flask/<name>/<int:version>", "read", str)
    pages.add_url_rule("/flask/<name>", "read", str)
    pages.add_url_rule("/only/<name>", "edit", str, methods=["POST"])
    site.app.register_blueprint(pages)
    options = {"controller": "package", "action": "show"}
    site.mapper.connect("package_show", "/package/{name}/{version}", **options)
    site.mapper.connect("package_list", "/packages{.format}", **options)
    with site.context():

        def fail(*arguments, function=url_for, **values):
            with pytest.raises(UrlBuildError) as error:
                function(*arguments, **values)
            return error.value

        yield fail


@pytest.mark.parametrize(
    ("name", "values", "missing"),
    [
        ("package.read", {}, ("name",)),
        ("package.read", {"version": 1}, ("name",)),
        ("package.read", {"name": None}, ("name",)),
        ("package_show", {}, ("name", "version")),
        ("package_show", {"name": "x"}, ("version",)),
        ("package_show", {"name": "x", "version": None}, ("version",)),
        ("package.edit", {"name": "x", "_method": "PUT"}, ()),
        ("missing", {"name": "x"}, ()),
    ],
)
def test_missing_arguments(fails, name, values, missing):
    error = fails(name, **values)
    assert error.missing == missing
    assert all(repr(argument) in str(error) for argument in missing)
    assert ("Missing arguments" in str(error)) is bool(missing)


@pytest.mark.parametrize(
    ("name", "endpoints", "routes"),
    [
        ("package_shwo", (), ("package_show",)),
        ("package.show", (), ("package_show",)),
        ("package_read", ("package.read",), ()),
        ("Package_List", (), ("package_list",)),
        ("zzz", (), ()),
    ],
)
def test_nearest_names_of_both_routers(fails, name, endpoints, routes):
    error = fails(name)
    assert set(endpoints) <= set(error.nearest_endpoints)
    assert set(routes) <= set(error.nearest_routes)
    assert all(repr(near) in str(error) for near in endpoints + routes)
    if not endpoints + routes:
        assert error.nearest_endpoints == error.nearest_routes == ()


def test_no_redirect_route_is_near(make_site):
    site = make_site()
    site.mapper.redirect("/old", "/new")
    (name,) = site.mapper._routenames
    with site.context(), pytest.raises(UrlBuildError) as error:
        url_for(name[:-1])
    assert error.value.nearest_routes == ()


@pytest.mark.parametrize(
    ("arguments", "values"),
    [
        (["missing"], {"a": 1}),
        (["package.read"], {"a": 1}),
        (["package_show"], {"a": 1}),
        ([None], {"a": 1}),
        ([".missing"], {"a": 1}),
        ([], {"controller": "none", "action": "none"}),
        ([], {}),
    ],
    ids=str,
)
@pytest.mark.parametrize(
    "caught", [UrlBuildError, BuildError, GenerationException, CompatShimError]
)
def test_error_is_that_of_both_libraries(fails, arguments, values, caught):
    error = fails(*arguments, **values)
    assert isinstance(error, caught)
    assert error.values == values
    assert error.reason
    assert error.reason in str(error)


def test_method_is_named(fails):
    assert "PUT" in fails("package.edit", name="x", _method="put").reason


def test_no_current_route(make_site):
    site = make_site()
    with site.context("/nowhere"), pytest.raises(UrlBuildError):
        url.current()


@pytest.mark.parametrize("name", ["missing", "missing.page"])
def test_handlers_of_the_application_are_asked_for_unknown_names(make_site, name):
    site = make_site()
    seen = []

    def handler(error, endpoint, values):
        seen.append((flask.request.path, endpoint, values["a"]))
        return f"/external/{endpoint}"

    site.app.url_build_error_handlers.append(handler)
    with site.context("/page"):
        assert url_for(name, a=1) == f"/external/{name}"
    assert seen == [("/page", name, 1)]


def test_handlers_that_do_not_know_either(make_site):
    site = make_site()
    site.app.url_build_error_handlers.append(lambda error, endpoint, values: None)
    with site.context(), pytest.raises(UrlBuildError):
        url_for("missing")


@pytest.mark.parametrize("framework", ["flask"])
def test_site_without_legacy_routes(make_site):
    site = make_site(legacy_config={"routes.map": None})
    with site.context(), pytest.raises(UrlBuildError, match="there are none"):
        url_for(controller="x", action="y")
