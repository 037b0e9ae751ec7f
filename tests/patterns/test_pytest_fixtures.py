from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import compatshim

CHECKOUT = Path(compatshim.__path__[0]).parent


@pytest.fixture
def run_pytest(run_page, tmp_path, monkeypatch):
    """Return a function that runs the page's tests, and more, in their own process."""
    run_page("pytest-fixtures")
    monkeypatch.setenv("PYTHONPATH", str(CHECKOUT))
    # Whether or not compatshim is installed.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def run(more=""):
        (tmp_path / "test_more.py").write_text(more)
        plugin = ["-p", "compatshim.pytest_plugin"]
        command = [sys.executable, "-m", "pytest", "-q", *plugin]
        return subprocess.run(
            command,
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        ).stdout

    return run


def test_the_tests_of_the_page_pass(run_pytest):
    assert "7 passed" in run_pytest()


def test_an_exception_reaches_the_test(run_pytest):
    output = run_pytest(
        """
import pytest, shop


@pytest.mark.parametrize("path", ["/new", "/old"])
def test_failing(client, monkeypatch, path):
    def fail(*_, **__):
        raise LookupError

    monkeypatch.setattr(shop, "url_for", fail)
    with pytest.raises(LookupError):
        client.get(path)
"""
    )
    assert "9 passed" in output


def test_nothing_is_current_after_the_fixtures(run_pytest):
    output = run_pytest(
        """
import flask
import pytest
from compatshim.common import request
from compatshim.errors import NoRequestError


@pytest.fixture
def afterwards():
    yield
    assert not flask.has_app_context()
    with pytest.raises(NoRequestError):
        request.path


def test_request(afterwards, current_request):
    assert request.path == "/page"


def test_context(afterwards, app_context):
    assert flask.has_app_context()
"""
    )
    assert "10 passed" in output
