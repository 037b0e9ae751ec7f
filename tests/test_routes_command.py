"""``flask compatshim routes`` and ``compatshim routes module:app``."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner
from flask import Blueprint, Flask
from flask.views import MethodView, View
from routes import Mapper

from compatshim import CompatShim
from compatshim.cli import main
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.wsgiapp import PylonsApp
from compatshim.objects.state import state_of
from compatshim.routes_command import render_routes
from fresh_python import printed_by

MODULE = """
from flask import Flask
from routes import Mapper
from compatshim import CompatShim

def create_app(name="site"):
    app = Flask(name)
    mapper = Mapper()
    mapper.connect("/legacy/{id}", controller="package", action="read")
    CompatShim(app, mapper=mapper)
    return app

app = create_app()
bare = Flask("bare")
"""


@pytest.fixture
def app():
    app = Flask("site", static_folder=None)
    app.add_url_rule("/page", "pages.read", str)
    app.add_url_rule("/other", "pages.other", str, methods=["GET", "POST"])
    mapper = Mapper()
    shim = CompatShim(app, mapper=mapper)
    mapper.connect("page", "/page", controller="page", action="read")
    mapper.connect("/mine", controller="mine")
    with shim.extension_routes("harvest"):
        mapper.connect("/harvest", controller="harvest", action="index")
        mapper.connect("/other", controller="harvest", action="other")
    blueprint = Blueprint("ext", __name__)
    blueprint.add_url_rule("/ext", "read", str)
    shim.register_blueprint(blueprint)
    return app


def flask_routes(app, *arguments):
    return app.test_cli_runner().invoke(args=["compatshim", "routes", *arguments])


def rules_of(result):
    return [(row["framework"], row["rule"]) for row in json.loads(result.output)]


def test_the_table_as_text(app):
    result = flask_routes(app)
    assert result.exit_code == 0
    assert result.output == (
        "Rule      Methods    Endpoint       Framework  Origin\n"
        "--------  ---------  -------------  ---------  -----------------\n"
        "/ext      GET        ext.read       flask      extension ext\n"
        "/harvest  any        harvest/index  legacy     extension harvest\n"
        "/other    any        harvest/other  legacy     extension harvest\n"
        "/page     GET        pages.read     flask      core\n"
        "/other    GET, POST  pages.other    flask      core\n"
        "    shadowed: legacy extension route '/other' (harvest/other)\n"
        "/page     any        page/read      legacy     core\n"
        "    shadowed: GET by flask rule '/page' (pages.read)\n"
        "    CONFLICT: delete it, or declare with shim.replaces() that the Flask view\n"
        "        replaces it\n"
        "/mine     any        mine           legacy     core\n"
    )


def test_the_table_as_json(app):
    rows = json.loads(flask_routes(app, "--format", "json").output)
    assert len(rows) == 7
    assert rows[-2] == {
        "rule": "/page",
        "methods": None,
        "endpoint": "page/read",
        "name": "page",
        "framework": "legacy",
        "origin": "core",
        "plugin": None,
        "arguments": [],
        "view": None,
        "replaces": [],
        "shadowed_by": [
            {
                "rule": "/page",
                "methods": ["GET", "HEAD", "OPTIONS"],
                "endpoint": "pages.read",
                "name": None,
                "framework": "flask",
                "origin": "core",
                "plugin": None,
                "takes": ["GET"],
            }
        ],
        "hidden": True,
        "conflict": "shadowed",
    }


def test_the_table_as_csv(app):
    rows = list(
        csv.DictReader(io.StringIO(flask_routes(app, "--format", "csv").output))
    )
    assert len(rows) == 7
    assert rows[-2]["methods"] == "*"
    assert rows[-2]["shadowed_by"] == "GET by flask rule '/page' (pages.read)"
    assert rows[4]["methods"] == "GET HEAD OPTIONS POST"


def test_shadowed_routes_only(app):
    result = flask_routes(app, "--shadowed", "--format", "json")
    assert rules_of(result) == [("flask", "/other"), ("legacy", "/page")]


def test_routes_in_conflict_only(app):
    result = flask_routes(app, "--conflicts", "--format", "json")
    assert rules_of(result) == [("legacy", "/page")]


def declare_by_alias(shim, app):
    shim.alias("page", "pages.read")


def declare_in_configuration(shim, app):
    app.config["legacy_route_mappings"] = "page:pages.read"


def declare_on_the_view(shim, app):
    view = shim.replaces(controller="page", action="read")(lambda: "page")
    app.view_functions["pages.read"] = view


@pytest.mark.parametrize(
    "declare", [declare_by_alias, declare_in_configuration, declare_on_the_view]
)
def test_a_route_with_a_declared_replacement_is_shadowed_but_in_no_conflict(declare):
    app = Flask("site", static_folder=None)
    app.add_url_rule("/page", "pages.read", str)
    mapper = Mapper()
    mapper.connect("page", "/page", controller="page", action="read")
    declare(CompatShim(app, mapper=mapper), app)
    assert flask_routes(app, "--conflicts").output == "No routes.\n"
    result = flask_routes(app, "--shadowed", "--format", "json")
    assert rules_of(result) == [("legacy", "/page")]


@pytest.mark.parametrize(
    ("format_name", "expected"),
    [("text", "No routes.\n"), ("json", "[]\n"), ("csv", "")],
)
def test_nothing_to_show(format_name, expected):
    app = Flask("site")
    CompatShim(app)
    assert flask_routes(app, "--conflicts", "--format", format_name).output == expected


def test_an_unknown_format(app):
    result = flask_routes(app, "--format", "xml")
    assert result.exit_code == 2
    assert "'text', 'json', 'csv'" in result.output


def test_a_catch_all_is_named():
    app = Flask("site", static_folder=None)
    app.add_url_rule("/<path:x>", "all", str)
    mapper = Mapper()
    mapper.connect("/page")
    CompatShim(app, mapper=mapper)
    output = flask_routes(app, "--conflicts").output
    assert "CONFLICT: flask rule '/<path:x>' (all) matches every path." in output


LONG = "/dataset/{id}/resource/{resource_id}/view/{view_id}/download/{filename}"


@pytest.mark.parametrize("columns", [60, 80, 132])
def test_text_fits_into_the_terminal(monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    app = Flask("site")
    app.add_url_rule(
        LONG.replace("{", "<").replace("}", ">"), "dataset.resource_view", str
    )
    mapper = Mapper()
    mapper.connect(
        LONG, controller="ckanext.harvest:ViewController", action="download_it"
    )
    CompatShim(app, mapper=mapper)
    lines = flask_routes(app).output.splitlines()
    assert max(map(len, lines)) <= columns
    assert (
        "".join(line.split("  ")[0] for line in lines).count("filename") == 3
    )  # static too


@pytest.mark.parametrize("name", ["routes_site:app", "routes_site:create_app('x')"])
def test_the_console_script_loads_an_application(tmp_path, monkeypatch, name):
    (tmp_path / "routes_site.py").write_text(MODULE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.delitem(sys.modules, "routes_site", raising=False)
    result = CliRunner().invoke(main, ["routes", name, "--format", "json"])
    assert result.exit_code == 0, result.output
    assert ("legacy", "/legacy/{id}") in rules_of(result)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("routes_site:bare", "has none: call CompatShim(app"),
        ("routes_site:missing", "missing"),
        ("no_such_module:app", "no_such_module"),
    ],
)
def test_what_is_wrong_is_said_without_a_traceback(
    tmp_path, monkeypatch, name, message
):
    (tmp_path / "routes_site.py").write_text(MODULE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.delitem(sys.modules, "routes_site", raising=False)
    result = CliRunner().invoke(main, ["routes", name])
    assert result.exit_code in (1, 2)
    assert message in result.output
    assert isinstance(result.exception, SystemExit)


def test_the_console_script_in_a_process_of_its_own(tmp_path):
    (tmp_path / "routes_site.py").write_text(MODULE)
    done = subprocess.run(
        [sys.executable, "-m", "compatshim", "routes", "routes_site:app"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert "package/read" in done.stdout


def test_a_command_of_the_application_is_not_replaced():
    app = Flask("site")

    @app.cli.command("compatshim")
    def own():
        click.echo("own")

    CompatShim(app)
    assert app.test_cli_runner().invoke(args=["compatshim"]).output == "own\n"


def test_help_names_the_command(app):
    runner = app.test_cli_runner()
    assert "routes" in runner.invoke(args=["compatshim", "--help"]).output
    assert "--shadowed" in runner.invoke(args=["compatshim", "routes", "--help"]).output
    assert runner.invoke(args=["compatshim", "route"]).exit_code == 2


def test_serving_never_loads_the_command():
    code = (
        "import sys, flask, compatshim\n"
        "app = flask.Flask('site')\n"
        "compatshim.CompatShim(app)\n"
        "app.test_client().get('/')\n"
        "print([name for name in sys.modules if name.endswith('routes_command')])\n"
    )
    assert printed_by(code) == "[]\n"


def test_looking_at_the_routes_raises_no_conflicts(app):
    app.config["COMPATSHIM_ROUTE_CONFLICTS"] = "error"
    text = render_routes(state_of(app), "text", shadowed=False, conflicts=True)
    assert "CONFLICT" in text


class ShopController:
    pass


def read_page(**values):
    return str(values)


class Rest(MethodView):
    def get(self):
        return "get"


class ReadView(View):
    def dispatch_request(self):
        return "read"


def test_what_tools_need_to_rewrite_source():
    app = Flask("site", static_folder=None)
    mapper = Mapper()
    config = PylonsConfig()
    config.init_app({}, {}, package="shop", paths={"root": ".", "templates": []})
    config["routes.map"] = mapper
    shim = CompatShim(app, legacy=PylonsApp(config))
    mapper.connect("/a", controller="order/line-item", action="show-all")
    mapper.connect("/b/{id}", controller="shop.web:Basket", action="read")
    mapper.connect("/c", controller=ShopController)
    mapper.connect("/d/{action}", controller="order")
    mapper.connect("/e/{controller}/{id}", action="read")
    mapper.connect("/f", controller="shop.web.Order")
    shim.replaces("old", "order", "read")(read_page)
    shim.replaces(controller="basket")(read_page)
    shim.replaces(controller=ShopController)(read_page)
    app.add_url_rule("/v/<int:id>", "read", read_page, defaults={"page": 1})
    app.add_url_rule("/w", "view", shim.replaces("w")(ReadView).as_view("view"))
    app.add_url_rule("/x", view_func=Rest.as_view("rest"))
    shim.alias("older", "read")
    app.config["legacy_route_mappings"] = "oldest:read"
    rows = {
        row["rule"]: (row["view"], row["arguments"], row["replaces"])
        for row in json.loads(flask_routes(app, "--format", "json").output)
    }
    names = [("old", "order", "read"), (None, "basket", "index")]
    names += [("older", None, None), ("oldest", None, None)]
    keys = ("route", "controller", "action")
    here = __name__
    assert rows == {
        "/v/<int:id>": (
            f"{here}:read_page",
            ["id", "page"],
            [dict(zip(keys, values, strict=True)) for values in names],
        ),
        "/w": (
            f"{here}:ReadView.dispatch_request",
            [],
            [{"route": "w", "controller": None, "action": None}],
        ),
        "/x": (f"{here}:Rest", [], []),
        "/a": ("shop.controllers.order.line-item:LineItemController.show_all", [], []),
        "/b/{id}": ("shop.web:Basket.read", ["id"], []),
        "/c": (f"{here}:ShopController.index", [], []),
        "/d/{action}": (None, ["action"], []),
        "/e/{controller}/{id}": (None, ["controller", "id"], []),
        "/f": (None, [], []),
    }
    listed = flask_routes(app, "--format", "csv").output
    cells = next(csv.DictReader(io.StringIO(listed)))
    assert cells["replaces"] == "order/read; basket/index; older; oldest"
    assert cells["arguments"] == "id page"
