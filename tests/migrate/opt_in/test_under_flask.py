"""What the opt-in rules write does what it did before: in an application that runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "shop/__init__.py": "",
    "shop/lib/__init__.py": "",
    "shop/lib/base.py": """\
        from compatshim.legacy import request, tmpl_context as c, url
        from compatshim.legacy.controllers import WSGIController

        class BaseController(WSGIController):
            pass
        """,
    "shop/lib/helpers.py": "from compatshim.legacy import url\nfrom routes import url_for\n",
    "shop/controllers/__init__.py": "",
    "shop/controllers/order.py": """\
        from shop.lib import helpers as h
        from shop.lib.base import BaseController, c, request
        from compatshim.common import url_for

        class OrderController(BaseController):
            def read(self, id):
                c.page = request.params.get("page", "1")
                return " ".join([id, c.page, *request.params.getall("tag")])

            def save(self):
                return request.params["name"] + str("other" in request.params)

            def both(self):
                return request.params["name"]

            def links(self):
                return " ".join(
                    [
                        url_for(controller="package", action="read", id="x", q=1),
                        h.url("order", id="7"),
                        h.url_for(controller="package", action="index"),
                    ]
                )
        """,
    "shop/site.py": """\
        from flask import Flask
        from routes import Mapper

        from compatshim import CompatShim
        from compatshim.common import request, url_for
        from compatshim.legacy.configuration import PylonsConfig
        from compatshim.legacy.wsgiapp import PylonsApp
        from shop.lib import helpers

        config = PylonsConfig()
        paths = {"root": ".", "templates": []}
        config.init_app({}, {}, package="shop", paths=paths)
        config["pylons.h"] = helpers
        config["routes.map"] = mapper = Mapper()
        mapper.minimization = False
        order = {"controller": "order"}
        get, post = ({"method": [method]} for method in ("GET", "POST"))
        mapper.connect("order", "/order/{id}", action="read", conditions=get, **order)
        mapper.connect("/save", action="save", conditions=post, **order)
        mapper.connect("/both", action="both", **order)
        mapper.connect("/links", action="links", conditions=get, **order)
        mapper.connect("/packages/", controller="package", action="index")
        app = Flask("shop")
        app.secret_key = "x"
        shim = CompatShim(app, legacy=PylonsApp(config))

        @app.get("/dataset/<id>", endpoint="dataset.read")
        @shim.replaces(controller="package", action="read")
        def read(id):
            return id + request.params.get("page", "1") + str("q" in request.params)

        @app.get("/packages/", endpoint="dataset.index")
        @shim.replaces(controller="package")
        def index():
            return url_for(controller="package", action="read", id="y")

        @app.post("/send")
        def send():
            return request.params["name"]
        """,
}
VISIT = """
import json, warnings
from shop.site import app

client = app.test_client()
form = {"data": {"name": "Ada"}}
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    answers = [
        (answer.status_code, answer.text)
        for answer in (
            client.get("/order/3?page=2&tag=a&tag=b"),
            client.get("/order/3"),
            client.post("/save", **form),
            client.post("/both", **form),
            client.get("/links"),
            client.get("/dataset/x?page=4"),
            client.get("/packages/"),
            client.post("/send", **form),
        )
    ]
codes = sorted({str(one.message)[:5] for one in caught})
print(json.dumps({"answers": answers, "codes": [c for c in codes if c[:2] == "CS"]}))
"""


def run(folder: Path, *arguments: str) -> str:
    path = os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")]))
    # Modules change between two runs, maybe within a second and to the same length.
    environ = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": path}
    result = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode in {0, 1}, result.stderr
    assert "Traceback" not in result.stderr, result.stderr
    return result.stdout


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    for name, source in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(source))
    return folder


def visit(site: Path) -> dict[str, Any]:
    seen: dict[str, Any] = json.loads(run(site, "-c", VISIT))
    return seen


def compatshim(site: Path, *arguments: str) -> str:
    return run(site, "-m", "compatshim", *arguments)


ANSWERS = [
    [200, "3 2 a b"],
    [200, "3 1"],
    [200, "AdaFalse"],
    [200, "Ada"],
    [200, "/dataset/x?q=1 /order/7 /packages/"],
    [200, "x4False"],
    [200, "/dataset/y"],
    [200, "Ada"],
]


def test_module_from_which_others_import_may_be_rewritten(site: Path) -> None:
    """They get the same names from it, which it has from ``compatshim.common`` now."""
    before = (site / "shop/controllers/order.py").read_text()
    assert visit(site)["answers"] == ANSWERS
    compatshim(site, "rewrite", "--write", "shop/lib")
    base = (site / "shop/lib/base.py").read_text()
    assert base.startswith("from compatshim.common import c, request, url\n")
    assert (site / "shop/controllers/order.py").read_text() == before
    seen = visit(site)
    assert seen["answers"] == ANSWERS
    assert "CS101" not in seen["codes"]


def test_all_rules(site: Path) -> None:
    assert visit(site) == {"answers": ANSWERS, "codes": ["CS101", "CS202"]}
    table = site.parent / "routes.json"
    table.write_text(compatshim(site, "routes", "shop.site:app", "--format", "json"))
    rules = ("CS120", "CS121", "CS122", "CS123")
    options = [word for rule in rules for word in ("--rule", rule)]
    compatshim(site, "rewrite", "--write", *options, "--routes", str(table), "shop")
    assert (site / "shop/controllers/order.py").read_text() == textwrap.dedent(
        """\
        from compatshim.common import c, request, url_for
        from shop.lib import helpers as h
        from shop.lib.base import BaseController

        class OrderController(BaseController):
            def read(self, id):
                c.page = request.args.get("page", "1")
                return " ".join([id, c.page, *request.args.getlist("tag")])

            def save(self):
                return request.form["name"] + str("other" in request.form)

            def both(self):
                return request.params["name"]

            def links(self):
                return " ".join(
                    [
                        url_for("dataset.read", id="x", q=1),
                        url_for("order", id="7"),
                        url_for("dataset.index"),
                    ]
                )
        """
    )
    source = (site / "shop/site.py").read_text()
    assert 'request.args.get("page", "1") + str("q" in request.args)' in source
    assert 'return url_for("dataset.read", id="y")' in source
    assert 'return request.form["name"]' in source
    assert visit(site) == {"answers": ANSWERS, "codes": []}
    # A second run changes nothing.
    again = compatshim(site, "rewrite", *options, "--routes", str(table), "shop")
    assert again == ""
