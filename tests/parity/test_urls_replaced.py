"""Old names of routes that Flask serves now, and names that both routers know."""

from __future__ import annotations

import functools
import json

import flask
import pytest
from flask.views import MethodView

from compatshim.common import url_for
from compatshim.deprecation import LegacyUrlWarning
from compatshim.errors import RouteMappingError, UrlBuildError


def wrapped(view):
    @functools.wraps(view)
    def wrapper(**arguments):
        return view(**arguments)

    return wrapper


def add_replaced(site):
    """Add views in place of the legacy routes ``dataset_*``, written in several ways."""
    pages = flask.Blueprint("dataset", "dataset", url_prefix="/dataset")

    @pages.route("/<name>")
    @site.shim.replaces(route="dataset_read", controller="package", action="read")
    def read(name):
        return name

    @site.shim.replaces(route="dataset_edit", controller="package", action="edit")
    @pages.route("/<name>/edit")
    def edit(name):
        return name

    @pages.route("/new")
    @wrapped
    @site.shim.replaces(route="dataset_new")
    @site.shim.replaces(route="add dataset", controller="package", action="new")
    def new():
        return "new"

    @site.shim.replaces(route="dataset_index", controller="package")
    class Index(MethodView):
        def get(self):
            return "index"

    pages.add_url_rule("/", view_func=Index.as_view("index"))
    site.app.register_blueprint(pages)


def warned(call):
    """Return what ``call`` gives, and the only warning of it."""
    with pytest.warns(LegacyUrlWarning) as record:
        result = call()
    assert len(record) == 1
    return result, record[0]


@pytest.fixture
def build(make_site):
    """Return a function that calls ``url_for``: it gives the URL and the warning."""

    def run(*arguments, setup=add_replaced, **values):
        site = make_site()
        setup(site)
        with site.context():
            return warned(lambda: url_for(*arguments, **values))

    return run


@pytest.mark.parametrize(
    ("arguments", "values", "expected"),
    [
        (["dataset_read"], {"name": "x"}, "/dataset/x"),
        (["dataset_read"], {"name": "x", "q": "a"}, "/dataset/x?q=a"),
        (["dataset_read"], {"name": "x", "qualified": 1}, "http://localhost/dataset/x"),
        (["dataset_edit"], {"name": "x"}, "/dataset/x/edit"),
        (["dataset_new"], {}, "/dataset/new"),
        (["add dataset"], {}, "/dataset/new"),
        (["dataset_index"], {}, "/dataset/"),
        ([], {"controller": "package", "action": "read", "name": "x"}, "/dataset/x"),
        ([], {"controller": "/package", "action": "read", "name": "x"}, "/dataset/x"),
        ([], {"controller": "package", "action": "new"}, "/dataset/new"),
        ([], {"controller": "package", "action": "index"}, "/dataset/"),
        ([], {"controller": "package"}, "/dataset/"),
    ],
    ids=str,
)
def test_old_name_builds_the_new_url(build, arguments, values, expected):
    assert build(*arguments, **values)[0] == expected


@pytest.mark.parametrize(
    ("arguments", "values", "name"),
    [
        (["dataset_read"], {"name": "x"}, "url_for('dataset_read', ...)"),
        (
            [],
            {"controller": "package", "action": "read", "name": "x"},
            "url_for(controller='package', action='read', ...)",
        ),
    ],
)
def test_warning_names_the_new_call_at_the_callers_line(build, arguments, values, name):
    warning = build(*arguments, **values)[1]
    assert warning.category is LegacyUrlWarning
    assert warning.message.name == name
    assert warning.message.instead == "url_for('dataset.read', ...)"
    assert warning.message.instead in str(warning.message)
    assert warning.filename == __file__


def mapped_in_text(site):
    site.legacy_config["legacy_route_mappings"] = (
        " home:pages.home\n about:pages.about "
    )


def mapped_with_commas(site):
    site.legacy_config["legacy_route_mappings"] = "home:pages.home,about:pages.about"


def mapped_in_json(site):
    mappings = {"home": "pages.home", "about": "pages.about"}
    site.legacy_config["legacy_route_mappings"] = json.dumps(mappings)


def mapped(site):
    mappings = {"home": "pages.home", "about": "pages.about"}
    site.legacy_config["legacy_route_mappings"] = mappings


def mapped_by_flask(site):
    mappings = {"home": "pages.home", "about": "pages.about"}
    site.app.config["legacy_route_mappings"] = mappings


def aliased(site):
    site.shim.alias("home", "pages.home")
    site.shim.alias("about", "pages.about")


