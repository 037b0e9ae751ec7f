"""A site whose route belongs to one framework, and what a view of it gave.

Every test that asks for ``serve`` or ``make_site`` runs once under each framework.
"""

from __future__ import annotations

import inspect
import re
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from flask import Flask, request as flask_request
from routes import Mapper
from werkzeug.exceptions import HTTPException as WerkzeugHTTPException
from werkzeug.wrappers import Response as WerkzeugResponse

from compatshim import CompatShim
from compatshim.common import is_flask_request
from compatshim.legacy import request as pylons_request
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.wsgiapp import PylonsApp
from compatshim.testing import legacy_request_context

_ARGUMENT = re.compile(r"<(\w+)>")


def _mount_in_flask(site, rule, name, view):
    def flask_view(**arguments):
        assert is_flask_request() is True
        assert flask_request.environ["compatshim.app"] == "flask"
        return view(arguments)

    blueprint = site.blueprints.get(name.rpartition(".")[0], site.app)
    endpoint = name.rpartition(".")[2]
    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    blueprint.add_url_rule(rule, endpoint, flask_view, methods=methods)


def _mount_in_pylons(site, rule, name, view):
    def action(_, **arguments):
        assert is_flask_request() is False
        assert pylons_request.environ["compatshim.app"] == "legacy"
        names = _ARGUMENT.findall(rule)
        return view({name: arguments[name] for name in names})

    controller = type("PageController", (WSGIController,), {"show": action})
    route = _ARGUMENT.sub(r"{\1}", rule)
    site.mapper.connect(name, route, controller=controller, action="show")


# A further framework joins here.
FRAMEWORKS = {"flask": _mount_in_flask, "legacy": _mount_in_pylons}

_CONTEXTS = {
    "flask": lambda app, path, **options: app.test_request_context(path, **options),
    "legacy": legacy_request_context,
}


class Site:
    """A Flask application and a legacy one behind a CompatShim, with one browser."""

    def __init__(self, framework, root, config, legacy_config):
        self.framework = framework
        self.app = Flask("sample", root_path=str(root))
        self.app.config.update({"TESTING": True, "SECRET_KEY": "secret", **config})
        self.blueprints = {}
        self.mapper = Mapper()
        self.legacy_config = PylonsConfig()
        paths = {"root": str(root), "templates": [], "static_files": None}
        self.legacy_config.init_app({}, {}, package="sample", paths=paths)
        app_globals = SimpleNamespace(title="The site")
        own = {"routes.map": self.mapper, "pylons.app_globals": app_globals}
        self.legacy_config.update({**own, **legacy_config})
        self.legacy_app = PylonsApp(self.legacy_config)
        self.shim = CompatShim(self.app, legacy=self.legacy_app)
        self.client = self.app.test_client()
        self._served = []

    @property
    def app_globals(self):
        return self.legacy_config["pylons.app_globals"]

    def add(self, rule, function, framework=None, name=None):
        """Let ``framework`` serve ``rule``, whose arguments are written ``<name>``."""
        endpoint = name or f"page_{len(rule)}_{rule.strip('/').replace('.', '_')}"
        mount = FRAMEWORKS[framework or self.framework]
        mount(self, rule, endpoint, lambda arguments: self._run(function, arguments))

    def _run(self, function, arguments):
        served = SimpleNamespace(result=None, error=None)
        self._served.append(served)
        asked_for = inspect.signature(function).parameters
        try:
            served.result = function(
                **{name: arguments[name] for name in asked_for if name in arguments}
            )
        except Exception as error:
            served.error = error
            raise
        is_answer = isinstance(
            served.result, str | bytes | WerkzeugResponse | WerkzeugHTTPException
        ) or hasattr(served.result, "wsgi_response")
        return served.result if is_answer or hasattr(served.result, "app_iter") else ""

    def open(self, url, **request):
        """Return what the browser got for ``url``, and what the view gave."""
        self._served.clear()
        response = self.client.open(url, buffered=True, **request)
        assert self._served, f"no view was called: {response.status}"
        served = self._served[-1]
        served.response = response
        return served

    @contextmanager
    def context(self, path="/", **options):
        """Make a request of the framework current, without calling a view."""
        with _CONTEXTS[self.framework](self.app, path, **options):
            yield


@pytest.fixture(params=FRAMEWORKS)
def framework(request):
    """The name of the framework under which the test runs."""
    return request.param


@pytest.fixture(params=FRAMEWORKS)
def other(request):
    """The framework of a second request, in turn each of them."""
    return request.param


@pytest.fixture
def make_site(framework, tmp_path):
    """Return a function that makes a site; routes are added before it is opened.

    ``config`` is for ``app.config``, ``legacy_config`` for the ``PylonsConfig``.
    """

    def make(config=None, legacy_config=None):
        return Site(framework, tmp_path, config or {}, legacy_config or {})

    return make


@pytest.fixture
def serve(make_site):
    """Return a function that serves one request with ``function`` as the view.

    The route is ``rule``, or the path itself. ``setup`` is called with the site before
    the request; further arguments are those of ``client.open``.
    """

    def serve_once(
        function,
        path="/page",
        *,
        rule=None,
        name=None,
        config=None,
        legacy_config=None,
        setup=None,
        **request,
    ):
        site = make_site(config, legacy_config)
        site.add(rule or path.partition("?")[0], function, name=name)
        if setup is not None:
            setup(site)
        return site.open(path, **request)

    return serve_once


@pytest.fixture
def write_catalogue(tmp_path):
    """Return a function that compiles a catalogue below the site's root path.

    ``messages`` are translations by message, by a pair of singular and plural, or by
    either with a context before it: ``{("menu", "Open"): ...}`` in ``in_context``.
    """

    def write(lang, messages, directory="translations", domain="messages", **more):
        from babel.messages.catalog import Catalog
        from babel.messages.mofile import write_mo

        catalogue = Catalog(locale=lang)
        for message, translation in messages.items():
            catalogue.add(message, translation)
        for (context, message), translation in more.get("in_context", {}).items():
            catalogue.add(message, translation, context=context)
        path = tmp_path / directory / lang / "LC_MESSAGES" / f"{domain}.mo"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_mo(file, catalogue)
        return path

    return write


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a file, whose folder it makes."""

    def write_file(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    return write_file


@pytest.fixture(params=["flask-babel", "legacy catalogues"])
def catalogues(request):
    """Which side the application's catalogues come from."""
    return request.param


@pytest.fixture
def translate_site(catalogues, make_site, write_catalogue):
    """Return a function that makes a site with catalogues, by language, and a default."""

    def make(messages, lang="de", config=None, **more):
        from flask_babel import Babel

        places = {
            "flask-babel": ("translations", "messages"),
            "legacy catalogues": ("i18n", "sample"),
        }
        for language, texts in messages.items():
            write_catalogue(language, texts, *places[catalogues], **more)
        if catalogues == "flask-babel":
            site = make_site(config)
            Babel(site.app, default_locale=lang or "en")
        else:
            site = make_site(config, {"lang": lang})
        return site

    return make


@pytest.fixture
def write_template(tmp_path):
    """Return a function that writes a template of the site."""

    def write(name, text):
        path = tmp_path / "templates" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")

    return write
