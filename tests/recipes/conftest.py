"""A site beside which a page of ``docs/recipes`` is run, as a reader would type it."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from routes import Mapper

from compatshim import CompatShim
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.wsgiapp import PylonsApp

RECIPES = Path(__file__).parents[2] / "docs" / "recipes"
_BLOCK = re.compile(r"^```(python|ini)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_FILE = re.compile(r"# (\w+\.py)\b")


@pytest.fixture(params=["flask", "legacy"])
def side(request):
    """Who serves the pages that a test adds."""
    return request.param


@pytest.fixture
def site(side):
    """An application with a shim; ``site.add`` adds a page of the side."""
    config = PylonsConfig()
    config.init_app({}, {}, package="shop", paths={"root": ".", "templates": []})
    config["routes.map"] = mapper = Mapper()
    app = Flask("shop")
    app.secret_key = "a secret of this site"
    shim = CompatShim(app, legacy=PylonsApp(config))

    def add(path, view, on=side):
        if on == "flask":
            methods = ["GET", "POST"]
            app.add_url_rule(path, path.strip("/"), view, methods=methods)
            return
        controller = type("C", (WSGIController,), {"show": lambda _: view()})
        mapper.connect(path, controller=controller, action="show")

    return SimpleNamespace(app=app, shim=shim, add=add, client=app.test_client())


@pytest.fixture
def run_page(site, tmp_path, monkeypatch):
    """Return a function that runs a page's examples and returns what they define.

    Examples that are files, such as ``who.ini``, are written into the current folder.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)

    def run(name):
        names = {"__name__": name, "app": site.app, "shim": site.shim}
        text = (RECIPES / f"{name}.md").read_text(encoding="utf-8")
        for language, block in _BLOCK.findall(text):
            file = "who.ini" if language == "ini" else _FILE.match(block)
            if file is None:
                exec(block, names)
            else:
                path = Path(file if isinstance(file, str) else file[1])
                path.write_text(block, encoding="utf-8")
                monkeypatch.delitem(sys.modules, path.stem, raising=False)
        return SimpleNamespace(**names)

    return run
