from __future__ import annotations

import importlib
import subprocess
import sys
from typing import TYPE_CHECKING

import click.testing
import pytest

import compatshim
from fresh_python import printed_by

if TYPE_CHECKING:
    from click.testing import Result


def run(*arguments: str) -> Result:
    from compatshim.cli import main

    result: Result = click.testing.CliRunner().invoke(main, arguments)
    return result


def test_version() -> None:
    result = run("--version")
    assert result.exit_code == 0
    assert compatshim.__version__ in result.output


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help(option: str) -> None:
    assert "demo" in run(option).output
    demo = run("demo", option).output
    assert "--port" in demo
    assert "5000" in demo


def test_python_m_compatshim() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "compatshim", "--version"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert compatshim.__version__ in done.stdout


def test_the_command_line_loads_no_web_framework() -> None:
    code = (
        "import sys; from compatshim.cli import main;"
        "loaded = [*main.commands.values()];"
        "print({'flask', 'webob', 'routes', 'waitress', 'babel'} & set(sys.modules))"
    )
    assert printed_by(code) == "set()\n"


def test_an_unknown_command() -> None:
    assert run("demos").exit_code == 2


@pytest.mark.parametrize("port", ["-1", "65536", "x"])
def test_a_port_that_cannot_be(port: str) -> None:
    assert run("demo", "--port", port).exit_code == 2


@pytest.mark.parametrize("missing", ["flask_babel", "waitress"])
def test_a_missing_extra_is_one_line(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    package = importlib.import_module("compatshim.demo")
    for name in ("application", "check", "server"):
        monkeypatch.delitem(sys.modules, f"compatshim.demo.{name}", raising=False)
        monkeypatch.delattr(package, name, raising=False)
    monkeypatch.setitem(sys.modules, missing, None)
    monkeypatch.setitem(sys.modules, f"{missing}.server", None)
    result = run("demo")
    assert result.exit_code == 1
    assert result.output == (
        "Error: compatshim demo needs: pip install 'compatshim[demo]'\n"
    )
