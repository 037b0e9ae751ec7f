"""A site whose page belongs to one framework; every test runs under each of them."""

from __future__ import annotations

import pytest
from flask import Flask
from routes import Mapper

from compatshim import CompatShim
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.wsgiapp import PylonsApp


class Site:
    """A Flask application and a legacy one; plugins are loaded when it is made."""

    def __init__(self, root, config, legacy_config, plugins):
        self.app = Flask("sample", root_path=str(root), static_folder=None)
        self.app.config.update({"TESTING": True, "SECRET_KEY": "secret", **config})
        self.mapper = Mapper()
        self.legacy_config = PylonsConfig()
        paths = {"root": str(root), "templates": [], "static_files": None}
        self.legacy_config.init_app({}, {}, package="sample", paths=paths)
        self.legacy_config.update({"routes.map": self.mapper, **legacy_config})
        self.shim = CompatShim()
        for plugin in plugins:
            self.shim.register_plugin(plugin)
        self.shim.init_app(self.app, PylonsApp(self.legacy_config))

    @property
    def client(self):
        return self.app.test_client()

    def text(self, path, **options):
        return self.client.get(path, buffered=True, **options).text

    def add_flask(self, rule, view, endpoint=None):
        self.app.add_url_rule(rule, endpoint or rule.strip("/"), view)

    def add_legacy(self, rule, view, name=None):
        connect(self.mapper, rule, view, name)


def connect(mapper, rule, view, name=None):
    """Connect a legacy route to a controller that returns what ``view`` does."""

    def show(self):
        return view()

    controller = type("PageController", (WSGIController,), {"show": show})
    mapper.connect(name, rule, controller=controller, action="show")


@pytest.fixture(params=["flask", "legacy"])
def framework(request):
    """The framework that serves the page."""
    return request.param


@pytest.fixture
def make_site(tmp_path):
    """Return a function that makes a site with plugins."""

    def make(*plugins, config=None, legacy_config=None):
        return Site(tmp_path, config or {}, legacy_config or {}, plugins)

    return make


@pytest.fixture
def make_page(make_site, framework):
    """Return a function that makes a site with plugins, and ``view`` at ``/page``."""

    def make(view, *plugins, **options):
        site = make_site(*plugins, **options)
        getattr(site, f"add_{framework}")("/page", view)
        return site

    return make


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a file below the site's folder; returns its folder."""

    def write_file(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return str(path.parent)

    return write_file


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Return a function that installs a distribution with entry points and modules."""

    def install_distribution(entry_points, name="sample-plugins", **modules):
        folder = tmp_path / f"installed-{name}"
        info = folder / f"{name.replace('-', '_')}-1.0.dist-info"
        info.mkdir(parents=True)
        lines = [f"{key} = {value}" for key, value in entry_points.items()]
        text = "\n".join(["[compatshim.plugins]", *lines, ""])
        (info / "entry_points.txt").write_text(text, encoding="utf-8")
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8"
        )
        for module, source in modules.items():
            (folder / f"{module}.py").write_text(source, encoding="utf-8")
        monkeypatch.syspath_prepend(str(folder))

    return install_distribution