@pytest.mark.parametrize(
    "declare",
    [
        mapped_in_text,
        mapped_with_commas,
        mapped_in_json,
        mapped,
        mapped_by_flask,
        aliased,
    ],
)
@pytest.mark.parametrize(("name", "expected"), [("home", "/"), ("about", "/about")])
def test_old_name_that_is_declared_elsewhere(build, declare, name, expected):
    def setup(site):
        pages = flask.Blueprint("pages", "pages")
        pages.add_url_rule("/", "home", str)
        pages.add_url_rule("/about", "about", str)
        site.app.register_blueprint(pages)
        # The old route is still there, and Flask's wins its path.
        site.mapper.connect("home", "/", controller="home", action="index")
        declare(site)

    assert build(name, setup=setup)[0] == expected


def test_mapping_that_comes_later_is_seen(make_site):
    site = make_site()
    site.add("/new", str, framework="flask", name="new")
    with site.context():
        with pytest.raises(UrlBuildError):
            url_for("old")
        mappings = site.legacy_config["legacy_route_mappings"] = {}
        with pytest.raises(UrlBuildError):
            url_for("old")
        mappings["old"] = "new"
        with pytest.warns(LegacyUrlWarning):
            assert url_for("old") == "/new"


@pytest.mark.parametrize("value", ["home", "home:", ":x", "{", 3, ["a:b"]], ids=str)
def test_mappings_that_cannot_be_read(make_site, value):
    site = make_site(legacy_config={"legacy_route_mappings": value})
    with site.context(), pytest.raises(RouteMappingError) as error:
        url_for("old")
    assert error.value.value == value
    assert "home:home.index" in str(error.value)


def test_old_name_of_an_endpoint_that_is_not_there(make_site):
    site = make_site(legacy_config={"legacy_route_mappings": "old:missing"})
    with (
        site.context(),
        pytest.warns(LegacyUrlWarning),
        pytest.raises(UrlBuildError, match="missing"),
    ):
        url_for("old")


def test_warning_that_is_an_error_is_a_new_one_each_time(make_site):
    site = make_site()
    add_replaced(site)
    errors = []
    with site.context():
        for _ in range(2):
            with pytest.raises(LegacyUrlWarning) as error:
                url_for("dataset_new")
            errors.append(error.value)
    assert errors[0] is not errors[1]


@pytest.mark.parametrize("explicit", [True, False])
def test_memory_of_a_legacy_route_reaches_the_view_that_replaces_another(
    make_site, framework, explicit
):
    site = make_site()
    site.mapper.explicit = explicit
    add_replaced(site)
    site.mapper.connect(
        "/old/{name}/{page}", controller="package", action="show", page="1"
    )
    with site.context("/old/x/2"):
        if framework == "legacy" and not explicit:
            with pytest.warns(LegacyUrlWarning):
                assert url_for(action="edit") == "/dataset/x/edit"
            with pytest.warns(LegacyUrlWarning):
                assert url_for(action="edit", name="y") == "/dataset/y/edit"
        else:
            with pytest.raises(UrlBuildError):
                url_for(action="edit")


def test_name_that_both_routers_know_is_flasks(make_site):
    site = make_site()
    site.add("/flask/<name>", str, framework="flask", name="both")
    site.add("/legacy/<name>", str, framework="legacy", name="both")
    with site.context():
        assert url_for("both", name="x") == "/flask/x"


def test_name_whose_flask_endpoint_has_no_rule_is_the_routes(make_site):
    site = make_site()
    site.app.view_functions["both"] = str
    site.add("/legacy/<name>", str, framework="legacy", name="both")
    with site.context():
        assert url_for("both", name="x") == "/legacy/x"


def add_flask_core(site):
    site.add("/flask/<name>", str, framework="flask", name="both")


def add_flask_extension(site):
    pages = flask.Blueprint("pages", "pages", url_prefix="/flask")
    pages.add_url_rule("/<name>", "both", str)
    site.shim.register_blueprint(pages, origin="extension", name="plugin")


@pytest.mark.parametrize(
    ("add", "name", "path"),
    [
        (add_flask_core, "both", "/extension/x"),
        (add_flask_extension, "plugin.both", "/flask/x"),
        (add_replaced, "dataset_read", "/extension/x"),
    ],
)
def test_name_that_a_legacy_extension_has_too(make_site, add, name, path):
    site = make_site()
    add(site)
    with site.shim.extension_routes() as mapper:
        mapper.connect(name, "/extension/{name}", controller="x", action="y")
    with site.context():
        assert url_for(name, name="x") == path
