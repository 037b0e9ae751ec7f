"""An extension's legacy routes are those that its mapper has now."""

from __future__ import annotations

import flask
import pytest
from routes import Mapper
from routes.route import Route
from webob import Response

from compatshim import CompatShim
from compatshim.common import url_for
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.wsgiapp import PylonsApp
from compatshim.routing import IndexedMapper


def legacy(environ, start_response):
    label = environ["wsgiorg.routing_args"][1]["label"]
    return Response(f"{environ['compatshim.origin']} {label}")(environ, start_response)


class Site:
    """A page of Flask at every path, and routes of an extension before it."""

    def __init__(self, mapper):
        self.mapper = mapper
        self.app = flask.Flask("site", static_folder=None)
        self.app.config["COMPATSHIM_ROUTE_CONFLICTS"] = "ignore"
        self.app.add_url_rule("/<path:path>", "all", lambda path: f"flask {path}")
        self.shim = CompatShim(self.app, legacy=legacy, mapper=mapper)

    def connect(self, path, **options):
        with self.shim.extension_routes():
            self.mapper.connect(path, label=path, **options)

    def get(self, path):
        return self.app.test_client().get(path).text


@pytest.fixture(params=[Mapper, IndexedMapper])
def site(request):
    return Site(request.param())


def test_a_route_in_place_of_another(site):
    site.connect("/a")
    site.connect("/b")
    assert site.get("/b") == "extension /b"
    del site.mapper.matchlist[-1]
    site.mapper.connect("/core", label="core")
    assert site.get("/b") == "flask b"
    assert site.get("/a") == "extension /a"


def test_a_list_in_place_of_another(site):
    site.connect("/a")
    site.connect("/b")
    assert site.get("/a") == "extension /a"
    site.mapper.matchlist = [Route(None, "/core"), site.mapper.matchlist[1]]
    assert site.get("/a") == "flask a"
    assert site.get("/b") == "extension /b"


def test_an_order_that_create_regs_has_seen(site):
    site.connect("/a/{x}")
    site.connect("/a/{y}")
    site.connect("/last")
    assert site.get("/a/1") == "extension /a/{x}"
    site.mapper.matchlist[:2] = site.mapper.matchlist[1::-1]
    site.mapper.create_regs()
    assert site.get("/a/1") == "extension /a/{y}"


def test_controllers_that_create_regs_has_found(site):
    for number in range(9):
        site.connect(f"/{{controller}}/{number}")
    site.mapper.create_regs(["news"])
    assert site.get("/news/7") == "extension /{controller}/7"
    assert site.get("/admin/7") == "flask admin/7"
    site.mapper.create_regs(["admin"])
    assert site.get("/admin/7") == "extension /{controller}/7"
    assert site.get("/news/7") == "flask news/7"


def test_controllers_that_are_looked_for_each_time():
    found = ["news"]
    site = Site(Mapper(controller_scan=lambda: found, always_scan=True))
    for number in range(9):
        site.connect(f"/{{controller}}/{number}")
    assert site.get("/news/7") == "extension /{controller}/7"
    found[:] = ["admin"]
    assert site.get("/admin/7") == "extension /{controller}/7"
    assert site.get("/news/7") == "flask news/7"


# What Routes can do.


def double(values):
    values["x"] *= 2
    return values


def test_a_filter_of_an_extension_route_changes_what_is_built(site):
    with site.shim.extension_routes():
        site.mapper.connect("twice", "/twice/{x}", label="twice", _filter=double)
    site.app.add_url_rule("/link", "link", lambda: url_for("twice", x="ab"))
    assert site.get("/link") == "/twice/abab"
    assert site.get("/twice/ab") == "extension twice"


@pytest.mark.parametrize("path", ["/wiki/a/b", "/wiki/é", "/wiki/"])
def test_a_path_info_route_of_an_extension(path):
    """Flask core has this path, too: what decides is who is named as the owner."""

    def inner(environ, start_response):
        place = f"{environ['SCRIPT_NAME']}|{environ['PATH_INFO']}"
        text = place.encode("latin-1").decode()
        return Response(f"{environ['compatshim.origin']} {text}")(
            environ, start_response
        )

    config = PylonsConfig()
    config.init_app({}, {}, package="sample")
    mapper = config["routes.map"] = Mapper()
    app = flask.Flask("site")
    app.config["COMPATSHIM_ROUTE_CONFLICTS"] = "ignore"
    app.add_url_rule("/wiki/<path:path>", "wiki", lambda path: path)
    app.add_url_rule("/wiki/", "wiki_home", lambda: "home")
    shim = CompatShim(app, legacy=PylonsApp(config))
    with shim.extension_routes("wiki"):
        mapper.connect("/wiki/{path_info:.*}", controller=inner)
    rest = path.removeprefix("/wiki")
    assert app.test_client().get(path).text == f"extension /wiki|{rest}"
