"""compatshim.pytest_plugin: fixtures for the users' own applications."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path

import pytest

import compatshim
from fresh_python import printed_by

CHECKOUT = Path(compatshim.__path__[0]).parent

APPLICATION = """
import pytest
from flask import Flask
from routes import Mapper

from compatshim import CompatShim
from compatshim.legacy.configuration import PylonsConfig
from compatshim.legacy.controllers import WSGIController
from compatshim.legacy.wsgiapp import PylonsApp


class PageController(WSGIController):
    def show(self):
        return "from legacy"


def make_legacy():
    config = PylonsConfig()
    config.init_app({}, {}, package="sample")
    config["routes.map"] = mapper = Mapper()
    mapper.connect("/legacy", controller=PageController, action="show")
    return PylonsApp(config)


def make_app():
    app = Flask("sample")
    app.secret_key = "for tests"
    app.add_url_rule("/flask", "show", lambda: "from flask")
    CompatShim(app, legacy=make_legacy())
    return app
"""

FLASK_APP = """
@pytest.fixture
def app():
    return make_app()
"""

LEGACY_APP = """
@pytest.fixture
def app():
    return make_legacy()
"""


@pytest.fixture
def run(pytester, monkeypatch):
    """Run a test file with the plugin, whether or not compatshim is installed."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def run_tests(conftest, tests):
        pytester.makeconftest(conftest)
        pytester.makepyfile(tests)
        return pytester.runpytest_inprocess("-p", "compatshim.pytest_plugin", "-ra")

    return run_tests


@pytest.mark.parametrize(
    ("app", "sides"), [(FLASK_APP, ["flask", "legacy"]), (LEGACY_APP, ["legacy"])]
)
def test_client_says_who_served(run, app, sides):
    result = run(
        APPLICATION + app,
        f"""
        import pytest

        @pytest.mark.parametrize("side", {sides})
        def test_page(compatshim_client, side):
            answer = compatshim_client.get("/" + side)
            assert (answer.text, answer.served_by) == ("from " + side, side)
        """,
    )
    result.assert_outcomes(passed=len(sides))


def test_legacy_request_is_current_in_its_block(run):
    result = run(
        APPLICATION + FLASK_APP,
        """
        from compatshim import legacy
        from compatshim.common import is_flask_request, request

        def test_root(legacy_request_context):
            with legacy_request_context():
                assert request.path == "/"

        def test_request(legacy_request_context):
            with legacy_request_context("/x?a=1", method="POST", data={"b": "2"}):
                assert is_flask_request() is False
                assert legacy.request.GET["a"] == "1"
                assert request.POST["b"] == "2"
            assert not hasattr(request, "path")
        """,
    )
    result.assert_outcomes(passed=2)


def test_shared_code_runs_once_under_each_framework(run):
    result = run(
        APPLICATION + FLASK_APP,
        """
        from compatshim.common import c, is_flask_request, request, session

        def greeting():
            c.name = request.args["name"]
            session["name"] = request.params["name"]
            return f"Hello {c.name}"

        def test_greeting(either_framework):
            with either_framework("/hello?name=Sara"):
                assert is_flask_request() is (either_framework.name == "flask")
                assert greeting() == "Hello Sara"
                assert session["name"] == "Sara"

        def test_other(either_framework):
            with either_framework(method="PUT"):
                assert (request.method, request.path) == ("PUT", "/")
        """,
    )
    result.assert_outcomes(passed=4)


def test_shared_code_that_depends_on_the_framework_fails_under_one(run):
    result = run(
        APPLICATION + FLASK_APP,
        """
        from flask import request

        def test_path(either_framework):
            with either_framework("/x"):
                assert request.path == "/x"
        """,
    )
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines("FAILED *test_path?legacy?*")


def test_legacy_application_alone_skips_flask(run):
    result = run(
        APPLICATION + LEGACY_APP,
        """
        from compatshim.common import request

        def test_path(either_framework):
            with either_framework("/x"):
                assert (either_framework.name, request.path) == ("legacy", "/x")
        """,
    )
    result.assert_outcomes(passed=1, skipped=1)
    result.stdout.fnmatch_lines("SKIPPED*legacy application alone*")


def test_tests_without_an_application_are_left_alone(run):
    result = run(
        "",
        """
        import sys

        def test_nothing():
            pass
        """,
    )
    result.assert_outcomes(passed=1)


def test_missing_app_fixture_is_named(run):
    result = run("", "def test_page(compatshim_client): pass")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines("*fixture 'app' not found*")


def test_fixtures_are_documented(pytester, monkeypatch):
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    result = pytester.runpytest_inprocess(
        "-p", "compatshim.pytest_plugin", "--fixtures"
    )
    for name in ("compatshim_client", "legacy_request_context", "either_framework"):
        result.stdout.fnmatch_lines([f"*{name}*", "    [A-Z]*."])


def test_importing_it_loads_no_framework():
    program = (
        "import sys, pytest; before = set(sys.modules);"
        " import compatshim.pytest_plugin;"
        " print(*sorted(set(sys.modules) - before))"
    )
    assert printed_by(program, CHECKOUT).split() == [
        "compatshim",
        "compatshim.pytest_plugin",
    ]


@pytest.mark.parametrize("missing", ["flask", "webob", "routes", "werkzeug"])
def test_run_goes_on_where_a_library_is_missing(pytester, monkeypatch, missing):
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTHONPATH", str(CHECKOUT))
    pytester.makeconftest(f"import sys\nsys.modules[{missing!r}] = None")
    pytester.makepyfile("def test_nothing(): pass")
    result = pytester.runpytest_subprocess("-p", "compatshim.pytest_plugin")
    result.assert_outcomes(passed=1)


def test_pytest_finds_it_by_its_entry_point():
    (found,) = (
        entry_point
        for entry_point in entry_points(group="pytest11")
        if entry_point.name == "compatshim"
    )
    assert found.value == "compatshim.pytest_plugin"
